"""What a table B that came back would change, row by row, and what is wrong with it.

Pure rules over rows as given and entries as stored: the preview asks them of what is stored now,
and applying asks them again under lock.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from departments.models import User
from tasks import policies
from tasks.fields import LABELS, clean, fields_of, read
from tasks.models import Entry, Period, Revision, Sheet
from tasks.selectors.entries.content import plain

# The open columns of table B; the number is a percent or a quantity, as the task says.
SLOTS = ("value", "self_rating", "done", "problems", "next_steps")
RATINGS = {str(word): str(code) for code, word in Revision.SelfRating.choices}


def mark(text: str) -> str:
    """Return a short print of a cell's text: whether somebody touched it since."""
    return hashlib.sha256(text.encode()).hexdigest()[:10] if text else "-"


def in_cell(name: str, text: str) -> str:
    """Return a field as its cell shows it: a rating by its word, a text with one line end."""
    if name == "self_rating":
        return next((word for word, code in RATINGS.items() if code == text), text)
    return clean(text)


def out_of_cell(name: str, text: str) -> str:
    """Return a cell as its field keeps it: numbers plain (3万 is 30000), ratings by code."""
    if name == "self_rating":
        return RATINGS.get(text.strip(), text.strip())
    if name in ("percent", "quantity"):
        told = read(name, text) if text.strip() else None
        return plain(told.value) if told and told.value is not None else text.strip()
    return text


@dataclass(frozen=True, slots=True)
class Given:
    """A row of the file: its number there, the hidden id, versions and prints, and its cells.

    `seen` maps a slot to the version and the print of the text that the file was made with.
    """

    row: int
    entry: str
    title: str
    seen: Mapping[str, tuple[int, str]]
    cells: Mapping[str, str]
    problems: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A field that the file changes: from what, to what; `version` is what is stored now."""

    name: str
    label: str
    old: str
    new: str
    text: str
    version: int


@dataclass(slots=True)
class Clash:
    """A field that somebody else changed since the file was made: both texts, and by whom."""

    label: str
    mine: str
    theirs: str
    by: int | None
    at: datetime | None
    who: str = ""


@dataclass(slots=True)
class RowResult:
    """What one row does: changes, or sentences on why not; with the entry where it is known."""

    row: int
    title: str
    entry: Entry | None = None
    changes: list[Change] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        return bool(self.problems or self.clashes)


@dataclass(frozen=True, slots=True)
class SheetResult:
    """What a whole file does; it can be applied when no row is wrong."""

    total: int
    rows: list[RowResult]

    @property
    def wrong(self) -> list[RowResult]:
        return [one for one in self.rows if one.wrong]

    @property
    def changed(self) -> list[RowResult]:
        return [one for one in self.rows if one.changes]

    @property
    def fields(self) -> int:
        return sum(len(one.changes) for one in self.rows)

    @property
    def ready(self) -> bool:
        return bool(self.changed) and not self.wrong


def _number(text: str) -> int:
    """Return an id as read from a cell; 0, which no row has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 12 else 0


@dataclass(frozen=True, slots=True)
class Stored:
    """What the rows of a file mean: the unit of each entry, and the entries that are touched."""

    units: Mapping[int, int]
    entries: Mapping[int, Entry]


def touched(one: Given) -> bool:
    """Tell whether a row says anything that its file was not made with."""
    return bool(one.problems) or any(
        slot not in one.seen or mark(one.cells[slot]) != one.seen[slot][1] for slot in SLOTS
    )


