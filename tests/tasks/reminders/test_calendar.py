"""Reminders by the calendar: on the right mornings, to the right person, never twice.

`period` of the cast is due on Monday, 15 July 2024; education owes three entries (one returned),
finance one. `NOW` is Wednesday, the 10th: three working days are left.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import mail, notices
from core.models import AuditEvent, Delivery, Notice
from departments.models import Department, Membership, User
from departments.services import appoint
from tasks.models import Entry, Extension, Period, Reminder, ReportingRules, SupervisionItem
from tasks.selectors.periods import reminders
from tasks.services.periods import reminding
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def on(month: int, day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2024, month, day, hour, tzinfo=NOW.tzinfo)


def told() -> set[str]:
    rows = Notice.objects.filter(event__startswith=mail.DIGEST)
    return set(rows.values_list("person__username", flat=True))


def end(*people: User) -> None:
    Membership.objects.filter(user__in=people).update(valid_to=dt.date(2024, 1, 1))


BOTH = {"liaison", "liaison_finance"}


@pytest.mark.parametrize(
    ("moment", "whom"),
    [
        (on(7, 3), set()),
        (on(7, 4), BOTH),  # seven working days
        (on(7, 5), set()),
        (on(7, 10), BOTH),  # three
        (on(7, 10, 7), set()),  # too early in the morning
        (on(7, 10, 17), BOTH),  # the worker was away; the same day makes up for it
        (on(7, 11), set()),
        (on(7, 12), BOTH),  # one: the weekend does not count
        (on(7, 13), set()),
        (on(7, 15), set()),
        (on(7, 16), BOTH),  # overdue since yesterday
        (on(7, 17), set()),
        (on(7, 23), BOTH),  # and every fifth working day
        (on(7, 30), BOTH),
    ],
)
def test_the_mornings_of_reminders(quiet: Cast, moment: dt.datetime, whom: set[str]) -> None:
    reminding.remind(moment)
    assert told() == whom


def test_a_digest_says_what_is_owed_and_until_when(quiet: Cast) -> None:
    assert reminding.remind(NOW) == 2
    sentence = (
        "市教育局：2024 年上半年填报 3 项未报送（其中 1 项被退回），7 月 15 日到期，"
        "还有 3 个工作日。"
    )
    assert Notice.objects.get(person=quiet.liaison).text == sentence
    sent = Delivery.objects.get(person=quiet.liaison)
    assert (sent.key, sent.address) == ("digest:2024-07-10", "liaison@example.cn")
    assert sentence in sent.body
    row = Reminder.objects.get(person=quiet.liaison)
    assert (row.department, row.period) == (quiet.education, quiet.period)
    assert (row.stage, row.entries, row.kind) == (3, 3, "calendar")
    assert AuditEvent.objects.filter(code="tasks.reminders.send").count() == 1


def test_what_is_overdue_is_said_to_count_as_late(quiet: Cast) -> None:
    reminding.remind(on(7, 16))
    text = Notice.objects.get(person=quiet.liaison_finance).text
    assert "7 月 15 日已到期，已过 1 个工作日" in text


def test_a_second_run_reminds_nobody_again(quiet: Cast) -> None:
    reminding.remind(NOW)
    before = (Reminder.objects.count(), Notice.objects.count(), Delivery.objects.count())
    assert reminding.remind(NOW + dt.timedelta(hours=3)) == 0
    assert before == (Reminder.objects.count(), Notice.objects.count(), Delivery.objects.count())
    assert AuditEvent.objects.filter(code="tasks.reminders.send").count() == 1


def test_two_runs_at_once_leave_one_of_each(quiet: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    reminding.remind(NOW)
    before = (Reminder.objects.count(), Notice.objects.count(), Delivery.objects.count())
    # The second one looked before the first had written: only the constraints are left.
    monkeypatch.setattr(reminders, "served", lambda on: set())
    reminding.remind(NOW)
    assert before == (Reminder.objects.count(), Notice.objects.count(), Delivery.objects.count())


def test_a_run_that_breaks_leaves_nothing(quiet: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> int:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(mail, "collect", broken)
        with pytest.raises(RuntimeError):
            reminding.remind(NOW)
    assert not Reminder.objects.exists()
    assert not told()
    assert reminding.remind(NOW) == 2


@pytest.mark.parametrize("state", ["closed", "frozen", "scheduled"])
def test_a_period_that_accepts_nothing_reminds_of_nothing(quiet: Cast, state: str) -> None:
    Period.objects.filter(pk=quiet.period.pk).update(state=state)
    assert reminding.remind(NOW) == 0


def test_a_year_entered_afterwards_reminds_of_nothing(quiet: Cast) -> None:
    Period.objects.filter(pk=quiet.period.pk).update(retrospective=True)
    assert reminding.remind(NOW) == 0


def test_a_cancelled_task_is_owed_by_nobody(quiet: Cast) -> None:
    quiet.task_4.cancelled_at, quiet.task_4.cancel_reason = NOW, "并入其他任务"
    quiet.task_4.save()
    reminding.remind(NOW)
    assert told() == {"liaison"}


def test_an_extension_moves_the_mornings_of_its_unit_alone(quiet: Cast) -> None:
    Extension.objects.create(
        period=quiet.period,
        department=quiet.education,
        until=dt.date(2024, 7, 22),
        reason="换人",
        by=quiet.office,
    )
    reminding.remind(NOW)
    assert told() == {"liaison_finance"}
    Notice.objects.all().delete()
    Period.objects.filter(pk=quiet.period.pk).update(state="closed")
    reminding.remind(on(7, 17))
    assert told() == {"liaison"}
    assert "7 月 22 日到期，还有 3 个工作日" in Notice.objects.get(person=quiet.liaison).text


def test_without_a_liaison_the_head_is_told_and_without_both_the_office(quiet: Cast) -> None:
    end(quiet.liaison, quiet.liaison_finance)
    reminding.remind(NOW)
    assert told() == {"head", "office", "office_2"}
    text = Notice.objects.get(person=quiet.office).text
    assert text.startswith("市财政局：")
    assert "没有联络员和负责人账号，请电话或当面联系" in text
    rows = Reminder.objects.filter(department=quiet.finance)
    assert {one.person for one in rows} == {quiet.office, quiet.office_2}


def test_a_closed_account_counts_as_nobody(quiet: Cast) -> None:
    User.objects.filter(pk=quiet.liaison.pk).update(is_active=False)
    reminding.remind(NOW)
    assert told() == {"head", "liaison_finance"}


def test_what_waits_for_a_signature_is_the_heads(quiet: Cast) -> None:
    Entry.objects.filter(pk=quiet.entry_draft.pk).update(state="awaiting_signoff")
    reminding.remind(NOW)
    assert told() == {"head", "liaison", "liaison_finance"}
    assert "1 项待本单位审签" in Notice.objects.get(person=quiet.head).text


def test_nobody_is_reminded_more_often_than_the_rules_allow(quiet: Cast) -> None:
    ReportingRules.objects.create(region=quiet.city_a, most_reminders=2)
    for day in (4, 10, 12):
        reminding.remind(on(7, day))
    assert Reminder.objects.filter(person=quiet.liaison).count() == 2
    assert not Reminder.objects.filter(on=dt.date(2024, 7, 12)).exists()


def test_a_region_has_mornings_of_its_own(quiet: Cast) -> None:
    ReportingRules.objects.create(region=quiet.city_a, remind_days=[2])
    assert reminding.remind(NOW) == 0
    assert reminding.remind(on(7, 11)) == 2


def item(cast: Cast, unit: Department, due: dt.date | None, serial: int = 91) -> SupervisionItem:
    return SupervisionItem.objects.create(
        region=cast.city_a,
        year=2024,
        serial=serial,
        decision="会议决定",
        title="报送经费方案",
        department=unit,
        assigned_on=dt.date(2024, 7, 1),
        due=due,
        by=cast.office,
    )


def test_one_person_gets_one_digest_of_all_units_periods_and_items(quiet: Cast) -> None:
    appoint(quiet.liaison, "liaison", department=quiet.finance)
    end(quiet.liaison_finance)
    item(quiet, quiet.finance, dt.date(2024, 7, 11))
    item(quiet, quiet.finance, None, serial=92)
    reminding.remind(NOW)
    assert told() == {"liaison"}
    assert Notice.objects.get(person=quiet.liaison).text == (
        "您有 4 项填报、1 件督办件待办，最近的 7 月 11 日到期，还有 1 个工作日。"
    )
    body = Delivery.objects.get(person=quiet.liaison).body
    assert "· 市教育局：2024 年上半年填报 3 项未报送" in body
    assert "· 市财政局：2024 年上半年填报 1 项未报送" in body
    assert "· 市财政局：督办件 2024-091“报送经费方案”待办" in body
    assert "2024-092" not in body
    assert Reminder.objects.filter(person=quiet.liaison).count() == 3


def test_what_is_due_in_months_is_not_this_mornings_worry(quiet: Cast) -> None:
    item(quiet, quiet.education, dt.date(2099, 12, 31))
    reminding.remind(NOW)
    assert "2024-091" not in Delivery.objects.get(person=quiet.liaison).body


def test_the_digest_brings_what_else_is_unread(quiet: Cast) -> None:
    for name, hour in (("早上已有", 7), ("后来的", 9)):
        notices.tell(
            [quiet.liaison.pk, quiet.leader.pk],
            event=name,
            reason="approved",
            text=f"{name}已核对",
            after=on(7, 10, hour),
        )
    reminding.remind(NOW)
    bodies = {one.person_id: one.body for one in Delivery.objects.all()}
    assert set(bodies) == {quiet.liaison.pk, quiet.liaison_finance.pk, quiet.leader.pk}
    assert "3 项未报送" in bodies[quiet.liaison.pk]
    assert "早上已有已核对" in bodies[quiet.liaison.pk]
    assert "后来的已核对" not in bodies[quiet.liaison.pk]
    assert "未报送" not in bodies[quiet.leader.pk]


def test_the_number_of_queries_does_not_grow_with_people(
    quiet: Cast, crowd: Callable[[int], list[Department]]
) -> None:
    counts = []
    for day, more in ((4, 3), (10, 30)):
        crowd(more)
        with CaptureQueriesContext(connection) as asked:
            reminding.remind(on(7, day))
        counts.append(len(asked))
    assert Reminder.objects.filter(on=dt.date(2024, 7, 10)).count() == 35
    assert counts[0] == counts[1]
    assert counts[1] <= 25
