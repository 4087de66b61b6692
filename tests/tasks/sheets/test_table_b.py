"""Table B (表格填报): pre-filled out, filled in back, applied whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from core.sheets import read
from tasks.exchange.entries import COLUMNS
from tasks.models import FIELDS, Assignment, Entry, Revision, Sheet, Task, Transition
from tasks.services import entries
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.services
Browse = Callable[..., Client]
TITLES = {one.key: one.title for one in COLUMNS}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages live in the days of the cast."""
    monkeypatch.setattr("tasks.views.entries.sheets.timezone.now", lambda: NOW)


class Filled:
    """A downloaded table as a person works on it in Excel: by task and by column."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[0]
        self.header = next(
            row[0].row for row in self.sheet.iter_rows() if "重点任务" in [c.value for c in row]
        )
        self.at = {cell.value: cell.column for cell in self.sheet[self.header]}

    def row(self, entry: Entry) -> int:
        ids = self.sheet.iter_rows(
            min_col=self.at[TITLES["entry"]], max_col=self.at[TITLES["entry"]]
        )
        return next(cell.row for (cell,) in ids if cell.value == str(entry.pk))

    def cell(self, entry: Entry, key: str) -> Any:
        return self.sheet.cell(self.row(entry), self.at[TITLES[key]])

    def put(self, entry: Entry, /, **cells: object) -> None:
        for key, value in cells.items():
            self.cell(entry, key).value = value

    def saved(self) -> bytes:
        made = io.BytesIO()
        self.book.save(made)
        return made.getvalue()


def download(browser: Client, cast: Cast, **asked: int) -> bytes:
    answer = browser.get(reverse("period-sheet", args=[cast.period.pk]), asked)
    assert answer.status_code == 200
    return answer.content


def upload(browser: Client, cast: Cast, content: bytes, name: str = "表.xlsx") -> Any:
    return browser.post(
        reverse("period-sheet", args=[cast.period.pk]),
        {"file": SimpleUploadedFile(name, content)},
        follow=True,
    )


def apply(browser: Client) -> HttpResponse:
    sheet = Sheet.objects.latest("pk")
    return browser.post(reverse("sheet-apply", args=[sheet.pk]))


def drafts(cast: Cast) -> Iterator[tuple[int, dict[str, Any], int, bool]]:
    yield from Entry.objects.order_by("pk").values_list("pk", "draft", "version", "ready")


def test_a_units_table_is_prefilled_in_the_order_of_the_plan(cast: Cast, browse: Browse) -> None:
    before = AuditEvent.objects.filter(code="tasks.sheet.export").count()
    content = download(browse(cast.liaison), cast)
    assert AuditEvent.objects.filter(code="tasks.sheet.export").count() == before + 1
    lines = read(content, COLUMNS)
    assert [int(line.values["entry"]) for line in lines] == [
        cast.entry_draft.pk,
        cast.entry_submitted.pk,
        cast.part_blank.pk,
        cast.entry_returned.pk,
    ]
    first = lines[0].values
    assert first["lead"] == "市教育局"
    assert first["others"] == "市财政局、各成员单位"
    assert first["value"] == cast.entry_draft.typed("percent")
    assert first["done"] == cast.entry_draft.typed("done")
    assert first["last"] == cast.entry_earlier.approved.done
    assert lines[1].values["files"] == cast.evidence.name
    filled = Filled(content)
    locked = {
        key: filled.cell(cast.entry_draft, key).protection.locked for key in TITLES if key != "unit"
    }
    assert [key for key, one in locked.items() if not one] == [
        "done", "value", "self_rating", "problems", "next_steps",
    ]  # fmt: skip
    assert filled.cell(cast.entry_submitted, "done").protection.locked


def test_the_offices_table_holds_every_unit_but_no_draft_and_no_whole_number(
    cast: Cast, browse: Browse
) -> None:
    cast.liaison.phone = "13812346021"
    cast.liaison.save()
    lines = read(download(browse(cast.office), cast), COLUMNS)
    by_id = {int(line.values["entry"]): line.values for line in lines}
    assert len(by_id) == 7
    assert by_id[cast.entry_draft.pk]["done"] == ""
    assert by_id[cast.entry_draft.pk]["unit"] == "市教育局"
    assert by_id[cast.entry_submitted.pk]["done"] == cast.entry_submitted.submitted.done
    assert by_id[cast.entry_submitted.pk]["phone"] == "138****6021"
    one_unit = read(download(browse(cast.office), cast, unit=cast.finance.pk), COLUMNS)
    assert {int(one.values["entry"]) for one in one_unit} == {
        cast.part_submitted.pk,
        cast.entry_blank.pk,
    }
    assert not read(download(browse(cast.office), cast, plan=cast.plan_b.pk), COLUMNS)


def test_a_filled_table_is_shown_field_by_field_and_kept_in_the_drafts(
    cast: Cast, browse: Browse
) -> None:
    browser = browse(cast.liaison)
    filled = Filled(download(browser, cast))
    filled.put(cast.entry_draft, done="＝甲不是公式", value="６２％")
    filled.put(cast.part_blank, value=35, self_rating="达进度", done="建成2个\n接待300人")
    content = filled.saved()
    before = list(drafts(cast))
    page = upload(browser, cast, content)
    assert "改动 2 项，共 5 处" in page.text
    assert "接待300人" in page.text
    assert list(drafts(cast)) == before
    done = apply(browser)
    assert done.url == f"{reverse('entry-check')}?period={cast.period.pk}"
    entry = Entry.objects.get(pk=cast.part_blank.pk)
    assert {name: entry.typed(name) for name in entry.draft} == {
        "percent": "35", "self_rating": "on_track", "done": "建成2个\n接待300人",
    }  # fmt: skip
    assert {one["by"] for one in entry.draft.values()} == {cast.liaison.pk}
    assert (entry.version, entry.state, entry.ready) == (3, "draft", False)
    assert Entry.objects.get(pk=cast.entry_draft.pk).typed("percent") == "62"
    audit = AuditEvent.objects.get(code="tasks.sheet.apply")
    assert audit.detail["entries"] == {
        str(cast.entry_draft.pk): ["percent", "done"],
        str(cast.part_blank.pk): ["percent", "self_rating", "done"],
    }
    # The same file again: nothing to change; the same preview again: applied before.
    after = list(drafts(cast))
    apply(browser)
    assert "没有改动" in upload(browser, cast, content).text
    assert list(drafts(cast)) == after
    assert AuditEvent.objects.filter(code="tasks.sheet.apply").count() == 1
    assert not Transition.objects.filter(entry=entry).exists()


def test_what_somebody_changed_meanwhile_is_refused_with_both_texts(
    cast: Cast, browse: Browse
) -> None:
    browser = browse(cast.liaison)
    filled = Filled(download(browser, cast))
    filled.put(cast.entry_draft, done="表里的文字")
    filled.put(cast.part_blank, done="另一行的文字")
    version = cast.entry_draft.field_version("done")
    cast.head.act_as(cast.head.memberships.get())
    entries.save_field(cast.entry_draft.pk, "done", "负责人的文字", version, by=cast.head, now=NOW)
    page = upload(browser, cast, filled.saved()).text
    for words in ("有 1 行需要修改", "表里的文字", "负责人的文字", "另一行的文字", str(cast.head)):
        assert words in page
    before = list(drafts(cast))
    apply(browser)
    assert list(drafts(cast)) == before
    assert not AuditEvent.objects.filter(code="tasks.sheet.apply").exists()


def test_what_nobody_touched_in_the_file_overwrites_nothing(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.liaison)
    filled = Filled(download(browser, cast))
    filled.put(cast.entry_draft, problems="缺教师")
    version = cast.entry_draft.field_version("done")
    cast.head.act_as(cast.head.memberships.get())
    entries.save_field(cast.entry_draft.pk, "done", "负责人的文字", version, by=cast.head, now=NOW)
    upload(browser, cast, filled.saved())
    apply(browser)
    entry = Entry.objects.get(pk=cast.entry_draft.pk)
    assert (entry.typed("done"), entry.typed("problems")) == ("负责人的文字", "缺教师")


def _formula(filled: Filled, cast: Cast) -> None:
    filled.put(cast.part_blank, value="=1+1")


def _merged(filled: Filled, cast: Cast) -> None:
    row = filled.row(cast.part_blank)
    filled.sheet.merge_cells(start_row=row, end_row=row, start_column=11, end_column=12)


def _twice(filled: Filled, cast: Cast) -> None:
    filled.put(cast.entry_returned, entry=str(cast.part_blank.pk))


WRONG: list[tuple[Callable[[Filled, Cast], object], str]] = [
    (lambda f, c: f.put(c.part_blank, value=120), "完成比例应在 0 到 100 之间，您填的是 120。"),
    (lambda f, c: f.put(c.part_blank, value="约一半"), "请填 0 到 100 之间的数"),
    (lambda f, c: f.put(c.part_blank, self_rating="很好"), "请在四项自评中选一项。"),
    (lambda f, c: f.put(c.part_blank, done="长" * 5001), "最多 5000 字，现有 5001 字。"),
    (lambda f, c: f.put(c.part_blank, done="#REF!"), "是错误值 #REF!。"),
    (_formula, "“完成比例/完成数量”（"),
    (_merged, "有合并单元格（"),
    (_twice, "是同一项，请只留一行。"),
    (lambda f, c: f.put(c.part_blank, entry=None), "这一行没有编号。"),
    (lambda f, c: f.put(c.part_blank, entry="一"), "这一行不是您这一期的填报项。"),
    (lambda f, c: f.put(c.part_blank, entry=c.entry_blank.pk), "这一行不是您这一期的填报项。"),
    (lambda f, c: f.put(c.part_blank, entry=c.part_submitted.pk), "这一行是其他单位的填报项"),
    (lambda f, c: f.put(c.part_blank, entry=c.entry_earlier.pk), "这一行不是您这一期的填报项。"),
    (lambda f, c: f.put(c.part_blank, seen="1"), "隐藏的版本号被改动了。"),
    (lambda f, c: f.put(c.entry_submitted, done="改"), "已经报送，正在等待核对。"),
]


@pytest.mark.parametrize(("change", "words"), WRONG)
def test_a_wrong_row_is_said_and_nothing_is_kept(
    cast: Cast, browse: Browse, change: Callable[[Filled, Cast], object], words: str
) -> None:
    browser = browse(cast.liaison)
    filled = Filled(download(browser, cast))
    filled.put(cast.entry_draft, next_steps="好的一行")
    change(filled, cast)
    before = list(drafts(cast))
    page = upload(browser, cast, filled.saved()).text
    assert words in page
    assert "好的一行" in page
    apply(browser)
    assert list(drafts(cast)) == before


@pytest.mark.parametrize(
    ("state", "words"),
    [("closed", "填报期已截止。"), ("scheduled", "填报期还没有启动")],
)
def test_a_period_that_takes_nothing_says_so(
    cast: Cast, browse: Browse, state: str, words: str
) -> None:
    browser = browse(cast.liaison)
    filled = Filled(download(browser, cast))
    filled.put(cast.part_blank, done="迟了")
    upload(browser, cast, filled.saved())
    cast.period.state = state
    cast.period.save()
    sheet = Sheet.objects.latest("pk")
    assert words in browser.get(reverse("sheet", args=[sheet.pk])).text


def test_numbers_as_people_type_them_are_kept_plain(cast: Cast, browse: Browse) -> None:
    cast.task_3.kind, cast.task_3.quantity, cast.task_3.unit = "quantity", 50_000, "人次"
    cast.task_3.save()
    browser = browse(cast.liaison)
    filled = Filled(download(browser, cast))
    filled.put(cast.part_blank, value="３.2万")
    upload(browser, cast, filled.saved())
    apply(browser)
    assert Entry.objects.get(pk=cast.part_blank.pk).typed("quantity") == "32000"
    again = Filled(download(browser, cast))
    assert again.cell(cast.part_blank, "value").value == 32000


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("表.xlsx", b"%PDF-1.4", "不是 Excel 表格"),
        ("表.csv", "序号,编号".encode(), "不是 Excel 表格"),
        ("表.xlsx", b"PK\x03\x04" + b"0" * 21 * 1024 * 1024, "超过 20 MB"),
        ("表.xlsx", b"", "不是 Excel 表格"),
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(
    cast: Cast, browse: Browse, name: str, content: bytes, words: str
) -> None:
    page = upload(browse(cast.liaison), cast, content, name)
    assert page.status_code == 422
    assert words in page.text
    assert list(Sheet.objects.all()) == [cast.sheet]


def test_the_offices_table_changes_nothing_that_units_report(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)
    filled = Filled(download(browser, cast))
    filled.put(cast.part_blank, done="替单位填")
    assert "由承办单位填报。" in upload(browser, cast, filled.saved()).text


def test_queries_do_not_grow_with_rows(cast: Cast, browse: Browse) -> None:
    """The same table with one row of changes, then with all, takes the same number of queries."""
    browser = browse(cast.liaison)
    counts = []
    for rows in ([cast.part_blank], [cast.entry_draft, cast.part_blank, cast.entry_returned]):
        with CaptureQueriesContext(connection) as queries:
            filled = Filled(download(browser, cast))
        counts.append(len(queries))
        for one in rows:
            filled.put(one, next_steps=f"第 {len(rows)} 次")
        upload(browser, cast, filled.saved())
        with CaptureQueriesContext(connection) as queries:
            apply(browser)
        counts.append(len(queries))
    assert counts[:2] == counts[2:]


def _copied(entry: Entry, number: int) -> None:
    """Make a row like this one, of a task of its own, handed in too if this one was."""
    task, revision = Task.objects.get(pk=entry.task_id), entry.submitted
    task.pk, task.title = None, f"{task.title}（{number}）"
    task.save(force_insert=True)
    part = Assignment.objects.create(task=task, department=entry.department, role="responsible")
    state = "submitted" if revision else "draft"
    ids = {"period": entry.period, "department": entry.department, "kind": "report"}
    made = Entry.objects.create(task=task, assignment=part, draft=entry.draft, state=state, **ids)
    if revision:
        given = model_to_dict(revision, [*FIELDS, "number", "of_version", "sha256"])
        by, at = revision.submitted_by, revision.submitted_at
        made.submitted = Revision.objects.create(
            entry=made, submitted_by=by, submitted_at=at, **given
        )
        made.save()


def test_queries_do_not_grow_with_the_table(cast: Cast, browse: Browse) -> None:
    """Out, for a unit and for the office, and the preview: as many for 4 rows as for 24."""
    liaison, office = browse(cast.liaison), browse(cast.office)
    counts = []
    for more in (0, 10):
        for number in range(more):
            _copied(cast.entry_draft, number)
            _copied(cast.entry_submitted, number)
        for browser in (office, liaison):
            with CaptureQueriesContext(connection) as queries:
                content = download(browser, cast)
            counts.append(len(queries))
        filled = Filled(content)
        for entry in Entry.objects.filter(department=cast.education, period=cast.period):
            if entry.state == "draft":
                filled.put(entry, next_steps="改")
        upload(liaison, cast, filled.saved())
        with CaptureQueriesContext(connection) as queries:
            page = liaison.get(reverse("sheet", args=[Sheet.objects.latest("pk").pk]))
        counts.append(len(queries))
        assert f"改动 {2 + more} 项" in page.text
    assert counts[:3] == counts[3:]


def test_the_box_is_where_the_work_is(cast: Cast, browse: Browse) -> None:
    address = reverse("period-sheet", args=[cast.period.pk])
    pages = (
        (cast.liaison, reverse("entry", args=[cast.entry_draft.pk]), True),
        (cast.liaison, f"{reverse('entry-check')}?period={cast.period.pk}", True),
        (cast.liaison, reverse("period", args=[cast.period.pk]), True),
        (cast.office, reverse("period", args=[cast.period.pk]), True),
        (cast.office, reverse("entry", args=[cast.entry_submitted.pk]), False),
        (cast.leader, reverse("period", args=[cast.period.pk]), False),
    )
    for person, page, there in pages:
        assert (f'action="{address}"' in browse(person).get(page).text) is there
