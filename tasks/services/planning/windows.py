"""When work is to be done, as far as the words of a plan say it; pure.

A date is taken only where one stands in the text and it cannot mean another year: a window that
is not printed is the whole year.
"""

import re
from calendar import monthrange
from datetime import date

from plans.models import Duty

# Every how many years a duty falls due; anything else printed as a rhythm does every year.
_YEARS = {"two_years": 2, "three_years": 3, "five_years": 5}
_BY = re.compile(
    r"(?:(?P<year>20\d\d)年|(?P<every>每年|本年|当年|年内))?"
    r"(?:(?P<first>1?\d)月?[—－–~至到-])?"
    r"(?:(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>[12]\d|3[01]|0?[1-9])日|(?P<end>底|末))?"
    r"|(?P<half>上半年)|(?<!前)第?(?P<quarter>[一二三])季度)"
    r"(?P<before>[以之]?前|内|底前|末前|完成|结束)?"
)
_QUARTERS = {"一": 3, "二": 6, "三": 9}


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _read(hit: re.Match[str], year: int) -> tuple[date, date] | None:
    """Return the window that one mention of a time means, or None where it means none."""
    start = date(year, 1, 1)
    if hit["half"]:
        return start, date(year, 6, 30)
    if hit["quarter"]:
        last = _QUARTERS[hit["quarter"]]
        return (start if hit["before"] else date(year, last - 2, 1)), _last(year, last)
    month = int(hit["month"])
    if hit["first"] and 1 <= int(hit["first"]) <= month:
        return date(year, int(hit["first"]), 1), _last(year, month)
    if hit["day"]:
        day = int(hit["day"])
        if not hit["before"] or day > monthrange(year, month)[1]:
            return None
        return start, date(year, month, day)
    if hit["end"] or hit["before"]:
        return start, _last(year, month)
    return date(year, month, 1), _last(year, month)


def window(text: str, year: int, *, of_year: bool) -> tuple[date, date]:
    """Return from when to when a text says that something is done in a year.

    `of_year` says that the whole plan is of this year, so that 6月底前 means this one. Where the
    text names several times that differ, or none, it is the whole year.
    """
    found = set()
    for hit in _BY.finditer(re.sub(r"\s", "", text)):
        named = hit["year"]
        if (named and int(named) != year) or not (named or hit["every"] or of_year):
            continue
        if read := _read(hit, year):
            found.add(read)
    return found.pop() if len(found) == 1 else (date(year, 1, 1), date(year, 12, 31))


def falls_due(duty: Duty, year: int, start_year: int) -> bool:
    """Tell whether a duty is to be done in a year: dated in it, or its rhythm has come round.

    What repeats every two years falls due at the end of each second year of the plan.
    """
    if duty.every in _YEARS:
        return (year - start_year + 1) % _YEARS[duty.every] == 0
    return duty.due is None or duty.every is not None or duty.due.year == year
