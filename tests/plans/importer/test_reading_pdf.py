"""Read PDF files: pages in the official layout, tables, columns, and files that hold no words."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plans.importer import ParsedPlan, UnreadableDocument, parse_text, pdf, read_file
from tests.plans.importer.papers import pdf_file, set_lines

DOCUMENTS = Path(__file__).resolve().parents[3] / "plans" / "documents"
NUMBERS = "context align(center)[— #counter(page).display() —]"
LONG = "面向农村居民开展形式多样的科普宣传活动，不断提高科普服务的针对性和实效性，"


def _lines(path: Path) -> list[str]:
    return [line for line in read_file(path).split("\n") if line]


def _bare(lines: list[str]) -> list[str]:
    return [bare for line in lines if (bare := re.sub(r"\s", "", line))]


def _outline(plan: ParsedPlan) -> list[tuple[object, ...]]:
    return [
        (item.number, item.title, item.leads, item.cooperators, item.responsible)
        for action in plan.actions
        for item in (action, *action.measures)
    ]


@pytest.mark.parametrize("name", ["zibo", "jilin"])
def test_a_plan_in_the_official_layout_comes_back_paragraph_by_paragraph(
    tmp_path: Path, name: str
) -> None:
    text = read_file(DOCUMENTS / f"{name}-2016.txt")
    source = [line.strip() for line in text.split("\n") if line.strip()]
    path = pdf_file(
        tmp_path / "plan.pdf", set_lines(source), footer=NUMBERS, header="[某某文件汇编]"
    )
    assert _bare(_lines(path)) == _bare(source)
    (one,), (other,) = parse_text(text), parse_text(read_file(path))
    assert _outline(other) == _outline(one)
    assert other.targets
    assert len(other.targets) == len(one.targets)


@pytest.mark.parametrize(
    "layout",
    [
        "#set par(first-line-indent: 0pt, spacing: 1.6em)",
        "#set par(first-line-indent: 0pt, hanging-indent: 2em, spacing: 0.8em)",
        "#set par(first-line-indent: 0pt, spacing: 0.8em)",
        "#set par(justify: false)",
        "#set page(columns: 2)\n#set text(size: 10pt)",
        "#set page(flipped: true)\n#set text(size: 12pt)",
    ],
    ids=["space", "hanging", "neither", "ragged", "columns", "landscape"],
)
def test_other_layouts_give_the_same_actions(tmp_path: Path, layout: str) -> None:
    text = read_file(DOCUMENTS / "zibo-2016.txt")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    path = pdf_file(tmp_path / "plan.pdf", f"{layout}\n{set_lines(lines)}", footer=NUMBERS)
    assert _outline(parse_text(read_file(path))[0]) == _outline(parse_text(text)[0])


@pytest.mark.parametrize(
    "footer",
    [
        "context align(center)[— #counter(page).display() —]",
        "context align(right)[\\- #counter(page).display() -]",
        "context align(center)[#counter(page).display()]",
        "context [第 #counter(page).display() 页 共 #counter(page).final().first() 页]",
        "context align(center)[#counter(page).display()/#counter(page).final().first()]",
        "context [某某市人民政府公报 2022年第3期 #h(1fr) #counter(page).display()]",
    ],
    ids=["dashes", "hyphens", "bare", "of", "slash", "gazette"],
)
def test_page_numbers_inside_a_sentence_are_left_out(tmp_path: Path, footer: str) -> None:
    sentence = f"1.送书下乡。{LONG * 60}努力做到村村有书。（县农业局负责）"
    lines = [sentence, "2.办夜校。（县教育局负责）"]
    path = pdf_file(tmp_path / "plan.pdf", set_lines(lines), footer=footer)
    assert _lines(path) == lines


def test_a_label_that_opens_many_pages_is_no_running_head(tmp_path: Path) -> None:
    page = set_lines(["措施：", f"——送书下乡。{LONG}"]) + "\n\n#pagebreak()\n\n"
    path = pdf_file(tmp_path / "plan.pdf", page * 4)
    assert _lines(path).count("措施：") == 4


def test_a_gazette_page_of_short_items_in_two_columns(tmp_path: Path) -> None:
    items = [f"（{number}）“办好”第{number}所夜校，送书下乡。" for number in range(1, 61)]
    title = '#place(top + center, float: true, scope: "parent")[云台县全民科学素质实施方案全文如下]'
    source = f"#set page(columns: 2)\n#set text(size: 10pt)\n{title}\n{set_lines(items)}"
    path = pdf_file(tmp_path / "plan.pdf", source, footer=NUMBERS)
    assert _lines(path) == ["云台县全民科学素质实施方案全文如下", *items]


def _table(*rows: str, columns: str = "(1.2cm, 3cm, 1fr, 2.5cm, 3cm)") -> str:
    return f"#set text(size: 10pt)\n#table(columns: {columns}, {', '.join(rows)})"


def test_a_ruled_table_becomes_rows_with_merged_cells_repeated(tmp_path: Path) -> None:
    table = _table(
        "[序号], [重点任务], [具体措施], [牵头单位], [配合单位]",
        f"[1], table.cell(rowspan: 2)[农民科学素质行动], [送书下乡。{LONG}]",
        "[县科协], [县教育局\\ 县妇联\\ 团县委]",
        "[2], [办夜校。], table.cell(colspan: 2)[县人力资源和社会保障局]",
        "table.cell(colspan: 5)[二、保障措施]",
        "[3], [组织保障], [建立协调机制。], [县科协], []",
    )
    source = f"{set_lines(['任务分工如下。'])}\n\n{table}\n\n{set_lines(['表后一段。'])}"
    path = pdf_file(tmp_path / "plan.pdf", source)
    assert _lines(path) == [
        "任务分工如下。",
        "序号\t重点任务\t具体措施\t牵头单位\t配合单位",
        f"1\t农民科学素质行动\t送书下乡。{LONG}\t县科协\t县教育局 县妇联 团县委",
        "2\t农民科学素质行动\t办夜校。\t县人力资源和社会保障局\t",
        "二、保障措施",
        "3\t组织保障\t建立协调机制。\t县科协\t",
        "表后一段。",
    ]


def test_a_table_goes_on_over_the_page_without_its_repeated_head(tmp_path: Path) -> None:
    rows = []
    for number in range(1, 61):
        if number % 3 == 1:
            rows.append(f"table.cell(rowspan: 3)[任务{number}行动]")
        rows.append(f"[措施{number}。{LONG}], [县科协], [{number}]")
    head = "table.header([重点任务], [具体措施], [牵头单位], [序号])"
    source = _table(head, *rows, columns="(3cm, 1fr, 2.5cm, 1.2cm)")
    path = pdf_file(tmp_path / "plan.pdf", source, footer=NUMBERS)
    assert len(list(_pages(path))) > 2
    assert _lines(path) == [
        "重点任务\t具体措施\t牵头单位\t序号",
        *(f"任务{(n - 1) // 3 * 3 + 1}行动\t措施{n}。{LONG}\t县科协\t{n}" for n in range(1, 61)),
    ]


def test_a_row_cut_by_the_end_of_the_page_is_one_row(tmp_path: Path) -> None:
    table = _table(
        "[序号], [重点任务], [具体措施], [牵头单位], [配合单位]",
        f"[1], [农民行动], [{LONG * 70}], [县科协], [县妇联]",
        "[2], [社区行动], [办夜校。], [县科协], [县妇联]",
    )
    assert _lines(pdf_file(tmp_path / "plan.pdf", table, footer=NUMBERS)) == [
        "序号\t重点任务\t具体措施\t牵头单位\t配合单位",
        f"1\t农民行动\t{LONG * 70}\t县科协\t县妇联",
        "2\t社区行动\t办夜校。\t县科协\t县妇联",
    ]


def _pages(path: Path) -> list[object]:
    return list(pdf._pages(path.read_bytes()))


def test_units_listed_below_each_other_in_a_cell_stay_apart(tmp_path: Path) -> None:
    table = _table(
        "[重点任务], [具体措施], [牵头单位], [配合单位], [时限]",
        "[农民行动], [办夜校。], [县科协], [县教育局\\ 县妇联\\ 团县委], [2018年]",
    )
    text = "云台县全民科学素质实施方案（2016—2020年）\n\n" + read_file(
        pdf_file(tmp_path / "plan.pdf", table)
    )
    (measure,) = parse_text(text)[0].actions[0].measures
    assert (measure.leads, measure.cooperators) == (("县科协",), ("县教育局", "县妇联", "团县委"))


def test_characters_named_after_radicals_of_their_shape_are_folded() -> None:
    text = "\n".join(
        [
            "云台县全⺠科学素质⾏动实施⽅案（2016—2020年）",
            "⼀、重点任务",
            "（⼀）农⺠科学素质⾏动",
            "1.送书下乡。（县农业局负责）",
        ]
    )
    (plan,) = parse_text(text)
    assert plan.title == "云台县全民科学素质行动实施方案（2016—2020年）"
    assert [(action.number, action.title) for action in plan.actions] == [
        ("（一）", "农民科学素质行动")
    ]


def test_a_watermark_across_the_page_is_left_out(tmp_path: Path) -> None:
    mark = "rotate(-45deg, text(size: 60pt)[内部资料])"
    path = pdf_file(tmp_path / "plan.pdf", set_lines([LONG * 3] * 3), background=mark)
    assert _lines(path) == [LONG * 3] * 3


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_that_lies_on_its_side_reads_level(tmp_path: Path, angle: int) -> None:
    lines = [f"{number}.送书下乡。" for number in range(1, 6)]
    page = f"#rotate({angle}deg, reflow: true)[#block(width: 10cm)[{set_lines(lines)}]]"
    assert _lines(pdf_file(tmp_path / "plan.pdf", page)) == lines


def _refusal(path: Path) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read_file(path)
    return caught.value.message_zh


PICTURE = (
    "#page(margin: 0pt)[#place(top + right)[3] #image(bytes((90, 80, 70)), width: 100%, "
    'height: 100%, format: (encoding: "rgb8", width: 1, height: 1))]'
)


def test_a_scan_with_page_numbers_only_is_refused(tmp_path: Path) -> None:
    assert "扫描" in _refusal(pdf_file(tmp_path / "scan.pdf", PICTURE * 2))


def test_a_scanned_page_among_others_is_named_in_its_place(tmp_path: Path) -> None:
    before = ["云台县全民科学素质实施方案（2016—2020年）", "一、重点任务", "（一）农民科学素质行动"]
    items = ["1.送书下乡。（县农业局负责）", "2.办夜校。（县教育局负责）"]
    source = set_lines([*before, items[0]]) + PICTURE + set_lines([items[1]])
    path = pdf_file(tmp_path / "plan.pdf", source)
    missing = "〔第2页是图片，没有可读的文字〕"
    assert _lines(path) == [*before, items[0], missing, items[1]]
    (plan,) = parse_text(read_file(path))
    assert [measure.title for measure in plan.actions[0].measures] == ["送书下乡", "办夜校"]
    (warning,) = [one for one in plan.warnings if one.code == "unread_page"]
    assert warning.message == "第2页是图片，没有可读的文字，请对照原件补录。"


def test_signs_without_meaning_are_refused(tmp_path: Path) -> None:
    path = pdf_file(tmp_path / "plan.pdf", set_lines(["\ue001\ue002\ue003\ue004" * 50]))
    assert "乱码" in _refusal(path)


def test_a_file_of_too_many_pages_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    path = pdf_file(tmp_path / "plan.pdf", "甲 #pagebreak() 乙")
    assert "不像一份实施方案" in _refusal(path)


def test_files_read_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    paths = [pdf_file(tmp_path / f"{n}.pdf", set_lines([f"第{n}份。{LONG}"] * 9)) for n in range(4)]
    alone = [read_file(path) for path in paths]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read_file, paths * 5)) == alone * 5


def test_a_pdf_under_another_name_is_read_as_pdf(tmp_path: Path) -> None:
    path = pdf_file(tmp_path / "plan.txt", set_lines(["云台县实施方案"]))
    assert _lines(path) == ["云台县实施方案"]
