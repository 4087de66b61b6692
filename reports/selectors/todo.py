"""What lists of things to do are made of."""

from dataclasses import dataclass
from typing import Any

SHOWN = 10  # items of a group on the page; the rest is counted


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: the page (an URL name, its argument, its query) and what is said of it."""

    page: str
    key: Any
    title: str
    note: str
    state: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Things that wait for the same reason; `verb` is the button's word, `total` all of them."""

    reason: str
    title: str
    verb: str
    items: list[Item]
    total: int


def group(reason: str, title: str, verb: str, items: list[Item], total: int = 0) -> Group:
    """Return a group of the first items; `total` counts all where not all were read."""
    return Group(reason, title, verb, items[:SHOWN], total or len(items))
