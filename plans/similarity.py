"""How alike two plans are: actions to actions, measures to measures, by titles and texts.

Chinese has no blanks between words, so that texts are compared by their bigrams (pairs of
neighbouring characters), titles by bigrams and by their order of characters. Punctuation, the
spelling of numbers and the names of the places concerned do not count. The numbers below were
chosen on pairs that were decided by reading (tests/plans/test_similarity.py); a score lies
between 0 (nothing in common) and 1.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from rapidfuzz.distance import Indel, LCSseq

# A title says what is meant in a few words, a text how: the title weighs more.
TITLE_WEIGHT = 0.6
# From here on two actions correspond, two measures of any actions, and two of such actions.
SAME_ACTION = 0.3
ANYWHERE = 0.45
WITHIN_ACTIONS = 0.24
# Share of the wording that two texts must have in common not to be called reworded.
ALIKE_WORDING = 0.6
# What is shown to choose from: not more than this many measures, none less alike than this.
CANDIDATES = 6
WORTH_SHOWING = 0.2
# A bigram in a larger share of all texts than this says nothing about any of them.
COMMON_SHARE = 0.4
COMMON_AT_LEAST = 4

_NOT_WORDS = re.compile(r"[\W\d_]+")
_OWN_PLACE = re.compile(r"[我全本][省市县区州盟旗]")
_KIND_OF_PLACE = re.compile(r"(?:特别行政区|地区|街道|[省市县区州盟旗镇乡])$")
# What every title of an action has; it says nothing about which action it is.
_ACTION_WORDS = re.compile("科学素质|行动|工程|计划|实施|开展|提升|建设|全民")
# Words that plans of different places and periods use for the same, and the one compared.
_SAME_WORDS = {
    "科技教育": "科学教育",
    "城镇劳动者": "劳动者",
    "产业工人": "劳动者",
    "农民工": "进城务工人员",
    "校内外": "校内校外",
    "师资": "教师",
}
_SHORTEST = 2  # characters of a name or title without which nothing would be left to compare

# The work grows with the product of lengths and numbers: letters compared of a measure and of an
# action, and pairs of measures beyond which only aligned actions are looked into.
MEASURE_LETTERS = 3_000
ACTION_LETTERS = 12_000
MOST_PAIRS = 400_000
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Item:
    """A measure to compare; `key` is how the caller knows it, unique in its plan."""

    key: int
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """An action to compare, with its own text (without its measures) and its measures."""

    key: int
    title: str
    text: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two things are: `score` by title and text, `wording` the share of common words."""

    score: float
    wording: float

    @property
    def alike(self) -> bool:
        """Tell whether the wording stayed much the same."""
        return self.wording >= ALIKE_WORDING


@dataclass(frozen=True, slots=True)
class Candidate:
    """A measure of the other plan that one of ours may carry out."""

    key: int
    likeness: Likeness
    same_action: bool

    @property
    def accepted(self) -> bool:
        """Tell whether it is alike enough to be suggested."""
        return self.likeness.score >= (WITHIN_ACTIONS if self.same_action else ANYWHERE)

    @property
    def sure(self) -> bool:
        """Tell whether it is so much alike that a look at it is a formality."""
        return self.likeness.score >= ANYWHERE


@dataclass(frozen=True, slots=True)
class Alignment:
    """What corresponds in two plans, by the keys of the left one.

    `groups` and `items` give each at most one partner; `candidates` are those of the right plan
    that come into question for a measure of the left one, the best first, and one measure of the
    right plan may be the best of several.
    """

    groups: dict[int, tuple[int, Likeness]]
    items: dict[int, tuple[int, Likeness]]
    candidates: dict[int, list[Candidate]]

    def suggested(self, key: int) -> Candidate | None:
        """Return the measure that one of the left plan most likely carries out, if any."""
        return next((one for one in self.candidates[key] if one.accepted), None)


def place_names(names: Iterable[str]) -> list[str]:
    """Return places as texts call them, the longer first: 子山市 and 子山."""
    found = set()
    for name in names:
        short = name[:2] if "自治" in name else _KIND_OF_PLACE.sub("", name)
        found |= {one for one in (name, short) if len(one) >= _SHORTEST}
    return sorted(found, key=lambda one: (-len(one), one))


