"""Every address of the portal with the parameters that it reads, for tests that go through all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

# Parameters of pages; those of lists of the REST interface are read off their FilterSets.
PARAMETERS = {
    "act-as": ("membership",),
    "audit": ("page", "code", "result"),
    "dashboard": ("plan", "year", "as_of"),
    "department": ("year",),
    "department-hand-over": ("membership",),
    "departments": ("region", "year"),
    "entry-check": ("period",),
    "entry-receipts": ("of",),
    "events": ("kind", "year", "department", "town", "on__gte", "struck", "page", "task", "plan"),
    "burden": ("year",),
    "burden-export": ("year",),
    "events-duties": ("plan", "year"),
    "events-export": ("kind", "year", "on__lte"),
    "event-new": ("like", "after", "task", "duty", "kind"),
    "indicator": ("region", "year"),
    "indicators": ("plan", "year"),
    "login": ("next",),
    "mails": ("state", "page"),
    "notices": ("reason", "page"),
    "period-entries": ("unit", "show", "page"),
    "period-nudge": ("unit",),
    "periods-year": ("year", "rhythm"),
    "periods-matrix": ("year",),
    "people": ("page",),
    "plan": ("measure", "year", "as_of"),
    "plan-compare": ("with", "show", "pick"),
    "plan-measures": ("light", "year", "as_of"),
    "report": ("version",),
    "report-changes": ("from", "to"),
    "report-fact": ("version", "page"),
    "report-facts": ("version", "page"),
    "report-outline": ("plan", "kind"),
    "report-text": ("version",),
    "reports": ("page", "state", "kind", "plan"),
    "review": ("state", "page", "undo"),
    "review-entry": ("page", "undo"),
    "roster": ("region", "as_of"),
    "roster-add": ("kind", "department", "user", "name"),
    "roster-export": ("region", "as_of"),
    "tasks": ("plan", "year"),
    "instructions": ("state", "page"),
    "instruction-new": ("view", "id", "year", "as_of", "region"),
    "supervision": ("state", "light", "department", "year", "page"),
    "supervision-export": ("state", "light", "department", "year"),
    "supervision-new": ("instruction",),
    "api-indicators-series": ("region", "as_of", "format"),
    "api-plans-progress": ("year", "as_of", "format"),
}
COMMON = ("cursor", "page_size", "format", "updated_since")


@dataclass(frozen=True, slots=True)
class Address:
    """A named address: its arguments with the kind of each, and what it reads from the query."""

    name: str
    arguments: tuple[tuple[str, str], ...]
    parameters: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api-")

    def paths(self, values: dict[str, tuple[Any, ...]]) -> Iterator[str]:
        """Yield the path for every combination of values; `values` are per kind of argument."""
        for chosen in product(*(values[kind] for _name, kind in self.arguments)):
            names = (name for name, _kind in self.arguments)
            yield reverse(self.name, kwargs=dict(zip(names, chosen, strict=True)))

    def odd_paths(
        self, odd: dict[str, tuple[Any, ...]], sound: dict[str, tuple[Any, ...]]
    ) -> Iterator[str]:
        """Yield paths with one odd value each, so that what comes after it is looked at too."""
        usual = {name: sound[kind][0] for name, kind in self.arguments}
        if not usual:
            yield reverse(self.name)
        for name, kind in self.arguments:
            for value in odd[kind]:
                yield reverse(self.name, kwargs=usual | {name: value})


def _parameters(name: str, callback: Any) -> tuple[str, ...]:
    filters = getattr(getattr(callback, "cls", None), "filterset_class", None)
    if filters is not None and name.endswith("-list"):
        return (*filters.base_filters, *COMMON)
    return PARAMETERS.get(name, ())


def _walk(patterns: Any) -> Iterator[Address]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns)
        elif isinstance(one, URLPattern) and one.name and one.name != "api-unknown":
            kinds = {name: type(it).__name__ for name, it in one.pattern.converters.items()}
            for name in one.pattern.regex.groupindex:
                kinds.setdefault(name, "lookup")
            yield Address(one.name, tuple(kinds.items()), _parameters(one.name, one.callback))


def addresses() -> list[Address]:
    """Return every named address, each once."""
    return list({one.name: one for one in _walk(get_resolver().url_patterns)}.values())
