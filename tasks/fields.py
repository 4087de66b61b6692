"""The fields of an entry: how typed text becomes a value, or a sentence that says why not."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Revision, Task

MAX_TEXT = 5000
MOST_PEOPLE = 100_000_000  # of one event
LABELS = {
    "percent": gettext_lazy("完成比例"),
    "quantity": gettext_lazy("完成数量"),
    "self_rating": gettext_lazy("本单位自评"),
    "done": gettext_lazy("进展情况"),
    "problems": gettext_lazy("存在问题"),
    "next_steps": gettext_lazy("下一步打算"),
}
# Characters that XML, and so Word and Excel, cannot hold; line ends and tabs stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?|[+-]?\.[0-9]+")
_FACTORS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
MOST_DIGITS = 40  # of a number as typed; no figure of the work has more


@dataclass(frozen=True, slots=True)
class Read:
    """A field read from typed text: its value, or the sentence that says what is wrong."""

    value: Any = None
    problem: str = ""


def fields_of(task: Task) -> tuple[str, ...]:
    """Return the fields that a task's form asks for, in order."""
    return fields_for(task.kind)


def fields_for(kind: str) -> tuple[str, ...]:
    """Return the fields that the forms of a kind of task ask for, in order."""
    number = "quantity" if kind == Task.Kind.QUANTITY else "percent"
    return (number, "self_rating", "done", "problems", "next_steps")


def required(field: str) -> bool:
    return field in ("percent", "quantity", "self_rating", "done")


def _number(text: str) -> Decimal | None:
    """Read a number as people type it: full-width digits, thousands separators, 万, 亿."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    plain = re.sub(r"[,\s]", "", plain)
    factor = _FACTORS.get(plain[-1:], Decimal(1))
    if plain[-1:] in _FACTORS:
        plain = plain[:-1]
    if len(plain) > MOST_DIGITS or not _NUMBER.fullmatch(plain):
        return None
    return Decimal(plain) * factor


def _percent(text: str) -> Read:
    number = _number(unicodedata.normalize("NFKC", text).strip().removesuffix("%"))
    if number is None:
        return Read(problem=_("请填 0 到 100 之间的数，例如 55。"))
    if not 0 <= number <= 100:
        return Read(
            problem=_("完成比例应在 0 到 100 之间，您填的是 %(text)s。")
            % {"text": text.strip()[:MOST_DIGITS]}
        )
    return Read(round(number, 2))


def _quantity(text: str) -> Read:
    number = _number(text)
    if number is None:
        return Read(problem=_("请只填数字，例如 262。单位已在右侧写明。"))
    if number < 0:
        return Read(problem=_("完成数量不能小于 0。"))
    if number >= Decimal(10) ** 12:
        return Read(problem=_("这个数太大，请核实。"))
    return Read(round(number, 2))


def people(text: str) -> Read:
    """Read how many took part: a whole number of people; nothing typed is nothing known."""
    if not text.strip():
        return Read()
    number = _number(re.sub("(?:余|多)?(?:人次|人)$", "", text.strip()))
    if number is None or number != number.to_integral_value():
        return Read(problem=_("请填人数，例如 120 或 1.2万；不知道就空着。"))
    if number < 0:
        return Read(problem=_("参加人数不能小于 0。"))
    if number >= MOST_PEOPLE:
        return Read(problem=_("参加人数太大，请核实。"))
    return Read(int(number))


def _rating(text: str) -> Read:
    if text in Revision.SelfRating.values:
        return Read(text)
    return Read(problem=_("请在四项自评中选一项。"))


def _words(text: str) -> Read:
    if len(text) > MAX_TEXT:
        return Read(
            problem=_("最多 %(most)s 字，现有 %(now)s 字。") % {"most": MAX_TEXT, "now": len(text)}
        )
    return Read(clean(text).strip())


def clean(text: str) -> str:
    """Return text without characters that documents cannot hold, with one kind of line end."""
    if text.isprintable():  # the usual case: nothing to clean, and no line ends
        return text
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def read(field: str, text: str) -> Read:
    """Read one field; an empty optional field is an empty text, an empty required one is asked."""
    if not text.strip():
        if required(field):
            return Read(problem=_("请填写%(label)s。") % {"label": LABELS[field]})
        return Read("")
    match field:
        case "percent":
            return _percent(text)
        case "quantity":
            return _quantity(text)
        case "self_rating":
            return _rating(text)
    return _words(text)


def read_as(field: str, text: str) -> str:
    """Return how a number was understood, where that is not how it was typed; else nothing."""
    if field not in ("percent", "quantity") or not text.strip():
        return ""
    value = read(field, text).value
    if value is None:
        return ""
    plain = f"{value.normalize():f}"
    return "" if plain == text.strip() else plain


def read_all(task: Task, draft: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Read a whole draft; return the values and, per field, what is wrong."""
    values: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for field in fields_of(task):
        told = read(field, str(draft.get(field, {}).get("text", "")))
        if told.problem:
            wrong[field] = [told.problem]
        else:
            values[field] = told.value
    return values, wrong
