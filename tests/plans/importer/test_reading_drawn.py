"""Clean texts whose tables are only drawn, and texts with the residue of web pages and scans."""

from __future__ import annotations

import time

import pytest

from plans.importer import parse_text
from plans.importer.cleaning import clean

HEAD = "云台县全民科学素质行动任务分工（2021—2025年）"


def _paragraphs(text: str) -> list[str]:
    return clean(text).text.split("\n")


@pytest.mark.parametrize("pipe", ["|", "｜", "│"])
def test_a_table_drawn_with_pipes_becomes_rows(pipe: str) -> None:
    table = "\n".join(
        [
            "| 序号 | 重点任务 | 牵头单位 |",
            "| --- | --- | --- |",
            "| 1 | 农民科学素质行动 | 县农业局 |",
            "| 2 | 科普信息化工程 | |",
        ]
    )
    cleaned = clean(f"{HEAD}\n{table.replace('|', pipe)}\n")
    assert cleaned.text.split("\n") == [
        HEAD,
        "序号\t重点任务\t牵头单位",
        "1\t农民科学素质行动\t县农业局",
        "2\t科普信息化工程\t",
    ]
    assert [piece.replace(pipe, "|") for piece in cleaned.dropped] == ["| --- | --- | --- |"]


def test_one_line_with_pipes_is_no_table() -> None:
    assert _paragraphs("首页 | 政务公开 | 通知公告\n各单位：") == [
        "首页|政务公开|通知公告",
        "各单位：",
    ]


def test_a_table_copied_cell_by_cell_becomes_rows() -> None:
    cells = ["序号", "重点任务", "具体措施", "牵头单位", "配合单位"]
    cells += ["1", "农民科学素质行动", "送书下乡", "县农业局", "县科协"]
    cells += ["2", "办夜校", "县教育局", "县妇联"]  # 农民科学素质行动 spans both rows
    cells += ["3", "科普信息化工程", "建网站", "县科协", "县委宣传部"]
    text = "\n".join([HEAD, *cells, "请各单位抓好落实。"])
    assert _paragraphs(text)[1:] == [
        "序号\t重点任务\t具体措施\t牵头单位\t配合单位",
        "1\t农民科学素质行动\t送书下乡\t县农业局\t县科协",
        "2\t\t办夜校\t县教育局\t县妇联",
        "3\t科普信息化工程\t建网站\t县科协\t县委宣传部",
        "请各单位抓好落实。",
    ]
    (plan,) = parse_text(text)
    assert [(a.title, [m.leads for m in a.measures]) for a in plan.actions] == [
        ("农民科学素质行动", [("县农业局",), ("县教育局",)]),
        ("科普信息化工程", [("县科协",)]),
    ]


def test_numbers_on_lines_of_their_own_are_pages_without_such_a_heading() -> None:
    assert _paragraphs("送书下\n1\n乡。\n办夜校。") == ["送书下", "乡。", "办夜校。"]


def test_signs_written_as_in_a_web_page_are_read() -> None:
    text = "&nbsp;&nbsp;一、&ldquo;十四五&rdquo;任务&#40;试行&#41; A&B &unknown;"
    assert _paragraphs(text) == ["一、“十四五”任务(试行)A&B&unknown;"]


def test_a_dash_misread_as_two_ones_opens_an_item() -> None:
    cleaned = clean("措施：\n一一健全农村科普组织\n？？办夜校\n一一对应。")
    assert cleaned.text.split("\n")[1:3] == ["——健全农村科普组织", "——办夜校"]
    assert "一一对应" in cleaned.text
    assert len(cleaned.repaired) == 2


@pytest.mark.parametrize(
    "page", ["第3页 共9页", "共9页，第3页", "PAGE 3 of 9", "3/9", "— 3 —", "-3-"]
)
def test_page_numbers_on_their_own_lines_are_left_out(page: str) -> None:
    cleaned = clean(f"1.送书下乡，努力做到\n{page}\n村村有书，并且，\n2.办夜校。")
    assert page not in cleaned.text
    assert cleaned.dropped == (page,)


def test_a_list_of_contents_is_neither_title_nor_outline() -> None:
    contents = ["目 录", "一、总体要求………………1", "二、重点任务......3", "（一）农民科学素质行动……4"]
    body = ["二、重点任务", "（一）农民科学素质行动", "1.送书下乡。（县农业局负责）"]
    for glue in ("\n", "\n\n"):
        (plan,) = parse_text(glue.join([HEAD, *contents, *body]))
        assert plan.title == HEAD
        assert [(a.title, len(a.measures)) for a in plan.actions] == [("农民科学素质行动", 1)]


def test_paragraphs_kept_apart_by_empty_lines_are_not_joined() -> None:
    lines = [
        "（责任单位：县科协、县教育局",
        "2．办夜校。",
        "工作简报第一期",
        "农民" * 40,
        "社区" * 40,
    ]
    assert _paragraphs("\n\n".join(lines)) == lines


def test_a_sentence_cut_by_an_empty_line_is_joined() -> None:
    lines = ["1.送书下乡，努力做到村村有书，", "人人读书。（责任单位：县科协、县", "教育局）"]
    assert _paragraphs("\n\n".join(lines)) == ["".join(lines)]


def test_rows_keep_their_empty_cells_at_both_ends() -> None:
    rows = [
        "重点任务\t具体措施\t牵头单位",
        "农民行动\t送书\t县科协",
        "\t办班\t",
        "1\t\t",
        "措施\t单位\t",
    ]
    assert _paragraphs("\n".join([HEAD, *rows])) == [HEAD, *rows]
    assert _paragraphs(f"{HEAD}\n\t\t一、任务\n二、目标\t\t") == [HEAD, "一、任务", "二、目标"]


@pytest.mark.parametrize("sign", [" ", "|", "一", "-", "&", "\t", "｜ ", "第1页", "1\n"])
def test_a_megabyte_of_one_sign_is_cleaned_in_linear_time(sign: str) -> None:
    began = time.process_time()
    clean(HEAD + "\n" + sign * (1_000_000 // len(sign)))
    assert time.process_time() - began < 20
