"""Reads about 督办件: what is owed, the register (table D), and the page of one item."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core.words import SUPERVISION as SUPERVISION_LIGHTS
from departments.models import Department, Region
from tasks.models import (
    ExtensionRequest,
    Instruction,
    SupervisionFile,
    SupervisionItem,
    SupervisionStep,
)
from tasks.policies import supervision
from tasks.selectors.periods.rules import rules_of
from tasks.workflow import SUPERVISION, SUPERVISION_WORDS


class Owed(NamedTuple):
    """A 督办件 that a unit has to do something about (sign or feed back), and until when."""

    item: SupervisionItem
    department: int
    due: date


def owed_items(on: date) -> list[Owed]:
    """Return what units of all regions owe on a day, the nearest deadline first (one query).

    What is 长期坚持 has no deadline, and what waits for the office is owed by nobody else.
    """
    rows = (
        SupervisionItem.objects.owed()
        .filter(due__isnull=False, assigned_on__lte=on)
        .select_related("department", "region")
        .order_by("due", "id")
    )
    return [Owed(one, one.department_id, one.due) for one in rows if one.due]


# --- The register -----------------------------------------------------------------------------
def lit(user: Any, rows: Any, on: date) -> Any:
    """Add the lights of a day to items, by the rules of the region where the person works."""
    acting = getattr(user, "acting", None)
    if acting is None:
        return rows.none().with_lights(on, 0)
    return rows.with_lights(on, rules_of(acting.here).supervision_soon_days)


def _counted(of: QuerySet[Any]) -> Coalesce:
    """Return how many rows hang on an item."""
    number = of.order_by().values("item").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(number), 0)


def _last(verb: str, field: str) -> Subquery:
    """Return a field of an item's last step of a verb."""
    steps = SupervisionStep.objects.filter(item=OuterRef("pk"), verb=verb).order_by("-id")
    return Subquery(steps.values(field)[:1])


def described(user: Any, rows: Any, on: date) -> Any:
    """Add to items what table D says of each, with the lights that the person goes by."""
    return storied(lit(user, rows, on))


def storied(rows: Any) -> Any:
    """Add to items with lights what else table D says of each.

    That is `nudges`, `granted`, `asking`, `told` and `told_at` (the last feedback), `own_check`
    (reviewed by who wrote it).
    """
    extensions = ExtensionRequest.objects.filter(item=OuterRef("pk"))
    nudged = SupervisionStep.objects.filter(item=OuterRef("pk"), verb="nudge")
    return rows.annotate(
        nudges=_counted(nudged),
        granted=_counted(extensions.filter(answer="granted")),
        asking=Exists(extensions.filter(answer="")),
        told=_last("feedback", "text"),
        told_at=_last("feedback", "at"),
        told_by=_last("feedback", "by"),
        reviewed_by=_last("settle", "by"),
    ).annotate(own_check=Q(state__in=("settled", "struck")) & Q(reviewed_by=F("told_by")))


def register(user: Any, on: date) -> Any:
    """Return the items that a person may see, described, by number; the newest year first."""
    return (
        described(user, SupervisionItem.objects.visible_to(user), on)
        .select_related("department", "instruction", "region")
        .prefetch_related("helpers")
        .order_by("-year", "serial")
    )


def source_of(item: SupervisionItem) -> str:
    """Say where an item comes from: 领导要求（戊，2024-07-10）, or the other basis."""
    parts = [item.decision] if item.decision else []
    if item.instruction is not None:
        asked = item.instruction
        kind = _("领导要求") if asked.kind == Instruction.Kind.DEMAND else _("领导批示")
        told = {"kind": kind, "leader": asked.leader, "on": asked.on}
        parts.insert(0, _("%(kind)s（%(leader)s，%(on)s）") % told)
    return "；".join(parts)


@dataclass(frozen=True, slots=True)
class Choices:
    """By what the register can be narrowed, as far as the person sees items; counts beside it."""

    states: list[tuple[str, int]]
    lights: list[tuple[str, int]]
    departments: list[Department]
    years: list[int]
    total: int