def normalise(text: str, places: Iterable[str] = ()) -> str:
    """Return only the words of a text: no blanks, punctuation, numbers or names of its places."""
    words = _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text).lower())
    for name in places:
        words = words.replace(name, "")
    for word, same in _SAME_WORDS.items():
        words = words.replace(word, same)
    return _OWN_PLACE.sub("", words)


def _bigrams(words: str) -> list[str]:
    return [words[at : at + 2] for at in range(len(words) - 1)] or ([words] if words else [])


def _without(title: str, action: str) -> str:
    """Return a title without what the title of its action says already."""
    known = set()
    for at in range(len(title) - 1):
        if title[at : at + 2] in action:
            known |= {at, at + 1}
    rest = "".join(letter for at, letter in enumerate(title) if at not in known)
    return rest if len(rest) > _SHORTEST else title


class _Signs:
    """Writes bags of bigrams as strings: one character for each bigram, in a fixed order.

    The longest common subsequence of two sorted strings is what the two bags have in common, so
    that rapidfuzz, which is fast with strings, counts it.
    """

    def __init__(self, common: frozenset[str] = frozenset()) -> None:
        self.common = common
        self.known: dict[str, str] = {}

    def of(self, words: str) -> str:
        """Return the bigrams of some words, those that stand everywhere left out."""
        return "".join(sorted(self._sign(one) for one in _bigrams(words) if one not in self.common))

    def _sign(self, bigram: str) -> str:
        # Characters of the supplementary planes: enough for every bigram, no surrogates.
        return self.known.setdefault(bigram, chr(0x10000 + len(self.known)))


@dataclass(frozen=True, slots=True)
class _Form:
    """A thing made ready: words of its title, the same without its action's, and its bigrams.

    `bag` is all that it says of its own: the title without its action's words, and the text.
    """

    key: int
    group: int
    title: str
    title_bag: str
    own: str
    own_bag: str
    bag: str


def _beyond(title: str, text: str) -> str:
    """Return what a text says after its title, which may stand in front of it."""
    return text[len(title) :] if text.startswith(title) else text


def _title_likeness(a: str, b: str, a_bag: str, b_bag: str) -> float:
    """Compare titles by the order of their characters and by their bigrams."""
    in_order: float = Indel.normalized_similarity(a, b)
    in_common: float = Indel.normalized_similarity(a_bag, b_bag)
    return (in_order + in_common) / 2


def _likeness(a: _Form, b: _Form, same_action: bool) -> Likeness:
    """Compare two things; a text that says the same counts whatever the title says.

    Between actions that correspond the subject is given, and only what a title says of its own
    tells one measure from the next.
    """
    if a.title == b.title:
        title = 1.0
    elif same_action:
        title = _title_likeness(a.own, b.own, a.own_bag, b.own_bag)
    else:
        title = _title_likeness(a.title, b.title, a.title_bag, b.title_bag)
    shared = LCSseq.similarity(a.bag, b.bag)
    shorter, both = min(len(a.bag), len(b.bag)), len(a.bag) + len(b.bag)
    wording = 2 * shared / both if both else title
    contained = shared / shorter if shorter else title
    text = (wording + contained) / 2
    return Likeness(max(TITLE_WEIGHT * title + (1 - TITLE_WEIGHT) * text, text), wording)


def _common(texts: Sequence[str]) -> frozenset[str]:
    """Return the bigrams that stand in so many of the texts that they tell nothing."""
    seen = Counter(one for text in texts for one in set(_bigrams(text)))
    limit = max(COMMON_AT_LEAST, COMMON_SHARE * len(texts))
    return frozenset(one for one, count in seen.items() if count > limit)


def _forms(
    left: Sequence[Group], right: Sequence[Group], places: Sequence[str]
) -> tuple[list[_Form], list[_Form]]:
    """Make the measures of two plans ready to be compared with each other."""
    titles = _Signs()

    def form(group: Group, item: Item) -> _Form:
        title = normalise(item.title, places)
        own = _without(title, normalise(group.title, places))
        said = own + normalise(_beyond(item.title, item.text), places)
        bags = titles.of(title), titles.of(own)
        return _Form(item.key, group.key, title, bags[0], own, bags[1], said[:MEASURE_LETTERS])

    ours = [form(group, item) for group in left for item in group.items]
    theirs = [form(group, item) for group in right for item in group.items]
    return _signed(ours, theirs)


