"""For every step of an entry, a part and a period: exactly who is told, and for which reason."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from core.models import Notice
from tasks.models import Assignment, Entry, Period
from tasks.services import entries, periods
from tasks.services.entries import decisions
from tasks.workflow import ENTRY, PART, PERIOD
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + dt.timedelta(seconds=5)
UNIT = {"liaison", "head"}
OFFICE = {"office", "office_2"}


@pytest.fixture(autouse=True)
def _nobody_was_told(cast: Cast) -> None:
    cast.double.act_as(cast.double_liaison)
    Notice.objects.all().delete()


def signed(cast: Cast) -> None:
    """Let the plan ask for the head's signature."""
    cast.plan.settings.needs_signoff = True
    cast.plan.settings.save()


def submit(entry: Entry, by: Any) -> None:
    entry.refresh_from_db()
    entries.submit(entry.pk, entry.version, by=by, now=NOW)


def before_the_head(cast: Cast) -> Entry:
    signed(cast)
    submit(cast.entry_draft, cast.liaison)
    return cast.entry_draft


def submit_unsigned(cast: Cast) -> None:
    submit(cast.entry_draft, cast.liaison)


def submit_to_sign(cast: Cast) -> None:
    before_the_head(cast)


def sign(cast: Cast) -> None:
    entry = before_the_head(cast)
    Notice.objects.all().delete()
    entries.sign(entry.pk, by=cast.head, now=NOW)


def hand_back(cast: Cast) -> None:
    entry = before_the_head(cast)
    Notice.objects.all().delete()
    entries.hand_back(entry.pk, "数字不对", by=cast.head, now=NOW)


def submit_part(cast: Cast) -> None:
    Entry.objects.filter(pk=cast.part_submitted.pk).update(state="returned", version=99)
    submit(cast.part_submitted, cast.liaison_finance)


def withdraw(cast: Cast) -> None:
    submit(cast.entry_draft, cast.liaison)
    entries.withdraw(cast.entry_draft.pk, by=cast.liaison, now=NOW)


def withdraw_what_was_read(cast: Cast) -> None:
    submit(cast.entry_draft, cast.liaison)
    Notice.objects.filter(person=cast.office_2).update(read_at=NOW)
    entries.withdraw(cast.entry_draft.pk, by=cast.liaison, now=NOW)
    Notice.objects.filter(read_at__isnull=False).delete()


def withdraw_part(cast: Cast) -> None:
    entries.withdraw(cast.part_submitted.pk, by=cast.liaison_finance, now=NOW)


def approve(cast: Cast) -> None:
    decisions.approve(cast.entry_submitted.pk, by=cast.office, now=NOW)


def send_back(cast: Cast) -> None:
    decisions.send_back(cast.entry_submitted.pk, {"done": "请写细。"}, by=cast.office, now=NOW)


def undo(cast: Cast) -> None:
    approve(cast)
    decisions.undo(cast.entry_submitted.pk, by=cast.office, now=SOON)


def reopen(cast: Cast) -> None:
    day = dt.date(2024, 7, 20)
    decisions.reopen(cast.entry_approved.pk, "更正", day, by=cast.office, now=NOW)


def waive(cast: Cast) -> None:
    decisions.waive(cast.entry_draft.pk, "本期没有", by=cast.office, now=NOW)


def waive_part(cast: Cast) -> None:
    decisions.waive(cast.part_blank.pk, "本期没有", by=cast.office, now=NOW)


def unwaive(cast: Cast) -> None:
    waive(cast)
    Notice.objects.all().delete()
    decisions.unwaive(cast.entry_draft.pk, by=cast.office, now=NOW)


def unwaive_part(cast: Cast) -> None:
    waive_part(cast)
    Notice.objects.all().delete()
    decisions.unwaive(cast.part_blank.pk, by=cast.office, now=NOW)


def take_over(cast: Cast) -> None:
    decisions.take_over(cast.part_submitted.pk, by=cast.liaison, now=NOW)


def send_part_back(cast: Cast) -> None:
    decisions.send_back(cast.part_submitted.pk, {"done": "请写细。"}, by=cast.liaison, now=NOW)


def autumn(cast: Cast) -> Period:
    return periods.schedule(
        cast.city_a,
        "2024 年三季度",
        year=2024,
        starts=dt.date(2024, 7, 1),
        ends=dt.date(2024, 9, 30),
        opens_on=dt.date(2024, 9, 20),
        due_on=dt.date(2024, 10, 15),
        closes_on=dt.date(2024, 10, 31),
        by=cast.office,
    )


