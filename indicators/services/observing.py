"""Values are written here and nowhere else: one of them, a grid, a file or 10,000 from a client.

Writing is set-based: the number of queries never depends on the number of rows. All rows are
written or none; what is wrong is told row by row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, NotAllowed
from departments.models import Department, Region
from indicators import policies
from indicators.checking import problems
from indicators.models import Indicator, Observation, Question
from indicators.selectors.around import asked_about, standing

BATCH = 2000
# What a value is made of, beside what it speaks of; whatever is not given is empty.
FIELDS = (
    "status",
    "value",
    "numerator",
    "denominator",
    "denominator_basis",
    "denominator_year",
    "sample_size",
    "design_effect",
    "margin",
    "source",
    "note",
    "correction_reason",
)
_EMPTY: dict[str, Any] = {
    name: None
    for name in (
        "value",
        "numerator",
        "denominator",
        "denominator_year",
        "sample_size",
        "design_effect",
        "margin",
    )
} | dict.fromkeys(("denominator_basis", "source", "note", "correction_reason"), "")


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it is handed in: what it speaks of, and `fields` (of `FIELDS`).

    `version` is that of the draft that the person saw, or None to write whatever is there.
    """

    indicator: Indicator
    region: Region
    year: int
    fields: Mapping[str, Any]
    part: str = ""
    department: Department | None = None
    population_group: str = ""
    basis: str = ""
    series: str = ""
    version: int | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what the value speaks of, as `Observation.key` does."""
        return (
            self.indicator.pk,
            self.region.pk,
            self.year,
            self.part,
            self.department.pk if self.department else None,
            self.population_group,
            self.basis,
            self.series,
        )


class RowErrors(DomainError):
    """Rows that cannot be written: sentences by field, by the number of the row from nought."""

    code = "rows"

    def __init__(self, rows: dict[int, dict[str, list[str]]]) -> None:
        self.rows = rows
        super().__init__(
            _("有 %(count)s 行需要修改，没有保存任何内容。") % {"count": len(rows)},
            fields=next(iter(rows.values())) if len(rows) == 1 else {},
        )


@dataclass(slots=True)
class Written:
    """What became of a row: the observation, its questions, and whether anything changed."""

    row: Observation
    questions: list[Question] = field(default_factory=list)
    changed: bool = True


def write(rows: Sequence[Given], *, by: Any, is_demo: bool = False) -> list[Written]:
    """Write values as drafts, all or none; a draft that is there already is changed.

    Returns what became of each, in the order given. Raises RowErrors (by number of the row) for
    what cannot be stored, NotAllowed where nothing may be written at all, Conflict where a draft
    was changed meanwhile.
    """
    try:
        with transaction.atomic():
            return _write(rows, by, is_demo)
    except IntegrityError:
        raise Conflict(_("同一个数值刚刚有人在填，请刷新后再看。")) from None


def _write(rows: Sequence[Given], by: Any, is_demo: bool) -> list[Written]:
    open_rows, counting = standing([one.key for one in rows], lock=True)
    wrong = wrong_rows(rows, open_rows, counting, by=by)
    if rows and len(wrong) == len(rows):
        _ensure_some(rows, by)
    if wrong:
        raise RowErrors(wrong)
    _unchanged_since(rows, open_rows)
    done = [_put(one, open_rows.get(one.key), counting.get(one.key), by, is_demo) for one in rows]
    made = [one.row for one in done if one.row.pk is None]
    changed = [one.row for one in done if one.row.pk is not None and one.changed]
    Observation.objects.bulk_create(made, batch_size=BATCH)
    # One statement for all of them; every row is there and locked, so that none is inserted.
    Observation.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*FIELDS, "version", "state", "entered_by", "updated_at"],
    )
    keep_questions(done)
    if made or changed:
        _recorded(made, changed, by)
    return done


def _ensure_some(rows: Sequence[Given], by: Any) -> None:
    """Raise NotAllowed where the person may write none of the rows at all."""
    may = policies.may_observe(by, {one.region for one in rows})
    verdicts = [may(one.region, one.department) for one in rows]
    if not any(verdicts):
        raise NotAllowed(verdicts[0].reason)


def wrong_rows(
    rows: Sequence[Given],
    open_rows: Mapping[tuple[Any, ...], Observation],
    counting: Mapping[tuple[Any, ...], Observation],
    *,
    by: Any,
) -> dict[int, dict[str, list[str]]]:
    """Return what is wrong with each row, by its number; nothing is written.

    `open_rows` and `counting` are what stands at the rows' keys (`standing`).
    """
    may = policies.may_observe(by, {one.region for one in rows})
    verdicts = [may(one.region, one.department) for one in rows]
    wrong: dict[int, dict[str, list[str]]] = {}
    seen: dict[tuple[Any, ...], int] = {}
    for number, one in enumerate(rows):
        told = problems(one.indicator, one.year, {**one.fields, "part": one.part})
        if not verdicts[number]:
            told.setdefault("region", []).append(verdicts[number].reason)
        if not one.indicator.is_active:
            told.setdefault("indicator", []).append(_("这个指标已停用。"))
        if (first := seen.setdefault(one.key, number)) != number:
            told.setdefault("year", []).append(
                _("与第 %(row)s 行重复：同一指标、地区、年份只能有一个数值。") % {"row": first + 1}
            )
        there = open_rows.get(one.key)
        if there is not None and there.state == Observation.State.SUBMITTED:
            told.setdefault("year", []).append(_("这一年的数值已经报送，等待核对，现在不能改。"))
        if _corrects(one, counting.get(one.key)) and not one.fields.get("correction_reason"):
            told.setdefault("correction_reason", []).append(
                _("这一年已有核对过的数值，更正请写明理由。")
            )
        if told:
            wrong[number] = told
    return wrong


def _corrects(one: Given, counts: Observation | None) -> bool:
    return counts is not None and not says_same(counts, one)


def _unchanged_since(
    rows: Sequence[Given], open_rows: Mapping[tuple[Any, ...], Observation]
) -> None:
    for one in rows:
        there = open_rows.get(one.key)
        if one.version is not None and (there is None or there.version != one.version):
            raise Conflict(
                _("这个数值刚刚被改动过，请看过新的内容再保存。"),
                current={"version": there.version if there else 0, "value": there and there.value},
            )


def _filled(one: Given) -> dict[str, Any]:
    """Return all fields of a value; a ratio follows from its parts."""
    fields = {"status": Observation.Status.MEASURED, **_EMPTY, **one.fields}
    top, bottom = fields["numerator"], fields["denominator"]
    if top is not None and bottom:
        fields["value"] = round(one.indicator.ratio(top, bottom), 6)
    return {
        name: value.replace("\x00", "").strip() if isinstance(value, str) else value
        for name, value in fields.items()
    }


def says_same(row: Observation, one: Given) -> bool:
    """Tell whether a value says what a row says already."""
    filled = _filled(one)
    return all(getattr(row, name) == filled[name] for name in FIELDS if name != "correction_reason")


def _put(
    one: Given, there: Observation | None, counts: Observation | None, by: Any, is_demo: bool
) -> Written:
    """Return the draft that holds a value: the open one changed, or a new one."""
    filled = _filled(one)
    if there is None and counts is not None and says_same(counts, one):
        return Written(counts, changed=False)
    if (
        there is not None
        and says_same(there, one)
        and there.correction_reason == filled["correction_reason"]
    ):
        return Written(there, changed=False)
    if there is None:
        there = Observation(
            indicator=one.indicator,
            region=one.region,
            year=one.year,
            part=one.part,
            department=one.department,
            population_group=one.population_group,
            basis=one.basis,
            series=one.series,
            office=by.acting.region if by.acting.is_office() else one.region,
            entered_by=by,
            is_demo=is_demo,
            **filled,
        )
        return Written(there)
    for name, value in filled.items():
        setattr(there, name, value)
    there.indicator, there.region = one.indicator, one.region
    there.version += 1
    there.state = Observation.State.DRAFT
    there.entered_by = by
    there.updated_at = timezone.now()
    return Written(there)


def keep_questions(done: Iterable[Written]) -> None:
    """Ask about the rows that changed; an answer stands where the question is still the same."""
    changed = [one for one in done if one.changed]
    asked = asked_about([one.row for one in changed])
    known = {
        (one.observation_id, one.code, one.told): one
        for one in Question.objects.filter(observation__in=[one.row.pk for one in changed])
    }
    fresh = []
    for one in changed:
        for ask in asked.get(one.row.pk, ()):
            kept = known.pop((one.row.pk, ask.code, ask.told), None)
            if kept is None:
                kept = Question(
                    observation=one.row, code=ask.code, told=ask.told, must_mend=ask.must_mend
                )
                fresh.append(kept)
            one.questions.append(kept)
    Question.objects.filter(pk__in=[one.pk for one in known.values()]).delete()
    Question.objects.bulk_create(fresh, batch_size=BATCH)


def _recorded(made: Sequence[Observation], changed: Sequence[Observation], by: Any) -> None:
    """Write down a bulk deed in one row: which values, and of which indicators."""
    rows = [*made, *changed]
    single = rows[0] if len(rows) == 1 else None
    audit.record(
        "indicators.observation.observe",
        single,
        by=by,
        detail={
            "made": len(made),
            "changed": len(changed),
            "rows": _ranges(one.pk for one in rows),
            "indicators": sorted({one.indicator_id for one in rows}),
            **({"year": single.year, "value": single.value} if single else {}),
        },
        region_path=single.region.path if single else by.acting.region_path,
    )


def _ranges(ids: Iterable[int]) -> list[list[int]]:
    """Return ids as ranges, from and to: 10,000 new rows are mostly one range."""
    found: list[list[int]] = []
    for one in sorted(ids):
        if found and found[-1][1] == one - 1:
            found[-1][1] = one
        else:
            found.append([one, one])
    return found


def observe(
    indicator: Indicator,
    region: Region,
    year: int,
    *,
    by: Any,
    department: Department | None = None,
    part: str = "",
    population_group: str = "",
    basis: str = "",
    series: str = "",
    version: int | None = None,
    is_demo: bool = False,
    **fields: Any,
) -> Observation:
    """Write one value as a draft (see `write`); raises DomainError with sentences by field."""
    given = Given(
        indicator,
        region,
        year,
        fields,
        part=part,
        department=department,
        population_group=population_group,
        basis=basis,
        series=series,
        version=version,
    )
    try:
        return write([given], by=by, is_demo=is_demo)[0].row
    except RowErrors as error:
        raise DomainError(_("有内容不符合要求。"), fields=error.rows[0]) from None
