"""How one text became another: nothing invented, nothing lost, and quick on long texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.selectors.entries.content import Piece, differences, marked

CHINESE = st.text(alphabet="本期开展活动十场，覆盖三区。新增\n12、（）%a ", max_size=60)


@given(CHINESE, CHINESE)
def test_the_pieces_spell_both_texts(old: str, new: str) -> None:
    pieces = differences(old, new)
    assert "".join(one.text for one in pieces if one.kind != "ins") == old
    assert "".join(one.text for one in pieces if one.kind != "del") == new


def test_a_changed_number_is_marked_inside_its_sentence() -> None:
    assert differences("培训 2 期，参训 380 人。", "培训 2 期，参训 418 人。") == [
        Piece("same", "培训 2 期，参训 "),
        Piece("del", "380"),
        Piece("ins", "418"),
        Piece("same", " 人。"),
    ]


def test_another_sentence_is_marked_as_a_whole() -> None:
    assert differences("农村科学教师不足。", "经费已经到位。") == [
        Piece("del", "农村科学教师不足。"),
        Piece("ins", "经费已经到位。"),
    ]


@pytest.mark.parametrize("field", ["percent", "quantity", "self_rating"])
def test_numbers_and_ratings_change_as_a_whole(field: str) -> None:
    assert marked(field, "达进度", "欠进度") == (Piece("del", "达进度"), Piece("ins", "欠进度"))
    assert marked(field, "55%", "55%") == ()


def test_long_texts_without_a_clause_in_common_take_no_time() -> None:
    old = "，".join(f"第{number}所学校开课{number * 7}节" for number in range(450))
    new = "，".join(f"第{number}个社区讲座{number * 3}场" for number in range(450))
    began = time.perf_counter()
    differences(old, new)
    assert time.perf_counter() - began < 2
