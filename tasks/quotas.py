"""What the sentence of a duty asks for, as far as it says so: at least how many, of what, for whom.

    每镇每年举办科普活动不少于3项。  →  3 项, each town, every year
    领导小组每季度调度一次。        →  1 次, one unit, every quarter
    各成员单位每年报送工作总结。      →  no number: whether there is any at all

Nothing is guessed: where no number is printed, or one that events do not count (不少于30分钟), the
quota is `least=None`, and one event shows that something was done.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from plans.importer.duties import RHYTHMS
from plans.importer.notations import han_number
from plans.importer.spans import widened
from plans.importer.values import (
    COUNTIES,
    TOWNS,
    VILLAGES,
    clause_end,
    clause_start,
)

# What an event is counted as; longer words first.
EVENTS = "场次|场（次）|期次|项|次|场|期|届|回|堂|讲|篇|条"
PEOPLE = "人次|人（次）|人/次|名|人"
# What plans count too, and events cannot show.
OTHER = "学时|课时|小时|分钟|天|元|万元|所|家|个|%|册|份"
_LEAST = "不少于|不低于|不得少于|不得低于|少于|至少|最少|达到|不下于"
_MOST = re.compile("不超过|不多于|不高于|最多|至多")
_FIGURE = r"\d+(?:\.\d+)?|[一二两三四五六七八九十]+"
_NUMBER = re.compile(
    rf"(?<!第)(?<![\d.])(?P<n>{_FIGURE})(?:[—\-~～至到]{{1,2}}(?:{_FIGURE}))?(?P<big>[百千万]?)"
    rf"余?(?P<of>{EVENTS}|{PEOPLE}|{OTHER})(?!性|序|数)"
)
_ONCE = re.compile(r"(?P<n>[一二两三四五1-9])次$")
_BIG = {"": 1, "百": 100, "千": 1000, "万": 10_000}
_EVERY_ONE = r"^(?:每一?个?|各个?|全[省市县区]各?)"
_MEMBERS = re.compile(
    r"^(?:各|全体|有关|相关|各有关|各相关|各责任)?(?:成员单位|部门|单位|有关部门|相关部门)"
)

TOWN, COUNTY, CITY = "town", "county", "city"
ONE, MEMBERS, PLACES, BELOW, OTHERS = "one", "members", "places", "below", "others"
# How many months one span of a rhythm is; what is not here is looked at year by year.
MONTHS = {"half_year": 6, "term": 6, "quarter": 3, "month": 1}
YEARS = {"two_years": 2, "three_years": 3, "five_years": 5}


@dataclass(frozen=True, slots=True)
class Quota:
    """What a duty asks for in one span, of each for whom it holds.

    `least` is None where the sentence names no number that events can show; `of` is the printed
    measure word (项 次 场 人次). `per` is one (the one that is named, or nobody), members,
    places (of `levels`), below (whatever lies right below) or others (schools, villages:
    the portal has no list of them). `unread` is a printed amount that events do not count.
    """

    least: int | None
    of: str
    per: str
    levels: tuple[str, ...]
    every: str
    unread: str = ""

    @property
    def by_people(self) -> bool:
        """Tell whether people are counted, not events."""
        return self.of in PEOPLE.split("|")

    @property
    def needed(self) -> int:
        """Return how many make it: the printed number, else one."""
        return self.least if self.least is not None else 1


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days in which a quota has to be met, both ends included."""

    start: date
    end: date
    name: str


def quota_of(who: str | None, every: str | None, quote: str) -> Quota:
    """Read a duty's quota from who is named, its rhythm and its sentence."""
    words = widened(quote)
    least, of, unread = _amount(words, every or "")
    per, levels = _per(widened(who or ""))
    return Quota(least, of, per, levels, every or "", unread)


