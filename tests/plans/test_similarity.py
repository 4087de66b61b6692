"""Which actions and measures of two plans correspond: rules, and pairs decided by reading."""

import time
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from plans.importer import parse_text
from plans.marking import RUN, own_stretches
from plans.similarity import (
    ANYWHERE,
    CANDIDATES,
    WITHIN_ACTIONS,
    Alignment,
    Group,
    Item,
    align,
    align_groups,
    mutual_best,
    normalise,
    place_names,
)

DOCUMENTS = Path(settings.BASE_DIR) / "plans" / "documents"
# Measures of 淄博 and the measure of 吉林省 that each corresponds to, decided by reading both
# texts: action.measure, in document order.
PARTNERS = {
    "1.2": "1.1", "1.4": "1.2", "1.5": "1.3", "2.1": "2.1", "2.2": "2.2", "2.3": "2.3",
    "2.4": "2.4", "3.1": "3.1", "3.2": "3.2", "3.3": "3.3", "3.4": "3.4", "4.1": "4.1",
    "4.3": "4.3", "5.1": "5.1", "5.2": "5.2", "5.3": "5.3", "5.4": "5.4", "6.1": "6.1",
    "6.2": "6.2", "6.3": "6.3", "7.1": "7.1", "7.2": "7.2", "7.3": "7.3", "7.4": "7.4",
    "8.1": "8.2", "8.2": "8.3", "8.4": "8.4", "9.1": "9.1", "9.2": "9.2", "9.3": "9.3",
    "10.1": "10.3", "10.2": "10.1", "10.3": "10.2",
}  # fmt: skip
# Three measures for stages of school carry out the one for schools, and so on.
PARENTS = {**PARTNERS, "1.1": "1.1", "1.3": "1.1", "5.5": "5.1", "8.3": "8.4"}
NO_PARENT = {"4.2", "4.4"}
ONLY_JILIN = {"2.5", "4.2", "8.1"}


@cache
def groups(name: str) -> tuple[Group, ...]:
    """Return the actions and projects of a bundled plan; a measure 8.1 has the key 801."""
    (plan,) = parse_text((DOCUMENTS / f"{name}-2016.txt").read_text(encoding="utf-8"))
    return tuple(
        Group(
            number,
            action.title,
            action.text,
            tuple(
                Item(number * 100 + position, one.title, one.text)
                for position, one in enumerate(action.measures, 1)
            ),
        )
        for number, action in enumerate(plan.actions, 1)
        if action.kind != "safeguard"
    )


@cache
def aligned(left: str, right: str) -> Alignment:
    names = place_names(["淄博市", "德州市", "吉林省", "山东省"])
    return align(groups(left), groups(right), names)


def label(key: int) -> str:
    return f"{key // 100}.{key % 100}"


def measures(*items: tuple[int, str, str], title: str = "农民科学素质行动") -> list[Group]:
    return [Group(1, title, "", tuple(Item(*item) for item in items))]


# --- Pairs decided by reading --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left", "right"), [("zibo", "dezhou"), ("zibo", "jilin"), ("dezhou", "jilin")]
)
def test_the_ten_actions_of_the_bundled_plans_correspond(left: str, right: str) -> None:
    partners = {one: other for one, (other, _) in aligned(left, right).groups.items()}
    assert partners == {number: number for number in range(1, 11)}


def test_two_cities_of_one_province_have_the_same_thirty_nine_measures() -> None:
    found = aligned("zibo", "dezhou").items
    assert {one: other for one, (other, _) in found.items()} == {
        item.key: item.key for group in groups("zibo") for item in group.items
    }
    # 1.1 says quite different things under the same title, 9.2 the same to the letter.
    assert not found[101][1].alike
    assert found[902][1].alike


def test_each_measure_finds_its_partner_in_another_provinces_plan() -> None:
    found = aligned("zibo", "jilin").items
    assert {label(one): label(other) for one, (other, _) in found.items()} == PARTNERS


