"""Say what each printed name means before anything is written: a unit, its heir, or a new one.

The page that shows a document's draft reads this, a person decides, and
`departments.services.establish` writes the decisions. The number of queries does not depend on
the number of names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from departments import reference
from departments.likeness import AT_MOST, likeness
from departments.models import Department, DepartmentName, Region
from departments.names import (
    LEVEL_OF_WORD,
    LEVELS,
    MAX_LENGTH,
    Apart,
    chain_of,
    is_group,
    kind_of,
    normalise,
    place_candidates,
    spelling_key,
    take_apart,
    word_of,
)
from departments.selectors import Followed, by_id, followed

# How many digits of a published code all places below a region share.
DIGITS = {"province": 2, "city": 4, "county": 6}
KNOWN, SUCCEEDED, SPLIT, PROPOSED = "known", "succeeded", "split", "proposed"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place that is not stored: its name and code where they are known, and its level."""

    name: str | None
    level: str
    code: str | None = None

    def __str__(self) -> str:
        return self.name or ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit that is not known yet: its name, where it likely belongs, and its likely kind."""

    name: str
    region: Region | Elsewhere
    kind: str
    group: bool


@dataclass(frozen=True, slots=True)
class Near:
    """A known department that a name may mean, and how likely (60 to 100)."""

    department: Department
    score: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a printed name means; `kind` says how sure that is.

    known: `department` bears the name. succeeded: `department` is what became of the one that
    bears it (`named`). split: `named` was split into `choices`, a person decides. proposed:
    nobody knows it; `near` are known departments that it may mean, the best first, `near_names`
    other names of the same document.
    """

    printed: str
    kind: str
    department: Department | None = None
    named: Department | None = None
    choices: tuple[Department, ...] = ()
    proposal: Proposal | None = None
    near: tuple[Near, ...] = ()
    near_names: tuple[str, ...] = ()

    @property
    def uncertain(self) -> bool:
        """Tell whether only a person can say what is meant."""
        return self.kind == SPLIT or bool(self.near or self.near_names)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person (or the default) decided for a printed name: one of the two."""

    department: Department | None = None
    new: Proposal | None = None


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A name read: the place it belongs to, what identifies it there, and the bare unit."""

    home: Region | Elsewhere
    key: str
    core: str
    group: bool

    @property
    def identity(self) -> tuple[object, ...]:
        if isinstance(self.home, Region):
            return (self.home.pk, self.key)
        return (self.home.code or self.home.name, self.home.level, self.key)

    @property
    def place(self) -> tuple[object, ...]:
        return self.identity[:-1]


class _Reader:
    """Reads names as a document of one region prints them; two queries."""

    def __init__(self, region: Region, names: Iterable[str]) -> None:
        self.region = region
        self.lineage = list(Region.objects.above(region).order_by("-path"))  # the nearest first
        candidates = {piece for name in names for piece in place_candidates(name)}
        self.stored: dict[str, list[Region]] = {}
        for one in Region.objects.filter(name__in=candidates).order_by("path"):
            self.stored.setdefault(one.name, []).append(one)
        published = {place.name for place in reference.places().values()}
        self.known = {one.name for one in self.lineage} | set(self.stored) | published
        self.known.discard("全国")

    def regions(self) -> list[Region]:
        """Return the regions whose lists of names may be needed, this one first."""
        others = [one for found in self.stored.values() for one in found]
        return list(dict.fromkeys([*self.lineage, *others]))

    def read(self, name: str) -> _Meaning:
        """Return what a name means where it is printed."""
        plain = normalise(name)[:MAX_LENGTH]
        if is_group(plain):
            return _Meaning(self.region, spelling_key(plain), plain, True)
        apart = take_apart(plain, self.known)
        home = self._home(apart)
        if home is None:  # 县科协 in a city's document: that of each county
            return _Meaning(self.region, spelling_key(plain), plain, True)
        return _Meaning(home, apart.key, apart.core, False)

    def _home(self, apart: Apart) -> Region | Elsewhere | None:
        """Return the place that a name belongs to, None for every one of those below."""
        if apart.places:
            return self._place(apart.places)
        if apart.word is None:
            return self.region
        for one in self.lineage:
            if _stands_for(apart.word, one.name):
                return one
        level = LEVEL_OF_WORD[apart.word]
        if level.rank > LEVELS[self.region.level].rank:
            return None
        return Elsewhere(None, level.name)

    def _place(self, places: tuple[str, ...]) -> Region | Elsewhere:
        """Return the place of a full name; the own lineage first, then below, then anywhere."""
        name = places[-1]
        for one in self.lineage:
            if one.name == name:
                return one
        stored = self.stored.get(name, [])
        below = [one for one in stored if one.path.startswith(self.region.path)]
        for found in (below, stored):
            if len(found) == 1:
                return found[0]
        published = reference.named(name)
        stem = self.region.code[: DIGITS.get(self.region.level, 0)]
        within = [one for one in published if one.code.startswith(stem)]
        for rows in (within, published):
            if len(rows) == 1:
                return Elsewhere(name, rows[0].level, rows[0].code)
        return Elsewhere(name, chain_of(name)[-1][1])


