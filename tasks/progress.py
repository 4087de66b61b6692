"""How far the work is, against its schedule: the rules of lights, pure and in one place.

Percents are 0 to 100 of the task's year; a schedule is the elapsed share of the task's own
window. Unreported is not 0 and stays out of every mean.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

DONE, OVERDUE, UNREPORTED = "done", "overdue", "unreported"
ON_TRACK, BEHIND, FAR_BEHIND = "on_track", "behind", "far_behind"
# The order in which lights are listed: what goes well first, as on every bar.
LIGHTS = (ON_TRACK, DONE, BEHIND, FAR_BEHIND, OVERDUE, UNREPORTED)
TROUBLE = (FAR_BEHIND, OVERDUE)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Percentage points behind schedule from which a light changes (settings of the plan)."""

    behind: int = 10
    far_behind: int = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """How one task, measure or action stands; `reported` of `total` tasks are in `percent`."""

    percent: Decimal | None
    schedule: Decimal
    light: str
    reported: int = 0
    total: int = 0

    @property
    def gap(self) -> Decimal | None:
        """Return how many points it is behind schedule (negative: ahead)."""
        return None if self.percent is None else self.schedule - self.percent


def elapsed(starts: date, ends: date, on: date) -> Decimal:
    """Return the share of a window gone by at the end of a day, in percent with one decimal."""
    if on < starts:
        return Decimal(0)
    if on >= ends:
        return HUNDRED
    days = Decimal((on - starts).days + 1) / Decimal((ends - starts).days + 1)
    return round(days * 100, 1)


def light(
    percent: Decimal | None, schedule: Decimal, due: date, on: date, limits: Thresholds
) -> str:
    """Return the light, in this order: 已完成, 逾期, 未填报, then by the gap to schedule."""
    if percent is not None and percent >= HUNDRED:
        return DONE
    if on > due:
        return OVERDUE
    if percent is None:
        return UNREPORTED
    gap = schedule - percent
    if gap <= limits.behind:
        return ON_TRACK
    return BEHIND if gap <= limits.far_behind else FAR_BEHIND


@dataclass(frozen=True, slots=True)
class Weighted:
    """A part of a whole: how it stands, with which weight, and whether it enters means."""

    standing: Standing
    weight: Decimal
    due: date
    routine: bool = False


def roll_up(parts: Iterable[Weighted], on: date, limits: Thresholds) -> Standing:
    """Combine parts: the weighted mean of what is reported, against that of their schedules.

    Routine parts are done or not and stay out of means. A whole without any reported part is
    unreported (or overdue, when every part's window has passed).
    """
    items = list(parts)
    counted = [one for one in items if not one.routine] or items
    reported = [one for one in counted if one.standing.percent is not None]
    schedule = mean((one.weight, one.standing.schedule) for one in counted)
    percent = mean((one.weight, one.standing.percent or Decimal(0)) for one in reported)
    due = max((one.due for one in counted), default=on)
    if (
        reported
        and len(reported) == len(counted)
        and all(one.standing.light == DONE for one in reported)
    ):
        colour = DONE
    elif not reported:
        colour = OVERDUE if counted and on > due else UNREPORTED
    else:
        colour = light(
            min(percent or Decimal(0), Decimal("99.9")), schedule or Decimal(0), due, on, limits
        )
    return Standing(
        percent=percent,
        schedule=schedule or Decimal(0),
        light=colour,
        reported=len(reported),
        total=len(counted),
    )


def mean(parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return the mean of (weight, percent) to one decimal; None where nothing has a weight."""
    listed = list(parts)
    total = sum((weight for weight, _percent in listed), Decimal(0))
    if not total:
        return None
    return round(sum((weight * one for weight, one in listed), Decimal(0)) / total, 1)


def count_lights(lights: Iterable[str]) -> dict[str, int]:
    """Count lights in the order in which they are shown; every light has its number."""
    counts = Counter(lights)
    return {one: counts.get(one, 0) for one in LIGHTS}
