"""REST: values as clients send them, read exactly or asked about, for one row and for 10,000.

Plain functions by field instead of a serializer per row: the descriptions of the interface are in
`needs`. Indicators, regions and departments are found by id or code, in one query each.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.rest import LARGEST_ID
from departments.models import Department, Region
from indicators.checking import YEARS
from indicators.forms import told
from indicators.models import Indicator, Observation
from indicators.models.observations import PopulationBasis
from indicators.numbers import part_unit, read_number, read_yes_no
from indicators.services import Given

Sentences = dict[str, list[str]]
Reader = Callable[[Any], Any]
LONGEST_NUMBER = 40  # characters
LARGEST_COUNT = 2_000_000_000


class Unread(Exception):
    """Say why a field could not be read; `code` is ambiguous where it could be two numbers."""

    def __init__(self, sentence: str, code: str = "invalid") -> None:
        super().__init__(sentence)
        self.code = code


# --- Fields --------------------------------------------------------------------------------
def _plain(value: Any, most: int) -> str:
    """Return a text that every database can hold."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unread(_("请填文字（JSON 字符串）。"))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unread(_("有不能保存的字符。")) from None
    plain = value.replace("\x00", "").strip()
    if len(plain) > most:
        raise Unread(_("请控制在 %(most)s 字以内。") % {"most": most})
    return plain


def _text(most: int) -> Reader:
    return lambda value: _plain(value, most)


def _choice(choices: Iterable[str]) -> Reader:
    known = frozenset(choices) | {""}

    def read(value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str) or value not in known:
            words = "、".join(sorted(known - {""}))
            raise Unread(_("请填以下代码之一：%(words)s。") % {"words": words})
        return value

    return read


def _status(value: Any) -> str:
    return _choice(Observation.Status.values)(value) or Observation.Status.MEASURED


def _whole(low: int, high: int) -> Reader:
    def read(value: Any) -> int | None:
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
            value = int(value)
        if type(value) is not int or not low <= value <= high:
            raise Unread(_("请填 %(low)s 到 %(high)s 之间的整数。") % {"low": low, "high": high})
        return value

    return read


def _number(places: int, unit: str = "", highest: Decimal | None = None) -> Reader:
    """Return a reader of numbers: JSON numbers or texts such as 8.47, 8.47%, 12 万元."""

    def read(value: Any) -> Decimal | None:
        reading = read_number(_digits(value), unit, highest=highest)
        if sentence := told(reading):
            raise Unread(sentence, "ambiguous" if reading.choices else "invalid")
        number = reading.value
        if number is not None and -int(number.as_tuple().exponent) > places:
            number = round(number, places)
        return number

    return read


def _digits(value: Any) -> str:
    """Return a JSON number or text as text; a float by its shortest decimal form."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | None):
        raise Unread(_("请填数字，写成 JSON 数字或字符串。"))
    if isinstance(value, float):
        return format(Decimal(str(value)), "f")
    return _plain(value, LONGEST_NUMBER) if isinstance(value, str | None) else str(value)


def _yes_no(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return Decimal(100) if value else Decimal(0)
    reading = read_yes_no(_digits(value))
    if sentence := told(reading):
        raise Unread(sentence)
    return reading.value


_PLAIN: dict[str, Reader] = {
    "status": _status,
    "denominator_basis": _choice(PopulationBasis.values),
    "denominator_year": _whole(YEARS[0], YEARS[-1]),
    "sample_size": _whole(1, LARGEST_COUNT),
    "design_effect": _number(3),
    "margin": _number(4),
    "source": _text(300),
    "note": _text(300),
    "correction_reason": _text(300),
}
_SUBJECT: dict[str, Reader] = {
    "year": _whole(YEARS[0], YEARS[-1]),
    "part": _choice(Observation.Part.values),
    "population_group": _choice(Observation.Group.values),
    "basis": _choice(Observation.Basis.values),
    "series": _text(40),
    "version": _whole(1, LARGEST_COUNT),
}
_PLACES = ("indicator", "region", "department")


def readers_of(indicator: Indicator) -> dict[str, Reader]:
    """Return how each field of a value is read; numbers come in the indicator's own units."""
    value = _yes_no if indicator.is_yes_no else _number(6, indicator.unit, indicator.highest)
    return {
        **_PLAIN,
        "value": value,
        "numerator": _number(4, part_unit(indicator.numerator_label)),
        "denominator": _number(4, part_unit(indicator.denominator_label)),
    }