def choices(rows: Any) -> Choices:
    """Return what is there to choose from among visible items with lights (two queries)."""
    found = list(
        rows.order_by()
        .values("state", "light", "department", "year")
        .annotate(n=Count("pk", distinct=True))
        .values_list("state", "light", "department", "year", "n")
    )
    units = Department.objects.filter(pk__in={row[2] for row in found})
    return Choices(
        states=_sums(SupervisionItem.State.values, ((row[0], row[4]) for row in found)),
        lights=_sums(
            ("overdue", "soon", "normal", "standing", "settled"),
            ((row[1], row[4]) for row in found),
        ),
        departments=list(units),
        years=sorted({row[3] for row in found}, reverse=True),
        total=sum(row[4] for row in found),
    )


def narrowed(asked: Any, names: Iterable[str], offered: Choices) -> list[tuple[str, str]]:
    """Return what narrows a register now: the word of each filter, and the address without it."""
    units = {str(one.pk): one.name for one in offered.departments}
    found = []
    for name in names:
        value = asked.get(name)
        if not value:
            continue
        rest = asked.copy()
        rest.pop(name)
        rest.pop("page", None)
        match name:
            case "year":
                word = _("%(year)s 年") % {"year": value}
            case "state":
                word = str(dict(SupervisionItem.State.choices).get(value, value))
            case "light":
                word = str(SUPERVISION_LIGHTS[value]) if value in SUPERVISION_LIGHTS else value
            case _other:
                word = units.get(value, value)
        found.append((word, f"?{rest.urlencode()}"))
    return found


def _sums(order: Iterable[str], pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    sums = dict.fromkeys(order, 0)
    for code, number in pairs:
        sums[code] += number
    return [(code, number) for code, number in sums.items() if number]


# --- One item -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Told:
    """A step as the page tells it: what was done, by whom, the words and files."""

    step: SupervisionStep
    word: str
    files: list[SupervisionFile]
    own_check: bool = False


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The page of an item: what happened, and what the person may do now (`may`: verbs).

    `why_not` says why the office's person may not review; `own` that there is nobody else.
    """

    item: Any
    source: str
    steps: list[Told]
    may: set[str]
    why_not: str
    own: bool
    extensions: list[ExtensionRequest]
    asking: ExtensionRequest | None
    units: list[Department]


def item_page(user: Any, item: Any, now: datetime) -> ItemPage:
    """Return the page of a registered item (a constant number of queries)."""
    on = timezone.localdate(now)
    verdicts = {
        verb: supervision.can(user, item, verb, now)
        for verb, step in SUPERVISION.items()
        if item.state in step.sources
    }
    may = {verb for verb, verdict in verdicts.items() if verdict}
    review = verdicts.get("settle")
    office = supervision.can_assign(user, item.region)
    return ItemPage(
        item=item,
        source=source_of(item),
        steps=_told(item),
        may=may,
        why_not=review.reason if review is not None and not review and office else "",
        own="settle" in may and supervision.own_review(user, item),
        extensions=list(item.extensions.all()),
        asking=supervision.open_extension(item),
        units=units_of(item.region, on) if "change_unit" in may else [],
    )


def _told(item: SupervisionItem) -> list[Told]:
    """Return the steps, newest first, each with its files (two queries)."""
    told: list[Told] = []
    wrote: int | None = None
    steps = item.steps.select_related("by").prefetch_related("files").order_by("id")
    for step in steps:
        if step.verb == "feedback":
            wrote = step.by_id
        own = step.verb == "settle" and step.by_id == wrote
        word = str(SUPERVISION_WORDS.get(step.verb, step.verb))
        told.append(Told(step, word, list(step.files.all()), own))
    return told[::-1]


def units_of(region: Region, on: date) -> list[Department]:
    """Return the units of a region that can carry an item on a day, in the order of the list."""
    rows = Department.objects.valid_on(on).filter(region=region)
    return list(rows.exclude(kind=Department.Kind.GROUP).order_by("id"))


def readable_files(user: Any) -> QuerySet[SupervisionFile]:
    """Return the files of items and instructions that a person may see."""
    items = SupervisionItem.objects.visible_to(user).order_by().values("pk")
    asked = Instruction.objects.visible_to(user).order_by().values("pk")
    return SupervisionFile.objects.filter(Q(item__in=items) | Q(instruction__in=asked))
