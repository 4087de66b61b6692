"""Page-shaped reads of schemes and scorecards: lists hold no points, and no order goes by them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count, Q

from core.verdict import Verdict
from plans.models import Plan
from reports import policies
from reports.models import (
    Score,
    ScoreCard,
    ScoreEvidence,
    ScoreItem,
    ScoreScheme,
    ScoreStep,
)
from reports.scoring import RULES, Found, Rule, from_json
from reports.selectors.scoring import findings
from reports.workflow import SCORECARD, SCORECARD_WORDS

SHOWN_STEPS = ("hand_in", "withdraw", "check", "return", "tell", "reopen")
INSIDE = ("check", "reopen")  # between the office and itself until the unit is told
SHOWN_ROWS = 30  # of what a rule rests on, per item
FROZEN = (ScoreCard.State.CHECKED, ScoreCard.State.TOLD)


@dataclass(frozen=True, slots=True)
class SchemePage:
    """A scheme: its items, and the cards that the person may see, as units stand in the roster."""

    scheme: ScoreScheme
    items: list[ScoreItem]
    cards: list[ScoreCard]
    may_change: Verdict
    may_ask: Verdict
    may_send_back: Verdict
    may_drop: Verdict

    @property
    def total(self) -> Decimal:
        return sum((one.points for one in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class Line:
    """One item on a card: its score, its files, and what its rule found."""

    score: Score
    files: list[ScoreEvidence]
    found: Found | None = None

    @property
    def item(self) -> ScoreItem:
        return self.score.item

    @property
    def rule(self) -> Rule:
        return RULES[self.item.rule]

    @property
    def counted(self) -> Decimal | None:
        """Return the points that the rule gives; None without a rule or a basis."""
        return self.found.points(self.score.full) if self.found else None

    @property
    def rows(self) -> Any:
        return self.found.rows[:SHOWN_ROWS] if self.found else ()

    @property
    def more(self) -> int:
        return max(0, len(self.found.rows) - SHOWN_ROWS) if self.found else 0


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a card's own items, of `full`; `open` items worth `without` are left out."""

    points: Decimal
    full: Decimal
    open: int
    without: Decimal


@dataclass(frozen=True, slots=True)
class StepRow:
    step: ScoreStep
    word: Any


@dataclass(frozen=True, slots=True)
class CardPage:
    """A card as a person sees it; `points_shown` tells whether the office's points are theirs."""

    card: ScoreCard
    lines: list[Line]
    may: set[str]
    why_not: str
    points_shown: bool
    own: bool
    steps: list[StepRow] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """Return the lines under their first-level indicators, in the scheme's order."""
        pairs = groupby(self.lines, key=lambda one: one.item.level1)
        return [(name, list(lines)) for name, lines in pairs]

    @property
    def self_sum(self) -> Sum:
        return _sum((one.score.self_points, one.score.full) for one in self.lines)

    @property
    def checked_sum(self) -> Sum:
        return _sum((one.score.points, one.score.full) for one in self.lines)


def _sum(pairs: Iterable[tuple[Decimal | None, Decimal]]) -> Sum:
    listed = list(pairs)
    given = [(points, full) for points, full in listed if points is not None]
    left = [full for points, full in listed if points is None]
    return Sum(
        sum((points for points, _full in given), Decimal(0)),
        sum((full for _points, full in given), Decimal(0)),
        len(left),
        sum(left, Decimal(0)),
    )


def schemes(user: Any) -> Any:
    """Return the schemes that the person sees, with how many cards stand where."""
    state = ScoreCard.State
    rated = Q(cards__state__in=(state.SELF_RATED, state.CHECKED, state.TOLD))
    checked = Q(cards__state__in=(state.CHECKED, state.TOLD))
    return (
        ScoreScheme.objects.visible_to(user)
        .select_related("plan")
        .annotate(
            asked=Count("cards", distinct=True),
            rated=Count("cards", filter=rated, distinct=True),
            checked=Count("cards", filter=checked, distinct=True),
        )
        .order_by("-year", "plan", "id")
    )


def has_scores(user: Any) -> bool:
    """Tell whether scorecards are anything to this person: the office, or who sees a scheme."""
    acting = getattr(user, "acting", None)
    office = acting is not None and acting.is_office()
    return office or ScoreScheme.objects.visible_to(user).exists()


def plans_to_score(user: Any) -> list[Plan]:
    """Return the plans of the office's own region that are in force, switched on or not."""
    acting = getattr(user, "acting", None)
    if acting is None or not acting.is_office():
        return []
    rows = Plan.objects.visible_to(user).filter(region__path=acting.region_path)
    kept = rows.exclude(state=Plan.State.DRAFT).select_related("region", "settings")
    return list(kept.order_by("-start_year", "id"))


def scheme_page(user: Any, scheme: ScoreScheme) -> SchemePage:
    """Return a scheme with its items and the cards one may see (at most four queries)."""
    cards = ScoreCard.objects.visible_to(user).filter(scheme=scheme)
    return SchemePage(
        scheme=scheme,
        items=list(ScoreItem.objects.filter(scheme=scheme).order_by("position")),
        cards=list(cards.select_related("department").order_by("department")),
        may_change=policies.can_change_scheme(user, scheme),
        may_ask=policies.can_ask_for_rating(user, scheme),
        may_send_back=policies.can_send_back_scheme(user, scheme),
        may_drop=policies.can_drop_scheme(user, scheme),
    )


def card_page(user: Any, card: ScoreCard, on: date) -> CardPage:
    """Return a card with everything its page shows (a constant number of queries).

    `card` comes with its scheme, the scheme's plan, region and settings, and its unit.
    """
    verdicts = {verb: policies.can_on_card(user, card, verb, on) for verb in SCORECARD}
    steps = ScoreStep.objects.filter(card=card, verb__in=SHOWN_STEPS)
    return CardPage(
        card=card,
        lines=card_lines(card, on),
        may={verb for verb, verdict in verdicts.items() if verdict},
        why_not=verdicts["check"].reason,
        points_shown=policies.reads_points(user, card),
        own=policies.rated(user, card),
        steps=_steps_for(user, list(steps.select_related("by").order_by("id"))),
    )


def _steps_for(user: Any, steps: list[ScoreStep]) -> list[StepRow]:
    """Return the history; what the office checked before it told anybody is no affair of a unit."""
    acting = getattr(user, "acting", None)
    if acting is not None and acting.department_id is not None:
        told = next((at for at, one in enumerate(steps) if one.verb == "tell"), len(steps))
        steps = [one for at, one in enumerate(steps) if at >= told or one.verb not in INSIDE]
    return [StepRow(one, SCORECARD_WORDS[one.verb]) for one in steps]


def card_lines(card: ScoreCard, on: date) -> list[Line]:
    """Return the items of a card; what rules found is live until checked, and frozen then."""
    scores = list(Score.objects.filter(card=card).select_related("item").order_by("item__position"))
    files: dict[int, list[ScoreEvidence]] = {}
    for one in ScoreEvidence.objects.filter(score__card=card).order_by("id"):
        files.setdefault(one.score_id, []).append(one)
    rules = {one.item.rule for one in scores if one.item.rule}
    live: dict[str, Found] = {}
    if rules and card.state not in FROZEN:
        live = findings(card.scheme, [card.department_id], rules, on)[card.department_id]
    return [
        Line(
            one,
            files.get(one.pk, []),
            from_json(one.found) if one.found is not None else live.get(one.item.rule),
        )
        for one in scores
    ]
