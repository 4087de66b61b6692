"""Damage the bundled plans at random: the importer stays calm and loses nothing."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.importer import NotAPlan, ParsedPlan, parse_text, read_file, to_json
from plans.importer.cleaning import clean

DOCUMENTS = Path(__file__).resolve().parents[3] / "plans" / "documents"
CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
TEXTS = [read_file(DOCUMENTS / f"{name}-2016.txt") for name in ("zibo", "dezhou", "jilin")]
HALF_TO_FULL = {ord(c): ord(c) + 0xFEE0 for c in "()[],:;?!0123456789.%-"}
FULL_TO_HALF = {full: half for half, full in HALF_TO_FULL.items()}
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _parse(text: str) -> list[ParsedPlan]:
    try:
        return parse_text(text)
    except NotAPlan:
        return []


def _check_blocks(plan: ParsedPlan) -> None:
    """Every non-blank character lies in exactly one block, in order."""
    at = 0
    for block in plan.blocks:
        start, end = block.span
        assert at <= start < end <= len(plan.text)
        assert not plan.text[at:start].strip()
        at = end
    assert not plan.text[at:].strip()


def _check(text: str) -> None:
    for plan in _parse(text):
        _check_blocks(plan)
        _check_places(plan)
        to_json([plan])
        for action in plan.actions:
            for item in (action, *action.measures):
                printed = plan.text[slice(*item.title_span)]
                assert item.title in (printed, plan.title, "（原文无标题）")


def _check_places(plan: ParsedPlan) -> None:
    """No character belongs to two measures, and every warning points into the text."""
    spans = sorted(measure.span for action in plan.actions for measure in action.measures)
    for (_, end), (start, _) in pairwise(spans):
        assert end <= start
    for warning in plan.warnings:
        assert warning.span is None or 0 <= warning.span[0] < warning.span[1] <= len(plan.text)


pieces = st.builds(
    lambda text, start, length: text[start : start + length],
    st.sampled_from(TEXTS),
    st.integers(0, 16000),
    st.integers(200, 6000),
)


@quick
@given(st.lists(pieces, min_size=1, max_size=3), st.sampled_from(["", "\n", "\n\n", "　"]))
def test_cuts_and_joins_never_raise(parts: list[str], glue: str) -> None:
    _check(glue.join(parts))


@quick
@given(pieces, st.data())
def test_blanks_anywhere_never_raise(text: str, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=40))
    blanks = data.draw(st.sampled_from([" ", "　", "\n", "\r\n", "\t", "\f"]))
    for place in sorted(places, reverse=True):
        text = text[:place] + blanks + text[place:]
    _check(text)


@quick
@given(pieces, st.sampled_from([HALF_TO_FULL, FULL_TO_HALF]))
def test_half_and_full_width_never_raise(text: str, table: dict[int, int]) -> None:
    _check(text.translate(table))


@quick
@given(
    st.text(
        alphabet="一二（）()1.．、。：——任务措施分工由局牵头负责配合\n\t 2016年“”《》", max_size=200
    )
)
def test_any_heap_of_marks_never_raises(text: str) -> None:
    _check(text)


@pytest.mark.parametrize("text", TEXTS, ids=["zibo", "dezhou", "jilin"])
def test_cleaning_removes_layout_and_nothing_else(text: str) -> None:
    cleaned = clean(text)
    left = re.sub(r"\s", "", cleaned.text)
    left_out = sum(len(re.sub(r"\s", "", piece)) for piece in cleaned.dropped)
    assert len(left) + left_out == len(re.sub(r"\s", "", text))
    assert all(re.fullmatch(r"(?:PAGE)?[-—\s\d]*", piece) for piece in cleaned.dropped)


@pytest.mark.parametrize("text", TEXTS, ids=["zibo", "dezhou", "jilin"])
def test_blocks_cover_a_whole_document(text: str) -> None:
    (plan,) = parse_text(text)
    _check_blocks(plan)
    _check_places(plan)
    kinds = {block.kind for block in plan.blocks}
    assert kinds == {"heading", "item", "bracket", "remainder"}


@pytest.mark.parametrize("source", CASES, ids=lambda path: path.stem)
def test_blocks_cover_every_case(source: Path) -> None:
    for plan in parse_text(read_file(source)):
        _check_blocks(plan)
        _check_places(plan)


@pytest.mark.parametrize("text", TEXTS, ids=["zibo", "dezhou", "jilin"])
def test_other_line_ends_give_the_same_plan(text: str) -> None:
    assert to_json(parse_text(text.replace("\n", "\r\n"))) == to_json(parse_text(text))


@quick
@given(st.sampled_from(TEXTS), st.lists(st.integers(0, 15000), max_size=60))
def test_blanks_inside_words_change_nothing(text: str, places: list[int]) -> None:
    inside = {at for at in places if re.fullmatch(r"[一-龥]{2}", text[at - 1 : at + 1])}
    spaced = "".join(f" {char}" if at in inside else char for at, char in enumerate(text))
    assert to_json(parse_text(spaced)) == to_json(parse_text(text))


@pytest.mark.parametrize("width", [24, 28, 32, 40])
def test_pages_with_numbers_give_the_same_actions(width: int) -> None:
    lines = [
        line[at : at + width]
        for line in TEXTS[0].splitlines()
        for at in range(0, max(len(line), 1), width)
    ]
    for place in range(len(lines) - len(lines) % 22, 0, -22):
        lines[place:place] = ["", f"— {place // 22} —", ""]
    (one,), (other,) = parse_text(TEXTS[0]), parse_text("\n".join(lines))
    assert _outline(other) == _outline(one)
    assert other.phases
    assert len(other.targets) == len(one.targets)


def _outline(plan: ParsedPlan) -> list[tuple[object, ...]]:
    return [
        (item.number, item.title, item.leads, item.cooperators, item.responsible)
        for action in plan.actions
        for item in (action, *action.measures)
    ]


def test_unwrapped_and_wrapped_text_give_the_same_actions() -> None:
    text = TEXTS[0]
    wrapped = "\n".join(
        line[at : at + 30] for line in text.splitlines() for at in range(0, max(len(line), 1), 30)
    )
    (one,), (other,) = parse_text(text), parse_text(wrapped)
    assert [(a.number, a.title) for a in other.actions] == [
        (a.number, a.title) for a in one.actions
    ]
    units = [[m.responsible for m in action.measures] for action in one.actions]
    assert [[m.responsible for m in action.measures] for action in other.actions] == units


@pytest.mark.parametrize(
    "text",
    [
        "",
        "　\n\n",
        "今天天气很好。",
        "一、会议时间\n明天上午。\n二、会议地点\n三楼会议室。",
        "1.苹果\n2.梨",
    ],
)
def test_a_text_without_actions_is_no_plan(text: str) -> None:
    with pytest.raises(NotAPlan) as caught:
        parse_text(text)
    assert caught.value.message_zh.endswith("。")
