"""The document model: what it refuses, what it cleans, and the facts it names."""

import datetime as dt

import pytest

from reports.rendering.document import (
    Attachment,
    Column,
    Document,
    Figure,
    Head,
    Heading,
    Run,
    Table,
    chinese_date,
    clean,
    fact_keys,
    paragraphs,
    plain,
)
from reports.rendering.layout import signature_indents, width_in_characters
from reports.rendering.sheets import AttachmentHead, AttachmentList, OutlinedHeading, sheets
from reports.rendering.tables import kept_whole, rows_kept_together


def test_control_characters_and_invisible_marks_are_removed() -> None:
    assert clean("甲\x00\x08乙\x1b丙\ud800丁\ufeff\u202e戊\uffff") == "甲乙丙丁戊"


def test_line_ends_of_every_kind_become_one() -> None:
    assert clean("甲\r\n乙\r丙\u2028丁\v戊") == "甲\n乙\n丙\n丁\n戊"


def test_rare_characters_of_names_are_kept() -> None:
    assert clean("䶮𠮷㐂") == "䶮𠮷㐂"


def test_pasted_text_becomes_paragraphs_without_its_own_indents() -> None:
    assert [plain(p.text) for p in paragraphs("　　第一段。\r\n\r\n\t第二段。")] == [
        "第一段。",
        "第二段。",
    ]


def test_a_date_is_written_without_leading_zeros() -> None:
    assert chinese_date(dt.date(2018, 1, 5)) == "2018年1月5日"


def test_facts_are_listed_once_in_reading_order() -> None:
    table = Table((Column("甲"),), (((Run("2", "b"), Run("1", "a")),), ("无",)))
    figure = Figure("<svg/>", "图", facts=("c", "a"))
    document = Document(("报告",), (Heading(1, (Run("1", "a"),)), table, figure))
    assert fact_keys(document) == ("a", "b", "c")


def test_a_row_needs_one_cell_per_column() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells for 2 columns"):
        Table((Column("甲"), Column("乙")), (("1", "2"), ("3",)))


def test_a_figure_needs_a_text_alternative() -> None:
    with pytest.raises(ValueError, match="text alternative"):
        Figure("<svg/>", " ")


@pytest.mark.parametrize("level", [0, 5])
def test_headings_have_four_levels(level: int) -> None:
    with pytest.raises(ValueError, match="heading level"):
        Heading(level, "标题")


@pytest.mark.parametrize("text", ["", "　", "\x00"])
def test_documents_attachments_and_headings_need_words(text: str) -> None:
    with pytest.raises(ValueError, match="document needs a title"):
        Document((text,), ())
    with pytest.raises(ValueError, match="attachment needs a title"):
        Attachment((text,), ())
    with pytest.raises(ValueError, match="heading needs a text"):
        Heading(1, text)


def test_a_document_number_is_given_and_never_left_open() -> None:
    with pytest.raises(ValueError, match="number"):
        Head(" ", "某某文件")


def test_figures_and_western_letters_take_half_a_character() -> None:
    assert width_in_characters("2018年1月5日") == 6.0


def test_the_date_begins_two_characters_right_of_the_signature() -> None:
    signature, date = "全民科学素质办公室", "2018年1月5日"
    right_of_name, right_of_date = signature_indents(signature, date)
    begins = -right_of_name - width_in_characters(signature)
    assert right_of_name == 2
    assert -right_of_date - width_in_characters(date) == begins + 2


def test_a_date_longer_than_the_signature_moves_the_signature_left() -> None:
    right_of_name, right_of_date = signature_indents("办公室", "2018年11月15日")
    assert right_of_date == 2
    assert right_of_name == 2 + 2 + 7 - 3


def test_an_outline_never_skips_a_level() -> None:
    document = Document(("报告",), (Heading(3, "丙"), Heading(4, "丁"), Heading(1, "甲")))
    items = sheets(document)[0].items
    depths = [item.depth for item in items if isinstance(item, OutlinedHeading)]
    assert depths == [1, 2, 1]


def test_a_wide_table_takes_the_head_of_its_attachment_to_the_landscape_sheet(
    report: Document,
) -> None:
    body, wide, explanation = sheets(report)
    assert [body.landscape, wide.landscape, explanation.landscape] == [False, True, False]
    assert wide.items[0] == AttachmentHead("附件1", ("工作进展情况表",))


def test_a_single_attachment_has_no_number(report: Document) -> None:
    document = Document(("报告",), (), report.attachments[1:])
    body, attachment = sheets(document)
    assert body.items[-1] == AttachmentList((("", "情况说明"),))
    assert attachment.items[0] == AttachmentHead("附件", ("情况说明",))


def test_only_short_rows_are_kept_on_one_page() -> None:
    table = Table((Column("甲"), Column("乙")), (("短", "短"), ("短", "长" * 500)))
    assert rows_kept_together(table, 156) == (True, False)


def test_a_small_upright_table_is_kept_whole_and_a_long_or_wide_one_is_not() -> None:
    def table(rows: int, *, wide: bool = False, text: str = "内容") -> Table:
        columns = (Column("序号", 1), Column("内容", 4))
        return Table(columns, tuple((str(one), text) for one in range(rows)), wide=wide)

    assert kept_whole(table(10), 156)
    assert not kept_whole(table(30), 156)
    assert not kept_whole(table(10, text="很长的内容" * 30), 156)
    assert not kept_whole(table(3, wide=True), 225)
