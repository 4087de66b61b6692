"""Values as a tidy list: one row a value, as Excel or CSV, out and in.

The last column tells the way back: which row of the portal a line was made from, its version, and
prints of its cells, so that what nobody touched never overwrites anything. A file without that
column, made by somebody else, is read too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.sheets import Column, Fixed, Line, read, read_csv, write
from departments.models import Region
from indicators.exchange import names
from indicators.exchange.reading import (
    BASIS,
    BLANKS,
    GROUP,
    PART,
    POPULATION,
    STATUS,
    Asked,
    Read,
    blank_word,
    mark,
    plain,
    put_number,
    put_text,
    put_year,
    word,
    year_of,
)
from indicators.models import Indicator, Observation
from indicators.models.observations import PopulationBasis
from indicators.numbers import part_unit, read_number, read_yes_no, typed
from indicators.selectors.sheets import TidyRow
from indicators.services.sheet_changes import Entered

SPARE = 40  # empty rows for new values


def _words(choices: Any) -> tuple[str, ...]:
    return tuple(str(label) for _code, label in choices)


def _open(key: str, title: str, width: float, kind: str = "text", choices: Any = ()) -> Column:
    return Column(
        key,
        title,
        width,
        kind=kind,
        choices=_words(choices),
        editable=True,
        required=key in ("code", "place_code", "year", "value"),
    )


COLUMNS = (
    _open("code", "指标代码", 16),
    _open("indicator", "指标", 18),
    _open("place_code", "地区代码", 8),
    _open("place", "地区", 9),
    _open("year", "年份", 6, "number"),
    _open("part", "时段", 7, "choice", Observation.Part.choices),
    _open("department", "部门", 10),
    _open("population_group", "人群", 8, "choice", Observation.Group.choices),
    _open("status", "测量情况", 7, "choice", Observation.Status.choices),
    _open("value", "数值", 9, "number"),
    _open("numerator", "分子", 10, "number"),
    _open("denominator", "分母", 10, "number"),
    _open("unit", "单位", 5),
    _open("denominator_basis", "人口口径", 8, "choice", PopulationBasis.choices),
    _open("denominator_year", "人口年份", 6, "number"),
    _open("basis", "预算或决算", 7, "choice", Observation.Basis.choices[1:]),
    _open("series", "数列", 7),
    _open("sample_size", "样本量", 7, "number"),
    _open("design_effect", "设计效应", 6, "number"),
    _open("margin", "公布误差", 6, "number"),
    _open("source", "来源", 14),
    _open("note", "说明", 12),
    _open("correction_reason", "更正理由", 10),
    Column("state", "状态", 7, required=False),
    Column("seen", "版本（请勿改动）", kind="id", required=False),
)
TITLES = {one.key: one.title for one in COLUMNS}
OPEN = tuple(one.key for one in COLUMNS if one.editable)
_KEY = ("code", "place_code", "year", "part", "department", "population_group", "basis", "series")
_NUMBER = ("value", "unit")
_POINTS = re.compile(r"(个?百分点|%)$")
_SEEN = re.compile(r"(\d{1,18})\.(\d{1,9})\.([0-9a-f]{10})\.([0-9a-f]{10})\.([0-9a-f]{10})")


# --- Out -----------------------------------------------------------------------------------
def cells_of(row: Observation) -> dict[str, str]:
    """Return a value as the texts of its cells."""
    value = typed(row.value)
    if row.value is not None and row.indicator.is_yes_no and row.numerator is None:
        value = str(_("是") if row.value else _("否"))
    cells = {
        "code": row.indicator.code,
        "indicator": row.indicator.name,
        "place_code": row.region.code,
        "place": row.region.name,
        "year": str(row.year),
        "part": str(row.get_part_display()),
        "department": row.department.name if row.department else "",
        "population_group": str(row.get_population_group_display()),
        "status": str(row.get_status_display()),
        "value": value,
        "numerator": typed(row.numerator),
        "denominator": typed(row.denominator),
        "unit": row.indicator.unit,
        "denominator_basis": str(row.get_denominator_basis_display()),
        "denominator_year": str(row.denominator_year or ""),
        "basis": str(row.get_basis_display()) if row.basis else "",
        "series": row.series,
        "sample_size": str(row.sample_size or ""),
        "design_effect": typed(row.design_effect),
        "margin": typed(row.margin),
        "source": row.source,
        "note": row.note,
        "correction_reason": row.correction_reason,
        "state": str(row.get_state_display()),
    }
    return cells | {"seen": f"{row.pk}.{row.version}.{_prints(cells)}"}


def _prints(cells: Mapping[str, str]) -> str:
    return ".".join(mark(*(cells[key] for key in some)) for some in (_KEY, _NUMBER, OPEN))


def write_tidy(rows: Sequence[TidyRow], region: Region, made_at: datetime) -> bytes:
    """Return values as an xlsx file; those that wait to be checked are locked."""
    notes = (
        _(
            "一行一个数值。黄色表头的列可以填写；新的数值写在末尾空行，指标代码和地区代码照抄上面的行。"
            "比值只填分子和分母，由系统算出；没有调查的年份，测量情况选“未测”，并在说明里写明原因。"
        ),
        _("改核对过的数值要写更正理由。上传只存草稿，报送仍在“填报和核对”。不得填写涉密内容。"),
    )
    cells = (cells_of(one.row) if one.opened else Fixed(cells_of(one.row)) for one in rows)
    return write(
        _("%(place)s观测值明细表") % {"place": region.name},
        COLUMNS,
        cells,
        notes=notes,
        spare=SPARE,
        freeze=5,
        made_at=made_at,
    )


def tidy_lines(rows: Iterable[TidyRow]) -> Iterator[dict[str, Any]]:
    """Return values under the titles of the list, for a CSV file."""
    for one in rows:
        cells = cells_of(one.row)
        yield {title: cells[key] for key, title in TITLES.items()}


# --- In ------------------------------------------------------------------------------------
def lines_of(content: bytes) -> list[Line]:
    """Return the lines of a list, Excel or CSV by its content; raises DomainError."""
    is_archive = content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return read(content, COLUMNS) if is_archive else read_csv(content, COLUMNS)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a line was made from, and which of its cells are as they were."""

    row: int
    version: int
    same_key: bool
    same_value: bool
    untouched: bool


