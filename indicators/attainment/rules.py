"""What is promised, what a verdict is, and when a value keeps a promise."""

from dataclasses import dataclass
from decimal import Decimal

from indicators.statistics import Point

STALE_AFTER = {"survey": 3}  # years after which a value says nothing of the present; else 1
TOLERANCE = Decimal("0.1")  # what 左右 allows, as a share of the target, on the bad side


@dataclass(frozen=True, slots=True)
class Promise:
    """What is asked: `operator` and `value`, by a year or every year, of an indicator's kind.

    `direction` is the indicator's: up where more is good, down where less is. `behind` and
    `far_behind` are the plan's limits: percentage points behind schedule, percent of a norm.
    """

    operator: str
    value: Decimal | None
    year: int | None
    every_year: bool
    kind: str = "level"
    start_year: int = 0
    direction: str = "up"
    behind: int = 10
    far_behind: int = 30

    @property
    def wants_more(self) -> bool:
        """Tell whether larger values are nearer to it; 不超过 and 低于 say so by themselves."""
        if self.operator in ("gt", "gte", "lt", "lte"):
            return self.operator in ("gt", "gte")
        return self.direction != "down"

    def met_by(self, value: Decimal) -> bool:
        return self.value is not None and meets(self.operator, value, self.value, self.direction)

    def crossed_by(self, point: Point) -> bool:
        """Tell whether one end of a value's interval keeps the promise and the other does not."""
        if point.low is None or point.high is None:
            return False
        return self.met_by(point.low) != self.met_by(point.high)


@dataclass(frozen=True, slots=True)
class Pace:
    """How much a year is still needed and how much there was, signed, in the target's unit.

    `had` is the mean from one measured year to another of the same series; None with one value.
    `needed` is None from the due year on.
    """

    needed: Decimal | None = None
    had: Decimal | None = None
    from_year: int | None = None
    to_year: int | None = None


@dataclass(frozen=True, slots=True)
class Attainment:
    """The verdict: `code` (see core.words), the arithmetic as a sentence, and the criterion.

    Where the criterion speaks of numbers of this target, `way` tells these alone and `general`
    the criterion without them: for a list of many targets, which has one note below it.
    """

    code: str
    sentence: str
    rule: str = ""
    pace: Pace | None = None
    way: str = ""
    general: str = ""

    @property
    def criterion(self) -> str:
        """Return the rule as it stands for every target."""
        return self.general or self.rule


def meets(operator: str, value: Decimal, target: Decimal, direction: str = "up") -> bool:
    """Tell whether a value keeps a promise.

    More than 全覆盖 or 5 个 in the good direction keeps it too, and 左右 allows a tenth of the
    target on the bad side: a better value never keeps less than a worse one.
    """
    sign = -1 if direction == "down" else 1
    match operator:
        case "gt":
            return value > target
        case "gte":
            return value >= target
        case "lt":
            return value < target
        case "lte":
            return value <= target
        case "eq":
            return value * sign >= target * sign
        case "approx":
            return value * sign >= target * sign - abs(target) * TOLERANCE
    raise ValueError(operator)
