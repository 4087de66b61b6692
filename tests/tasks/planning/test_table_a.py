"""Table A: out with all that is needed to edit it, and back in, whole or not at all."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tasks.exchange import table_a
from tasks.models import Sheet, Task
from tasks.services import planning
from tasks.services.planning import sheets
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.django_db


class Book:
    """A downloaded table A as a person has it open: cells by task (or row) and title."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(content))
        self.sheet = self.book.worksheets[0]
        self.header = next(row for row in range(1, 9) if self.sheet.cell(row, 1).value == "编号")
        titles = [cell.value for cell in self.sheet[self.header]]
        self.at = {title: place for place, title in enumerate(titles, 1)}

    def row(self, task: Task) -> int:
        rows = range(self.header + 1, self.sheet.max_row + 1)
        return next(row for row in rows if self.sheet.cell(row, 1).value == str(task.pk))

    def put(self, row: int, **texts: Any) -> None:
        for title, text in texts.items():
            self.sheet.cell(row, self.at[title]).value = text

    def empty(self) -> int:
        return next(
            row
            for row in range(self.header + 1, self.sheet.max_row + 1)
            if not any(cell.value for cell in self.sheet[row])
        )

    def content(self) -> bytes:
        buffer = BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()

    def upload(self) -> SimpleUploadedFile:
        return SimpleUploadedFile("分工表.xlsx", self.content())


@pytest.fixture
def book(cast: Cast) -> Book:
    return Book(table_a.as_excel(cast.plan, 2024))


@pytest.fixture
def send(cast: Any, browse: Callable[..., Client]) -> Callable[[Book], tuple[Client, str, Sheet]]:
    """Return a function that uploads a book and gives browser, preview and the stored sheet."""

    def upload(book: Book) -> tuple[Client, str, Sheet]:
        browser = browse(cast.office)
        sent = {"plan": cast.plan.pk, "year": 2024, "file": book.upload()}
        answer = browser.post("/tasks/table/", sent, follow=True)
        return browser, answer.content.decode(), Sheet.objects.latest("id")

    return upload


def test_the_file_has_the_offices_columns_and_what_editing_needs(cast: Cast, book: Book) -> None:
    assert list(book.at)[2:9] == [
        "序号",
        "类别",
        "重点任务",
        "所属措施",
        "具体措施",
        "牵头单位",
        "负责单位",
    ]
    line = [cell.value for cell in book.sheet[book.row(cast.task_1)]]
    assert line[2:5] == ["1.1", "行动", cast.action_1.title]
    assert line[book.at["牵头单位"] - 1] == "市教育局"
    assert book.sheet[book.row(cast.task_4)][book.at["牵头单位"] - 1].value == "各单位分别报送"
    assert book.sheet.protection.sheet
    assert book.sheet.column_dimensions["A"].hidden


def test_the_same_file_back_changes_nothing(
    cast: Cast, book: Book, send: Callable[..., Any]
) -> None:
    _browser, html, sheet = send(book)
    assert "没有改动" in html
    assert table_a.counts(table_a.preview(sheet)) == {
        "new": 0,
        "changed": 0,
        "refused": 0,
        "same": 4,
    }


def test_changes_are_shown_and_applied_once(
    cast: Cast, book: Book, send: Callable[..., Any]
) -> None:
    book.put(
        book.row(cast.task_3),
        具体措施="建设十所社区科普馆",
        类型="数量",
        目标数量=10,
        计量单位="所",
    )
    book.put(
        book.empty(), 所属措施="1.2", 具体措施="开放实验室", 牵头单位="市科协", 完成时限="2024/6/30"
    )
    browser, html, sheet = send(book)
    assert "改动 1 项，新增 1 项" in html
    assert "<ins>建设十所社区科普馆</ins>" in html
    assert not Task.objects.filter(title="开放实验室").exists()
    browser.post(f"/tasks/table/{sheet.pk}/apply/")
    new = Task.objects.get(title="开放实验室")
    assert (new.measure, str(new.due), new.gathering) == (cast.measure_2, "2024-06-30", "confirmed")
    assert new.assignments.get().department == cast.association
    assert Task.objects.get(pk=cast.task_3.pk).quantity == 10
    sheet.refresh_from_db()
    assert sheet.result == {"new": 1, "changed": 1}
    again = browser.post(f"/tasks/table/{sheet.pk}/apply/")
    assert again.status_code == 422
    assert Task.objects.filter(title="开放实验室").count() == 1


