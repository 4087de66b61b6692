"""Where a plan asks two different things of the same: kept side by side, never settled here."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol, TypeVar


class Asked(Protocol):
    """What a target says: its number (`value`), of what, for whom and by when."""

    @property
    def pk(self) -> int: ...
    @property
    def indicator_id(self) -> int: ...
    @property
    def scope(self) -> str: ...
    @property
    def due(self) -> int | None: ...
    @property
    def operator(self) -> str: ...
    @property
    def value(self) -> Decimal | None: ...


T = TypeVar("T", bound=Asked)


def conflicts_among(targets: Iterable[T]) -> dict[int, list[T]]:
    """Return, by target id, the others for the same indicator, scope and year that ask otherwise.

    A norm of every year (`due` is None) speaks of the due years too. A target without a number
    contradicts none.
    """
    groups: dict[tuple[int, str], list[T]] = defaultdict(list)
    for one in targets:
        if one.value is not None:
            groups[one.indicator_id, one.scope].append(one)
    found = {
        one.pk: [other for other in group if _differ(one, other)]
        for group in groups.values()
        for one in group
    }
    return {pk: others for pk, others in found.items() if others}


def _differ(one: Asked, other: Asked) -> bool:
    at_once = one.due == other.due or one.due is None or other.due is None
    return at_once and (one.operator, one.value) != (other.operator, other.value)
