"""The office rewrites sections; figures follow the facts; outlines are the office's own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, Job
from departments.models import User
from reports import services
from reports.models import Report, ReportVersion, SectionText
from reports.rendering.document import Column, Paragraph, Table, plain
from reports.rendering.draft import from_json
from reports.services import outlines, texts
from reports.workflow import TYPESET
from tasks.models import Entry
from tests.cast import Cast
from tests.reports.compile.working import add_measures, work_off

pytestmark = pytest.mark.django_db
Browse = Callable[[User | None], Client]
Compiled = Callable[[], ReportVersion]


def section_text(version: ReportVersion, key: str) -> str:
    one = next(one for one in from_json(version.text).sections if one.key == key)
    return "\n".join(plain(block.text) for block in one.blocks if hasattr(block, "text"))


def typed(version: ReportVersion, key: str) -> dict[int, str]:
    """Return what the form of a section sends when nothing is changed."""
    shown = texts.editable(version, key)
    assert shown is not None
    return {at: plain(b.text) for at, b in enumerate(shown.blocks) if hasattr(b, "text")}


def opened(version: ReportVersion, key: str) -> str:
    """Return what the form of a section sends to say which text it shows."""
    shown = texts.editable(version, key)
    assert shown is not None
    return shown.seen


def typeset(report: Report, by: User) -> ReportVersion:
    services.typeset(report, by=by)
    job = work_off(report, TYPESET)
    assert job.state == Job.State.DONE, job.error
    return ReportVersion.objects.filter(report=report).order_by("-number")[:1].get()


def test_a_rewritten_section_is_in_the_next_version_with_its_figures_tied(
    compiled: Compiled, cast: Cast
) -> None:
    version = compiled()
    first = typed(version, "work")
    at, old = next((at, text) for at, text in first.items() if "本年度安排任务" in text)
    first[at] = f"今年以来，各单位用心用力。{old}"
    row = texts.edit_section(
        version.report, "work", first, "补充一段。", seen=opened(version, "work"), by=cast.office
    )
    assert (row.number, row.flags) == (1, [])
    newest = typeset(version.report, cast.office)
    text = section_text(newest, "work")
    assert "今年以来，各单位用心用力。本年度安排任务" in text
    assert text.endswith("补充一段。")
    assert (newest.number, newest.cause, newest.sha256) == (2, "edited", version.sha256)
    keys = {
        run.fact
        for one in from_json(newest.text).sections
        for block in one.blocks
        if isinstance(block, Paragraph)
        for run in block.text
    }
    assert "plan.tasks" in keys


def test_figures_in_rewritten_text_follow_new_facts(compiled: Compiled, cast: Cast) -> None:
    version = compiled()
    words = typed(version, "work")
    at = next(at for at, text in words.items() if "本年度安排任务" in text)
    before = version.facts["figures"]["plan.tasks"]["value"]
    words[at] = f"今年的任务共{before}项。"
    row = texts.edit_section(
        version.report, "work", words, "", seen=opened(version, "work"), by=cast.office
    )
    assert any("修改后不再有" in flag for flag in row.flags)
    add_measures(cast, 1)
    newest = compiled()
    after = newest.facts["figures"]["plan.tasks"]["value"]
    assert after != before
    assert f"今年的任务共{after}项。" in section_text(newest, "work")
    assert any("改写过的" in note for note in newest.notes)


def test_a_number_without_a_fact_is_flagged(compiled: Compiled, cast: Cast) -> None:
    version = compiled()
    row = texts.edit_section(
        version.report,
        "opening",
        typed(version, "opening"),
        "投入97万元。",
        seen=opened(version, "opening"),
        by=cast.office,
    )
    assert row.flags == ["“97”是手工写入的数字，系统中没有来源。"]


def test_two_people_on_one_section_are_told(compiled: Compiled, cast: Cast) -> None:
    version = compiled()
    words = typed(version, "opening")
    seen = opened(version, "opening")
    texts.edit_section(version.report, "opening", words, "一。", seen=seen, by=cast.office)
    with pytest.raises(DomainError, match="刚刚改过这一节") as refused:
        texts.edit_section(version.report, "opening", words, "二。", seen=seen, by=cast.office_2)
    assert refused.value.code == "stale"
    assert SectionText.objects.get(report=version.report).number == 1


def test_a_colleague_who_began_anew_meanwhile_is_told_too(compiled: Compiled, cast: Cast) -> None:
    version = compiled()
    words, at = typed(version, "opening"), {"report": version.report, "key": "opening"}
    first = opened(version, "opening")
    texts.edit_section(**at, texts=words, more="一。", seen=first, by=cast.office)
    seen = opened(version, "opening")
    texts.restore_section(version.report, "opening", seen=seen, by=cast.office_2)
    texts.edit_section(**at, texts=words, more="二。", seen=first, by=cast.office_2)
    with pytest.raises(DomainError, match="刚刚改过这一节"):
        texts.edit_section(**at, texts=words, more="三。", seen=seen, by=cast.office)


def test_what_a_colleague_wrote_meanwhile_is_not_dropped(compiled: Compiled, cast: Cast) -> None:
    version = compiled()
    words, at = typed(version, "opening"), {"report": version.report, "key": "opening"}
    texts.edit_section(
        **at, texts=words, more="一。", seen=opened(version, "opening"), by=cast.office
    )
    seen = opened(version, "opening")
    texts.edit_section(**at, texts=words, more="二。", seen=seen, by=cast.office_2)
    with pytest.raises(DomainError, match="刚刚改过这一节"):
        texts.restore_section(version.report, "opening", seen=seen, by=cast.office)
    assert SectionText.objects.filter(report=version.report).exists()


def test_texts_of_an_older_version_go_into_no_paragraph_of_the_newest(
    compiled: Compiled, cast: Cast, browse: Browse
) -> None:
    add_measures(cast, 3)
    version = compiled()
    first = typed(version, "work") | {0: "今年的任务很多。"}
    url = reverse("report-section", args=[version.report_id, "work"])
    seen = opened(version, "work")
    assert f'name="seen" value="{seen}"' in browse(cast.office).get(url).content.decode()
    entries = Entry.objects.filter(task__title__startswith="追加措施")
    entries.update(state=Entry.State.RETURNED, approved=None)
    newest = compiled()
    assert len(typed(newest, "work")) < len(first)
    sent = {f"block-{at}": text for at, text in first.items()} | {"seen": seen, "more": "补充。"}
    answer = browse(cast.office).post(url, sent)
    page = answer.content.decode()
    assert (answer.status_code, SectionText.objects.count()) == (422, 0)
    assert "报告已经生成第 2 版" in page
    mine = page.split('id="mine-h"')[1].split("</textarea>")[0]
    assert all(text in mine for text in (*filter(None, first.values()), "补充。"))
    assert f'name="seen" value="{opened(newest, "work")}"' in page


def test_an_edited_section_gets_the_same_tables_again() -> None:
    def table(caption: str, cell: str = "") -> Table:
        return Table(columns=(Column("列"),), rows=((cell,),), caption=caption)

    money, places = table("经费"), table("各县")
    edited, _flags = texts._edited([Paragraph("甲。"), money, Paragraph("乙。"), places], {
        0: "甲。", 2: "改过的乙。",
    }, "", {})  # fmt: skip
    new, moved = table("新表"), table("经费", "2")
    shown = texts.restored(edited, [new, Paragraph("甲。"), places, moved])
    said = [one.caption if isinstance(one, Table) else plain(one.text) for one in shown]
    assert said == ["甲。", "经费", "改过的乙。", "各县", "新表"]
    assert shown[1] is moved


@pytest.mark.parametrize("person", ["office_b", "leader", "liaison", "office_province"])
def test_only_the_office_edits(compiled: Compiled, cast: Cast, person: str) -> None:
    version = compiled()
    with pytest.raises(NotAllowed):
        texts.edit_section(
            version.report,
            "opening",
            {},
            "不该有",
            seen=opened(version, "opening"),
            by=getattr(cast, person),
        )
    assert not SectionText.objects.exists()


def test_an_approved_text_is_not_edited_and_is_printed_word_by_word(
    compiled: Compiled, cast: Cast
) -> None:
    version = compiled()
    Report.objects.filter(pk=version.report_id).update(state=Report.State.APPROVED)
    with pytest.raises(NotAllowed, match="已审定"):
        texts.edit_section(
            version.report, "opening", {}, "再改", seen=opened(version, "opening"), by=cast.office
        )
    outlines.set_outline(cast.plan, "annual", _rows(cast, drop="problems"), by=cast.office)
    from core.dispatch import enqueue

    enqueue(TYPESET, version.report_id, by=cast.office)
    Report.objects.filter(pk=version.report_id).update(document_number="子科素办〔2025〕1号")
    assert work_off(version.report, TYPESET).state == Job.State.DONE
    newest = ReportVersion.objects.order_by("-number")[:1].get()
    assert newest.text == version.text


def test_an_empty_section_is_refused(compiled: Compiled, cast: Cast) -> None:
    with pytest.raises(DomainError, match="不能是空的"):
        texts.edit_section(compiled().report, "opening", {0: " \n"}, "", seen="1.", by=cast.office)


def test_a_section_goes_back_to_the_text_by_rule(compiled: Compiled, cast: Cast) -> None:
    version = compiled()
    texts.edit_section(
        version.report,
        "opening",
        {0: "另写。"},
        "",
        seen=opened(version, "opening"),
        by=cast.office,
    )
    assert section_text(typeset(version.report, cast.office), "opening") == "另写。"
    with pytest.raises(DomainError, match="已经生成第 2 版"):
        texts.restore_section(
            version.report, "opening", seen=opened(version, "opening"), by=cast.office
        )
    printed = ReportVersion.objects.get(report=version.report, number=2)
    seen = opened(printed, "opening")
    texts.restore_section(version.report, "opening", seen=seen, by=cast.office)
    newest = typeset(version.report, cast.office)
    assert section_text(newest, "opening") == section_text(version, "opening")
    codes = set(AuditEvent.objects.values_list("code", flat=True))
    assert {"reports.report.edit", "reports.report.restore"} <= codes


# --- Outlines ------------------------------------------------------------------------------
def _rows(cast: Cast, drop: str = "", **titles: str) -> list[dict[str, object]]:
    return [
        {
            "key": part.key,
            "title": titles.get(part.key, part.title),
            "on": part.on and part.key != drop,
        }
        for part in outlines.parts_for(cast.plan, "annual")
    ]


def test_sections_are_switched_off_renamed_and_reordered(compiled: Compiled, cast: Cast) -> None:
    compiled()
    rows = _rows(cast, drop="problems", work="工作开展情况")
    rows.reverse()
    outlines.set_outline(cast.plan, "annual", rows, by=cast.office)
    draft = from_json(compiled().text)
    titles = [one.title for one in draft.sections if one.title]
    assert titles == ["下一年度工作打算", "目标指标完成情况", "工作开展情况"]
    outlines.reset_outline(cast.plan, "annual", by=cast.office)
    assert len([one for one in from_json(compiled().text).sections if one.title]) == 4


def test_an_outline_needs_titles_and_a_section(cast: Cast) -> None:
    with pytest.raises(DomainError, match="请填写标题") as refused:
        outlines.set_outline(cast.plan, "annual", _rows(cast, work=" "), by=cast.office)
    assert list(refused.value.fields) == ["title-work"]
    nothing = [{**row, "on": False} for row in _rows(cast)]
    with pytest.raises(DomainError, match="至少要保留"):
        outlines.set_outline(cast.plan, "annual", nothing, by=cast.office)
    with pytest.raises(NotAllowed):
        outlines.set_outline(cast.plan, "annual", _rows(cast), by=cast.office_b)


# --- Pages ---------------------------------------------------------------------------------
def test_the_page_of_a_section_keeps_what_was_typed(
    compiled: Compiled, cast: Cast, browse: Browse
) -> None:
    version = compiled()
    url = f"/reports/{version.report_id}/sections/opening/"
    browser = browse(cast.office)
    assert "逐段修改" in browser.get(url).content.decode()
    answer = browser.post(url, {"seen": "1.", "block-0": "x" * 20_001, "more": "别丢"})
    page = answer.content.decode()
    assert (answer.status_code, page.count("不要超过 20000 个字")) == (422, 2)
    assert "别丢" in page
    assert browser.post(url, {"seen": "1.", "block-0": "改好了。"}).status_code == 302
    late = browser.post(url, {"seen": "1.", "block-0": "晚了一步。"})
    assert late.status_code == 422
    assert "晚了一步。" in late.content.decode()
    assert browse(cast.liaison).get(url).status_code == 404
    assert browser.get(url.replace("opening", "nothing")).status_code == 404


def test_the_page_of_the_outline(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)
    page = browser.get("/reports/outline/?kind=five_year").content.decode()
    assert "下一个五年的建议" in page
    parts = outlines.parts_for(cast.plan, "annual")
    sent = {"plan": cast.plan.pk, "kind": "annual"}
    sent |= {f"title-{part.key}": part.title for part in parts}
    sent |= {f"on-{part.key}": "on" for part in parts if part.on}
    sent |= {f"place-{part.key}": str(at) for at, part in enumerate(parts, 1)}
    wrong = browser.post("/reports/outline/", sent | {"title-work": ""})
    assert (wrong.status_code, wrong.content.decode().count("请填写标题")) == (422, 2)
    assert browser.post("/reports/outline/", sent | {"place-problems": "1"}).status_code == 302
    changed = [part.key for part in outlines.parts_for(cast.plan, "annual")]
    assert changed.index("problems") < changed.index("work")
    assert browse(cast.liaison).get("/reports/outline/").status_code == 404