BAD: list[tuple[dict[str, Any], str]] = [  # what is put into the line of task_3, and the answer
    ({"完成时限": "2023-12-31"}, "不能早于开始日期"),
    ({"权重": 0}, "权重应大于 0"),
    ({"类型": "数量"}, "数量型任务须填写大于 0 的目标数量"),
    ({"配合单位": "市气象局"}, "没有“市气象局”这个单位"),
    ({"具体措施": "=1+1"}, "是公式"),
    ({"编号": ""}, "这条措施下已有同名的任务"),
    ({"编号": "99999"}, "本年度没有这一编号的任务"),
    ({"编号": "甲"}, "编号被改动了"),
    ({"所属措施": "1.2"}, "不能换到别的措施下"),
    ({"编号": "", "所属措施": "九"}, "方案里没有“九”这条措施"),
    ({"编号": "", "所属措施": ""}, "须写明它属于方案的哪一条措施"),
    ({"MERGE": True}, "有合并单元格"),
    ({"TWICE": "%s"}, "是同一项任务，请只留一行"),
    ({"TWICE": "0%s "}, "是同一项任务，请只留一行"),
    ({"目标数量": "一千"}, "请只填数字"),
    ({"目标数量": "-5"}, "请只填数字"),
    ({"目标数量": "NaN"}, "请只填数字"),
    ({"完成时限": "9999-12-31"}, "日期应在 1950 年到 2100 年之间"),
    ({"完成时限": "0000-00-00"}, "请填日期"),
    ({"开始日期": "2025-01-01", "完成时限": "2025-12-31"}, "起止日期不在 2024 年内"),
    ({"备注": "长" * 301}, "最多 300 字，现有 301 字"),
]


def spoil(book: Book, at: int, texts: dict[str, Any], cast: Cast) -> None:
    if "MERGE" in texts:
        book.sheet.merge_cells(start_row=at, end_row=at + 1, start_column=5, end_column=5)
    elif "TWICE" in texts:
        # A line copied and worked on: the same task a second time, however its id is written.
        twin = {title: book.sheet.cell(at, place).value for title, place in book.at.items()}
        book.put(book.row(cast.task_4), **{**twin, "编号": texts["TWICE"] % cast.task_3.pk})
    else:
        book.put(at, **texts)


def test_bad_lines_are_told_and_nothing_is_applied(cast: Cast, book: Book) -> None:
    content = table_a.as_excel(cast.plan, 2024)
    for texts, sentence in BAD:
        again = Book(content)
        spoil(again, again.row(cast.task_3), texts, cast)
        again.put(again.row(cast.task_1), 备注="好的一行")
        kept = sheets.keep_sheet(cast.plan, 2024, "a.xlsx", again.content(), by=cast.office)
        checked = table_a.preview(kept)
        said = [text for one in checked for texts in one.wrong.values() for text in texts]
        assert sentence in "".join(said), texts
        with pytest.raises(planning.RowErrors):
            sheets.apply_sheet(kept, table_a.rows_of_sheet, by=cast.office, now=NOW)
        kept.refresh_from_db()
        assert kept.applied_at is None
    assert Task.objects.get(pk=cast.task_1.pk).note == ""


def test_the_page_says_which_lines_to_mend(
    cast: Cast, book: Book, send: Callable[..., Any]
) -> None:
    book.put(book.row(cast.task_3), 权重=0)
    browser, html, sheet = send(book)
    assert "有 1 行需要修改" in html
    assert "权重应大于 0" in html
    answer = browser.post(f"/tasks/table/{sheet.pk}/apply/", follow=True)
    assert "什么都没有保存" in answer.content.decode()


def test_a_row_changed_meanwhile_is_refused_with_both_texts(
    cast: Cast, book: Book, send: Callable[..., Any]
) -> None:
    book.put(book.row(cast.task_1), 备注="表格里的")
    planning.edit_task(cast.task_1, by=cast.office_2, note="系统里的")
    _browser, html, _sheet = send(book)
    assert "您表格里的：表格里的；系统里现在的：系统里的" in html


def test_what_is_no_table_is_told(cast: Any, browse: Callable[..., Client]) -> None:
    browser = browse(cast.office)
    sent = {"plan": cast.plan.pk, "year": 2024}
    for file in (None, SimpleUploadedFile("a.xlsx", b"no"), SimpleUploadedFile("a.pdf", b"%PDF-1")):
        data = {**sent, "file": file} if file else sent
        assert browser.post("/tasks/table/", data).status_code == 422
    assert not Sheet.objects.filter(kind="tasks").exists()


def test_a_sheet_is_its_uploaders_own(
    cast: Any, browse: Callable[..., Client], book: Book, send: Callable[..., Any]
) -> None:
    _browser, _html, sheet = send(book)
    assert browse(cast.office_2).get(f"/tasks/table/{sheet.pk}/").status_code == 404
