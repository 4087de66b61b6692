"""Periods from opening to the archive: the beat, more time, what is deleted and frozen."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent, Job, Notice
from core.work import claimed
from tasks.models import Entry, Extension, Period, Sheet, Task
from tasks.selectors.periods.opening import preview
from tasks.services import entries, periods, planning
from tasks.services.entries import decisions
from tasks.services.periods import beat, extensions
from tests.cast import Cast
from tests.cast_story import NOW
from tests.tasks.periods.calendar import LATER, TODAY, at, dates, reread, scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def test_the_preview_compares_warns_and_names_who_has_no_account(cast: Cast) -> None:
    cast.liaison_finance.memberships.update(valid_to=date(2024, 1, 1))
    period = scheduled(cast, due_on=date(2025, 1, 6))
    seen = preview(period, TODAY)
    assert (seen.lead, seen.wanted) == (2, 15)
    assert (seen.last, seen.before, seen.more) == (cast.period, 7, 0)
    assert [one.department_id for one in seen.silent] == [cast.finance.pk]


def test_opening_asks_as_often_for_many_entries_as_for_few(cast: Cast) -> None:
    def opened(number: int) -> tuple[int, int]:
        period = scheduled(cast, name=f"第{number}期", starts=date(2024, 7, number))
        with CaptureQueriesContext(connection) as queries:
            made = periods.open_period(period, by=cast.office, now=NOW)
        return made, len(queries)

    few, queries = opened(1)
    Task.objects.bulk_create(
        Task(
            plan=cast.plan, measure=cast.measure_1, year=2024, title=f"任务{number}",
            starts=date(2024, 1, 1), due=date(2024, 12, 31), gathering="none",
        )
        for number in range(40)
    )  # fmt: skip
    for task in Task.objects.filter(title__startswith="任务"):
        task.assignments.create(department=cast.finance, role="responsible")
    many, as_many = opened(2)
    assert (many, as_many) == (few + 40, queries)


def worked(kind: str, period: Period, now: datetime) -> Job:
    """Do the job of a period as a worker does."""
    job = Job.objects.filter(kind=kind, subject_id=period.pk).latest("pk")
    with claimed(job.pk) as work:
        assert work is not None
        beat.do("open" if kind == beat.OPEN else "close", work, now)
    job.refresh_from_db()
    return job


def test_the_calendar_opens_and_closes_a_period_on_its_days(cast: Cast) -> None:
    Period.objects.update(by_calendar=False)
    period = scheduled(cast)
    eve = at(2025, 1, 1, 23, 55)
    assert beat.move_due(eve) == 0
    midnight = eve + timedelta(minutes=10)
    assert beat.move_due(midnight) == 1
    assert beat.move_due(midnight) == 1  # the same job
    assert Job.objects.filter(kind=beat.OPEN).count() == 1
    assert worked(beat.OPEN, period, midnight).result == {"entries": 7}
    assert reread(period).state == "open"
    told = Notice.objects.filter(event=f"period:{period.pk}:open")
    assert {timezone.localtime(one.deliver_after).hour for one in told} == {8}
    assert AuditEvent.objects.get(code="tasks.period.open", subject_id=period.pk).actor is None
    last = at(2025, 2, 14, 23)
    assert beat.move_due(last) == 0
    assert beat.move_due(last + timedelta(hours=2)) == 1
    worked(beat.CLOSE, period, last + timedelta(hours=2))
    assert reread(period).state == "closed"


def test_what_cannot_be_opened_is_told_to_the_office_once_a_day(cast: Cast) -> None:
    Period.objects.update(by_calendar=False)
    period = scheduled(cast)
    Task.objects.filter(pk=cast.task_1.pk).update(gathering="proposed")
    day = at(2025, 1, 2, 9)
    for _run in range(3):
        assert beat.move_due(day) == 0
    told = Notice.objects.filter(event__startswith=f"period:{period.pk}:unsettled")
    assert set(told.values_list("person", flat=True)) == {cast.office.pk, cast.office_2.pk}
    assert told.count() == 2
    assert told[0].url == f"/periods/{period.pk}/"
    assert not Entry.objects.filter(period=period).exists()
    assert AuditEvent.objects.filter(code="tasks.period.stuck").count() == 1
    beat.move_due(day + timedelta(days=1))
    assert told.count() == 4


def test_a_job_that_comes_late_leaves_alone_what_a_person_has_done(cast: Cast) -> None:
    Period.objects.update(by_calendar=False)
    period = scheduled(cast)
    day = at(2025, 1, 2, 9)
    beat.move_due(day)
    periods.open_period(period, by=cast.office, now=day)
    job = worked(beat.OPEN, period, day)
    assert (job.state, job.result) == ("done", {"skipped": True})
    assert Entry.objects.filter(period=period).count() == 7


@pytest.mark.parametrize("how", [{"by_calendar": False}, {"retrospective": True}])
def test_the_calendar_leaves_alone_what_is_not_left_to_it(cast: Cast, how: dict[str, bool]) -> None:
    Period.objects.update(by_calendar=False)
    period = scheduled(cast, **how)
    assert beat.move_due(at(2025, 1, 2, 9)) == 0
    with pytest.raises(NotAllowed, match="人工启动"):
        periods.open_period(period, by=None, now=at(2025, 1, 2, 9))


def test_the_due_date_moves_and_only_later(cast: Cast) -> None:
    Period.objects.filter(pk=cast.period.pk).update(state="grace")
    sooner = cast.period.due_on - timedelta(days=3)
    for due, reason, field in ((sooner, "早报", "due_on"), (LATER, " ", "reason")):
        with pytest.raises(DomainError) as refused:
            periods.prolong(cast.period, due, LATER, reason, by=cast.office, now=NOW)
        assert field in refused.value.fields
    periods.prolong(cast.period, LATER, LATER, "机构调整", by=cast.office, now=NOW)
    after = reread(cast.period)
    assert (after.due_on, after.state) == (LATER, "open")
    told = Notice.objects.filter(event=f"period:{after.pk}:due:{LATER}")
    assert cast.liaison_finance.pk in set(told.values_list("person", flat=True))


def test_a_scheduled_period_is_changed_and_an_open_one_is_not(cast: Cast) -> None:
    period = scheduled(cast)
    periods.change(period, dates(name="下半年", due_on=date(2025, 1, 24)), by=cast.office)
    assert (reread(period).name, reread(period).due_on) == ("下半年", date(2025, 1, 24))
    with pytest.raises(DomainError) as refused:
        periods.change(period, dates(name=cast.period.name), by=cast.office)
    assert "name" in refused.value.fields
    with pytest.raises(NotAllowed):
        periods.change(cast.period, dates(), by=cast.office)


def test_a_period_planned_by_mistake_is_deleted_and_an_open_one_never(
    cast: Cast, browse: Callable[[Any], Client]
) -> None:
    period = scheduled(cast)
    for person, said in ((cast.liaison, "纲要办"), (cast.office_b, "纲要办")):
        with pytest.raises(NotAllowed, match=said):
            periods.remove(period, by=person)
    page = browse(cast.office)
    assert "删除这一期" in page.get(f"/periods/{period.pk}/").content.decode()
    answer = page.post(f"/periods/{period.pk}/remove/", follow=True)
    assert answer.request["PATH_INFO"] == "/periods/"
    assert "2024 年下半年已从日历里删除" in answer.content.decode()
    assert not Period.objects.filter(pk=period.pk).exists()
    (event,) = AuditEvent.objects.filter(code="tasks.period.remove")
    assert (event.subject_id, event.detail["name"]) == (period.pk, "2024 年下半年")
    assert event.detail["due_on"] == "2025-01-23"
    with pytest.raises(Conflict, match="刚被删除"):
        periods.open_period(period, by=cast.office, now=NOW)
    assert scheduled(cast).pk, "its name and days are free again"
    with pytest.raises(NotAllowed, match="不能删除"):
        periods.remove(cast.period, by=cast.office)
    assert "删除这一期" not in page.get(f"/periods/{cast.period.pk}/").content.decode()


def test_what_something_hangs_on_is_not_deleted(cast: Cast) -> None:
    period = scheduled(cast)
    Sheet.objects.create(
        period=period, kind="entries", region=cast.city_a, size=0, uploaded_by=cast.office
    )
    with pytest.raises(DomainError, match="已经有表格"):
        periods.remove(period, by=cast.office)
    assert Period.objects.filter(pk=period.pk).exists()
    assert not AuditEvent.objects.filter(code="tasks.period.remove").exists()


def test_a_closed_period_takes_reports_again_and_is_frozen_after(cast: Cast) -> None:
    closed = periods.close_period(cast.period, by=cast.office, now=NOW)
    assert closed.closed_at == NOW
    with pytest.raises(DomainError, match="理由"):
        periods.reopen_period(closed, LATER, "", by=cast.office, now=NOW)
    again = periods.reopen_period(closed, LATER, "台风", by=cast.office, now=NOW)
    assert (again.state, again.closes_on) == ("grace", LATER)
    periods.close_period(again, by=cast.office, now=NOW)
    frozen = periods.freeze(again, "2024 年年度报告", by=cast.office, now=NOW)
    assert (frozen.state, frozen.frozen_at) == ("frozen", NOW)
    with pytest.raises(NotAllowed, match="已归档"):
        extensions.extend(frozen, cast.finance, LATER, "病假", by=cast.office, now=NOW)
    decisions.reopen(cast.entry_approved.pk, "数字有误", LATER, by=cast.office, now=NOW)
    assert Entry.objects.get(pk=cast.entry_approved.pk).state == "draft"
    assert periods.unfreeze(frozen, "报告撤回", by=cast.office).state == "closed"


def test_an_extended_unit_reports_in_time_after_the_others_are_shut_out(cast: Cast) -> None:
    for until, unit, field in (
        (cast.period.due_on, cast.education, "until"),
        (TODAY - timedelta(days=1), cast.education, "until"),
        (date(2024, 8, 3), cast.education, "until"),  # a Saturday
        (LATER, cast.education_b, "department"),
    ):
        with pytest.raises(DomainError) as refused:
            extensions.extend(cast.period, unit, until, "病假", by=cast.office, now=NOW)
        assert field in refused.value.fields
    extensions.extend(cast.period, cast.education, LATER, "病假", by=cast.office, now=NOW)
    extensions.extend(cast.period, cast.education, LATER, "病假延长", by=cast.office, now=NOW)
    assert Extension.objects.get().reason == "病假延长"
    periods.close_period(cast.period, by=cast.office, now=NOW)
    entry = Entry.objects.get(pk=cast.entry_draft.pk)
    day = at(2024, 7, 30, 9)
    receipt = entries.submit(entry.pk, entry.version, by=cast.liaison, now=day)
    assert not receipt.revision.is_late
    extensions.revoke(cast.period, cast.education, "已恢复", by=cast.office, now=NOW)
    entry = Entry.objects.get(pk=cast.entry_returned.pk)
    with pytest.raises(NotAllowed, match="截止"):
        entries.save_field(
            entry.pk, "done", "新", entry.field_version("done"), by=cast.liaison, now=day
        )
    with pytest.raises(DomainError, match="已经取消"):
        extensions.revoke(cast.period, cast.education, "再取消", by=cast.office, now=NOW)


def test_what_is_wrong_with_taking_an_extension_back_stands_at_its_field(
    cast: Cast, browse: Callable[[Any], Client]
) -> None:
    office, here = browse(cast.office), f"/periods/{cast.period.pk}/"
    for unit in (cast.education, cast.finance):
        extensions.extend(cast.period, unit, LATER, "病假", by=cast.office, now=NOW)
    address = f"{here}extensions/{cast.education.pk}/revoke/"
    answer = office.post(address, {"reason": " \x0b "}, headers={"Referer": "http://testserver/"})
    assert answer.status_code == 422
    html = answer.content.decode()
    row = Extension.objects.get(department=cast.education)
    assert html.count('<details class="ask" open>') == 1
    assert f'id="revoke-{row.pk}-wrong"' in html
    assert f'aria-describedby="revoke-{row.pk}-wrong"' in html
    assert 'value=" \x0b "' in html, "what was typed is there"
    assert "请写明理由。" in html
    assert Extension.objects.count() == 2
    assert office.post(address, {"reason": "已恢复"}).status_code == 302
    assert not Extension.objects.filter(department=cast.education).exists()


def test_a_past_year_is_entered_afterwards_and_nothing_is_late(cast: Cast) -> None:
    planning.make_year(cast.plan, 2023, by=cast.office)
    for task in Task.objects.filter(year=2023):
        planning.settle_lead(task, cast.education, by=cast.office)
    period = periods.schedule(
        cast.city_a, "2023 年（补录）", year=2023, starts=date(2023, 1, 1), ends=date(2023, 12, 31),
        opens_on=TODAY, due_on=TODAY, closes_on=TODAY, retrospective=True, by=cast.office,
    )  # fmt: skip
    periods.open_period(period, by=cast.office, now=NOW)
    much_later = NOW + timedelta(days=60)
    periods.turn_grace(much_later.date())
    assert beat.move_due(much_later) == 1  # only the period of the cast closes
    assert reread(period).state == "open"
    entry = Entry.objects.filter(period=period, department=cast.education)[0]
    for field, text in (("percent", "80"), ("self_rating", "on_track"), ("done", "已办。")):
        entries.save_field(entry.pk, field, text, 0, by=cast.liaison, now=much_later)
    entry.refresh_from_db()
    receipt = entries.submit(entry.pk, entry.version, by=cast.liaison, now=much_later)
    assert not receipt.revision.is_late
    with pytest.raises(NotAllowed, match="不计迟报"):
        periods.prolong(period, LATER, LATER, "再等", by=cast.office, now=NOW)


def test_plan_settings_are_changed_with_before_and_after(
    cast: Cast, browse: Callable[..., Any]
) -> None:
    browser, here = browse(cast.office), f"/plans/{cast.plan.pk}/settings/"
    sent = {
        "group_name": "联席会议", "office_name": "联席办", "signature_name": "联席会议办公室",
        "behind_points": "15", "far_behind_points": "15", "schedule_from": "start",
    }  # fmt: skip
    answer = browser.post(here, sent)
    assert answer.status_code == 422
    assert "须大于滞后的界限" in answer.content.decode()
    browser.post(here, sent | {"far_behind_points": "40", "needs_signoff": "on"})
    detail = AuditEvent.objects.get(code="plans.settings.set").detail
    assert detail["before"]["behind_points"] == 10
    assert detail["after"]["needs_signoff"] is True
    assert "联席会议" in browser.get(f"/plans/{cast.plan.pk}/").content.decode()