def _seen(line: Line) -> _Seen | None:
    found = _SEEN.fullmatch(line.values["seen"].strip())
    if found is None:
        return None
    texts = line.values
    prints = _prints(texts).split(".")
    key, value, whole = (prints[at] == found[at + 3] for at in range(3))
    return _Seen(int(found[1]), int(found[2]), key, key and value, whole)


def read_tidy(content: bytes, asked: Asked, *, by: Any) -> Read:
    """Return what a list says; the number of queries never depends on its rows."""
    lines = lines_of(content)
    known = names.known_of(
        by,
        asked.today,
        codes={line.values["code"].strip() for line in lines},
        places={line.values["place_code"].strip() for line in lines},
        units={
            (line.values["place_code"].strip(), line.values["department"].strip())
            for line in lines
            if line.values["department"].strip()
        },
    )
    rows, untouched = [], 0
    for line in lines:
        seen = _seen(line)
        if seen is not None and seen.untouched and not line.problems:
            untouched += 1
        else:
            rows.append(_row(line, seen, known, asked))
    return Read(rows, untouched)


def _row(line: Line, seen: _Seen | None, known: names.Known, asked: Asked) -> Entered:
    """Read one line: first what it speaks of, then what it says."""
    cells = line.values
    one = Entered(line.row)
    one.problems += [(TITLES.get(key, ""), told) for key, told in line.problems.items()]
    one.indicator = known.indicator(one, cells["code"], cells["indicator"], TITLES)
    one.region = known.region(one, cells["place_code"], cells["place"], TITLES)
    one.title = _title(cells, one)
    if "year" not in line.problems:
        put_year(one, cells["year"], TITLES["year"], asked)
    one.part = word(one, cells["part"], TITLES["part"], PART)
    one.population_group = word(one, cells["population_group"], TITLES["population_group"], GROUP)
    one.basis = word(one, cells["basis"], TITLES["basis"], BASIS)
    one.series = put_text(one, cells["series"], TITLES["series"], 40)
    if one.region is not None and cells["department"].strip():
        one.department = known.department(one, cells["place_code"], cells["department"], TITLES)
    if seen is not None and seen.same_key:
        one.seen = (seen.row, seen.version)
    if one.indicator is not None:
        kept = seen is not None and seen.same_value
        _values(one, line, one.indicator, asked, value_kept=kept)
    return one


