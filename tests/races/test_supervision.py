"""Numbers of 督办件 and requests for more time, asked for at the same moment."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError

from core.errors import DomainError
from tasks.models import ExtensionRequest, Instruction, SupervisionItem
from tasks.services.supervision import extensions, instructions, items
from tests.cast import Cast
from tests.cast_story import NOW
from tests.races.parallel import at_once, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
MANY = 6


def assigning(cast: Cast, title: str, **more: object) -> Callable[[], SupervisionItem]:
    cast.office.acting  # noqa: B018 (asked once, here: threads share the person)
    return lambda: items.assign(
        cast.city_a,
        title=title,
        department=cast.finance,
        due=date(2099, 1, 1),
        decision="纪要",
        by=cast.office,
        now=NOW,
        **more,
    )


def test_items_assigned_at_once_are_numbered_without_gap_or_double(cast: Cast) -> None:
    at_once([assigning(cast, f"事项{n}") for n in range(MANY)])
    serials = SupervisionItem.objects.order_by("serial").values_list("serial", flat=True)
    assert list(serials) == list(range(1, 4 + MANY + 1))


@pytest.mark.postgresql
def test_control_without_the_lock_on_numbers_two_take_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "lock_numbers", lambda region: None)
    monkeypatch.setattr(items, "next_serial", together(items.next_serial, 2))
    with pytest.raises(IntegrityError):
        at_once([assigning(cast, "甲"), assigning(cast, "乙")])


def test_one_form_sent_at_once_is_one_item_and_one_requirement(cast: Cast) -> None:
    token = uuid4()
    made = at_once([assigning(cast, "一件", token=token) for _ in range(MANY)])
    assert len({one.pk for one in made}) == 1
    about = instructions.Subject("measure", cast.measure_1.pk, "1.1")
    cast.leader.acting  # noqa: B018
    asked = at_once(
        [
            lambda: instructions.demand("请查", about, token=token, by=cast.leader, now=NOW)
            for _ in range(MANY)
        ]
    )
    assert len({one.pk for one in asked}) == 1
    assert Instruction.objects.filter(token=token).count() == 1


def asking(cast: Cast) -> list[object]:
    cast.liaison.acting  # noqa: B018
    pk = cast.item_pending.pk
    return at_once(
        [
            lambda: extensions.ask(pk, date(2100, 1, 1), "雨季", by=cast.liaison, now=NOW)
            for _ in range(3)
        ]
    )


def test_of_requests_for_more_time_at_once_one_waits(cast: Cast) -> None:
    answers = asking(cast)
    assert sum(isinstance(one, DomainError) for one in answers) == 2
    assert ExtensionRequest.objects.filter(item=cast.item_pending, answer="").count() == 1
