"""How likely two names of one place mean one unit, for a person to look at; pure.

Offices are compared by what they are there for: 教育局 and 教体局 share 教育, 教育局 and 体育局
share nothing although two of three characters agree. Anything else is compared by its letters,
so that a slip of the pen is found in a long name.
"""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from departments.equivalents import FUNCTIONS, REFORMS
from departments.names import unit_key

NEAR = 60  # from here on a name is offered: half of the functions are shared (2·1 / (1 + 2) = 67)
SLIP = 85  # letters that agree in long names: one slip in seven
SLIP_LENGTH = 4  # shorter names have no slips: another letter is another unit
CONTAINED = 62  # all that one is there for is done by the other too
ALIKE = 90  # the most that two names of different keys can reach
REFORMED = 75  # what the usual reform made of it
AT_MOST = 5

# The form of an institution, by the end of its name; units of two forms are two units.
_FORMS = (
    ("party", r"工委$|部$|党校$|党委$|纪委$|政法委$|监委$|文明办$|网信办$|编办$"),
    ("school", r"(?:大学|学院|学校|中学|小学|专科学校|高专|职院)$"),
    ("science", r"(?:科院|社科院|研究院|研究所|分院|院|所)$"),
    ("force", r"(?:支队|大队|总队)$"),
    ("press", r"(?:报社|日报|报业集团|传媒集团|传媒)$"),
    ("media", r"(?:台|融媒体中心)$"),
    ("house", r"(?:馆|宫|中心|站|园)$"),
    ("business", r"(?:公司|集团|银行|厂|社)$"),
    ("mass", r"(?:协|联|会)$"),
    ("office", r"(?:总局|管理局|监管局|局|厅|委|办|署|处)$"),
)
_FORM_PATTERNS = tuple((name, re.compile(ending)) for name, ending in _FORMS)
_PIECES = re.compile("|".join(sorted(map(re.escape, FUNCTIONS), key=len, reverse=True)))
_SIGNS = {
    name: chr(0xE000 + place)
    for place, name in enumerate(sorted({name for names in FUNCTIONS.values() for name in names}))
}
_REFORMED = {frozenset(pair) for pair in REFORMS}


@lru_cache(maxsize=8192)
def _form(key: str) -> tuple[str, str]:
    """Return the form of a unit and its key without the ending that says so."""
    for name, pattern in _FORM_PATTERNS:
        if found := pattern.search(key):
            return name, key[: found.start()] if name in ("office", "media", "press") else key
    return "", key


@lru_cache(maxsize=8192)
def _functions(body: str) -> tuple[str, str]:
    """Return one sign for each function in a body, sorted, and what is no function, as it is.

    A piece of one character counts where it is the whole body: 教 in 教委, not 科 in 科学素质.
    """
    signs: set[str] = set()

    def found(piece: re.Match[str]) -> str:
        names = FUNCTIONS[piece.group()]
        if len(piece.group()) == 1 and piece.group() != body:
            return piece.group()
        signs.update(_SIGNS[name] for name in names)
        return ""

    rest = _PIECES.sub(found, body)
    return "".join(sorted(signs)), rest


def _apart(one: str, other: str) -> bool:
    """Tell whether both bodies name what they are there for, and nothing of it is the same."""
    mine, theirs = _functions(one)[0], _functions(other)[0]
    return bool(mine and theirs) and not set(mine) & set(theirs)


def _shared(one: str, other: str) -> float:
    """Return how much of what two offices are there for is the same, 0 to 100."""
    (mine, rest), (theirs, other_rest) = _functions(one), _functions(other)
    score = fuzz.ratio(mine + rest, theirs + other_rest)
    whole = mine and theirs and not rest and not other_rest
    if whole and (set(mine) <= set(theirs) or set(theirs) <= set(mine)):
        score = max(score, CONTAINED)
    return score


def likeness(one: str, other: str) -> int:
    """Return 0 to 100 for two units of one place, named without it (教育局, 教体局).

    100 is one unit spelt in two ways. Below `NEAR` they are taken for two units.
    """
    keys = unit_key(one), unit_key(other)
    if keys[0] == keys[1]:
        return 100
    if frozenset(keys) in _REFORMED:
        return REFORMED
    (form, body), (other_form, other_body) = map(_form, keys)
    if form != other_form:
        return 0
    if _apart(body, other_body):
        return 0
    score = 0.0
    if form in ("office", "media") and body and other_body:
        score = _shared(body, other_body)
    if min(len(one), len(other)) > SLIP_LENGTH:
        letters = fuzz.ratio(one, other)
        score = max(score, letters if letters >= SLIP else 0.0)
    return round(min(score, ALIKE)) if score >= NEAR else 0