def test_what_only_one_plan_has_finds_no_partner() -> None:
    found = aligned("zibo", "jilin").items
    taken = {label(other) for other, _ in found.values()}
    assert {label(i.key) for g in groups("jilin") for i in g.items} - taken == ONLY_JILIN


def test_the_suggested_parent_is_the_one_that_a_reader_would_choose() -> None:
    found = aligned("zibo", "jilin")
    suggested = {label(key): found.suggested(key) for key in found.candidates}
    parents = {one: label(it.key) for one, it in suggested.items() if it is not None}
    assert parents == PARENTS
    assert {one for one, it in suggested.items() if it is None} == NO_PARENT


def test_alignment_is_the_same_from_the_other_side() -> None:
    there = {(one, two) for one, (two, _) in aligned("dezhou", "jilin").items.items()}
    back = {(two, one) for one, (two, _) in aligned("jilin", "dezhou").items.items()}
    assert there == back


def test_a_plan_is_wholly_alike_to_itself() -> None:
    found = aligned("jilin", "jilin")
    assert all(one == other for one, (other, _) in found.items.items())
    assert all(likeness.alike for _, likeness in found.items.values())
    assert len(found.items) == 36


# --- Rules ---------------------------------------------------------------------------------------
def test_punctuation_numbers_and_the_names_of_places_do_not_count() -> None:
    names = place_names(["子山市", "申省"])
    assert normalise("到２０２０年，我市（子山）“科普e站”达100%。", names) == "到年科普e站达"
    assert normalise("到2025年,全省科普E站达５０％；", names) == normalise("到年科普e站达")


def test_a_place_is_known_by_its_short_name_too_but_never_by_one_character() -> None:
    assert place_names(["子山市", "丑县", "甲乙族自治州"]) == [
        "甲乙族自治州",
        "子山市",
        "丑县",
        "子山",
        "甲乙",
    ]


def test_a_citys_own_name_makes_nothing_alike_or_different() -> None:
    ours = measures((1, "打造子山市科普品牌", "在子山市举办子山科普节。"))
    theirs = measures((2, "打造丑水市科普品牌", "在丑水市举办丑水科普节。"))
    found = align(ours, theirs, place_names(["子山市", "丑水市"]))
    assert found.items[1][1].score == pytest.approx(1)


def test_the_subject_of_the_action_does_not_make_its_measures_alike() -> None:
    title = "领导干部和公务员科学素质行动"
    ours = measures((1, "强化领导干部和公务员的科技意识", "增加党校的课程。"), title=title)
    theirs = measures((2, "改进领导干部和公务员的录用考核", "考试要有有关内容。"), title=title)
    assert align(ours, theirs).items == {}


def test_a_text_that_stayed_is_found_under_another_title() -> None:
    text = "组建专家服务队，每年到各镇讲课，送种子、图书和设备到农户。"
    found = align(measures((1, "送书下乡", text)), measures((2, "组织专家行", text)))
    assert found.items[1][0] == 2


def test_a_measure_that_moved_to_another_action_is_found_there() -> None:
    ours = [
        Group(
            1, "青少年科学素质行动", "面向中小学生。", (Item(1, "建设流动科技馆", "巡回到校。"),)
        ),
        Group(2, "农民科学素质行动", "面向农村。", (Item(2, "培训新型农民", "学习种植技术。"),)),
    ]
    theirs = [
        Group(1, "青少年科学素质行动", "面向中小学生。", (Item(3, "开好科学课", "配齐教师。"),)),
        Group(2, "农民科学素质行动", "面向农村。", (
            Item(4, "培训新型农民", "学习种植技术。"), Item(5, "建设流动科技馆", "巡回到村。"),
        )),
    ]  # fmt: skip
    found = align(ours, theirs)
    assert {one: other for one, (other, _) in found.items.items()} == {1: 5, 2: 4}


