"""What a file with values would change, row by row, and what is wrong with it; nothing is written.

The preview asks this of what is stored now, and applying asks it again under lock.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from departments.models import Department, Region
from indicators.models import Indicator, Observation
from indicators.models.observations import PopulationBasis
from indicators.numbers import typed
from indicators.selectors.around import Key, standing
from indicators.services.given import FIELDS, Given, says_same
from indicators.services.observing import wrong_rows

LABELS: Mapping[str, Any] = {
    "indicator": gettext_lazy("指标"),
    "region": gettext_lazy("地区"),
    "year": gettext_lazy("年份"),
    "part": gettext_lazy("时段"),
    **{
        name: getattr(Observation._meta.get_field(name), "verbose_name")  # noqa: B009
        for name in FIELDS
        if name not in ("numerator", "denominator")
    },
    "numerator": gettext_lazy("分子"),
    "denominator": gettext_lazy("分母"),
}
NUMBERS = ("value", "numerator", "denominator", "sample_size", "design_effect", "margin")


@dataclass(frozen=True, slots=True)
class Choice:
    """A cell that can be read in two ways: its name in the answers, its text, both readings."""

    name: str
    label: str
    typed: str
    choices: tuple[Decimal, ...]
    chosen: str = ""

    @property
    def options(self) -> list[tuple[str, str]]:
        """Return each reading as it is answered and as it is shown."""
        return [(typed(one), f"{typed(one)}%") for one in self.choices]


@dataclass(slots=True)
class Entered:
    """A value as a row of a file says it: what it speaks of, and `fields` that the file has.

    What the file leaves out stays as it is stored. `seen` is the row and version that the file was
    made with ((0, 0): there was none), None where it does not tell. `problems` are sentences with
    the title of their column; `said` tells what was converted.
    """

    row: int
    title: str = ""
    indicator: Indicator | None = None
    region: Region | None = None
    year: int = 0
    part: str = ""
    department: Department | None = None
    population_group: str = ""
    basis: str = ""
    series: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    seen: tuple[int, int] | None = None
    column: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def undecided(self) -> bool:
        return any(not one.chosen for one in self.choices)

    def given(self, fields: Mapping[str, Any]) -> Given:
        """Return the value to be written."""
        assert self.indicator is not None and self.region is not None  # noqa: S101, PT018 (a row without them has a problem)
        return Given(
            self.indicator,
            self.region,
            self.year,
            fields,
            part=self.part,
            department=self.department,
            population_group=self.population_group,
            basis=self.basis,
            series=self.series,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a row changes, in words: from what, to what."""

    label: str
    old: str
    new: str


