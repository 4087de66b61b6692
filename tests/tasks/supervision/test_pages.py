"""The pages of supervision: a leader asks on a figure, the office passes it on, a unit answers."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from tasks.models import Instruction, SupervisionItem
from tasks.services.supervision import items
from tests.cast import Cast
from tests.cast_story import NOW, PDF

Browse = Callable[..., Client]


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


FIGURES = {
    "measure": ("measure_1", "as_of=2024-03-31", "1.1 办好科学课：完成 "),
    "action": ("action_1", "", "（一）青少年科学素质提升行动：完成 "),
    "target": ("literacy", "year=2024", "公民具备科学素质的比例：目标2025 年达到 14%，现在 11.2%"),
    "indicator": ("literacy_ratio", "region=980100", "子市 公民具备科学素质的比例：目标"),
    "task": ("task_1", "", "办好科学课：完成 "),
    "entry": ("entry_submitted", "", "丰富课后服务：市教育局，2024 年上半年，完成 45%，待核对"),
}


@pytest.mark.parametrize("view", FIGURES)
def test_a_leader_asks_on_a_figure_whose_words_the_server_reads(
    view: str, cast: Cast, browse: Browse
) -> None:
    name, query, said = FIGURES[view]
    leader = browse(cast.leader)
    address = f"/instructions/new/?view={view}&id={getattr(cast, name).pk}&{query}"
    form = page(leader.get(f"{address}&words=假的&subject=假的"))
    assert said in form
    assert "假的" not in form
    sent = {"words": "请查明原因", "token": uuid4(), "subject": "假的"}
    first = leader.post(address, sent)
    assert first.status_code == 302
    assert leader.post(address, sent).status_code == 302, "sent twice, it is one requirement"
    row = Instruction.objects.latest("id")
    assert Instruction.objects.count() == 3
    assert (row.words, row.subject_view, row.region) == ("请查明原因", view, cast.city_a)
    assert row.subject.startswith(said)
    assert "要求已提出" in page(leader.get(first["Location"], follow=True))
    back = browse(cast.office).get(f"/instructions/{row.pk}/subject/")
    assert back.status_code == 302
    assert page(browse(cast.office).get(back["Location"]))


def test_a_unit_is_led_to_the_words_where_the_figure_is_not_for_it(
    cast: Cast, browse: Browse
) -> None:
    items.assign(
        cast.city_a,
        title="查明原因",
        department=cast.education,
        due=date(2099, 12, 31),
        instruction=cast.demand,
        by=cast.office,
        now=NOW,
    )
    unit = browse(cast.liaison)
    here = f"/instructions/{cast.demand.pk}/"
    assert f"{here}subject/" in page(unit.get(here))
    led = unit.get(f"{here}subject/", follow=True)
    assert page(led)
    measure = cast.measure_1
    assert led.redirect_chain == [
        (f"/plans/{cast.plan.pk}/?measure={measure.pk}#m{measure.pk}", 302)
    ]


def test_a_figure_that_is_not_seen_or_not_there_is_not_asked_about(
    cast: Cast, browse: Browse
) -> None:
    leader = browse(cast.leader)
    for query in (
        f"view=entry&id={cast.entry_draft.pk}",
        f"view=observation&id={cast.observed.pk}",
        f"view=measure&id={cast.measure_1.pk}&year=1999",
        f"view=measure&id={cast.measure_1.pk}&as_of=gestern",
        "view=measure&id=-1",
        f"view=indicator&id={cast.literacy_ratio.pk}&region=980200",
        "",
    ):
        assert leader.get(f"/instructions/new/?{query}").status_code == 404, query
    for address in ("/dashboard/", f"/tasks/{cast.task_1.pk}/", f"/plans/{cast.plan.pk}/"):
        assert "提出要求" not in page(browse(cast.office).get(address))
    empty = f"/instructions/new/?view=measure&id={cast.measure_1.pk}"
    assert "请填写这一栏。" in page(leader.post(empty, {"words": " "}), 422)


def test_the_leader_sees_on_the_dashboard_what_became_of_it(cast: Cast, browse: Browse) -> None:
    leader = browse(cast.leader)
    assert "待处理" in page(leader.get("/dashboard/"))
    for person, unit in ((cast.office, cast.finance), (cast.office_2, cast.education)):
        sent = {
            "instruction": cast.demand.pk,
            "title": "查明原因",
            "department": unit.pk,
            "due": "2099-01-01",
        }
        assert browse(person).post("/supervision/new/", sent).status_code == 302
    shown = page(leader.get("/dashboard/"))
    assert "已转督办 2 件" in shown
    assert "view=action" in shown
    assert "view=target" in shown


def test_a_new_item_keeps_what_was_typed_and_says_what_is_missing(
    cast: Cast, browse: Browse
) -> None:
    office = browse(cast.office)
    sent = {"title": "写了一半的事项", "department": cast.finance.pk, "due": "2020-01-01"}
    shown = page(office.post("/supervision/new/", sent), 422)
    assert "办理时限不能早于今天。" in shown
    assert "督办要有依据" in shown
    assert "写了一半的事项" in shown
    none = page(office.post("/supervision/new/", {**sent, "due": "", "decision": "纪要"}), 422)
    assert "没有时限的请勾选“长期坚持”" in none
    both = {**sent, "due": "2099-01-01", "long_term": "on", "decision": "纪要"}
    assert "就不要勾选“长期坚持”" in page(office.post("/supervision/new/", both), 422)
    foreign = {**sent, "department": cast.education_b.pk, "decision": "纪要", "long_term": "on"}
    office.post("/supervision/new/", foreign)
    assert SupervisionItem.objects.count() == 4
    token = uuid4()
    good = {**sent, "due": "", "long_term": "on", "decision": "纪要", "token": token}
    assert {office.post("/supervision/new/", good).status_code for _ in range(2)} == {302}
    made = SupervisionItem.objects.get(token=token)
    assert (made.due, made.department) == (None, cast.finance)


def test_a_unit_feeds_back_with_files_and_loses_nothing_when_one_is_wrong(
    cast: Cast, browse: Browse
) -> None:
    unit, address = browse(cast.liaison), f"/supervision/{cast.item_working.pk}/"
    assert "报送反馈" in page(unit.get(address))
    wrong = {
        "text": "写了很久的反馈",
        "attachments": [
            SimpleUploadedFile("表.xlsx", b"%PDF-1.4"),
            SimpleUploadedFile("a.pdf", PDF),
        ],
    }
    shown = page(unit.post(f"{address}feedback/", wrong), 422)
    assert "“表.xlsx”的内容与文件名不符" in shown
    assert "写了很久的反馈" in shown
    assert cast.item_working.files.count() == 0
    right = {"text": "已办", "attachments": [SimpleUploadedFile("a.pdf", PDF)]}
    assert unit.post(f"{address}feedback/", right).status_code == 302
    late = page(unit.post(f"{address}feedback/", {"text": "第二份反馈"}), 403)
    assert "督办件现在是“待审核”" in late
    assert "第二份反馈" in late, "what cannot be handed in any more is there to be copied"
    file = cast.item_working.files.get()
    got = unit.get(f"/supervision/files/{file.pk}/")
    assert b"".join(got.streaming_content) == PDF  # type: ignore[attr-defined]
    assert "attachment" in got["Content-Disposition"]
    assert AuditEvent.objects.latest("id").code == "tasks.supervision.download"
    assert browse(cast.liaison_b).get(f"/supervision/files/{file.pk}/").status_code == 404
    assert "审核通过，办结" in page(browse(cast.office).get(address))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["pending", "working", "reviewing", "settled"]),
        ("state=working", ["working"]),
        ("light=settled", ["settled"]),
        ("light=overdue", ["working"]),
        ("department={finance}", ["settled"]),
        ("year=2023", []),
        ("year=2024&state=pending&light=normal", ["pending"]),
        ("state=nonsense&year=x", ["pending", "working", "reviewing", "settled"]),
    ],
)
def test_the_register_obeys_its_address_and_so_do_its_files(
    query: str, names: list[str], cast: Cast, browse: Browse
) -> None:
    query = query.format(finance=cast.finance.pk)
    numbers = [getattr(cast, f"item_{name}").number for name in names]
    office = browse(cast.office)
    shown = page(office.get(f"/supervision/?{query}"))
    assert re.findall(r'nowrap"><a href="/supervision/\d+/">([\d-]+)<', shown) == numbers
    if not names:
        assert "没有符合条件的督办件" in shown
        assert "清除全部条件" in shown
    word = docx.Document(io.BytesIO(office.get(f"/supervision/export/docx/?{query}").getvalue()))
    (table,) = word.tables
    assert [row.cells[0].text for row in table.rows[1:]] == numbers
    last = AuditEvent.objects.latest("id")
    assert last.code == "tasks.supervision.export"
    assert last.detail["rows"] == len(numbers)


COLUMNS = [
    "编号", "来源", "督办事项", "承办单位", "协办单位", "交办日期", "办理时限", "反馈情况", "亮灯",
    "催办次数", "延期", "办结日期", "销号意见",
]  # fmt: skip


def test_table_d_in_word_and_excel(cast: Cast, browse: Browse) -> None:
    office = browse(cast.office)
    items.strike(cast.item_settled.pk, "=同意销号", by=cast.office, now=NOW)
    word = docx.Document(io.BytesIO(office.get("/supervision/export/docx/").getvalue()))
    (table,) = word.tables
    assert [cell.text for cell in table.rows[0].cells] == COLUMNS
    assert "w:tblHeader" in table.rows[0]._tr.xml
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert 'w:eastAsia="仿宋_GB2312"' in table.rows[1]._tr.xml
    assert word.paragraphs[-1].text == "单位（盖章）："
    struck = [cell.text for cell in table.rows[4].cells]
    assert struck[:4] == ["2024-004", "领导小组会议纪要", "拨付科普经费", "市财政局"]
    assert struck[7:9] == ["已销号。2024-07-10：经费已拨付。", "已办结"]
    working = [cell.text for cell in table.rows[2].cells]
    assert working[1] == "领导批示（王副市长，2024-07-10）"
    assert (working[4], working[8], working[10]) == ("市财政局", "逾期", "待答复")
    book = openpyxl.load_workbook(io.BytesIO(office.get("/supervision/export/xlsx/").getvalue()))
    rows = [[str(cell or "") for cell in row] for row in book.active.values]
    assert COLUMNS in rows
    (line,) = [row for row in rows if row[0] == "2024-004"]
    assert line[12] == "=同意销号"
    assert book.active.cell(rows.index(line) + 1, 13).data_type == "s", "a text, never a formula"


def test_a_unit_sees_its_own_items_and_those_it_helps(cast: Cast, browse: Browse) -> None:
    mine = page(browse(cast.liaison_finance).get("/supervision/"))
    assert "落实实验室建设" in mine
    assert "拨付科普经费" in mine
    assert "开放校内场馆" not in mine
    assert "还没有督办件" in page(browse(cast.liaison_b).get("/supervision/"))


def test_registering_and_answering_instructions(cast: Cast, browse: Browse) -> None:
    office = browse(cast.office)
    sent = {"leader": "李书记", "on": "2099-01-01", "words": "请研究"}
    assert "批示日期不能晚于今天。" in page(office.post("/instructions/register/", sent), 422)
    scan = SimpleUploadedFile("批示.pdf", PDF)
    done = office.post(
        "/instructions/register/", {**sent, "on": "2024-07-01", "attachments": [scan]}
    )
    row = Instruction.objects.get(leader="李书记")
    assert done["Location"] == f"/instructions/{row.pk}/"
    assert "批示.pdf" in page(office.get(done["Location"]))
    assert office.post(done["Location"], {"note": ""}).status_code == 422
    assert office.post(done["Location"], {"note": "已在例会研究"}).status_code == 302
    for state, present in (("waiting", False), ("noted", True), ("passed_on", False)):
        assert ("请研究" in page(office.get(f"/instructions/?state={state}"))) == present


def test_what_waits_is_on_the_first_page(cast: Cast, browse: Browse) -> None:
    office, unit = page(browse(cast.office).get("/")), page(browse(cast.liaison).get("/"))
    for words in ("领导要求待处理", "督办待审核", "延期申请"):
        assert words in office
    for words in ("督办待签收", "督办临期、逾期", "已逾期"):
        assert words in unit


def test_pages_ask_as_often_for_many_items_as_for_few(cast: Cast, browse: Browse) -> None:
    office, counts = browse(cast.office), []
    office.get("/supervision/")
    for _round in range(2):
        for address in ("/supervision/", "/instructions/", f"/supervision/{cast.item_working.pk}/"):
            with CaptureQueriesContext(connection) as caught:
                page(office.get(address))
            counts.append(len(caught.captured_queries))
        for n in range(5):
            items.assign(
                cast.city_a,
                title=f"事项{n}",
                department=cast.finance,
                due=date(2099, 1, 1),
                instruction=cast.written,
                helpers=[cast.education],
                by=cast.office,
                now=NOW,
            )
            items.remark(cast.item_working.pk, "说明", by=cast.office_2, now=NOW)
    assert counts[:3] == counts[3:]
    assert max(counts) <= 24, counts