@dataclass(slots=True)
class _Errors:
    """What is wrong with a row, by field, and whether a number could be read in two ways."""

    fields: Sentences = field(default_factory=dict)
    ambiguous: bool = False

    def add(self, name: str, problem: Unread) -> None:
        self.fields[name] = [str(problem)]
        self.ambiguous |= problem.code == "ambiguous"


def _fields(
    raw: Mapping[str, Any], readers: Mapping[str, Reader], errors: _Errors
) -> dict[str, Any]:
    """Read the fields that a client sent; a name that nobody reads is an error, not ignored."""
    found = {}
    for name, value in raw.items():
        try:
            if name not in readers:
                raise Unread(_("没有这个字段。"))
            found[name] = readers[name](value)
        except Unread as problem:
            errors.add(name.encode(errors="replace").decode()[:60], problem)
    return found


# --- What rows speak of --------------------------------------------------------------------
def _names(rows: Iterable[Mapping[str, Any]], name: str) -> tuple[set[str], set[int]]:
    """Return the codes and the ids by which rows name something."""
    said = {
        str(row[name])
        for row in rows
        if isinstance(row.get(name), int | str) and not isinstance(row[name], bool)
    }
    codes = {one for one in said if one.isprintable()}  # no half characters either
    digits = (int(one) for one in codes if one.isascii() and one.isdigit() and len(one) < 20)
    return codes, {one for one in digits if one <= LARGEST_ID}


class _Known:
    """Indicators, regions and departments that rows name, visible to the client."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], user: Any) -> None:
        self.acting = user.acting
        codes, ids = _names(rows, "indicator")
        self.indicators = _by_name(
            Indicator.objects.visible_to(user).filter(Q(code__in=codes) | Q(pk__in=ids))
        )
        codes, ids = _names(rows, "region")
        self.regions = _by_name(
            Region.objects.visible_to(user).filter(Q(code__in=codes) | Q(pk__in=ids))
        )
        codes, ids = _names(rows, "department")
        plain = {one.partition("-")[2] or one for one in codes}
        some = Department.objects.visible_to(user).filter(Q(name__in=plain) | Q(pk__in=ids))
        self.departments: dict[tuple[str, str] | int, Department] = {}
        for one in some.select_related("region") if codes else ():
            self.departments[one.pk] = self.departments[one.region.code, one.name] = one
        self.readers = {one.pk: readers_of(one) for one in self.indicators.values()}

    def indicator(self, raw: Mapping[str, Any]) -> Indicator:
        if raw.get("indicator") in (None, ""):
            raise Unread(_("请写明指标。"))
        found: Indicator = _found(self.indicators, raw["indicator"])
        return found

    def region(self, raw: Mapping[str, Any]) -> Region:
        """Return the region of a row; left out, the client's own."""
        if raw.get("region") in (None, ""):
            if self.acting is None:
                raise Unread(_("请指定地区。"))
            here: Region = self.acting.here
            return here
        found: Region = _found(self.regions, raw["region"])
        return found

    def department(self, raw: Mapping[str, Any], region: Region) -> Department | None:
        """Return the department of a row: null for the whole; left out, the client's own."""
        if "department" not in raw:
            own: Department | None = self.acting and self.acting.department
            return own
        if raw["department"] in (None, ""):
            return None
        said = raw["department"]
        if isinstance(said, str) and not said.isdigit():
            place, dash, name = said.partition("-")
            said = (place, name) if dash else (region.code, place)
        elif isinstance(said, str):
            said = int(said) if len(said) < 20 else 0
        if isinstance(said, bool) or not isinstance(said, int | tuple):
            raise Unread(_("没有找到，或者您不能查看。"))
        if (found := self.departments.get(said)) is None:
            raise Unread(_("没有找到，或者您不能查看。"))
        return found


