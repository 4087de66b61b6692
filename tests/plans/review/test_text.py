"""Cutting a draft's text: whatever was read in it, every character is shown once, in its order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plans.models import Draft, DraftItem
from plans.reviewing.text import Line, lines

LETTERS = st.text(alphabet="甲乙丙。\n 1", max_size=60)
KINDS = st.sampled_from(DraftItem.Kind.values)
PLACES = st.lists(st.tuples(KINDS, st.integers(0, 70), st.integers(0, 70)), max_size=8)


def cut(text: str, places: list[tuple[str, int, int]], **header: list[int]) -> list[Line]:
    items = [
        DraftItem(pk=n, kind=kind, span_start=start, span_end=end)
        for n, (kind, start, end) in enumerate(places, 1)
    ]
    return lines(Draft(text=text, header_spans=header), items, items[0] if items else None)


def shown(found: list[Line]) -> list[str]:
    return ["".join(piece.text for run in one.runs for piece in run.pieces) for one in found]


@given(text=LETTERS, places=PLACES, title=st.tuples(st.integers(0, 70), st.integers(0, 70)))
def test_every_character_is_shown_once(
    text: str, places: list[tuple[str, int, int]], title: Any
) -> None:
    found = cut(text, places, title=list(title))
    assert shown(found) == [one for one in text.split("\n") if one.strip()]
    for one in found:
        assert (one.runs[0].start, one.runs[-1].end) == (one.start, one.end)


def test_words_belong_to_the_shortest_place_and_a_unit_stays_inside_it() -> None:
    (line,) = cut("一甲乙丙丁戊", [("action", 0, 6), ("measure", 1, 6), ("unit", 3, 4)])
    outer, inner = line.runs
    assert (outer.place and outer.place.item and outer.place.item.kind) == "action"
    assert (inner.place and inner.place.item and inner.place.item.kind) == "measure"
    assert [(one.text, one.unit is not None) for one in inner.pieces] == [
        ("甲乙", False), ("丙", True), ("丁戊", False),
    ]  # fmt: skip


def test_of_two_readings_of_the_same_words_the_more_precise_one_is_shown() -> None:
    (line,) = cut("甲乙", [("target", 0, 2), ("measure", 0, 2)])
    (run,) = line.runs
    assert run.place is not None
    assert run.place.item is not None
    assert run.place.item.kind == "target"
    assert run.target


def test_a_field_of_the_header_is_named_as_its_form_names_it() -> None:
    (line,) = cut("子市方案", [], region=[0, 2])
    assert [run.place.header if run.place else "" for run in line.runs] == ["region_name", ""]
