"""Spellings, groups and kinds of units."""

import pytest

from departments.names import is_group, kind_of, normalise, spelling_key


def test_blanks_and_width_do_not_make_another_name():
    assert normalise("市科 协") == normalise("市科\u3000协、") == "市科协"
    assert normalise("各镇（街道）") == "各镇(街道)"


def test_a_name_with_and_without_and_is_one_spelling():
    assert spelling_key("市人力资源和社会保障局") == spelling_key("市人力资源社会保障局")


def test_different_units_keep_different_keys():
    assert spelling_key("区教育局") != spelling_key("区教体局")


@pytest.mark.parametrize(
    "name",
    [
        "相关部门和单位",
        "各成员单位",
        "各镇（街道）",
        "各街道办事处",
        "各县（市、区）政府",
        "相关部门",
    ],
)
def test_groups_are_recognised(name):
    assert is_group(name)
    assert kind_of(name) == "group"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("市科协", "association"),
        ("市委宣传部", "party"),
        ("团市委", "mass"),
        ("市妇联", "mass"),
        ("市教育局", "government"),
        ("市广播电视台", "institution"),
        ("市委党校", "party"),
        ("市公安局交警支队", "institution"),
        ("省农科院", "institution"),
        ("省民委", "government"),
    ],
)
def test_kinds_follow_from_names(name, kind):
    assert kind_of(name) == kind
