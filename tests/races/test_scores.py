"""A scheme sent back while a unit hands in, and a control with the lock taken away."""

from functools import partial
from typing import Any

import pytest

from core.errors import DomainError
from reports import policies
from reports.models import ScoreCard, ScoreScheme
from reports.services import scores
from reports.services.scores import steps
from tests.cast import Cast
from tests.cast_story import NOW
from tests.races.parallel import at_once, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def both(cast: Cast) -> tuple[int, str, str]:
    """Send the scheme back and hand finance's card in; return refusals and how both stand."""
    scores.reopen(cast.card.pk, "重看", by=cast.office, now=NOW)
    scores.send_back(cast.card.pk, "请补充", by=cast.office, now=NOW)
    card, office, unit = cast.card_draft, cast.office, cast.liaison_finance
    given = {one.pk: scores.Rated(one.full) for one in card.scores.all()}
    for person in (office, unit):
        person.acting  # noqa: B018 (asked once, here: threads share the person)
    answers = at_once(
        [
            partial(scores.send_back_scheme, cast.scheme, "录错了", by=office, now=NOW),
            partial(scores.rate, card.pk, 0, given, hand_in=True, by=unit, now=NOW),
        ]
    )
    refused = sum(isinstance(one, DomainError) for one in answers)
    scheme = ScoreScheme.objects.get(pk=cast.scheme.pk).state
    return refused, scheme, ScoreCard.objects.get(pk=card.pk).state


def test_nothing_is_handed_in_under_a_scheme_that_goes_back(cast: Cast) -> None:
    assert both(cast) in ((1, "draft", "draft"), (1, "approved", "self_rated"))


@pytest.mark.postgresql
def test_control_without_the_lock_both_happen(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(pk: int) -> Any:
        rows = ScoreCard.objects.select_related(
            "scheme__plan__region", "scheme__plan__settings", "department"
        )
        return rows.get(pk=pk)

    may = policies.can_on_card

    def gated(user: Any, card: ScoreCard, verb: str, on: Any) -> Any:
        if verb != "hand_in":
            return may(user, card, verb, on)
        return waits(partial(may, user, card, verb, on))

    waits = together(lambda load: load(), 2)
    asked = policies.can_send_back_scheme
    monkeypatch.setattr(steps, "locked", unlocked)
    monkeypatch.setattr(policies, "can_on_card", gated)
    monkeypatch.setattr(
        policies, "can_send_back_scheme", lambda *args: waits(partial(asked, *args))
    )
    assert both(cast) == (0, "draft", "self_rated")
