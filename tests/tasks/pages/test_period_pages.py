"""Periods: put into the calendar, looked at before they open, opened, followed, closed."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from tasks.models import Entry, Period
from tasks.services import planning

AUTUMN = {
    "name": "2024 年下半年",
    "year": "2024",
    "starts": "2024-07-01",
    "ends": "2024-12-31",
    "opens_on": "2024-12-20",
    "due_on": "2025-01-10",
    "closes_on": "2025-01-27",
}


def test_a_period_is_put_into_the_calendar_and_shows_what_it_will_cause(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = browse(cast.office).post("/periods/", AUTUMN, follow=True).content.decode()
    assert "已排入日历" in html
    assert "留给各单位 14 个工作日" in html
    assert "4 项任务，3 个单位，共 7 项填报" in html
    assert "启动填报（7 项）" in html


def test_errors_stand_at_the_fields(cast: Any, browse: Callable[..., Client]) -> None:
    wrong = {**AUTUMN, "due_on": "2024-12-01", "name": cast.period.name}
    answer = browse(cast.office).post("/periods/", wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_due_on">' in html
    assert "已有同名的填报期" in html
    assert Period.objects.filter(region=cast.city_a).count() == 2


def test_a_period_waits_for_unsettled_tasks_and_leads_to_them(
    cast: Any, browse: Callable[..., Client]
) -> None:
    planning.make_year(cast.plan, 2025, by=cast.office)
    sent = {
        **AUTUMN,
        "name": "2025 年",
        "year": "2025",
        "starts": "2025-01-01",
        "ends": "2025-06-30",
    }
    html = browse(cast.office).post("/periods/", sent, follow=True).content.decode()
    assert "还有 4 项任务没有确认汇总单位" in html
    assert f"/tasks/?plan={cast.plan.pk}&amp;year=2025" in html
    assert "启动填报" not in html


def test_opening_makes_the_entries_and_closing_ends_them(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.office)
    browser.post("/periods/", AUTUMN)
    period = Period.objects.get(name=AUTUMN["name"])
    html = browser.post(f"/periods/{period.pk}/open/", follow=True).content.decode()
    assert "共 7 项，已通知各单位" in html
    assert Entry.objects.filter(period=period).count() == 7
    browser.post(f"/periods/{period.pk}/close/")
    period.refresh_from_db()
    assert period.state == "closed"


def test_the_office_sees_who_has_not_reported(cast: Any, browse: Callable[..., Client]) -> None:
    html = browse(cast.office).get(f"/periods/{cast.period.pk}/").content.decode()
    assert "还有 2 个单位没有报齐" in html
    assert "市教育局（3 项）、市财政局（1 项）" in html
    assert "已报 3／7 项" in html


def test_a_liaison_sees_the_own_unit_and_a_leader_what_was_handed_in(
    cast: Any, browse: Callable[..., Client]
) -> None:
    address = f"/periods/{cast.period.pk}/"
    html = browse(cast.liaison_finance).get(address).content.decode()
    assert "市财政局（1 项）" in html
    assert "市教育局" not in html
    html = browse(cast.leader).get(address).content.decode()
    assert "已报送的填报" in html
    assert "没有报齐" not in html


def test_before_it_opens_others_learn_only_when_it_will(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browse(cast.office).post("/periods/", AUTUMN)
    period = Period.objects.get(name=AUTUMN["name"])
    html = browse(cast.leader).get(f"/periods/{period.pk}/").content.decode()
    assert "填报还没有启动" in html
    assert "启动后会产生多少填报" not in html


def test_only_the_office_moves_a_period(cast: Any, browse: Callable[..., Client]) -> None:
    for person in (cast.liaison, cast.leader):
        browser = browse(person)
        html = browser.get(f"/periods/{cast.period.pk}/").content.decode()
        assert "截止填报" not in html
        browser.post(f"/periods/{cast.period.pk}/close/")
        browser.post("/periods/", AUTUMN)
    cast.period.refresh_from_db()
    assert cast.period.state == "open"
    assert not Period.objects.filter(name=AUTUMN["name"]).exists()


def test_periods_of_other_regions_are_not_found(cast: Any, browse: Callable[..., Client]) -> None:
    assert browse(cast.office_b).get(f"/periods/{cast.period.pk}/").status_code == 404
    assert "还没有填报期" in browse(cast.office_b).get("/periods/").content.decode()
