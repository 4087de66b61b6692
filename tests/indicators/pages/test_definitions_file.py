"""Definitions from an Excel table: all of them or none, and what is wrong line by line."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.models import AuditEvent
from departments.models import Region
from indicators.exchange.definitions import TITLES
from indicators.models import Indicator
from tests.cast import Cast

Browse = Callable[[Any], Client]
PAGE = "/indicators/catalogue/file/"
TEACHERS = {
    "name": "科学教师", "code": "stat_science_teachers", "group": "科学教育",
    "official_code": "KX110", "unit": "人", "kind": "水平值", "roll_up": "求和",
    "reported_at": str(Region.Level.COUNTY.label), "decimals": "0", "basis": "调查表",
}  # fmt: skip
HOURS = {"name": "科学课课时", "code": "stat_science_lessons", "group": "科学教育", "unit": "节"}


@pytest.fixture
def office(cast: Cast, browse: Browse) -> Client:
    return browse(cast.office)


def filled(office: Client, *lines: dict[str, str]) -> bytes:
    """Return the table of the portal with some lines filled in, as Excel would store it."""
    book = load_workbook(BytesIO(office.get("/indicators/catalogue/template/").content))
    sheet = book.active
    assert sheet is not None
    (head,) = (row for row in sheet.iter_rows() if any(one.value == "名称" for one in row))
    at = {one.value: one.column for one in head}
    first = head[0].row or 0
    for number, line in enumerate(lines, 1):
        for key, text in line.items():
            sheet.cell(first + number, at[TITLES[key]]).value = text
    stored = BytesIO()
    book.save(stored)
    return stored.getvalue()


def sent(office: Client, content: bytes) -> Any:
    return office.post(PAGE, {"file": SimpleUploadedFile("指标目录.xlsx", content)}, follow=True)


def test_definitions_of_a_form_are_added_at_once(cast: Cast, office: Client) -> None:
    with CaptureQueriesContext(connection) as one:
        sent(office, filled(office, HOURS | {"code": "another"}))
    with CaptureQueriesContext(connection) as two:
        page = sent(office, filled(office, TEACHERS, HOURS)).content.decode()
    assert "已添加 2 个指标" in page
    teachers = Indicator.objects.get(code="stat_science_teachers")
    assert (teachers.name, teachers.group, teachers.official_code) == (
        "科学教师", "科学教育", "KX110",
    )  # fmt: skip
    assert (teachers.kind, teachers.roll_up, teachers.reported_at) == ("level", "sum", "county")
    assert (teachers.decimals, teachers.region, teachers.is_active) == (0, cast.city_a, True)
    hours = Indicator.objects.get(code="stat_science_lessons")
    assert (hours.decimals, hours.scale, hours.roll_up) == (2, 1, "none"), "as on the page"
    assert len(one) == len(two)
    event = AuditEvent.objects.filter(code="indicators.indicator.add").latest("pk")
    assert event.detail["codes"] == ["stat_science_teachers", "stat_science_lessons"]


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [
        ({"name": ""}, "名称", "请填写这一栏"),
        ({"code": "12"}, "代码", "不能只有数字"),
        ({"code": "科学教师"}, "代码", "只能用字母"),
        ({"code": "literacy_ratio"}, "代码", "已经有了"),
        ({"code": "sheets"}, "代码", "系统页面"),
        ({"code": "stat_science_lessons"}, "代码", "已经有了"),
        ({"kind": "估计值"}, "类型", "不认识“估计值”"),
        ({"money": "也许"}, "是金额", "可以填：是、否"),
        ({"decimals": "两位"}, "小数位", "整数"),
        ({"highest": "很多"}, "可能的最大值", "不是数"),
        ({"roll_up": "求和", "reported_at": ""}, "从哪一级汇总", "从哪一级汇总"),
        ({"name": "名" * 121}, "名称", "120"),
    ],
)
def test_what_is_wrong_is_told_at_its_line_and_nothing_is_added(
    office: Client, line: dict[str, str], column: str, sentence: str
) -> None:
    before = Indicator.objects.count()
    answer = sent(office, filled(office, HOURS, TEACHERS | line))
    assert answer.status_code == 422
    rows = answer.context["problems"]
    assert [one[1] for one in rows] == [column]
    assert sentence in rows[0][2]
    assert "现在什么都没有添加" in answer.content.decode()
    assert Indicator.objects.count() == before


@pytest.mark.parametrize("content", [b"", b"no table", b"PK\x03\x04 half of one"])
def test_what_is_no_table_is_refused_in_a_sentence(office: Client, content: bytes) -> None:
    answer = sent(office, content)
    assert answer.status_code == 422
    assert answer.context["errors"]


def test_an_empty_table_adds_nothing_and_says_so(office: Client) -> None:
    answer = sent(office, filled(office))
    assert answer.status_code == 422
    assert "表里没有填写任何指标" in answer.content.decode()


def test_class_and_code_of_the_statistic_are_typed_on_the_page_too(office: Client) -> None:
    page = office.get("/indicators/catalogue/new/").content.decode()
    assert 'name="group"' in page
    assert 'name="official_code"' in page