def _amount(words: str, every: str) -> tuple[int | None, str, str]:
    """Return number, measure word, and a printed amount that events cannot show."""
    unread = ""
    for start, end, rhythm in _clauses(words, every):
        if once := _ONCE.search(rhythm):  # 一年两次: a rhythm of its own half-years
            return (1 if every == "half_year" else han_number(once["n"])), "次", ""
        hits = list(_NUMBER.finditer(words, start, end))
        # Behind 不少于 stands the promise; a number before it tells of something else.
        hits.sort(
            key=lambda hit: not re.search(rf"(?:{_LEAST})[^，。；]{{0,8}}$", _before(words, hit))
        )
        for hit in hits:
            if _MOST.search(_before(words, hit)):
                continue
            number = _value(hit)
            if number is None or number != int(number) or number < 1:
                continue
            if hit["of"] in OTHER.split("|"):
                unread = unread or hit.group()
                continue
            return int(number), hit["of"], ""
    return None, "", unread


def _before(words: str, hit: re.Match[str]) -> str:
    return words[max(clause_start(words, hit.start()), hit.start() - 12) : hit.start()]


def _value(hit: re.Match[str]) -> float | None:
    text = hit["n"]
    plain = float(text) if text[0].isdigit() else han_number(text)
    return None if plain is None else plain * _BIG[hit["big"]]


def _clauses(words: str, every: str) -> list[tuple[int, int, str]]:
    """Return the clauses that hold the rhythm: where the rhythm begins, the end, its words."""
    found = []
    for pattern, name in RHYTHMS:
        if name != every:
            continue
        for hit in re.finditer(pattern, words):
            found.append((hit.start(), clause_end(words, hit.end()), hit.group()))
    return found


def _per(who: str) -> tuple[str, tuple[str, ...]]:
    """Say for each of whom a duty holds."""
    if not who or (not re.match(_EVERY_ONE, who) and not _MEMBERS.match(who)):
        return ONE, ()
    rest = re.sub(_EVERY_ONE, "", who)
    if re.match("级|类|地区$", rest):
        return OTHERS, ()
    if rest.startswith("地"):
        return BELOW, ()
    if re.match(rf"(?:{VILLAGES})", rest):
        return OTHERS, ()
    levels = _levels(rest)
    if levels:
        return PLACES, levels
    return (MEMBERS, ()) if _MEMBERS.match(who) or _MEMBERS.match(rest) else (OTHERS, ())


def _levels(rest: str) -> tuple[str, ...]:
    """Read 县（市、区）, 镇（街道） and the like, with nothing but 政府 or 纲要办 behind."""
    levels = []
    kinds = (
        (rf"{COUNTIES}|县|区|旗", COUNTY),
        (TOWNS, TOWN),
        (r"市（州[^（）]{0,6}）|市州|市|州", CITY),
    )
    while rest:
        for pattern, level in kinds:
            if hit := re.match(rf"(?:{pattern})", rest):
                levels.append(level)
                rest = rest[hit.end() :].lstrip("、和及")
                break
        else:
            if re.fullmatch("(?:人民)?政府|办事处|党委|科协|纲要办|领导小组|党工委", rest):
                break
            return ()
    return tuple(dict.fromkeys(levels))


def spans(every: str, year: int, first: int, last: int, due: date | None) -> list[Span]:
    """Return the spans that a year belongs to: its quarters, the two years around it, …

    `first` and `last` are the plan's years. A duty with a due date runs until then, one without
    any rhythm through the whole plan; 定期 and 每周 are looked at year by year.
    """
    if due is not None and not every:
        start = min(date(first, 1, 1), due)
        return [Span(start, due, _("%s前") % due.isoformat())]
    if not every:
        return [_years(first, last)]
    if every in YEARS:
        length = YEARS[every]
        begin = first + (year - first) // length * length
        return [_years(begin, begin + length - 1)]
    months = MONTHS.get(every, 12)
    made = []
    for month in range(1, 13, months):
        ends = month + months
        end = date(year + ends // 13, ends % 12 or 12, 1) - timedelta(days=1)
        made.append(Span(date(year, month, 1), end, _name(every, year, month)))
    return made


def _years(first: int, last: int) -> Span:
    name = _("%s 年") % first if first == last else f"{first}—{last} 年"
    return Span(date(first, 1, 1), date(last, 12, 31), name)


def _name(every: str, year: int, month: int) -> str:
    if every in ("half_year", "term"):
        return _("上半年") if month == 1 else _("下半年")
    if every == "quarter":
        return _("第%s季度") % "一二三四"[(month - 1) // 3]
    return _("%s 月") % month if every == "month" else _("%s 年") % year
