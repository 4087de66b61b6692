"""The office's side of a scorecard: checked, returned, told to the unit, checked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError, ensure
from core.words import grouped
from reports import policies
from reports.models import Score, ScoreCard
from reports.scoring import Found, to_json
from reports.services.scores import steps


@dataclass(frozen=True, slots=True)
class Checked:
    """What the office says of one item."""

    points: Decimal | None = None
    no_basis: bool = False
    reason: str = ""


def check(
    pk: int,
    version: int,
    given: Mapping[int, Checked],
    *,
    finish: bool = False,
    by: Any,
    now: datetime,
) -> ScoreCard:
    """Keep the office's points (by the id of the score); with `finish`, close the check.

    What the rules had found is frozen then.
    """
    verb = "check" if finish else "score"
    with transaction.atomic():
        card = steps.locked(pk)
        if finish and steps.repeated(card, verb, by):
            return card
        ensure(policies.can_on_card(by, card, verb, timezone.localdate(now)))
        rows, found = steps.scores_of(card), steps.found_now(card, now)
        changed = [one for one in rows if one.pk in given and _take(one, given[one.pk])]
        _ensure_sound(rows, found, finish)
        if changed:
            steps.ensure_version(card, version)
            card.version += 1
        if finish:
            for one in rows:
                one.found = to_json(found[one.item_id]) if one.item_id in found else None
            card.checked_by, card.checked_at = by, now
            card.own_check = policies.rated(by, card)
        if changed or finish:
            Score.objects.bulk_update(rows, ["points", "no_basis", "reason", "found"])
            told = {one.pk: [one.points, one.no_basis, one.reason] for one in changed}
            steps.move(card, verb, by, now, changed=told)
    return card


def _take(score: Score, given: Checked) -> bool:
    """Put what was given on a score; tell whether it changed anything. Raises DomainError."""
    steps.ensure_within(f"points_{score.pk}", given.points, score.full)
    if given.no_basis and given.points is not None:
        words = _("勾选了“无依据”就不要再填分数。")
        raise DomainError(words, fields={f"points_{score.pk}": [words]})
    after = (given.points, given.no_basis, given.reason.strip())
    before = (score.points, score.no_basis, score.reason)
    score.points, score.no_basis, score.reason = after
    return before != after


def _ensure_sound(rows: Sequence[Score], found: Mapping[int, Found], finish: bool) -> None:
    """Ask for missing points at the end, and always for missing reasons."""
    wrong: dict[str, list[str]] = {}
    for one in rows:
        if sentence := _no_reason(one, found.get(one.item_id)):
            wrong[f"reason_{one.pk}"] = [sentence]
        if finish and one.points is None and not one.no_basis:
            wrong[f"points_{one.pk}"] = [_("请给出审核分；没有依据的请勾选“无依据”。")]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)


def _no_reason(score: Score, found: Found | None) -> str:
    """Return what to ask for where a reason is missing, else nothing.

    A reason is needed wherever points are taken off, differ from what the rule counted, or are
    not given although there is a basis.
    """
    if score.reason:
        return ""
    if score.no_basis:
        needless = found is not None and not found.total
        return "" if needless else _("勾选“无依据”请写明原因。")
    if score.points is None:
        return ""
    if score.points < score.full:
        return _("扣了分，请写明扣分原因。")
    counted = found.points(score.full) if found else None
    if counted is not None and counted != score.points:
        told = {"points": grouped(counted)}
        return _("按规则应得 %(points)s 分，与您给的不同，请写明原因。") % told
    return ""


def send_back(pk: int, reason: str, *, by: Any, now: datetime) -> ScoreCard:
    """Return a rating to the unit, with a reason."""
    with transaction.atomic():
        card = steps.locked(pk)
        if steps.repeated(card, "return", by):
            return card
        ensure(policies.can_on_card(by, card, "return", timezone.localdate(now)))
        text = steps.ensure_reason("return", reason)
        step = steps.move(card, "return", by, now, text=text)
        told = {"year": card.scheme.year, "reason": text}
        words = _("%(year)s 年度考核自评被退回：%(reason)s") % told
        steps.tell(steps.unit(card, now), step, "returned", words)
    return card


def tell(pk: int, *, by: Any, now: datetime) -> ScoreCard:
    """Let the unit read its checked card."""
    with transaction.atomic():
        card = steps.locked(pk)
        if steps.repeated(card, "tell", by):
            return card
        ensure(policies.can_on_card(by, card, "tell", timezone.localdate(now)))
        card.told_at = now
        step = steps.move(card, "tell", by, now)
        words = _("%(year)s 年度考核评分表已反馈，请查看。") % {"year": card.scheme.year}
        steps.tell(steps.unit(card, now), step, "report", words)
    return card


def reopen(pk: int, reason: str, *, by: Any, now: datetime) -> ScoreCard:
    """Check a card again, with a reason; a unit that had read it is told."""
    with transaction.atomic():
        card = steps.locked(pk)
        if steps.repeated(card, "reopen", by):
            return card
        ensure(policies.can_on_card(by, card, "reopen", timezone.localdate(now)))
        text = steps.ensure_reason("reopen", reason)
        known = card.state == ScoreCard.State.TOLD
        # The rules count afresh: a correction may be why it is checked again.
        card.own_check, card.told_at = False, None
        Score.objects.filter(card=card).update(found=None)
        step = steps.move(card, "reopen", by, now, text=text)
        if known:
            told = {"year": card.scheme.year, "reason": text}
            words = _("%(year)s 年度考核评分表正在重新审核：%(reason)s") % told
            steps.tell(steps.unit(card, now), step, "report", words)
    return card
