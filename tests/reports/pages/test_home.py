"""待办: what waits for a person, by reason, the most urgent first."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import Notice
from core.notices import tell
from plans.models import PlanSettings
from reports.selectors.home import Home, home
from tasks.models import Entry, Period, SupervisionItem, Task
from tests.cast import Cast

NOW = dt.datetime(2024, 7, 10, 2, tzinfo=dt.UTC)
TODAY = dt.date(2024, 7, 10)
Browse = Callable[[Any], Client]


def of(person: Any, today: dt.date = TODAY) -> Home:
    return home(person, NOW, today)


def keys(found: Home, reason: str) -> list[Any]:
    return [item.key for one in found.groups if one.reason == reason for item in one.items]


def test_a_liaison_sees_returns_first_then_what_is_due(cast: Cast) -> None:
    found = of(cast.liaison)
    entries = [one.reason for one in found.groups if not one.reason.startswith("supervision")]
    assert entries == ["returned", "due", "parts"]
    assert keys(found, "returned") == [cast.entry_returned.pk]
    assert set(keys(found, "due")) == {cast.entry_draft.pk, cast.part_blank.pk}
    assert keys(found, "parts") == [cast.part_submitted.pk], "finance's part of task_1"
    assert found.first is not None
    assert found.first.key == cast.entry_returned.pk


def test_entries_become_due_a_week_before_the_deadline(cast: Cast) -> None:
    early = of(cast.liaison, dt.date(2024, 7, 1))
    assert set(keys(early, "blank")) == {cast.entry_draft.pk, cast.part_blank.pk}
    (item, _other) = next(one.items for one in early.groups if one.reason == "blank")
    assert item.note == "2024 年上半年，还有 14 天"


def test_late_entries_stay_and_are_called_late(cast: Cast) -> None:
    late = of(cast.liaison, dt.date(2024, 7, 20))
    notes = [item.note for one in late.groups for item in one.items if one.reason == "due"]
    assert notes == ["2024 年上半年，已过期 5 天，将记为迟报"] * 2


def test_a_closed_period_asks_for_nothing(cast: Cast) -> None:
    Period.objects.filter(pk=cast.period.pk).update(state="closed")
    Entry.objects.update(open_until=None)
    SupervisionItem.objects.update(state="reviewing")
    found = of(cast.liaison)
    assert [one.reason for one in found.groups] == ["parts"]
    assert not found.reporting


def test_what_was_returned_may_be_mended_after_the_close(cast: Cast) -> None:
    Period.objects.filter(pk=cast.period.pk).update(state="closed")
    assert keys(of(cast.liaison), "returned") == [cast.entry_returned.pk]


def test_a_reopened_entry_comes_back_until_its_own_day(cast: Cast) -> None:
    Period.objects.filter(pk=cast.period.pk).update(state="closed")
    Entry.objects.filter(pk=cast.entry_draft.pk).update(open_until=dt.date(2024, 8, 1))
    assert keys(of(cast.liaison), "blank") == [cast.entry_draft.pk]
    assert keys(of(cast.liaison, dt.date(2024, 8, 2)), "blank") == []


def test_only_the_head_is_asked_to_sign(cast: Cast) -> None:
    PlanSettings.objects.filter(plan=cast.plan).update(needs_signoff=True)
    Entry.objects.filter(pk=cast.entry_submitted.pk).update(state="awaiting_signoff")
    assert keys(of(cast.head), "signoff") == [cast.entry_submitted.pk]
    assert keys(of(cast.liaison), "signoff") == []


def test_the_office_sees_what_to_check_and_values_to_verify(cast: Cast) -> None:
    found = of(cast.office)
    assert keys(found, "review") == [cast.entry_submitted.pk]
    assert keys(found, "values") == [cast.observed_submitted.pk]
    assert keys(found, "values-returned") == [cast.observed_returned.pk]
    assert found.verb == "核对下一项"


def test_the_office_settles_leads_opens_periods_and_activates_drafts(cast: Cast) -> None:
    Task.objects.filter(pk=cast.task_1.pk).update(gathering="proposed")
    soon = Period.objects.create(
        region=cast.city_a,
        name="2024 年三季度",
        year=2024,
        starts=dt.date(2024, 7, 1),
        ends=dt.date(2024, 9, 30),
        opens_on=dt.date(2024, 7, 16),
        due_on=dt.date(2024, 10, 10),
        closes_on=dt.date(2024, 10, 20),
    )
    found = of(cast.office)
    assert keys(found, "periods") == [soon.pk]
    (item,) = next(one.items for one in found.groups if one.reason == "unsettled")
    assert item.query == f"?plan={cast.plan.pk}&year=2024"
    assert keys(of(cast.office, dt.date(2024, 7, 8)), "periods") == []
    assert keys(of(cast.office_b), "drafts") == [cast.plan_b.pk]
    assert keys(found, "documents") == [cast.draft.pk]
    assert keys(of(cast.office_b), "documents") == []


def test_the_button_opens_the_first_item(cast: Cast, browse: Browse) -> None:
    page = browse(cast.liaison).get("/").content.decode()
    assert f'<a class="btn btn-p" href="/entries/{cast.entry_returned.pk}/">改下一项' in page
    assert page.count("btn-p") == 1
    page = browse(cast.office).get("/").content.decode()
    assert f'<a class="btn btn-p" href="/review/{cast.entry_submitted.pk}/">核对下一项' in page


def test_with_everything_handed_in_the_page_says_so_and_what_comes_next(
    cast: Cast, browse: Browse
) -> None:
    Entry.objects.filter(period=cast.period).update(state="submitted")
    Entry.objects.filter(kind="part").update(state="taken_over")
    SupervisionItem.objects.update(state="reviewing")
    Period.objects.create(
        region=cast.city_a,
        name="2024 年下半年",
        year=2024,
        starts=dt.date(2024, 7, 1),
        ends=dt.date(2024, 12, 31),
        opens_on=dt.date(2025, 1, 1),
        due_on=dt.date(2025, 1, 10),
        closes_on=dt.date(2025, 1, 20),
    )
    page = browse(cast.liaison).get("/").content.decode()
    assert "本期都交了" in page
    assert "下次填报（2024 年下半年）2025 年 1 月 1 日开始。" in page
    assert "btn-p" not in page


def test_unread_notices_stand_beside_and_undelivered_ones_do_not(
    cast: Cast, browse: Browse
) -> None:
    Notice.objects.all().delete()
    for event, text, later in (("a", "已经送达。", 0), ("b", "还没送达。", 1)):
        after = NOW + dt.timedelta(hours=later) - dt.timedelta(minutes=1)
        tell([cast.liaison.pk], event=event, reason="waiting", text=text, after=after)
    page = browse(cast.liaison).get("/").content.decode()
    assert "已经送达。" in page
    assert "还没送达。" not in page
    inbox = browse(cast.liaison).get("/notices/").content.decode()
    assert "已经送达。" in inbox
    assert "还没送达。" not in inbox
    assert "没有这一类通知" in browse(cast.liaison).get("/notices/?reason=due").content.decode()


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("leader", "/dashboard/"),
        ("client", "/dashboard/"),
        ("auditor", "/audit/"),
        ("security", "/people/"),
        ("admin", "/people/"),
    ],
)
def test_who_has_no_list_is_led_to_their_own_page(
    cast: Cast, browse: Browse, who: str, where: str
) -> None:
    answer = browse(getattr(cast, who)).get("/")
    assert answer.status_code == 302
    assert answer["Location"] == where


def test_a_person_without_a_role_is_told_whom_to_ask(cast: Cast, browse: Browse) -> None:
    cast.liaison.memberships.all().delete()
    page = browse(cast.liaison).get("/").content.decode()
    assert "您还没有任职" in page
    assert "None" not in page


def test_an_office_with_nothing_to_report_is_told_where_to_begin(
    cast: Cast, browse: Callable[..., Client]
) -> None:
    html = browse(cast.office_province).get("/").content.decode()
    assert "先录入并启用方案，再分解年度任务，然后排填报日历" in html
    assert 'class="btn btn-p" href="/plans/"' in html
