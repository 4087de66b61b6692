"""Several people at once, over real parallel connections: nothing twice, nothing lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from core import dispatch
from core.audit import broken, record, seal
from core.errors import Conflict, DomainError
from core.models import AuditEvent, AuditSealed, Job
from indicators import services as indicators
from indicators.models import Observation
from plans.models import Draft, Plan
from plans.services import drafts
from plans.services.confirming import confirm
from plans.services.imports import import_document, open_document
from tasks.models import Entry, Revision, Task, Transition
from tasks.selectors.periods.opening import preview
from tasks.services import planning
from tasks.services.entries import decisions
from tasks.services.entries import reporting as entries
from tasks.services.periods import steps as periods
from tests.cast import Cast
from tests.cast_story import NOW, PLAN_B
from tests.races.parallel import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
MANY = 8


def test_parallel_submissions_of_one_draft_are_one(cast: Cast):
    pk, version = cast.entry_draft.pk, Entry.objects.get(pk=cast.entry_draft.pk).version
    receipts = at_once(
        [lambda: entries.submit(pk, version, by=cast.liaison, now=NOW) for _ in range(MANY)]
    )
    assert len({one.revision.pk for one in receipts}) == 1
    assert [one.repeated for one in receipts].count(False) == 1
    assert Revision.objects.filter(entry=pk).count() == 1
    assert Transition.objects.filter(entry=pk, verb="submit").count() == 1


def test_of_parallel_texts_in_one_field_one_is_stored_and_the_others_are_told(cast: Cast):
    pk = cast.entry_draft.pk
    seen = Entry.objects.get(pk=pk).field_version("done")
    answers = at_once(
        [
            lambda text=f"第{number}份": entries.save_field(
                pk, "done", text, seen, by=cast.liaison, now=NOW
            )
            for number in range(MANY)
        ]
    )
    lost = [one for one in answers if isinstance(one, Conflict)]
    assert len(lost) == MANY - 1
    stored = Entry.objects.get(pk=pk).typed("done")
    assert all(one.current["theirs"] == stored for one in lost)
    assert len({one.current["mine"] for one in lost} | {stored}) == MANY


def test_parallel_texts_in_different_fields_are_all_stored(cast: Cast):
    pk = cast.entry_draft.pk
    entry = Entry.objects.get(pk=pk)
    fields = ("done", "problems", "next_steps", "percent")
    at_once(
        [
            lambda field=field: entries.save_field(
                pk, field, "77", entry.field_version(field), by=cast.liaison, now=NOW
            )
            for field in fields
        ]
    )
    after = Entry.objects.get(pk=pk)
    assert [after.typed(field) for field in fields] == ["77"] * 4
    assert after.version == entry.version + 4


def test_an_entry_is_approved_or_returned_but_not_both(cast: Cast):
    pk = cast.entry_submitted.pk
    at_once(
        [
            lambda: decisions.approve(pk, by=cast.office, now=NOW),
            lambda: decisions.send_back(pk, {"done": "细一些"}, by=cast.office_2, now=NOW),
        ]
    )
    taken = Transition.objects.filter(entry=pk, verb__in=("approve", "return"))
    assert taken.count() == 1
    assert Entry.objects.get(pk=pk).state == taken.get().to_state


def test_a_period_opened_by_two_people_makes_its_entries_once(cast: Cast):
    planning.make_year(cast.plan, 2025, by=cast.office)
    for task in Task.objects.filter(year=2025):
        planning.settle_lead(task, None, by=cast.office)
    period = periods.schedule(
        cast.city_a,
        "2025 年上半年",
        year=2025,
        starts=date(2025, 1, 1),
        ends=date(2025, 6, 30),
        opens_on=date(2025, 6, 20),
        due_on=date(2025, 7, 10),
        closes_on=date(2025, 7, 31),
        by=cast.office,
    )
    expected = preview(period, NOW.date()).entries
    answers = at_once(
        [
            lambda person=person: periods.open_period(period, by=person, now=NOW)
            for person in (cast.office, cast.office_2)
        ]
    )
    assert sum(isinstance(one, DomainError) for one in answers) == 1
    assert Entry.objects.filter(period=period).count() == expected


def test_parallel_requests_for_the_same_work_are_one_job(cast: Cast):
    jobs = at_once([lambda: dispatch.enqueue("tests.nothing", 7) for _ in range(MANY)])
    assert len({one.pk for one in jobs}) == 1
    assert Job.objects.filter(kind="tests.nothing").count() == 1


def test_a_plan_imported_by_two_people_is_there_once(cast: Cast):
    Plan.objects.filter(pk=cast.plan_b.pk).update(source=None)
    text = PLAN_B + "二、附则\n本方案自印发之日起施行。\n"
    answers = at_once([lambda: import_document("b2.txt", text.encode(), text) for _ in range(4)])
    assert len({one[0].pk for one in answers}) == 1
    assert Plan.objects.filter(source__name="b2.txt").count() == 1


def draft_of(cast: Cast) -> Draft:
    """Return a draft of city A, with one action of one measure."""
    text = PLAN_B.replace("丑市", "子市").replace("2021—2025", "2031—2035")
    (draft,) = open_document("a2.txt", text.encode(), text, by=cast.office, home=cast.city_a)
    return draft


def test_a_draft_confirmed_by_two_people_is_one_plan(cast: Cast):
    draft = draft_of(cast)
    answers = at_once([lambda: confirm(draft, by=cast.office, as_read=True) for _ in range(4)])
    assert len([one for one in answers if isinstance(one, Plan)]) == 1
    assert {one.code for one in answers if isinstance(one, DomainError)} == {"confirmed"}
    assert Plan.objects.filter(source=draft.source).count() == 1


def test_of_parallel_corrections_of_one_item_one_is_stored(cast: Cast):
    one = draft_of(cast).items.get(kind="measure")
    answers = at_once(
        [
            lambda title=f"第{number}种写法": drafts.edit(
                one, {**one.data, "title": title}, version=1, by=cast.office
            )
            for number in range(MANY)
        ]
    )
    lost = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(lost) == MANY - 1
    one.refresh_from_db()
    assert {answer.current["title"] for answer in lost} == {one.data["title"]}


def test_items_added_at_once_at_one_place_are_all_there(cast: Cast):
    draft = draft_of(cast)
    action = draft.items.get(kind="action")
    data = {"title": "新增", "text": ""}
    at_once(
        [
            lambda: drafts.add(draft, "measure", data, parent=action, by=cast.office)
            for _ in range(MANY)
        ]
    )
    rows = draft.items.filter(kind="measure")
    assert rows.count() == MANY + 1
    assert len({row.position for row in rows}) == MANY + 1, "two items share a place"


def test_of_values_written_at_once_for_one_year_one_is_open_and_one_counts(cast: Cast):
    def write(value: int) -> Observation:
        return indicators.observe(
            cast.funding_per_capita, cast.city_a, 2021, by=cast.office,
            numerator=Decimal(value), denominator=Decimal(1),
        )  # fmt: skip

    at_once([lambda value=value: write(value) for value in range(1, MANY + 1)])
    row = Observation.objects.get(
        indicator=cast.funding_per_capita, region=cast.city_a, year=2021, state="draft"
    )
    indicators.submit(row, by=cast.office)
    at_once([lambda: indicators.verify(row, by=cast.office_2, now=NOW)] * MANY)
    counting = Observation.objects.counting().filter(
        indicator=cast.funding_per_capita, region=cast.city_a, year=2021
    )
    assert counting.count() == 1
    verified = AuditEvent.objects.filter(
        code="indicators.observation.verify", result="ok", subject_id=row.pk
    )
    assert verified.count() == 1


def test_writers_of_audit_rows_and_the_seal_do_not_lose_any(cast: Cast):
    at_once(
        [lambda: record("tests.deed", cast.plan, by=cast.office) for _ in range(MANY)]
        + [lambda: seal(timezone.now())]
    )
    seal(timezone.now())
    assert AuditSealed.objects.count() == AuditEvent.objects.count()
    assert broken() == []
