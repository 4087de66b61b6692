"""How a 督办件 stands against its deadline, and what is owed."""

from datetime import date, datetime

import pytest

from tasks.models import SupervisionItem, SupervisionStep
from tasks.selectors.supervision.items import owed_items
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.services
FRIDAY, SOON = date(2024, 7, 12), 2


CASES: list[tuple[str, date | None, datetime | None, str]] = [
    ("pending", date(2024, 7, 11), None, "overdue"),
    ("working", date(2024, 7, 12), None, "soon"),  # today
    ("working", date(2024, 7, 16), None, "soon"),  # Tuesday: the second working day
    ("working", date(2024, 7, 17), None, "normal"),
    ("working", None, None, "standing"),
    ("settled", date(2024, 1, 1), None, "settled"),
    ("struck", None, None, "settled"),
    # While the office has it, the day of the feedback counts.
    ("reviewing", date(2024, 7, 11), NOW, "normal"),
    ("reviewing", date(2024, 7, 9), NOW, "overdue"),
    ("reviewing", date(2024, 7, 15), NOW, "normal"),
    ("working", date(2024, 7, 11), NOW, "overdue"),  # returned since
]


def test_a_light_follows_the_deadline_in_working_days(cast: Cast) -> None:
    item = cast.item_pending
    for state, due, handed_in, light in CASES:
        changes = {"state": state, "due": due, "settled_on": FRIDAY, "opinion": "同意"}
        SupervisionItem.objects.filter(pk=item.pk).update(**changes)
        if handed_in:
            step = SupervisionStep(item=item, verb="feedback", by=cast.liaison, at=handed_in)
            step.save(force_insert=True)
        found = SupervisionItem.objects.with_lights(FRIDAY, SOON).get(pk=item.pk)
        assert found.light == light, (state, due)


def test_a_unit_owes_what_it_has_to_sign_or_feed_back_by_a_day(cast: Cast) -> None:
    owed = owed_items(NOW.date())
    assert [(one.item.pk, one.department) for one in owed] == [
        (cast.item_working.pk, cast.education.pk),
        (cast.item_pending.pk, cast.education.pk),
    ]
    SupervisionItem.objects.filter(pk=cast.item_working.pk).update(due=None)
    assert [one.item.pk for one in owed_items(NOW.date())] == [cast.item_pending.pk]
    assert owed_items(date(2024, 7, 9)) == [], "not yet assigned"