@dataclass(slots=True)
class Outcome:
    """What one row of a file does: a new value or changes to one, or nothing."""

    entered: Entered
    given: Given | None = None
    is_new: bool = False
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """What a whole file does; it can be applied when nothing is wrong and nothing undecided.

    `untouched` counts rows and cells that nobody changed since the file was made; `mark` is a
    print of what was stored, by which applying knows that the person saw it.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    untouched: int = 0
    mark: str = ""

    @property
    def wrong(self) -> list[Entered]:
        return [one.entered for one in self.outcomes if one.entered.problems]

    @property
    def choices(self) -> list[Entered]:
        return [one.entered for one in self.outcomes if one.entered.choices]

    @property
    def undecided(self) -> int:
        return sum(one.entered.undecided for one in self.outcomes)

    @property
    def new(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.given and one.is_new]

    @property
    def changed(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.given and not one.is_new]

    @property
    def writes(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.given]

    @property
    def same(self) -> int:
        """Count what says only what is stored already."""
        return self.untouched + sum(
            one.given is None and not one.entered.problems and not one.entered.undecided
            for one in self.outcomes
        )

    @property
    def said(self) -> list[Entered]:
        return [one.entered for one in self.outcomes if one.entered.said]


def compare(rows: Sequence[Entered], untouched: int, *, by: Any, lock: bool = False) -> Told:
    """Say what each row of a file does to what is stored (three queries)."""
    told = Told([Outcome(one) for one in rows], untouched)
    twins = _duplicates(rows)
    known = [
        one
        for one in told.outcomes
        if one.entered.indicator and one.entered.region and id(one.entered) not in twins
    ]
    keys = {id(one): one.entered.given({}).key for one in known}
    open_rows, counting = standing(list(keys.values()), lock=lock)
    fit = []
    for one in known:
        key = keys[id(one)]
        base = open_rows.get(key) or counting.get(key)
        if not one.entered.problems and not one.entered.undecided:
            one.given = one.entered.given(_merged(one.entered, base))
            one.is_new = base is None
            fit.append(one)
    wrong = wrong_rows([one.given for one in fit if one.given], open_rows, counting, by=by)
    for number, one in enumerate(fit):
        told_of = wrong.get(number, {})
        if "region" not in told_of:  # else what stands there is not theirs to see
            key = keys[id(one)]
            _clash(one.entered, open_rows.get(key) or counting.get(key))
        _settle(one, told_of, open_rows, counting)
    told.mark = _mark(keys.values(), open_rows, counting)
    return told


def _duplicates(rows: Sequence[Entered]) -> set[int]:
    """Tell rows of one file that speak of the same value, each with the row of the first.

    A plan may state a target twice: where table C says the same in both, one of them is enough.
    Returns the `id()` of those.
    """
    first: dict[Key, Entered] = {}
    twins = set()
    for one in rows:
        if one.indicator is None or one.region is None or not one.year:
            continue
        other = first.setdefault(one.given({}).key, one)
        if other is one:
            continue
        if one.column and other.fields == one.fields:
            twins.add(id(one))
        else:
            one.problems.append(
                (
                    one.column,
                    _("与第 %(row)s 行重复：同一指标、地区、年份只能有一个数值。")
                    % {"row": other.row},
                )
            )
    return twins


def _clash(one: Entered, base: Observation | None) -> None:
    """Tell where somebody changed the value since the file was made."""
    if one.seen is None or one.seen == ((base.pk, base.version) if base else (0, 0)):
        return
    now = base.text if base else _("没有数值")
    one.problems.append(
        (
            one.column,
            _("下载之后这个数值被别人改动过，系统里现在是：%(now)s。请重新下载再填。")
            % {"now": now},
        )
    )


def _merged(one: Entered, base: Observation | None) -> dict[str, Any]:
    """Return all fields of a value: what the file says over what is stored."""
    fields = {name: getattr(base, name) for name in FIELDS} if base is not None else {}
    if base is not None and base.state == Observation.State.VERIFIED:
        # The reason of an earlier correction is no reason for this one.
        if one.fields.get("correction_reason") == base.correction_reason:
            one.fields.pop("correction_reason", None)
        fields["correction_reason"] = ""
    if one.fields.get("status", "measured") != Observation.Status.MEASURED:
        fields |= dict.fromkeys(NUMBERS)
    fields |= one.fields
    if fields.get("numerator") is not None and "value" not in one.fields:
        fields["value"] = None  # follows from its parts
    return fields


def _settle(
    one: Outcome,
    wrong: Mapping[str, list[str]],
    open_rows: Mapping[Key, Observation],
    counting: Mapping[Key, Observation],
) -> None:
    """Take the verdict on a row that can be read: refused, nothing new, or what it changes."""
    given, entered = one.given, one.entered
    assert given is not None  # noqa: S101 (only such rows are settled)
    if wrong:
        entered.problems += [
            (entered.column or str(LABELS.get(name, "")), sentence)
            for name, sentences in wrong.items()
            for sentence in sentences
        ]
    if entered.problems:
        one.given = None
        return
    there, counts = open_rows.get(given.key), counting.get(given.key)
    base = there or counts
    if base is None:
        one.changes = _changes(None, given)
        return
    reason = given.fields.get("correction_reason") or ""
    if says_same(base, given) and (there is None or there.correction_reason == reason):
        one.given = None
    else:
        one.changes = _changes(base, given)


def _changes(base: Observation | None, given: Given) -> list[Change]:
    found = []
    fields = dict(given.fields)
    top, bottom = fields.get("numerator"), fields.get("denominator")
    if top is not None and bottom:
        fields["value"] = round(given.indicator.ratio(top, bottom), 6)
    for name in FIELDS:
        if base is None and name == "status" and fields[name] == Observation.Status.MEASURED:
            continue  # the number beside it says so
        before, after = _words(name, getattr(base, name, None)), _words(name, fields.get(name))
        if before != after:
            found.append(Change(str(LABELS[name]), before, after))
    return found


def _words(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "status":
        return str(Observation.Status(value).label)
    if name == "denominator_basis":
        return str(PopulationBasis(value).label)
    return typed(value) if isinstance(value, Decimal) else str(value)


def _mark(
    keys: Any, open_rows: Mapping[Key, Observation], counting: Mapping[Key, Observation]
) -> str:
    """Return a print of what is stored at the file's keys."""
    stood = [
        (
            str(key),
            there.pk if there else 0,
            there.version if there else 0,
            counts.pk if counts else 0,
        )
        for key in sorted(set(keys), key=str)
        for there in [open_rows.get(key)]
        for counts in [counting.get(key)]
    ]
    return hashlib.sha256(repr(stood).encode()).hexdigest()[:20]