def stored(user: Any, period: Period, given: Sequence[Given], *, lock: bool = False) -> Stored:
    """Return what a file means, in a fixed number of queries; the touched entries locked."""
    seen = Entry.objects.visible_to(user).filter(period=period)
    wanted = {_number(one.entry) for one in given if touched(one)}
    entries = (
        Entry.objects.filter(period=period, pk__in=wanted, pk__gt=0)
        .filter(pk__in=seen.values("pk"))
        .select_related("task")
        .order_by("pk")
    )
    if lock:
        entries = entries.select_for_update(of=("self",))
    found = {one.pk: one for one in entries}
    place = Period.objects.select_related("region").prefetch_related("extensions")
    shared = place.get(pk=period.pk)
    for one in found.values():
        one.period = shared
    return Stored(dict(seen.values_list("pk", "department")), found)


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The preview of a file: what it would do, row by row."""

    sheet: Sheet
    period: Period
    told: SheetResult


def preview(user: Any, sheet: Sheet, given: Sequence[Given], on: date) -> SheetPage:
    """Return what a file would do to what is stored now (a fixed number of queries)."""
    period = sheet.period
    assert period is not None  # noqa: S101 (the check constraint says so)
    told = compare(user, given, stored(user, period, given), on)
    people = {clash.by for row in told.wrong for clash in row.clashes if clash.by}
    names = {one.pk: str(one) for one in User.objects.filter(pk__in=people)}
    for row in told.wrong:
        for clash in row.clashes:
            clash.who = names.get(clash.by or 0, "")
    return SheetPage(sheet, period, told)


def compare(user: Any, given: Sequence[Given], now: Stored, on: date) -> SheetResult:
    """Return what every row that says something new would do; untouched rows are left out."""
    first: dict[int, int] = {}
    results = []
    for one in given:
        result = RowResult(one.row, one.title)
        pk = _number(one.entry)
        words = _not_ours(user, one, now.units.get(pk), first)
        if words:
            result.problems.append(("", words))
        elif (entry := now.entries.get(pk)) is not None:
            result.entry, result.title = entry, entry.task.title
            _fields(user, one, entry, on, result)
        if "" in one.problems:
            result.problems.insert(0, ("", one.problems[""]))
        if result.changes or result.wrong:
            results.append(result)
    return SheetResult(len(given), results)


def _not_ours(user: Any, one: Given, unit: int | None, first: dict[int, int]) -> str:
    """Say why a row does not mean an entry of this unit, once; nothing where it does."""
    if not one.entry:
        return _("这一行没有编号。请在下载的表上填写，不要插入行，也不要清除隐藏的列。")
    if unit is None:
        return _("这一行不是您这一期的填报项。请只填从这里下载的表。")
    if user.acting.department_id not in (None, unit):
        return _("这一行是其他单位的填报项，不能由本单位填写。")
    pk = _number(one.entry)
    if pk in first:
        return _("与第 %(row)s 行是同一项，请只留一行。") % {"row": first[pk]}
    first[pk] = one.row
    return ""


def _fields(user: Any, one: Given, entry: Entry, on: date, result: RowResult) -> None:
    """Add to the result what each open cell of a row does."""
    changed = []
    for slot, name in zip(SLOTS, fields_of(entry.task), strict=True):
        label = str(LABELS[name])
        if slot in one.problems:
            result.problems.append((label, one.problems[slot]))
            continue
        cell = one.cells[slot]
        seen = one.seen.get(slot)
        if seen is None:
            result.problems.append(("", _("这一行隐藏的版本号被改动了。请重新下载再填。")))
            return
        text, now = out_of_cell(name, cell), out_of_cell(name, in_cell(name, entry.typed(name)))
        if mark(cell) != seen[1] and text != now:
            changed.append((name, label, cell, text, seen[0]))
    if not changed:
        return
    verdict = policies.can_write(user, entry, on)
    if not verdict:
        result.problems.append(("", verdict.reason))
        return
    for name, label, cell, text, version in changed:
        told = read(name, text) if text.strip() else None
        old = in_cell(name, entry.typed(name))
        if entry.field_version(name) != version:
            kept = entry.draft.get(name, {})
            at = kept.get("at")
            result.clashes.append(
                Clash(label, cell, old, kept.get("by"), datetime.fromisoformat(at) if at else None)
            )
        elif told is not None and told.problem:
            result.problems.append((label, told.problem))
        else:
            new = in_cell(name, text)
            result.changes.append(Change(name, label, old, new, text, version))
