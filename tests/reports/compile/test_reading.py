"""The report read on the screen: text, figures with their rows, drawings, changes of versions."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import User
from reports.models import Fact, Report, ReportVersion
from reports.rendering.document import Table, plain
from reports.rendering.draft import from_json
from reports.selectors.text_changes import text_changes
from reports.selectors.tracing import source_rows
from tasks.models import Event
from tests.cast import Cast
from tests.reports.compile.working import add_measures, sent_out

pytestmark = pytest.mark.django_db
Browse = Callable[[User | None], Client]
Compiled = Callable[[], ReportVersion]


def page(browser: Client, url: str, status: int = 200) -> str:
    answer = browser.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def fact_url(version: ReportVersion, key: str) -> str:
    fact = Fact.objects.get(version=version, key=key)
    return f"/reports/{version.report_id}/facts/{fact.number}/?version={version.number}"


def test_the_text_is_the_stored_one_and_its_figures_lead_to_their_rows(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    version = compiled()
    text = page(browse(cast.office), f"/reports/{version.report_id}/text/")
    assert "关于2024年度全民科学素质行动<br>工作情况的报告" in text
    link = f'<a class="fig" href="{fact_url(version, "plan.tasks")}">4</a>'
    assert link in text
    assert 'id="work-1"' in text
    assert "style=" not in re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)
    assert "本报告还没有印发" in text


def test_a_drawing_has_its_own_address(cast: Cast, browse: Browse, compiled: Compiled) -> None:
    version = compiled()
    browser = browse(cast.office)
    answer = browser.get(f"/reports/{version.report_id}/drawings/1/1/")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    page(browser, f"/reports/{version.report_id}/drawings/1/99/", 404)
    page(browser, f"/reports/{version.report_id}/text/?version=9", 404)


def test_figures_are_numbered_as_the_text_is_read(compiled: Compiled) -> None:
    version = compiled()
    draft = from_json(version.text)
    (index,) = next(one for one in draft.annexes if one.key == "trace").blocks
    assert isinstance(index, Table)
    numbers = dict(Fact.objects.filter(version=version).values_list("key", "number"))
    rows = [(int(plain(row[0])), row[3][0].fact) for row in index.rows]
    assert rows == [(number, key) for number, key in enumerate([row[1] for row in rows], 1)]
    assert all(numbers[key] == number for number, key in rows)
    assert rows[0][1] == "plan.tasks"
    first = index.rows[0]
    assert [plain(cell) for cell in first[:4]] == ["1", "一、主要工作及成效", "年度任务项数", "4"]
    assert plain(first[4]).startswith("任务4项（")
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))


def test_the_code_in_print_leads_to_the_page_of_this_version(
    compiled: Compiled, settings: object
) -> None:
    version = compiled()
    notes = next(one for one in from_json(version.text).annexes if one.key == "notes")
    *_, way, code, address = notes.blocks
    assert (
        plain(address.text) == f"http://127.0.0.1:8000/reports/{version.report_id}/facts/?version=1"
    )
    assert plain(address.text) in code.alt
    assert code.svg.startswith("<svg")
    assert "二维码" in plain(way.text)


def test_a_figure_names_who_reported_who_checked_and_what_was_said(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    version = compiled()
    url = fact_url(version, f"task.{cast.task_3.pk}.percent")
    text = page(browse(cast.office), url)
    revision = cast.entry_approved.approved
    assert f'href="/entries/{cast.entry_approved.pk}/"' in text
    assert revision.done in text
    assert str(revision.submitted_by) in text
    checked = cast.entry_approved.transitions.get(verb="approve")
    assert str(checked.by) in text
    assert f"/reports/{version.report_id}/text/?version=1#" in text


def test_rows_out_of_sight_are_named_and_not_linked(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    version = compiled()
    sent_out(version, "consult", cast.office)
    url = fact_url(version, f"task.{cast.task_3.pk}.percent")
    text = page(browse(cast.liaison_finance), url)
    assert f"/entries/{cast.entry_approved.pk}/" not in text
    assert "您没有查看这条记录的权限" in text
    assert "市科协" in text
    assert cast.entry_approved.approved.done not in text
    judged = page(browse(cast.liaison_finance), fact_url(version, f"task.{cast.task_4.pk}.percent"))
    assert cast.judgement.reason not in judged
    page(browse(cast.liaison_b), url, 404)


def test_files_are_offered_to_those_who_may_open_them(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    cast.entry_earlier.approved.evidence.add(cast.evidence)
    version = compiled()
    url = fact_url(version, f"task.{cast.task_1.pk}.percent")
    assert f'href="/evidence/{cast.evidence.pk}/"' in page(browse(cast.office), url)


def test_an_unknown_figure_is_not_there(cast: Cast, browse: Browse, compiled: Compiled) -> None:
    version = compiled()
    page(browse(cast.office), f"/reports/{version.report_id}/facts/99999/", 404)


def test_more_figures_and_rows_need_no_more_queries(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    version = compiled()
    browser = browse(cast.office)

    def count(url: str) -> int:
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            page(browser, url)
        return len(queries)

    def urls(one: ReportVersion) -> list[str]:
        base = f"/reports/{one.report_id}/"
        return [f"{base}text/", f"{base}facts/", fact_url(one, "plan.percent")]

    before = [count(url) for url in urls(version)]
    add_measures(cast, 15)
    larger = compiled()
    # A page of more figures of one kind may show rows of fewer kinds.
    after = [count(url) for url in urls(larger)]
    assert all(now <= then for now, then in zip(after, before, strict=True)), (after, before)


def test_what_changed_between_versions_is_marked_in_figures_and_words(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    first = compiled()
    add_measures(cast, 1, "新建科普馆一座")
    second = compiled()
    assert second.number == 2
    text = page(browse(cast.office), f"/reports/{first.report_id}/changes/?from=1&to=2")
    assert "<ins>" in text
    assert "新建科普馆一座" in text
    assert "年度任务项数" in text
    assert "?version=2</" not in text.split('id="text-h"')[1], "the address is no change"
    page(browse(cast.office), f"/reports/{first.report_id}/changes/?to=1", 404)


def test_an_address_in_a_paragraph_hides_no_change(cast: Cast, compiled: Compiled) -> None:
    first = compiled()
    add_measures(cast, 1, "见 http://portal.test/reports/1/facts/?version=1 的数字")
    told = [
        piece.text
        for part in text_changes(compiled(), first)
        for paragraph in part.paragraphs
        for piece in paragraph
    ]
    assert any("portal.test" in one for one in told)


def test_a_withdrawn_report_says_so(cast: Cast, browse: Browse, compiled: Compiled) -> None:
    version = compiled()
    Report.objects.filter(pk=version.report_id).update(state="withdrawn")
    text = page(browse(cast.office), f"/reports/{version.report_id}/text/")
    assert "本报告已撤回" in text


def test_counts_of_the_register_lead_to_its_events_and_their_files(
    cast: Cast, compiled: Compiled
) -> None:
    version = compiled()
    kind = Event.objects.get(pk=cast.event.pk).kind
    fact = Fact.objects.get(version=version, key=f"event.{kind}.count")
    sources = [(name, pk) for name, pk in fact.sources]
    assert ("tasks.event", cast.event.pk) in sources
    rows = {one.url: one for one in source_rows(version, sources, cast.office)}
    row = rows[f"/events/{cast.event.pk}/"]
    assert (row.reporter, row.reported_at) == (str(cast.event.by), cast.event.created_at)
    assert row.files == [(one.name, f"/events/files/{one.pk}/") for one in cast.event.files.all()]
    assert row.files
    (unseen,) = source_rows(version, [("tasks.event", cast.event.pk)], cast.office_b)
    assert (unseen.url, unseen.files) == ("", [])


def test_counts_of_returns_lead_to_what_units_owed(cast: Cast, compiled: Compiled) -> None:
    version = compiled()
    listed = version.facts["figures"]["returns.asked"]["sources"]
    sources = [(kind, pk) for kind, pk in listed]
    rows = {one.url: one for one in source_rows(version, sources, cast.office)}
    assert len(rows) == len(sources)
    submitted = rows[f"/entries/{cast.entry_submitted.pk}/"]
    assert (submitted.says, submitted.reporter) == ("待核对", str(cast.liaison))
    assert "市教育局" in submitted.label
