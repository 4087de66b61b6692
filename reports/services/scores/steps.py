"""What every step of a scorecard shares: its lock, its step and audit row, its notices."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, notices
from core.errors import Conflict, DomainError
from core.words import grouped
from departments.selectors import department_people, office_people
from reports.models import Score, ScoreCard, ScoreScheme, ScoreStep
from reports.scoring import Found
from reports.selectors.scoring import findings
from reports.workflow import SCORECARD


def locked(pk: int) -> ScoreCard:
    """Return a card as it is now, locked until the end of the transaction.

    Its scheme is locked before it: nothing is handed in while the scheme is being sent back.
    """
    ScoreScheme.objects.select_for_update(of=("self",)).get(cards=pk)
    rows = ScoreCard.objects.select_for_update(of=("self",)).select_related(
        "scheme__plan__region", "scheme__plan__settings", "department"
    )
    return rows.get(pk=pk)


def scores_of(card: ScoreCard) -> list[Score]:
    """Return the scores of a card in the order of the scheme."""
    rows = Score.objects.filter(card=card).select_related("item").order_by("item__position")
    return list(rows)


def found_now(card: ScoreCard, now: datetime) -> dict[int, Found]:
    """Return what the rules find now, by the id of the item."""
    items = [one for one in card.scheme.items.all() if one.rule]
    if not items:
        return {}
    unit, rules = card.department_id, {one.rule for one in items}
    per_rule = findings(card.scheme, [unit], rules, timezone.localdate(now))[unit]
    return {one.pk: per_rule[one.rule] for one in items}


def repeated(card: ScoreCard, verb: str, by: Any) -> bool:
    """Tell whether this person took this very step last: a second press is no second step."""
    if card.state != SCORECARD[verb].target:
        return False
    last = ScoreStep.objects.filter(card=card).order_by("-id").first()
    return last is not None and (last.verb, last.by_id) == (verb, by.pk)


def ensure_version(card: ScoreCard, version: int) -> None:
    """Refuse to write over what somebody else saved meanwhile."""
    if card.version != version:
        raise Conflict(
            _("您打开本页后，别人保存过这张表。请复制留下您写的内容，打开最新的表再填。")
        )


def ensure_within(name: str, points: Decimal | None, full: Decimal) -> None:
    """Refuse points below nought or above those of the item."""
    if points is not None and not 0 <= points <= full:
        words = _("应在 0 到 %(full)s 分之间。") % {"full": grouped(full)}
        raise DomainError(words, fields={name: [words]})


def ensure_reason(verb: str, text: str) -> str:
    """Return the reason without blanks; refuse a step of the table that lacks one."""
    reason = text.strip()
    if "reason" in SCORECARD[verb].requires and not reason:
        words = _("请写明理由。")
        raise DomainError(words, fields={"reason": [words]})
    return reason


def move(
    card: ScoreCard, verb: str, by: Any, now: datetime, *, text: str = "", **detail: Any
) -> ScoreStep:
    """Move and store the card; write its step and its audit row."""
    before = card.state
    card.state = SCORECARD[verb].target or before
    card.save()
    step = ScoreStep(
        card=card,
        verb=verb,
        from_state=before,
        to_state=card.state,
        by=by,
        acting_as=str(by.acting or ""),
        at=now,
        text=text[:300],
    )
    step.save(force_insert=True)
    record(card, verb, by, text=text, **{"from": before, "to": card.state}, **detail)
    return step


def exported(card: ScoreCard, kind: str, *, by: Any) -> None:
    """Record that somebody took the card as a file."""
    record(card, "export", by, kind=kind)


def record(card: ScoreCard, verb: str, by: Any, **detail: Any) -> None:
    """Write the audit row of a deed on a card."""
    audit.record(
        f"reports.scorecard.{verb}",
        card,
        by=by,
        detail={"scheme": card.scheme_id, "department": card.department_id, **detail},
        region_path=card.scheme.plan.region.path,
    )


def unit(card: ScoreCard, now: datetime) -> list[int]:
    """Return the ids of the people of the card's unit."""
    return department_people([card.department_id], timezone.localdate(now))


def office(card: ScoreCard, now: datetime) -> list[int]:
    return office_people(card.scheme.plan.region, timezone.localdate(now))


def tell(people: Iterable[int], step: ScoreStep, reason: str, text: str) -> None:
    """Leave a notice with those concerned, never with who did it."""
    notices.tell(
        [person for person in people if person != step.by_id],
        event=f"scorecard:{step.card_id}:{step.pk}",
        reason=reason,
        text=text,
        view="scorecard",
        subject=step.card_id,
        after=step.at,
    )
