"""How far duties are met: each town, county and unit by itself, and nothing where nobody knows."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import GroupMember, Region
from plans.models import Duty
from tasks.models import Event
from tasks.selectors.events.duties import DutyRow, duties_page
from tests.cast import Cast
from tests.cast_story import NOW

TODAY = dt.date(2024, 7, 10)
SENTENCES = (
    ("每镇", "year", None, "每镇每年举办科普活动不少于3项。"),
    ("各县（市、区）", "quarter", None, "各县（市、区）每季度开展活动不少于2场。"),
    ("各成员单位", "year", None, "各成员单位每年报送工作总结。"),
    ("各社区", "year", None, "各社区每年举办讲座不少于1次。"),
    (None, "year", None, "加强培训，每年培训2万人次。"),
    (None, None, dt.date(2024, 6, 15), "2024年6月15日前报送中期总结。"),
    ("有关部门", "year", None, "有关部门每年开展活动。"),
)


@pytest.fixture
def duties(cast: Cast) -> list[Duty]:
    Duty.objects.filter(plan=cast.plan).delete()
    for unit in (cast.education, cast.finance):
        GroupMember.objects.get_or_create(group=cast.members, member=unit)
    return [
        Duty.objects.create(plan=cast.plan, who=who, every=every, due=due, quote=quote, position=at)
        for at, (who, every, due, quote) in enumerate(SENTENCES, 1)
    ]


def held(cast: Cast, duty: Duty, on: dt.date, count: int = 1, **more: Any) -> None:
    for _number in range(count):
        Event.objects.create(
            region=more.pop("region", cast.city_a),
            department=more.get("department", cast.education),
            duty=duty, kind="activity", title="活动", on=on, by=cast.office, token=uuid4(),
            **{name: value for name, value in more.items() if name != "department"},
        )  # fmt: skip


def rows(cast: Cast, person: Any = None, today: dt.date = TODAY) -> list[DutyRow]:
    return duties_page(person or cast.office, cast.plan.pk, 2024, today).rows


def test_each_county_by_itself_in_each_quarter(cast: Cast, duties: list[Duty]) -> None:
    held(cast, duties[1], dt.date(2024, 2, 1), 2, town=cast.county_a1)
    held(cast, duties[1], dt.date(2024, 7, 1), 1, town=cast.county_a1)
    held(cast, duties[1], dt.date(2024, 4, 1), 5)  # in no county that anybody wrote down
    row = rows(cast)[1]
    east, west = row.holders
    assert [one.name for one in row.holders] == ["子东县", "子西县"]
    assert [(one.count, one.state) for one in east.kept] == [
        (2, "met"), (0, "short"), (1, "open"), (0, "open"),
    ]  # fmt: skip
    assert (east.lacking, west.lacking) == (2, 4)
    assert (row.nowhere, row.asked) == (5, "每季度至少 2 场")


def test_towns_that_nobody_entered_are_not_invented(cast: Cast, duties: list[Duty]) -> None:
    held(cast, duties[0], dt.date(2024, 3, 1), 4, town=cast.county_a1)
    row = rows(cast)[0]
    assert row.holders == []
    assert "还没有本地区的镇（街道）名录" in row.problem
    assert row.whole.kept[0].count == 4
    town = Region.objects.create(
        code="980101001", name="东关镇", level="town", parent=cast.county_a1,
        path=f"{cast.county_a1.path}980001",
    )  # fmt: skip
    held(cast, duties[0], dt.date(2024, 3, 1), 3, town=town)
    row = rows(cast)[0]
    assert [(one.name, one.state) for one in row.holders] == [("东关镇", "met")]
    assert (row.problem, row.nowhere) == ("", 4)


def test_members_of_the_group_each_need_one_where_no_number_is_printed(
    cast: Cast, duties: list[Duty]
) -> None:
    held(cast, duties[2], dt.date(2024, 3, 1))
    row = rows(cast, today=dt.date(2025, 2, 1))[2]
    assert [(one.name, one.state) for one in row.holders] == [
        ("市教育局", "met"), ("市财政局", "short"),
    ]  # fmt: skip
    assert "没有写数目，只看有没有" in row.asked
    assert "名册里没有“有关部门”的成员" in rows(cast)[6].problem


def test_what_the_portal_has_no_list_of_is_counted_as_a_whole(
    cast: Cast, duties: list[Duty]
) -> None:
    row = rows(cast)[3]
    assert row.holders == []
    assert "没有“各社区”的名录" in row.problem


def test_people_are_summed_where_people_are_promised(cast: Cast, duties: list[Duty]) -> None:
    held(cast, duties[4], dt.date(2024, 3, 1), people=15_000)
    held(cast, duties[4], dt.date(2024, 4, 1))
    (kept,) = rows(cast)[4].whole.kept
    assert (kept.count, kept.lacking, kept.silent, kept.state) == (15_000, 5_000, 1, "open")


def test_what_came_after_the_due_date_does_not_count(cast: Cast, duties: list[Duty]) -> None:
    held(cast, duties[5], dt.date(2024, 6, 16))
    assert rows(cast)[5].whole.kept[0].state == "short"
    held(cast, duties[5], dt.date(2024, 6, 15))
    assert rows(cast)[5].whole.kept[0].state == "met"


def test_struck_lines_and_other_years_do_not_count(cast: Cast, duties: list[Duty]) -> None:
    held(cast, duties[4], dt.date(2023, 6, 16), people=30_000)
    held(cast, duties[4], dt.date(2024, 6, 16), people=9, struck_at=NOW, struck_reason="重复")
    assert rows(cast)[4].whole.kept[0].count == 0


def test_a_unit_counts_its_own_only(
    cast: Cast, duties: list[Duty], browse: Callable[..., Client]
) -> None:
    held(cast, duties[2], dt.date(2024, 3, 1), department=cast.finance)
    found = rows(cast, cast.liaison)
    assert [(one.name, one.state) for one in found[2].holders] == [("市教育局", "open")]
    assert found[1].holders == []
    html = browse(cast.liaison).get(f"/events/duties/?plan={cast.plan.pk}&year=2024").content
    assert "只算市教育局登记的" in html.decode()


def test_the_page_says_who_is_short_and_asks_a_fixed_number_of_times(
    cast: Cast, duties: list[Duty], browse: Callable[..., Client]
) -> None:
    browser, address = browse(cast.leader), f"/events/duties/?plan={cast.plan.pk}&year=2024"

    def asked() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as caught:
            html = browser.get(address).content.decode()
        return len(caught), html

    asked()  # the first page of a session also stores it
    held(cast, duties[1], dt.date(2024, 2, 1), 1, town=cast.county_a1)
    few, _html = asked()
    for duty in duties:
        held(cast, duty, dt.date(2024, 2, 1), 5, town=cast.county_a2)
    many, html = asked()
    assert many == few
    assert "子东县（差 7 场）" in html
    assert "每镇每年举办科普活动不少于3项。" in html
    assert html.count("btn-p") == 0
