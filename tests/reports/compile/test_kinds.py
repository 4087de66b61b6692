"""Reports of several years, of one unit and of one period: what can be asked for, what they say."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError
from core.models import Job
from departments.models import Department
from indicators.models import Target
from reports import services
from reports.compose.trend import trend
from reports.compose.work import work
from reports.facts.promises import FINAL
from reports.facts.totals import wrong_totals
from reports.models import Report, ReportVersion
from reports.outlines import OUTLINES, parts_of
from reports.rendering.document import Heading, Paragraph, Table, plain
from reports.rendering.draft import from_json
from tasks.models import Entry
from tasks.services import entries
from tasks.services.planning import cancel_task
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.compile.working import (
    YEAR,
    add_measures,
    freeze,
    plain_text,
    work_off,
    written,
)

pytestmark = pytest.mark.django_db
LAST = 2025  # of the cast's plan, which begins in 2021


def parts(cast: Cast, kind: str) -> dict[str, Any]:
    """Return the unit or the period that a kind needs."""
    if kind == "department":
        return {"department": cast.education}
    return {"period": cast.period} if kind == "bulletin" else {}


def refreshed(entry: Entry) -> Entry:
    entry.refresh_from_db()
    return entry


@pytest.mark.parametrize("kind", list(OUTLINES))
def test_every_kind_is_compiled_whole(cast: Cast, kind: str) -> None:
    year = LAST if kind == "five_year" else YEAR
    report = services.request_report(cast.plan, kind, year, **parts(cast, kind), by=cast.office)
    job = work_off(report)
    assert job.state == Job.State.DONE, job.error
    version = ReportVersion.objects.get(report=report)
    assert wrong_totals(version.facts) == []
    shown = [one.key for one in from_json(version.text).sections]
    assert shown == [one.key for one in parts_of(kind) if one.on and not one.annex]
    assert version.docx.size > 1000
    assert version.pdf.size > 1000
    again = services.request_report(cast.plan, kind, year, **parts(cast, kind), by=cast.office)
    assert again.pk == report.pk


@pytest.mark.parametrize(
    ("kind", "year", "field", "sentence"),
    [
        ("five_year", YEAR, "year", "请填 2025 年"),
        ("midterm", LAST, "year", "最后一年请生成五年总结评估报告"),
        ("biennial", 2021, "year", "请选后一年"),
        ("department", YEAR, "department", "请选要写小结的单位"),
        ("bulletin", YEAR, "period", "请选要通报的填报期"),
        ("weekly", YEAR, "kind", "没有这种报告"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    cast: Cast, kind: str, year: int, field: str, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence) as refused:
        services.request_report(cast.plan, kind, year, by=cast.office)
    assert list(refused.value.fields) == [field]


def test_units_and_periods_of_elsewhere_are_refused(cast: Cast) -> None:
    other = Department.objects.filter(region=cast.city_b)[0]
    with pytest.raises(DomainError, match="不是本地区的单位"):
        services.request_report(cast.plan, "department", YEAR, department=other, by=cast.office)
    with pytest.raises(DomainError, match="不是这一年的填报期"):
        services.request_report(cast.plan, "bulletin", 2023, period=cast.period, by=cast.office)


def test_two_units_have_two_summaries(cast: Cast) -> None:
    asked = [
        services.request_report(cast.plan, "department", YEAR, department=unit, by=cast.office)
        for unit in (cast.education, cast.association)
    ]
    assert len({one.pk for one in asked}) == 2
    assert asked[0].name == "市教育局 2024 年度小结"


def test_a_summary_speaks_of_its_unit_alone(cast: Cast) -> None:
    frozen = freeze(cast.plan, kind="department", department=cast.education)
    body = plain_text(replace(written(frozen), attachments=()))
    units = {
        entry["unit"]
        for action in frozen["actions"]
        for measure in action["measures"]
        for task in measure["tasks"]
        for entry in task["entries"]
    }
    assert units == {"市教育局"}
    assert "（市教育局）" not in body, "one's own words need no name"
    assert written(frozen).signature == "子市教育局", "a paper is signed with the full name"


def test_a_bulletin_names_who_has_not_reported(cast: Cast) -> None:
    frozen = freeze(cast.plan, kind="bulletin", period=cast.period)
    silent = [one["name"] for one in frozen["units"] if not one["heard"]]
    text = plain_text(written(frozen))
    for name in silent:
        assert name in text
    assert frozen["figures"]["units.silent"]["value"] == str(len(silent))
    assert written(frozen).recipient == "各成员单位"


def test_a_unit_whose_only_task_was_cancelled_owes_nothing(cast: Cast) -> None:
    def owing() -> list[str]:
        frozen = freeze(cast.plan, kind="bulletin", period=cast.period)
        assert wrong_totals(frozen) == []
        return [one["name"] for one in frozen["units"]]

    assert "市财政局" in owing()
    cancel_task(cast.task_4, "合并到别的任务", by=cast.office)
    assert "市财政局" not in owing()


def test_a_bulletin_asks_only_the_units_that_still_owe(cast: Cast) -> None:
    """市教育局 has handed in all it owes, which the office has not checked; 市财政局 has not."""
    entries.submit(
        cast.entry_draft.pk, refreshed(cast.entry_draft).version, by=cast.liaison, now=NOW
    )
    entries.save_field(
        cast.entry_returned.pk, "done", "改写过的做法。", 1, by=cast.liaison, now=NOW
    )
    entries.submit(
        cast.entry_returned.pk, refreshed(cast.entry_returned).version, by=cast.liaison, now=NOW
    )
    frozen = freeze(cast.plan, kind="bulletin", period=cast.period)
    told = {one["name"]: one for one in frozen["units"]}
    assert {name: (one["waiting"], one["owed"], one["heard"]) for name, one in told.items()} == {
        "市科协": (0, 0, 1),
        "市教育局": (3, 0, 0),
        "市财政局": (0, 1, 0),
    }
    text = plain_text(written(frozen))
    assert "请市财政局抓紧报送本期进展情况。" in text
    assert "已报送、待核对的填报3件，报送单位：市教育局。" in text
    assert "没有报送或者退回后没有补正的填报1件，涉及单位：市财政局。" in text
    assert wrong_totals(frozen) == []
    frozen["units"][0]["owed"] += 1
    assert any("没有报送" in one for one in wrong_totals(frozen))


def test_what_was_owed_leads_to_its_entries(cast: Cast) -> None:
    figures = freeze(cast.plan, kind="bulletin", period=cast.period)["figures"]
    owed = [pk for _kind, pk in figures["returns.owed"]["sources"]]
    assert set(owed) == {cast.entry_draft.pk, cast.entry_returned.pk, cast.entry_blank.pk}
    assert figures["returns.waiting"]["sources"] == [["tasks.entry", cast.entry_submitted.pk]]
    assert figures["returns.heard"]["sources"] == [["tasks.entry", cast.entry_approved.pk]]


def test_the_words_of_an_earlier_year_bear_that_year(cast: Cast) -> None:
    text = plain_text(written(freeze(cast.plan, LAST, "five_year")))
    assert "（市科协，2024年）" in text


def test_five_years_tell_what_was_owed_approved_and_used(cast: Cast) -> None:
    frozen = freeze(cast.plan, LAST, "five_year")
    asked, heard, used = (
        frozen["figures"][key]["value"]
        for key in ("returns.asked", "returns.heard", "entries.used")
    )
    assert f"应报{asked}件，核对通过{heard}件；" in plain_text(written(frozen))
    assert f"本报告采用{used}件" in plain_text(written(frozen))


def test_years_without_reports_are_said_to_be_so_and_are_no_zero(cast: Cast) -> None:
    frozen = freeze(cast.plan, LAST, "five_year")
    assert [one["year"] for one in frozen["years"]] == [2021, 2022, 2023, 2024, 2025]
    assert "year.2021.percent" not in frozen["figures"]
    text = plain_text(written(frozen))
    assert "2021年没有安排任务" in text
    assert "不以零计" in text


def test_a_target_is_reached_nearly_reached_missed_or_not_judged(cast: Cast) -> None:
    target = Target.objects.current().filter(plan=cast.plan, value__isnull=False).first()
    frozen = freeze(cast.plan, LAST, "five_year")
    assert {one["final"] for one in frozen["targets"]} <= set(FINAL)
    counted = sum(
        int(row["value"])
        for key, row in frozen["figures"].items()
        if key.startswith("targets.final.")
    )
    assert counted == len(frozen["targets"])
    assert target is not None
    assert "评价：" in plain_text(written(frozen))


def test_half_way_no_target_is_called_missed(cast: Cast) -> None:
    frozen = freeze(cast.plan, YEAR, "midterm")
    assert all("final" not in one for one in frozen["targets"])
    assert "未实现" not in plain_text(written(frozen))


@pytest.mark.parametrize("kind", ["biennial", "midterm", "five_year"])
def test_neighbouring_sentences_do_not_repeat_their_frame(cast: Cast, kind: str) -> None:
    add_measures(cast, 6)
    frozen = freeze(cast.plan, LAST if kind == "five_year" else YEAR, kind)
    blocks = list(work(frozen))  # elsewhere the words are the units' own
    heads = [
        plain(later.text)[:6]
        for block, later in pairwise(blocks)
        if isinstance(block, Heading) and block.level == 2 and isinstance(later, Paragraph)
    ]
    for one, other in pairwise(heads):
        assert one != other, f"two neighbours begin with “{one}”"


def test_a_five_year_report_costs_as_many_queries_for_a_large_plan(cast: Cast) -> None:
    counts = []
    freeze(cast.plan, LAST, "five_year")  # reads what the plan itself is asked for the first time
    for more in (30, 15):
        add_measures(cast, more)
        with CaptureQueriesContext(connection) as queries:
            freeze(cast.plan, LAST, "five_year")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_withdrawn_report_makes_room_for_another(cast: Cast) -> None:
    first = services.request_report(cast.plan, "five_year", LAST, by=cast.office)
    Report.objects.filter(pk=first.pk).update(state=Report.State.WITHDRAWN)
    second = services.request_report(cast.plan, "five_year", LAST, by=cast.office)
    assert second.pk != first.pk


@pytest.mark.parametrize("kind", ["annual", "five_year"])
def test_a_plan_without_targets_says_so(cast: Cast, kind: str) -> None:
    Target.objects.filter(plan=cast.plan).update(withdrawn=True, reason="方案没有提出")
    frozen = freeze(cast.plan, LAST if kind == "five_year" else YEAR, kind)
    assert frozen["targets"] == []
    assert "方案没有提出可以列表的目标指标。" in plain_text(written(frozen))


@pytest.mark.parametrize("kind", ["midterm", "department"])
def test_tasks_that_go_on_are_counted_so_that_the_numbers_add_up(cast: Cast, kind: str) -> None:
    add_measures(cast, 2)  # reported at 60 %, due at the end of the year
    frozen = freeze(cast.plan, kind=kind, **parts(cast, kind))
    key = "span" if kind == "midterm" else "plan"
    said = {
        name: int(frozen["figures"][f"{key}.{name}"]["value"])
        for name in ("tasks", "done", "short", "running", "unknown")
    }
    assert said["running"] >= 2
    assert said.pop("tasks") == sum(said.values())
    assert wrong_totals(frozen) == []
    assert f"尚未到期、仍在推进的{said['running']}项" in plain_text(written(frozen))
    frozen["figures"][f"{key}.running"]["value"] = "987"
    assert wrong_totals(frozen)


def test_the_table_of_years_has_a_column_for_what_goes_on(cast: Cast) -> None:
    add_measures(cast, 2)
    frozen = freeze(cast.plan, kind="midterm")
    (table,) = [
        one for one in trend(frozen) if isinstance(one, Table) and one.caption == "各年任务完成情况"
    ]
    counts = [int(plain(cell)) for cell in table.rows[-1][1:6]]
    assert counts[0] == sum(counts[1:])
    assert [one.label for one in table.columns][4] == "仍在推进"


def test_nothing_is_said_of_tasks_that_go_on_where_there_are_none(cast: Cast) -> None:
    frozen = freeze(cast.plan, LAST, "five_year")
    said = "".join(plain(one.text) for one in work(frozen) if isinstance(one, Paragraph))
    assert "推进的" not in said
    assert "仍在推进" not in said


def test_an_action_says_what_goes_on(cast: Cast) -> None:
    add_measures(cast, 2)
    frozen = freeze(cast.plan, kind="midterm")
    said = [plain(one.text) for one in work(frozen) if isinstance(one, Paragraph)]
    number = frozen["figures"]["action.1.span.running"]["value"]
    assert any(f"尚未到期、仍在推进的任务有{number}项。" in one for one in said)
