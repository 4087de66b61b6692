"""What the cells of a file with values say: numbers, words and years, or a sentence on why not."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.sheets import plain as in_cell
from indicators.models import Observation
from indicators.models.observations import PopulationBasis
from indicators.numbers import NOT_APPLICABLE, NOT_MEASURED, Reading, read_number, typed
from indicators.services.sheet_changes import Choice, Entered

# Decimals that a field holds, and from where on it is too large (the rest: `checking`).
PLACES = {"value": 6, "numerator": 4, "denominator": 4, "design_effect": 3, "margin": 4}
TOO_LARGE = {
    "sample_size": Decimal(2_000_000_000),
    "design_effect": Decimal(10_000),
    "margin": Decimal(10_000),
}
BLANKS = {"not_measured", "not_applicable"}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is read: the day, the years that it may speak of (None: any), the decisions."""

    today: date
    years: range | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: rows that say something, and how many cells or rows nobody touched."""

    rows: list[Entered]
    untouched: int


def mark(*texts: str) -> str:
    """Return a short print of texts: whether somebody touched them since."""
    joined = "\x1f".join(in_cell(one).strip() for one in texts)
    return hashlib.sha256(joined.encode()).hexdigest()[:10]


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def blank_word(text: str) -> str:
    """Return the status that a cell for a number names: 未测, 不适用; else empty."""
    word = plain(text)
    if word in NOT_MEASURED:
        return str(Observation.Status.NOT_MEASURED)
    return str(Observation.Status.NOT_APPLICABLE) if word in NOT_APPLICABLE else ""


# --- Years and words -----------------------------------------------------------------------
def year_of(text: str) -> int:
    """Return the year that a cell names, 0 where it names none."""
    found = re.fullmatch(r"(\d{4})(?:\.0)?年?", plain(text))
    return int(found[1]) if found else 0


def put_year(one: Entered, text: str, title: str, asked: Asked) -> None:
    """Read the year of a row; the future and what lies outside the plan are refused."""
    year = year_of(text)
    if not year:
        told = (
            _("“%(text)s”不是年份。请填四位数字，例如 2024。") % {"text": text.strip()[:20]}
            if text.strip()
            else _("请填写年份。")
        )
        one.problems.append((title, told))
        return
    one.year = year
    if problem := year_problem(year, asked):
        one.problems.append((title, problem))


def year_problem(year: int, asked: Asked) -> str:
    if year > asked.today.year:
        return _("%(year)s 年还没有到，不能填。") % {"year": year}
    if asked.years is not None and year not in asked.years:
        return _(
            "%(year)s 年不在方案的年份之内（%(first)s—%(last)s）。"
            "确实要填的，请在上传时勾选“含方案以外的年份”。"
        ) % {"year": year, "first": asked.years[0], "last": asked.years[-1]}
    return ""


def words_of(choices: Any, *more: tuple[str, str]) -> dict[str, str]:
    """Return the codes of a list of choices by their words, by themselves, and by other words."""
    found = {str(word): str(code) for code, word in choices}
    return found | {str(code): str(code) for code, _word in choices} | dict(more)


PART = words_of(Observation.Part.choices, ("", ""))
GROUP = words_of(Observation.Group.choices, ("", ""), ("全部", ""), ("全体居民", ""))
STATUS = words_of(Observation.Status.choices, ("", "measured"))
BASIS = words_of(
    Observation.Basis.choices, ("", ""), ("预算", "budget"), ("决算", "actual"), ("不分", "")
)
POPULATION = words_of(
    PopulationBasis.choices, ("", ""), ("常住", "resident"), ("户籍", "registered")
)


def word(one: Entered, text: str, title: str, known: Mapping[str, str]) -> str:
    """Return the code of a word; one that is not known is told with those that are."""
    code = known.get(plain(text))
    if code is None:
        words = [name for name in known if name and not name.isascii()]
        one.problems.append(
            (
                title,
                _("不认识“%(text)s”。可以填：%(words)s。")
                % {"text": text.strip()[:20], "words": "、".join(words)},
            )
        )
        return ""
    return code


def put_text(one: Entered, text: str, title: str, most: int) -> str:
    """Return a text as it is kept; one that is too long is told."""
    text = " ".join(text.split())
    if len(text) > most:
        one.problems.append(
            (
                title,
                _("有 %(count)s 字，请控制在 %(most)s 字以内。")
                % {"count": len(text), "most": most},
            )
        )
    return text


# --- Numbers -------------------------------------------------------------------------------
def put_number(
    one: Entered,
    name: str,
    text: str,
    title: str,
    asked: Asked,
    *,
    key: str = "",
    unit: str = "",
    given_unit: str = "",
    highest: Decimal | None = None,
) -> None:
    """Read a number into a field of the row; what could be two is asked, never guessed.

    `given_unit` is what a column beside it says.
    """
    reading = read_number(text, unit, given_unit=given_unit, highest=highest)
    if reading.word:
        one.problems.append((title, _("“未测”“不适用”请写在数值一栏。")))
    elif reading.problem:
        one.problems.append((title, reading.problem))
    elif reading.choices:
        _ask(one, name, text, title, f"{one.row}-{key or name}", reading, asked)
    else:
        _keep(one, name, title, reading.value)
    if reading.said:
        one.said.append(
            _("%(title)s“%(text)s”%(said)s：%(value)s")
            % {
                "title": title,
                "text": text.strip()[:20],
                "said": reading.said,
                "value": typed(reading.value),
            }
        )


def _keep(one: Entered, name: str, title: str, number: Decimal | None) -> None:
    if number is None:
        one.fields[name] = None
        return
    if abs(number) >= TOO_LARGE.get(name, Decimal(10) ** 14):
        one.problems.append((title, _("这个数太大，请核实。")))
        return
    places = PLACES.get(name, 0)
    kept = number if -int(number.as_tuple().exponent) <= places else round(number, places)
    if name not in PLACES:
        if number != int(number) or number < 1:
            one.problems.append((title, _("请只填大于 0 的整数。")))
            return
        one.fields[name] = int(number)
        return
    one.fields[name] = kept


def _ask(
    one: Entered, name: str, text: str, title: str, key: str, reading: Reading, asked: Asked
) -> None:
    answer = asked.answers.get(key, "")
    chosen = next((number for number in reading.choices if typed(number) == answer), None)
    one.choices.append(
        Choice(key, title, text.strip()[:40], reading.choices, answer if chosen is not None else "")
    )
    if chosen is not None:
        _keep(one, name, title, chosen)


def answers_in(posted: Mapping[str, Any], names: Collection[str]) -> dict[str, str]:
    """Return the decisions that a form sends, of those that a file asks for."""
    return {name: str(posted[name])[:40] for name in names if posted.get(name)}