def test_each_has_at_most_one_partner_but_several_may_carry_out_one() -> None:
    ours = measures((1, "开展农民技术培训", "教种植。"), (2, "开展农民技术培训", "教养殖。"))
    theirs = measures((3, "开展农民技术培训", "教种植和养殖。"))
    found = align(ours, theirs)
    assert len(found.items) == 1
    assert [it.key for key in (1, 2) if (it := found.suggested(key))] == [3, 3]


def test_the_most_alike_pair_goes_first_and_the_first_of_equals_wins() -> None:
    scores = [(0.5, "a", "x"), (0.9, "b", "x"), (0.4, "a", "y"), (0.4, "c", "y")]
    assert mutual_best(scores) == [("b", "x"), ("a", "y")]


def test_actions_renamed_with_their_period_still_correspond() -> None:
    ours = [Group(1, "青少年科学素质提升行动"), Group(2, "产业工人科学素质提升行动")]
    theirs = [Group(3, "实施城镇劳动者科学素质行动"), Group(4, "实施青少年科学素质行动")]
    assert {a: b for a, (b, _) in align_groups(ours, theirs).items()} == {1: 4, 2: 3}


def test_actions_for_different_people_do_not_correspond() -> None:
    assert (
        align_groups([Group(1, "老年人科学素质提升行动")], [Group(2, "青少年科学素质行动")]) == {}
    )


def test_measures_without_a_text_or_words_are_compared_by_what_there_is() -> None:
    found = align(
        measures((1, "送书下乡", ""), (2, "", "")), measures((3, "送书下乡", ""), (4, "2020", ""))
    )
    assert found.items[1][0] == 3
    assert align([], measures((1, "送书下乡", ""))).items == {}


def test_candidates_are_few_with_the_likeliest_first() -> None:
    found = aligned("zibo", "dezhou")
    for rows in found.candidates.values():
        assert len(rows) <= CANDIDATES
        assert [one.accepted for one in rows] == sorted((o.accepted for o in rows), reverse=True)
    assert WITHIN_ACTIONS < ANYWHERE


def test_what_only_one_text_says_is_told_wherever_the_rest_stands() -> None:
    ours = "推动优质资源开放。办好科普大集，送种子下乡。"
    theirs = "举办科普日，送种子下乡；推动优质资源开放。"
    assert own_stretches(ours, theirs) == [
        ("推动优质资源开放。", False), ("办好科普大集", True), ("，送种子下乡。", False),
    ]  # fmt: skip
    assert own_stretches("", ours) == []
    assert own_stretches("（2020年）", "2020年，") == [("（2020年）", False)]


@given(st.text("科学素质１2年、。 ﬁ𠀀", max_size=60), st.text("科学素质１2年、。 ﬁ𠀀", max_size=60))
def test_marking_never_changes_a_text(ours: str, theirs: str) -> None:
    assert "".join(words for words, _own in own_stretches(ours, theirs)) == ours
    assert all(not own for _words, own in own_stretches(ours, ours) if len(ours) > RUN * 3)


def test_beyond_a_number_of_pairs_only_aligned_actions_are_looked_into(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("plans.similarity.MOST_PAIRS", 100)
    found = align(groups("zibo"), groups("dezhou"))
    assert len(found.items) == 39
    assert all(one.same_action for rows in found.candidates.values() for one in rows)


def test_one_endless_measure_is_compared_in_a_moment() -> None:
    endless = measures((1, "送书下乡", "组建专家服务队，每年到各镇讲课。" * 60_000))
    started = time.perf_counter()
    assert align(endless, endless).items[1][0] == 1
    assert time.perf_counter() - started < 10


def test_two_plans_of_three_hundred_measures_are_compared_in_seconds() -> None:
    many = [
        Group(
            group.key + 10 * copy,
            f"{group.title}{chr(0x4E00 + copy)}",
            group.text,
            tuple(Item(item.key + 10_000 * copy, item.title, item.text) for item in group.items),
        )
        for copy in range(8)
        for group in groups("zibo")
    ]
    started = time.perf_counter()
    found = align(many, many)
    assert time.perf_counter() - started < 20
    assert len(found.items) == 8 * 39
