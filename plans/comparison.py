"""Two plans side by side: with which others one can be compared, and what corresponds in them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch

from departments.models import Region
from plans.models import Action, Measure, Plan
from plans.policies import can_carry_out
from plans.querysets import visible_plans
from plans.similarity import (
    Alignment,
    Candidate,
    Group,
    Item,
    Likeness,
    align,
    align_groups,
    place_names,
)

# What became of a measure between the two plans.
ALIKE, REWORDED, NEW, GONE = "alike", "reworded", "new", "gone"
# Why a plan is offered for comparing, in the order in which the offers are shown.
PARENT, ABOVE, EARLIER, OTHER = "parent", "above", "earlier", "other"
REASONS = (PARENT, ABOVE, EARLIER, OTHER)


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan to compare with, why it is offered, and whether measures may be carried up to it."""

    plan: Plan
    reason: str
    may_be_parent: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A measure of the other plan that one of this plan may carry out."""

    measure: Measure
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Row:
    """A measure of this plan, of the other plan, or of both where they correspond."""

    left: Measure | None
    right: Measure | None
    status: str
    likeness: Likeness | None = None
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def suggested(self) -> Suggestion | None:
        """Return the measure that this one most likely carries out, if any is alike enough."""
        return next((one for one in self.suggestions if one.candidate.accepted), None)


@dataclass(frozen=True, slots=True)
class Pairing:
    """An action of this plan, of the other plan, or of both, with the rows of its measures."""

    left: Action | None
    right: Action | None
    rows: tuple[Row, ...] = ()
    likeness: Likeness | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything about two plans side by side, in the order of this (the left) plan."""

    plan: Plan
    other: Plan
    parts: tuple[Pairing, ...]
    safeguards: tuple[Pairing, ...]
    theirs: tuple[Action, ...]

    @property
    def rows(self) -> list[Row]:
        return [row for part in self.parts for row in part.rows]

    @property
    def measures(self) -> list[Measure]:
        """Return the measures of the other plan."""
        return [measure for action in self.theirs for measure in action.measures.all()]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many measures are alike, reworded, new and gone."""
        states = [row.status for row in self.rows]
        return {one: states.count(one) for one in (ALIKE, REWORDED, NEW, GONE)}


def readable(user: Any) -> Any:
    """Return the plans that a person may read: those they see, and those open to everyone."""
    return Plan.objects.filter(visible_plans(user) | visible_plans(AnonymousUser()))


def choices(user: Any, plan: Plan) -> list[Choice]:
    """Return the plans that one can be compared with, the likeliest first (one query)."""
    rows = (
        readable(user)
        .exclude(pk=plan.pk)
        .select_related("region")
        .defer("text", "warnings")
        .order_by("region__path", "-start_year", "id")
    )
    found = [Choice(one, _reason(plan, one), bool(can_carry_out(plan, one))) for one in rows]
    return sorted(found, key=lambda one: REASONS.index(one.reason))


def _reason(plan: Plan, other: Plan) -> str:
    if other.pk == plan.parent_id:
        return PARENT
    if other.region_id == plan.region_id:
        return EARLIER if other.start_year < plan.start_year else OTHER
    return ABOVE if plan.region.path.startswith(other.region.path) else OTHER


def compare(plan: Plan, other: Plan) -> Comparison:
    """Set two plans side by side (a constant number of queries)."""
    ours, theirs = _actions(plan), _actions(other)
    places = _places(plan.region, other.region)
    left, right = _of_tasks(ours), _of_tasks(theirs)
    found = align(_groups(left), _groups(right), places)
    ends = _ends(ours), _ends(theirs)
    kept = align_groups(_groups(ends[0]), _groups(ends[1]), places)
    return Comparison(
        plan,
        other,
        _parts(left, right, found),
        tuple(_paired(ends[0], ends[1], kept)),
        tuple(right),
    )


def _actions(plan: Plan) -> list[Action]:
    measures = Measure.objects.select_related("action", "parent__action__plan__region").order_by(
        "position"
    )
    rows = Action.objects.filter(plan=plan).prefetch_related(Prefetch("measures", measures))
    return list(rows.order_by("position"))


def _of_tasks(actions: Iterable[Action]) -> list[Action]:
    return [one for one in actions if one.kind != Action.Kind.SAFEGUARD]


def _ends(actions: Iterable[Action]) -> list[Action]:
    return [one for one in actions if one.kind == Action.Kind.SAFEGUARD]


def _places(*regions: Region) -> list[str]:
    """Return the names of regions and of those above them: words that say nothing of a plan."""
    paths = {one.path[:end] for one in regions for end in range(6, len(one.path) + 1, 6)}
    rows = Region.objects.filter(path__in=paths).exclude(level=Region.Level.NATION)
    return place_names(rows.values_list("name", flat=True))


def _groups(actions: Iterable[Action]) -> list[Group]:
    return [
        Group(
            one.pk,
            one.title,
            one.text,
            tuple(Item(m.pk, m.title, m.text) for m in one.measures.all()),
        )
        for one in actions
    ]


def _paired(
    left: list[Action], right: list[Action], found: dict[int, tuple[int, Likeness]]
) -> list[Pairing]:
    """Return the actions of the left plan with their partners, then those without one."""
    known = {one.pk: one for one in right}
    taken = {partner for partner, _likeness in found.values()}
    pairs = []
    for one in left:
        partner, likeness = found.get(one.pk, (0, None))
        pairs.append(Pairing(one, known.get(partner), likeness=likeness))
    return pairs + [Pairing(None, one) for one in right if one.pk not in taken]


def _parts(left: list[Action], right: list[Action], found: Alignment) -> tuple[Pairing, ...]:
    measures = {m.pk: m for action in right for m in action.measures.all()}
    taken = {partner for partner, _likeness in found.items.values()}
    parts = []
    for pair in _paired(left, right, found.groups):
        ours = pair.left.measures.all() if pair.left else ()
        theirs = pair.right.measures.all() if pair.right else ()
        rows = [_row(m, measures, found) for m in ours]
        rows += [Row(None, m, GONE) for m in theirs if m.pk not in taken]
        parts.append(replace(pair, rows=tuple(rows)))
    return tuple(parts)


def _row(measure: Measure, theirs: dict[int, Measure], found: Alignment) -> Row:
    suggestions = tuple(Suggestion(theirs[one.key], one) for one in found.candidates[measure.pk])
    if measure.pk not in found.items:
        return Row(measure, None, NEW, suggestions=suggestions)
    partner, likeness = found.items[measure.pk]
    status = ALIKE if likeness.alike else REWORDED
    return Row(measure, theirs[partner], status, likeness, suggestions)