def _group_forms(
    left: Sequence[Group], right: Sequence[Group], places: Sequence[str]
) -> tuple[list[_Form], list[_Form]]:
    """Make actions ready: their own titles, and all that they and their measures say."""
    titles = _Signs()

    def form(group: Group) -> _Form:
        whole = normalise(group.title, places)
        title = _ACTION_WORDS.sub("", whole) or whole
        bag = titles.of(title)
        texts = [_beyond(group.title, group.text)]
        texts += [part for one in group.items for part in (one.title, _beyond(one.title, one.text))]
        said = title + normalise("".join(texts), places)
        return _Form(group.key, 0, title, bag, title, bag, said[:ACTION_LETTERS])

    return _signed([form(one) for one in left], [form(one) for one in right])


def _signed(ours: list[_Form], theirs: list[_Form]) -> tuple[list[_Form], list[_Form]]:
    """Turn the words of things into bags of bigrams that can be compared."""
    signs = _Signs(_common([one.bag for one in (*ours, *theirs)]))
    signed = [[replace(one, bag=signs.of(one.bag)) for one in forms] for forms in (ours, theirs)]
    return signed[0], signed[1]


def mutual_best(
    scores: Iterable[tuple[float, Key, Key]], taken: set[Key] | None = None
) -> list[tuple[Key, Key]]:
    """Give each at most one partner: again and again the most alike pair that is still free.

    `scores` are (score, left, right), keys of left and right distinct from each other; of equal
    scores the first given wins. Whoever is in `taken` has a partner already; it grows.
    """
    taken = set() if taken is None else taken
    pairs = []
    for _score, one, other in sorted(scores, key=lambda pair: -pair[0]):
        if one not in taken and other not in taken:
            taken |= {one, other}
            pairs.append((one, other))
    return pairs


def _aligned(
    table: dict[tuple[int, int], Likeness],
    rounds: Sequence[tuple[float, Callable[[int, int], bool]]],
) -> dict[int, tuple[int, Likeness]]:
    """Pair left and right keys round by round: (least score, which pairs take part)."""
    taken: set[tuple[str, int]] = set()
    found: dict[int, tuple[int, Likeness]] = {}
    for least, takes_part in rounds:
        scores = [
            (likeness.score, ("left", one), ("right", other))
            for (one, other), likeness in table.items()
            if likeness.score >= least and takes_part(one, other)
        ]
        for (_left, one), (_right, other) in mutual_best(scores, taken):
            found[one] = (other, table[one, other])
    return found


def align_groups(
    left: Sequence[Group], right: Sequence[Group], places: Sequence[str] = ()
) -> dict[int, tuple[int, Likeness]]:
    """Return the action of the right plan that corresponds to each of the left one, if any."""
    ours, theirs = _group_forms(left, right, places)
    table = {(a.key, b.key): _likeness(a, b, False) for a in ours for b in theirs}
    return _aligned(table, [(SAME_ACTION, lambda _one, _other: True)])


def align(left: Sequence[Group], right: Sequence[Group], places: Sequence[str] = ()) -> Alignment:
    """Align two plans: actions first, then measures within aligned actions, then all others.

    What is left in aligned actions after that needs less likeness: there is little to mix up.
    `places` are the names that do not count (see `place_names`).
    """
    groups = align_groups(left, right, places)
    ours, theirs = _forms(left, right, places)
    partner = {one: other for one, (other, _likeness) in groups.items()}
    home = {form.key: partner.get(form.group) for form in ours}
    of = {form.key: form.group for form in theirs}
    few = len(ours) * len(theirs) <= MOST_PAIRS
    table = {
        (a.key, b.key): _likeness(a, b, home[a.key] == b.group)
        for a in ours
        for b in theirs
        if few or home[a.key] == b.group
    }

    def within(one: int, other: int) -> bool:
        return home[one] == of[other]

    items = _aligned(
        table,
        [
            (ANYWHERE, within),
            (ANYWHERE, lambda _one, _other: True),
            (WITHIN_ACTIONS, within),
        ],
    )
    found: dict[int, list[Candidate]] = {form.key: [] for form in ours}
    for (one, other), likeness in table.items():
        if likeness.score >= WORTH_SHOWING:
            found[one].append(Candidate(other, likeness, within(one, other)))
    return Alignment(groups, items, {one: _best(rows) for one, rows in found.items()})


def _best(found: list[Candidate]) -> list[Candidate]:
    """Return the most alike, those first that may be suggested."""
    found.sort(key=lambda one: (not one.accepted, -one.likeness.score))
    return found[:CANDIDATES]
