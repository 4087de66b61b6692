"""The figures of a report: every number by its key, with the rows that it came from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.words import Number, decimal_text

Source = tuple[str, int]
MAX_SOURCES = 2000  # of one figure


@dataclass(slots=True)
class Figures:
    """The figures of a report by key: value, unit, label and sources."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(
        self, key: str, value: object, label: str, sources: Iterable[Source], unit: str = ""
    ) -> str:
        """Note a figure and return its key."""
        listed = [list(one) for one in dict.fromkeys(sources)][:MAX_SOURCES]
        self.rows[key] = {
            "value": str(value)[:200],
            "unit": unit[:20],
            "label": label[:300],
            "sources": listed,
        }
        return key

    def percent(
        self, key: str, value: Number | None, label: str, sources: Iterable[Source]
    ) -> str | None:
        """Note a percentage rounded as people read it; None where nothing was reported."""
        if value is None:
            return None
        return self.add(key, decimal_text(value, 1), label, sources, "%")
