"""What a field says without words of its own is a sentence that tells what to do."""

from typing import Any

import pytest
from django import forms

from departments.models import Region


class Sample(forms.Form):
    name = forms.CharField(max_length=3)
    day = forms.DateField()
    days = forms.IntegerField(min_value=1, max_value=30)
    weight = forms.DecimalField()
    kind = forms.ChoiceField(choices=[("a", "甲")])
    place = forms.ModelChoiceField(Region.objects.none())
    file = forms.FileField()
    code = forms.SlugField()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "请填写这一栏。"),
        ("name", "四个字呢", "最多 3 字，现有 4 字。"),
        ("name", "a\x00", "有不能保存的字符，请删去再填。"),
        ("day", "", "请填写日期。"),
        ("day", "3月", "请按 2018-06-03 的样子填写日期。"),
        ("days", "许多", "请填写整数，例如 15。"),
        ("days", "0", "不能小于 1。"),
        ("days", "31", "不能大于 30。"),
        ("weight", "重", "请填写数字，例如 1.5。"),
        ("kind", "", "请选择一项。"),
        ("kind", "b", "没有“b”这个选项，请重新选择。"),
        ("place", "", "请选择一项。"),
        ("file", "", "请选择文件。"),
        ("code", "有 空格", "只能用字母、数字、连字符和下划线。"),
    ],
)
def test_a_field_says_what_to_do(field: str, typed: Any, said: str) -> None:
    assert Sample({field: typed}).errors[field] == [said]


@pytest.mark.django_db
def test_a_choice_that_is_gone_is_not_repeated_by_its_number() -> None:
    assert Sample({"place": "7"}).errors["place"] == ["没有这个选项，请重新选择。"]