def _title(cells: Mapping[str, str], one: Entered) -> str:
    """Return what a line is called: by the names of what it means, else as it is written."""
    year = cells["year"].strip()
    words = (
        one.indicator.name if one.indicator else cells["indicator"] or cells["code"].strip(),
        one.region.name if one.region else cells["place"] or cells["place_code"].strip(),
        f"{year} 年" if year_of(year) else year,
        cells["department"].strip(),
    )
    return " ".join(one for one in words if one)[:120]


def _values(
    one: Entered, line: Line, indicator: Indicator, asked: Asked, *, value_kept: bool
) -> None:
    """Read what a line says; a column that the file does not have says nothing."""
    cells = line.values
    there = [key for key in OPEN if key not in line.absent and key not in line.problems]
    status = word(one, cells["status"], TITLES["status"], STATUS) or "measured"
    one.fields["status"] = blank_word(cells["value"]) or status
    for name, most in (("source", 300), ("note", 300), ("correction_reason", 300)):
        if name in there:
            one.fields[name] = put_text(one, cells[name], TITLES[name], most)
    if "denominator_basis" in there:
        one.fields["denominator_basis"] = word(
            one, cells["denominator_basis"], TITLES["denominator_basis"], POPULATION
        )
    units = {
        "numerator": part_unit(indicator.numerator_label),
        "denominator": part_unit(indicator.denominator_label),
        "sample_size": "人",
        "design_effect": "",
        "margin": "",
    }
    for name, unit in units.items():
        if name in there:
            # A margin is in points, whatever is written behind it.
            text = _POINTS.sub("", plain(cells[name])) if name == "margin" else cells[name]
            put_number(one, name, text, TITLES[name], asked, unit=unit)
    if "denominator_year" in there:
        _population_year(one, cells["denominator_year"])
    if "value" in there:
        _value(one, cells, indicator, asked, kept=value_kept)


def _population_year(one: Entered, text: str) -> None:
    year = year_of(text)
    one.fields["denominator_year"] = year or None
    if text.strip() and not 1990 <= year <= 2100:
        one.problems.append((TITLES["denominator_year"], _("请填四位数字的年份，例如 2020。")))


def _value(
    one: Entered, cells: Mapping[str, str], indicator: Indicator, asked: Asked, *, kept: bool
) -> None:
    """Read the value itself: a yes or no, the check of a ratio, or a number in its unit."""
    text, title, unit = cells["value"], TITLES["value"], cells["unit"].strip()
    is_blank = one.fields["status"] in BLANKS
    if is_blank and (blank_word(text) or not plain(text)):
        one.fields["value"] = None
    elif is_blank:
        one.problems.append((title, _("选了“未测”或“不适用”，就不要填数值。")))
    elif kept:
        return
    elif indicator.is_ratio and not indicator.is_yes_no and unit not in ("", indicator.unit):
        one.problems.append(
            (
                TITLES["unit"],
                _("这个指标的单位是“%(unit)s”。分子、分母的单位请写在数字后面，如 120万元。")
                % {"unit": indicator.unit},
            )
        )
    elif one.fields.get("numerator") is not None and one.fields.get("denominator"):
        _same_ratio(one, text, indicator, title)
    elif indicator.is_yes_no:
        reading = read_yes_no(text)
        one.fields["value"] = reading.value
        if reading.problem:
            one.problems.append((title, reading.problem))
    elif indicator.is_ratio:
        one.fields["value"] = None
        if plain(text):
            one.problems.append((title, _("比值由系统算出，请填分子和分母。")))
    else:
        # The unit of the list itself says nothing about how a person meant 0.105.
        given = "" if plain(unit) == plain(indicator.unit) else unit
        put_number(
            one,
            "value",
            text,
            title,
            asked,
            unit=indicator.unit,
            given_unit=given,
            highest=indicator.highest,
        )


def _same_ratio(one: Entered, text: str, indicator: Indicator, title: str) -> None:
    """Tell where a typed ratio is not what its parts make; it is never taken instead of them."""
    reading = read_number(text, indicator.unit)
    makes = indicator.ratio(one.fields["numerator"], one.fields["denominator"])
    one.fields["value"] = None
    candidates = [reading.value] if reading.value is not None else list(reading.choices)
    if not candidates and not reading.problem:
        return
    for number in candidates:
        step = Decimal(1).scaleb(min(int(number.as_tuple().exponent), 0))
        if abs(number - makes) < step:
            return
    one.problems.append(
        (
            title,
            reading.problem
            or _("与分子、分母算出的 %(makes)s 不一致。请改分子、分母，或清空这一格。")
            % {"makes": typed(round(makes, 4))},
        )
    )
