"""The calendar of a year: the rhythm, working days, rules, what is wrong with dates."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from core import workdays
from core.errors import DomainError, NotAllowed
from core.models import AuditEvent
from tasks.models import Period, ReportingRules
from tasks.selectors.periods.year import proposals
from tasks.services import periods
from tasks.services.periods.rules import read_days, set_rules
from tasks.services.periods.year import schedule_year
from tests.cast import Cast
from tests.tasks.periods.calendar import scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.mark.parametrize(
    ("rhythm", "count", "first"),
    [
        ("monthly", 12, "2025 年 1 月"),
        ("quarterly", 4, "2025 年一季度"),
        ("half_yearly", 2, "2025 年上半年"),
        ("yearly", 1, "2025 年全年"),
    ],
)
def test_the_year_is_proposed_in_the_rhythm_on_working_days(
    cast: Cast, rhythm: str, count: int, first: str
) -> None:
    found = proposals(cast.city_a, 2025, rhythm)
    assert (len(found), found[0].name) == (count, first)
    assert (found[0].starts, found[-1].ends) == (date(2025, 1, 1), date(2025, 12, 31))
    for one, following in pairwise(found):
        assert following.starts == one.ends + timedelta(days=1)
    for one in found:
        assert all(workdays.is_workday(day) for day in (one.opens_on, one.due_on, one.closes_on))
        assert workdays.between(one.opens_on, one.due_on) == 15
        assert workdays.between(one.due_on, one.closes_on) == 10


def test_a_year_is_scheduled_whole_or_not_at_all(cast: Cast) -> None:
    found = proposals(cast.city_a, 2025, "half_yearly")
    rows = {
        str(number): periods.Dates(
            one.name, one.starts, one.ends, one.opens_on, one.due_on, one.closes_on
        )
        for number, one in enumerate(found)
    }
    bad = {**rows, "1": replace(rows["1"], due_on=rows["1"].opens_on - timedelta(days=9))}
    with pytest.raises(DomainError) as refused:
        schedule_year(cast.city_a, 2025, bad, by=cast.office)
    assert set(refused.value.fields) == {"1-due_on"}
    assert not Period.objects.filter(year=2025).exists()
    schedule_year(cast.city_a, 2025, rows, by=cast.office)
    assert Period.objects.filter(year=2025, by_calendar=True).count() == 2
    assert AuditEvent.objects.filter(code="tasks.period.schedule_year").count() == 1
    assert all(one.there for one in proposals(cast.city_a, 2025, "half_yearly"))
    with pytest.raises(DomainError) as again:
        schedule_year(cast.city_a, 2025, rows, by=cast.office)
    assert set(again.value.fields) == {"0-name", "0-ends", "1-name", "1-ends"}
    with pytest.raises(NotAllowed):
        schedule_year(cast.city_a, 2025, rows, by=cast.liaison)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"due_on": date(2025, 1, 29)}, "due_on", "春节"),
        (
            {"closes_on": date(2025, 2, 15)},
            "closes_on",
            "星期六，不上班；下一个工作日是 2025-02-17",
        ),
        ({"closes_on": date(2025, 1, 3)}, "closes_on", "不能早于报送时限"),
        ({"name": "2024 年上半年"}, "name", "同名"),
        ({"starts": date(2024, 1, 1), "ends": date(2024, 6, 30)}, "ends", "不能重复"),
        ({"year": 2031}, "year", "没有实施中的方案覆盖 2031 年"),
        ({"retrospective": True, "opens_on": date(2024, 12, 2)}, "ends", "须已经结束"),
    ],
)
def test_what_is_wrong_with_a_period_is_said_at_its_field(
    cast: Cast, changed: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(DomainError) as refused:
        scheduled(cast, **changed)
    assert words in refused.value.fields[field][0]
    assert Period.objects.count() == 2


def test_a_worked_saturday_is_a_working_day_and_a_day_off_can_be_insisted_on(cast: Cast) -> None:
    assert workdays.why_off(date(2025, 2, 8)) == ""
    period = scheduled(cast, closes_on=date(2025, 2, 15), days_off=True)
    assert period.closes_on == date(2025, 2, 15)


RULES = {
    "rhythm": "quarterly", "fill_days": 10, "grace_days": 5, "check_days": 3,
    "remind_days": "５，1", "most_reminders": 4, "supervision_soon_days": 2,
}  # fmt: skip


def test_rules_are_set_with_what_was_and_what_is(cast: Cast) -> None:
    set_rules(cast.city_a, RULES, by=cast.office)
    rules = ReportingRules.objects.get(region=cast.city_a)
    assert (rules.rhythm, rules.remind_days) == ("quarterly", [5, 1])
    told = AuditEvent.objects.get(code="tasks.rules.set").detail
    assert (told["before"]["remind_days"], told["after"]["remind_days"]) == ([7, 3, 1], [5, 1])
    assert len(proposals(cast.city_a, 2025, rules.rhythm)) == 4
    with pytest.raises(NotAllowed):
        set_rules(cast.city_a, RULES, by=cast.head)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"remind_days": "明天"}, "remind_days"),
        ({"remind_days": "-3"}, "remind_days"),
        ({"remind_days": "3、0"}, "remind_days"),
        ({"remind_days": "6、5、4、3、2、1"}, "remind_days"),
        ({"remind_days": "10"}, "remind_days"),  # not yet open then
        ({"fill_days": 0}, "fill_days"),
        ({"grace_days": 400}, "grace_days"),
        ({"rhythm": "daily"}, "rhythm"),
    ],
)
def test_rules_that_make_no_sense_are_refused_in_words(
    cast: Cast, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        set_rules(cast.city_a, RULES | changed, by=cast.office)
    assert set(refused.value.fields) == {field}


def test_days_are_read_as_people_write_them() -> None:
    assert read_days("1 3 7") == ([7, 3, 1], "")
    assert read_days("7、3，3") == ([7, 3], "")
    assert read_days("0") == ([], "")


def test_a_day_off_in_the_grid_is_said_offered_and_moved_on_request(
    cast: Cast, browse: Callable[..., Any]
) -> None:
    sent = {
        "year": "2025", "rhythm": "yearly", "0-take": "1", "0-name": "2025 年",
        "0-starts": "2025-01-01", "0-ends": "2025-12-31", "0-opens_on": "2025-10-01",
        "0-due_on": "2025-10-22", "0-closes_on": "2025-11-05",
    }  # fmt: skip
    browser = browse(cast.office)
    answer = browser.post("/periods/year/", sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "国庆节" in html
    assert "下一个工作日是 2025-10-09" in html
    assert 'value="2025-10-01"' in html  # nothing is moved unasked
    html = browser.post("/periods/year/", sent | {"move": "1"}).content.decode()
    assert 'value="2025-10-09"' in html
    assert not Period.objects.filter(year=2025).exists()
    browser.post("/periods/year/", sent | {"days_off": "1"})
    assert Period.objects.get(year=2025).opens_on == date(2025, 10, 1)


def test_departments_know_the_dates_of_the_year_ahead(
    cast: Cast, browse: Callable[..., Any]
) -> None:
    period = scheduled(cast)
    browser = browse(cast.liaison)
    assert "2024 年下半年" in browser.get("/periods/").content.decode()
    html = browser.get(f"/periods/{period.pk}/").content.decode()
    assert "填报还没有启动" in html
    assert "2025 年 1 月 23 日前报送" in html