def _by_name(rows: Iterable[Any]) -> dict[str, Any]:
    """Return rows by code and id; where one's id is another's code, the code counts."""
    rows = list(rows)
    return {str(one.pk): one for one in rows} | {one.code: one for one in rows}


def _found(known: Mapping[str, Any], said: Any) -> Any:
    found = None if isinstance(said, bool | float | list | dict) else known.get(str(said))
    if found is None:
        raise Unread(_("没有找到，或者您不能查看。"))
    return found


def wrong(fields: Sentences, *, ambiguous: bool) -> DomainError:
    """Return the error of one row; its code tells a number that could be two from other faults."""
    code = "ambiguous" if ambiguous else "invalid"
    return DomainError(_("有内容不符合要求。"), fields=fields, code=code)


# --- Rows ----------------------------------------------------------------------------------
@dataclass(slots=True)
class Read:
    """Rows as they were read: `rows` in order, and what is wrong with the others, by number."""

    rows: list[Given] = field(default_factory=list)
    wrong: dict[int, Sentences] = field(default_factory=dict)
    ambiguous: set[int] = field(default_factory=set)


def read_rows(raws: Sequence[Any], user: Any) -> Read:
    """Read rows of a client; four queries at most, however many rows."""
    known = _Known([one for one in raws if isinstance(one, dict)], user)
    found = Read()
    for number, raw in enumerate(raws):
        errors = _Errors()
        given = _row(raw, known, errors)
        if given is not None:
            found.rows.append(given)
            continue
        found.wrong[number] = errors.fields
        if errors.ambiguous:
            found.ambiguous.add(number)
    return found


def _row(raw: Any, known: _Known, errors: _Errors) -> Given | None:
    if not isinstance(raw, dict):
        errors.add("non_field_errors", Unread(_("每一行应是一个 JSON 对象。")))
        return None
    places: dict[str, Any] = {}
    for name, find in (
        ("indicator", known.indicator),
        ("region", known.region),
        ("department", lambda one: known.department(one, places["region"])),
    ):
        try:
            places[name] = find(raw)
        except Unread as problem:
            errors.add(name, problem)
        except KeyError:  # its region is unknown, which is told
            continue
    readers = known.readers[places["indicator"].pk] if "indicator" in places else _PLAIN
    some = {name: value for name, value in raw.items() if name not in _PLACES}
    subject = _fields({name: some.pop(name) for name in _SUBJECT if name in some}, _SUBJECT, errors)
    fields = _fields(some, readers, errors) if "indicator" in places else {}
    if subject.get("year") is None and "year" not in errors.fields:
        errors.add("year", Unread(_("请填写年份。")))
    if "value" in fields and "numerator" in fields and fields["value"] is not None:
        errors.add("value", Unread(_("比值由系统算出，请填分子和分母。")))
    return None if errors.fields else Given(**places, **subject, fields=fields)


def read_change(raw: Any, row: Observation) -> tuple[dict[str, Any], int]:
    """Read what a client changes of a draft: the fields, and the version that it saw.

    Raises DomainError by field.
    """
    errors = _Errors()
    if not isinstance(raw, dict):
        errors.add("non_field_errors", Unread(_("请求内容应是一个 JSON 对象。")))
        raw = {"version": 1}
    readers = {**readers_of(row.indicator), "version": _SUBJECT["version"]}
    fields = _fields(raw, readers, errors)
    version = fields.pop("version", None)
    if version is None and "version" not in errors.fields:
        errors.add("version", Unread(_("请带上所见数值的 version。")))
    if errors.fields:
        raise wrong(errors.fields, ambiguous=errors.ambiguous)
    return fields, version