# Other words for a place whose own word is the first; 师市 is a division and its city in one.
_ALSO = {"自治区": ("区",), "地区": ("地",), "市": ("师市", "师"), "师": ("师市",)}


def _stands_for(word: str, place: str) -> bool:
    """Tell whether a bare word such as 市 stands for this place in front of its units."""
    own = word_of(place)
    return own is not None and (word == own or word in _ALSO.get(own, ()))


@dataclass(slots=True)
class _Known:
    """The departments of the regions concerned, by spelling, by meaning and by place."""

    exact: dict[str, Department] = field(default_factory=dict)
    meant: dict[tuple[object, ...], Department] = field(default_factory=dict)
    cores: dict[tuple[object, ...], list[tuple[str, Department]]] = field(default_factory=dict)

    def departments(self) -> list[Department]:
        return [*self.exact.values(), *self.meant.values()]

    def of(self, plain: str, meaning: _Meaning) -> Department | None:
        return self.exact.get(plain) or self.meant.get(meaning.identity)


def _known(reader: _Reader) -> _Known:
    """Read every spelling of the regions concerned (one query).

    Where two departments bear one name the confirmed and older one counts.
    """
    known = _Known()
    regions = {one.pk: one for one in reader.regions()}
    rows = (
        DepartmentName.objects.filter(region__in=regions)
        .select_related("department__region")
        .order_by("-department__confirmed", "department_id", "id")
    )
    others = []
    for row in rows:
        if row.region_id != reader.region.pk:
            others.append(row)
            continue
        known.exact[row.normalised] = row.department
        _add(known, reader.read(row.normalised), row.department)
    for row in others:
        region = regions[row.region_id]
        apart = take_apart(row.normalised, reader.known)
        own = (apart.places and apart.places[-1] == region.name) or (
            not apart.places and (apart.word is None or _stands_for(apart.word, region.name))
        )
        if own and not is_group(row.normalised):
            _add(known, _Meaning(region, apart.key, apart.core, False), row.department)
    return known


def _add(known: _Known, meaning: _Meaning, department: Department) -> None:
    known.meant.setdefault(meaning.identity, department)
    if not meaning.group and not department.is_group:
        known.cores.setdefault(meaning.place, []).append((meaning.core, department))


@dataclass(frozen=True, slots=True)
class _Heirs:
    """What became of departments on a day: where each one's work ended, and splits on the way."""

    ways: Mapping[int, Followed]
    departments: Mapping[int, Department]

    def split(self, one: Department) -> tuple[Department, ...]:
        return tuple(self.departments[pk] for pk in self.ways[one.pk].split)

    def end(self, one: Department) -> Department:
        """Return the present bearer; of a split one itself, for nobody picks at random."""
        return one if self.ways[one.pk].split else self.departments[self.ways[one.pk].end]