def open_period(cast: Cast) -> None:
    periods.open_period(autumn(cast), by=cast.office, now=NOW)


def change_period(cast: Cast) -> None:
    period = autumn(cast)
    days = (getattr(period, name) for name in ("starts", "ends", "opens_on", "due_on", "closes_on"))
    periods.change(period, periods.Dates("2024 年第三季度", *days), by=cast.office)


def remove_period(cast: Cast) -> None:
    periods.remove(autumn(cast), by=cast.office)


def prolong(cast: Cast) -> None:
    due, closes = dt.date(2024, 7, 22), dt.date(2024, 8, 2)
    periods.prolong(cast.period, due, closes, "停电", by=cast.office, now=NOW)


def turn_grace(cast: Cast) -> None:
    assert periods.turn_grace(dt.date(2024, 7, 16)) == 1


def close_period(cast: Cast) -> None:
    periods.close_period(cast.period, by=cast.office)


def reopen_period(cast: Cast) -> None:
    close_period(cast)
    Notice.objects.all().delete()
    until = dt.date(2024, 7, 22)
    periods.reopen_period(cast.period, until, "补报", by=cast.office, now=NOW)


def freeze(cast: Cast) -> None:
    periods.freeze(cast.earlier, "年度报告已印发", by=cast.office, now=NOW)


def unfreeze(cast: Cast) -> None:
    freeze(cast)
    periods.unfreeze(cast.earlier, "报告撤回", by=cast.office)


Deed = Callable[[Cast], None]
TOLD: list[tuple[str, str, Deed, set[str], str]] = [
    # what, the verb, the deed, who is told, the reason
    ("entry", "submit", submit_unsigned, OFFICE, "waiting"),
    ("entry", "submit", submit_to_sign, {"head"}, "waiting"),
    ("entry", "sign", sign, OFFICE, "waiting"),
    ("entry", "hand_back", hand_back, {"liaison"}, "returned"),
    ("entry", "withdraw", withdraw, set(), ""),
    ("entry", "withdraw", withdraw_what_was_read, {"office_2"}, "waiting"),
    ("entry", "approve", approve, UNIT, "approved"),
    ("entry", "return", send_back, UNIT, "returned"),
    ("entry", "undo", undo, set(), ""),
    ("entry", "reopen", reopen, {"double"}, "returned"),
    ("entry", "waive", waive, UNIT, "approved"),
    ("entry", "unwaive", unwaive, UNIT, "waiting"),
    ("part", "submit", submit_part, UNIT, "waiting"),
    ("part", "withdraw", withdraw_part, set(), ""),
    ("part", "take_over", take_over, {"liaison_finance"}, "approved"),
    ("part", "return", send_part_back, {"liaison_finance"}, "returned"),
    ("part", "waive", waive_part, UNIT, "approved"),
    ("part", "unwaive", unwaive_part, UNIT, "waiting"),
    ("period", "change", change_period, set(), ""),
    ("period", "remove", remove_period, set(), ""),
    ("period", "open", open_period, {*UNIT, "liaison_finance", "double"}, "waiting"),
    ("period", "prolong", prolong, {*UNIT, "liaison_finance"}, "waiting"),
    ("period", "turn_grace", turn_grace, set(), ""),
    ("period", "close", close_period, {*UNIT, "liaison_finance"}, "due"),
    ("period", "reopen", reopen_period, {*UNIT, "liaison_finance"}, "waiting"),
    ("period", "freeze", freeze, set(), ""),
    ("period", "unfreeze", unfreeze, set(), ""),
]


@pytest.mark.parametrize(("what", "verb", "deed", "told", "reason"), TOLD)
def test_exactly_those_concerned_are_told(
    cast: Cast, what: str, verb: str, deed: Deed, told: set[str], reason: str
) -> None:
    deed(cast)
    rows = Notice.objects.values_list("person__username", "reason")
    assert sorted(rows) == sorted((person, reason) for person in told)


def test_the_table_has_every_step() -> None:
    assert {verb for what, verb, *_rest in TOLD if what == "entry"} == set(ENTRY)
    assert {verb for what, verb, *_rest in TOLD if what == "part"} == set(PART)
    assert {verb for what, verb, *_rest in TOLD if what == "period"} == set(PERIOD)


def test_units_that_only_cooperate_hear_nothing(cast: Cast) -> None:
    roles = Assignment.objects.filter(department=cast.members).values_list("role", flat=True)
    assert set(roles) == {"cooperate"}
    open_period(cast)
    people = Notice.objects.values_list("person__memberships__department", flat=True)
    assert cast.members.pk not in set(people)
