"""A plan's text on its page: cut and marked, but every word in place."""

from pathlib import Path

import pytest

from plans.importer import parse_text, read_file
from plans.models import Action, Measure, Plan
from reports.selectors.document import Mark, Section, named_units, sections, title_mark

FOLDER = Path(__file__).parents[3] / "plans" / "documents"
DOCUMENTS = sorted(FOLDER.glob("*.txt"))


def page_of(path: Path) -> tuple[Plan, list[Action], list[Measure], list[Section]]:
    """Return a document parsed into unsaved rows, and cut into sections."""
    parsed = parse_text(read_file(path))[0]
    plan = Plan(text=parsed.text)
    actions, measures = [], []
    for number, one in enumerate(parsed.actions, 1):
        actions.append(
            Action(pk=number, number=one.number, title=one.title, span_start=one.span[0])
        )
        measures += [
            Measure(pk=100 * number + at, title=m.title, span_start=m.span[0], span_end=m.span[1])
            for at, m in enumerate(one.measures, 1)
        ]
    marks = [Mark(*one.span, "target") for one in parsed.targets]
    marks += [mark for one in measures if (mark := title_mark(plan.text, one))]
    return plan, actions, measures, sections(plan, actions, measures, marks)


def words(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_no_word_is_lost_doubled_or_moved(path: Path) -> None:
    plan, _actions, _measures, parts = page_of(path)
    shown = "".join(
        part.title
        + "".join(p.text for block in part.blocks for row in block.paragraphs for p in row)
        for part in parts
    )
    # A heading leaves its full stop behind.
    assert words(shown).replace("。", "") == words(plan.text).replace("。", "")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_action_is_a_section_and_every_measure_a_block_of_it(path: Path) -> None:
    _plan, actions, measures, parts = page_of(path)
    assert [part.action for part in parts if part.action] == actions
    placed = [block.measure for part in parts for block in part.blocks if block.measure]
    assert placed == [one.pk for one in measures]
    for part in parts:
        owned = {block.measure // 100 for block in part.blocks if block.measure}
        assert owned <= {part.action.pk if part.action else None}


def test_chapters_stand_above_parts() -> None:
    text = (
        "前言。\n一、总体要求\n（一）指导方针。坚持求实。\n二、重点任务\n（一）青少年行动。\n做事。"
    )
    action = Action(pk=1, title="青少年行动", span_start=text.index("（一）青少年"))
    parts = sections(Plan(text=text), [action], [], [])
    assert [(part.level, part.title, part.key) for part in parts] == [
        (1, "", "s0"),
        (1, "一、总体要求", "s1"),
        (2, "（一）指导方针", "s2"),
        (1, "二、重点任务", "s3"),
        (2, "（一）青少年行动", "a1"),
    ]
    assert parts[2].blocks[0].paragraphs[0][0].text == "坚持求实。"


def test_a_numbered_line_inside_a_measure_is_no_heading() -> None:
    text = "（一）行动。\n1.措施。\n（一）分项。"
    action = Action(pk=1, title="行动", span_start=0)
    measure = Measure(pk=2, title="措施", span_start=7, span_end=len(text))
    parts = sections(Plan(text=text), [action], [measure], [])
    assert len(parts) == 1
    assert [block.measure for block in parts[0].blocks] == [2]


def test_a_plan_without_text_has_no_sections() -> None:
    assert sections(Plan(text=" \n"), [], [], []) == []


def test_a_name_inside_a_longer_one_is_not_marked_in_its_place() -> None:
    text = "加强协作。（市科技局、市科、市科协负责）"
    marks = named_units(text, (0, len(text)), {"市科": 1, "市科协": 2, "市科技局": 3})
    assert {(text[one.start : one.end], one.ref) for one in marks} == {
        ("市科", 1),
        ("市科协", 2),
        ("市科技局", 3),
    }
    assert text[next(m.start for m in marks if m.ref == 1) - 1] == "、"


def test_a_unit_is_marked_in_the_bracket_and_not_in_the_prose_before() -> None:
    text = "市科协牵动各方。（市科协负责）"
    (mark,) = named_units(text, (0, len(text)), {"市科协": 1})
    assert mark.start == text.rindex("市科协")


def test_marks_may_overlap_without_doubling_text() -> None:
    text = "一、目标\n到2025年达到14%。"
    marks = [Mark(5, 16, "target"), Mark(11, 13, "bold")]
    (part,) = sections(Plan(text=text), [], [], marks)
    pieces = part.blocks[0].paragraphs[0]
    assert "".join(piece.text for piece in pieces) == "到2025年达到14%。"
    assert [piece.text for piece in pieces if piece.bold] == ["达到"]
    assert all(piece.target for piece in pieces if piece.bold)