def _heirs(departments: Iterable[Department], day: date) -> _Heirs:
    listed = {one.pk: one for one in departments}
    ways = followed(listed, day)
    later = {pk for way in ways.values() for pk in (way.end, *way.split)}
    return _Heirs(ways, {**listed, **by_id(later - set(listed))})


def resolve(region: Region, names: Iterable[str], day: date) -> dict[str, Resolution]:
    """Say for each printed name of a region's document which department it means on a day.

    Reads only, with a number of queries that does not depend on the names (five).
    """
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    reader = _Reader(region, wanted)
    known = _known(reader)
    meanings = {name: reader.read(name) for name in wanted}
    heirs = _heirs(known.departments(), day)
    proposals: dict[tuple[object, ...], Proposal] = {}
    result: dict[str, Resolution] = {}
    for name, meaning in meanings.items():
        found = known.of(normalise(name)[:MAX_LENGTH], meaning)
        if found is not None:
            result[name] = _stored(name, found, heirs)
            continue
        result[name] = Resolution(
            name,
            PROPOSED,
            proposal=proposals.setdefault(meaning.identity, _proposal(name, meaning)),
            near=_near(meaning, known.cores.get(meaning.place, []), heirs),
            near_names=_near_names(name, meanings),
        )
    return result


def _stored(name: str, found: Department, heirs: _Heirs) -> Resolution:
    """Return what a known name means, through the successions that have come."""
    if choices := heirs.split(found):
        return Resolution(name, SPLIT, named=found, choices=choices)
    heir = heirs.end(found)
    return Resolution(name, KNOWN if heir == found else SUCCEEDED, department=heir, named=found)


def _proposal(name: str, meaning: _Meaning) -> Proposal:
    plain = normalise(name)[:MAX_LENGTH] or name.strip() or name
    kind = Department.Kind.GROUP if meaning.group else kind_of(plain)
    return Proposal(plain, meaning.home, str(kind), meaning.group)


def _near(
    meaning: _Meaning, listed: list[tuple[str, Department]], heirs: _Heirs
) -> tuple[Near, ...]:
    """Return the known departments of the same place that a name may mean, the best first."""
    if meaning.group:
        return ()
    best: dict[int, Near] = {}
    for core, department in listed:
        score = likeness(meaning.core, core)
        end = heirs.end(department)
        if score and (end.pk not in best or best[end.pk].score < score):
            best[end.pk] = Near(end, score)
    ordered = sorted(best.values(), key=lambda one: (-one.score, one.department.pk))
    return tuple(ordered[:AT_MOST])


def _near_names(name: str, meanings: Mapping[str, _Meaning]) -> tuple[str, ...]:
    """Return the other names of the document that may mean the same unit, the best first."""
    mine = meanings[name]
    if mine.group:
        return ()
    scores = [
        (likeness(mine.core, other.core), place, one)
        for place, (one, other) in enumerate(meanings.items())
        if one != name
        and not other.group
        and other.place == mine.place
        and other.identity != mine.identity
    ]
    ordered = sorted((one for one in scores if one[0]), key=lambda one: (-one[0], one[1]))
    return tuple(one for _score, _place, one in ordered[:AT_MOST])


def near_units(
    region: Region, units: Iterable[Department], day: date
) -> dict[int, tuple[Near, ...]]:
    """Return for units in a region's list which other known ones each may be, the best first.

    Shown to the person who decides on what a plan proposed. The number of queries does not
    depend on the units (five).
    """
    listed = list(units)
    reader = _Reader(region, [one.name for one in listed])
    known = _known(reader)
    heirs = _heirs([*known.departments(), *listed], day)
    found = {}
    for one in listed:
        meaning = reader.read(one.name)
        cores = [
            (core, other) for core, other in known.cores.get(meaning.place, []) if other != one
        ]
        found[one.pk] = _near(meaning, cores, heirs)
    return found
