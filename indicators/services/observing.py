"""Values are written here and nowhere else: one of them, a grid, a file or 10,000 from a client.

Writing is set-based: the number of queries never depends on the number of rows. All rows are
written or none; what is wrong is told row by row.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.bulk import insert
from core.errors import Conflict, DomainError, NotAllowed
from departments.models import Department, Region
from indicators import policies
from indicators.checking import problems
from indicators.models import Indicator, Observation, Question
from indicators.selectors.around import asked_about, standing
from indicators.services.given import (
    FIELDS,
    Given,
    Key,
    RowErrors,
    Written,
    filled,
    says,
    says_same,
)
from indicators.workflow import STEPS

# The open row of a key, and that which counts.
Over = tuple[Observation | None, Observation | None]


def write(
    rows: Sequence[Given],
    *,
    by: Any,
    is_demo: bool = False,
    unread: Mapping[int, dict[str, list[str]]] | None = None,
) -> list[Written]:
    """Write values as drafts, all or none; a draft that is there already is changed.

    Returns what became of each, in the order given. Raises RowErrors (by number of the row) for
    what cannot be stored, NotAllowed where nothing may be written at all, Conflict where a draft
    was changed meanwhile. `unread` tells what is wrong with rows that could not even be read, by
    number; `rows` are those around them, so that all errors are told at once.
    """
    try:
        with transaction.atomic():
            return _write(rows, by, is_demo, unread or {})
    except IntegrityError:
        raise Conflict(_("同一个数值刚刚有人在填，请刷新后再看。")) from None


def _write(
    rows: Sequence[Given], by: Any, is_demo: bool, unread: Mapping[int, dict[str, list[str]]]
) -> list[Written]:
    keys = [one.key for one in rows]
    open_rows, counting = standing(keys, lock=True)
    over = [(open_rows.get(key), counting.get(key)) for key in keys]
    numbers = [one for one in range(len(rows) + len(unread)) if one not in unread]
    wrong = wrong_rows(rows, open_rows, counting, by=by, numbers=numbers)
    if rows and len(wrong) == len(rows):
        _ensure_some(rows, by)
    if wrong or unread:
        raise RowErrors(dict(sorted({**unread, **wrong}.items())))
    _unchanged_since(rows, over)
    fresh = _Fresh(by, is_demo)
    done = [_put(one, *beside, fresh) for one, beside in zip(rows, over, strict=True)]
    made = [one.row for one in done if one.row.pk is None]
    changed = [one.row for one in done if one.row.pk is not None and one.changed]
    # In one order, whoever writes: two that write the same keys wait for each other only once.
    made.sort(key=lambda row: str(row.key))
    insert(made)
    # One statement for all of them; every row is there and locked, so that none is inserted.
    Observation.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*FIELDS, "version", "state", "entered_by", "updated_at"],
    )
    keep_questions(done, known=changed)
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
    open_rows: Mapping[Key, Observation],
    counting: Mapping[Key, Observation],
    *,
    by: Any,
    numbers: Sequence[int] | None = None,
) -> dict[int, dict[str, list[str]]]:
    """Return what is wrong with each row, by its number; nothing is written.

    `open_rows` and `counting` are what stands at the rows' keys (`standing`); `numbers` are those
    of the rows where they are not simply counted from nought.
    """
    places = {(one.region.id, one.department and one.department.id): one for one in rows}
    may = policies.may_observe(by, {one.region for one in places.values()})
    verdicts = {place: may(one.region, one.department) for place, one in places.items()}
    wrong: dict[int, dict[str, list[str]]] = {}
    today = timezone.localdate().year
    seen: dict[Key, int] = {}
    for number, one in zip(numbers or range(len(rows)), rows, strict=True):
        key = one.key
        told = problems(
            one.indicator, one.year, one.fields, one.part, one.population_group, one.basis
        )
        if one.year > today and "year" not in told:
            told["year"] = [_("%(year)s 年还没有到，不能填。") % {"year": one.year}]
        verdict = verdicts[one.region.id, key[4]]
        if not verdict:
            told.setdefault("region", []).append(verdict.reason)
        if one.department is not None and not one.indicator.by_department:
            told.setdefault("department", []).append(
                _("这个指标不分部门填报，由本地区纲要办填报。")
            )
        if not one.indicator.is_active:
            told.setdefault("indicator", []).append(_("这个指标已停用。"))
        if (first := seen.setdefault(key, number)) != number:
            told.setdefault("year", []).append(
                _("与第 %(row)s 行重复：同一指标、地区、年份只能有一个数值。") % {"row": first + 1}
            )
        # Who may not write a value learns nothing here of what stands there.
        there, counts = (open_rows.get(key), counting.get(key)) if verdict else (None, None)
        if there is not None and there.state == Observation.State.SUBMITTED:
            told.setdefault("year", []).append(_("这一年的数值已经报送，等待核对，现在不能改。"))
        if _corrects(one, counts) and not one.fields.get("correction_reason"):
            told.setdefault("correction_reason", []).append(
                _("这一年已有核对过的数值，更正请写明理由。")
            )
        if told:
            wrong[number] = told
    return wrong


def _corrects(one: Given, counts: Observation | None) -> bool:
    return counts is not None and not says_same(counts, one)


def _unchanged_since(rows: Sequence[Given], over: Sequence[Over]) -> None:
    for one, (there, _counts) in zip(rows, over, strict=True):
        if one.version is not None and one.version != (there.version if there else 0):
            raise Conflict(
                _("这个数值刚刚被改动过，请看过新的内容再保存。"), current=_both(one, there)
            )


def _both(one: Given, there: Observation | None) -> dict[str, Any]:
    """Return the version that is stored, and both texts of each field that differs."""
    if there is None:
        return {"version": 0}
    mine = filled(one)
    return {"version": there.version} | {
        name: {"mine": mine[name], "theirs": getattr(there, name)}
        for name in FIELDS
        if mine[name] != getattr(there, name)
    }


class _Fresh:
    """Make new rows: what is the same in all of them is worked out once, not 10,000 times."""

    def __init__(self, by: Any, is_demo: bool) -> None:
        now = timezone.now()
        office = by.acting.region if by.acting.is_office() else None
        blank = Observation(
            office=office, entered_by=by, is_demo=is_demo, created_at=now, updated_at=now
        )
        self.by, self.now = by, now
        self.values = {name: value for name, value in vars(blank).items() if name != "_state"}

    def row(self, one: Given, fields: Mapping[str, Any]) -> Observation:
        # As a row comes out of a pickle: its values at once, not through a setter for each.
        row = Observation.__new__(Observation)
        row._state = ModelState()
        row._state.fields_cache.update(indicator=one.indicator, region=one.region)
        row.__dict__.update(
            self.values,
            **fields,
            indicator_id=one.indicator.id,
            region_id=one.region.id,
            year=one.year,
            part=one.part,
            department_id=one.department and one.department.pk,
            population_group=one.population_group,
            basis=one.basis,
            series=one.series,
        )
        if row.office_id is None:
            row.office_id = one.region.pk
        return row


def _put(one: Given, there: Observation | None, counts: Observation | None, new: _Fresh) -> Written:
    """Return the draft that holds a value: the open one changed, or a new one."""
    fields = filled(one)
    if there is None:
        if counts is not None and says(counts, fields):
            return Written(counts, changed=False)
        return Written(new.row(one, fields))
    if says(there, fields) and there.correction_reason == fields["correction_reason"]:
        return Written(there, changed=False)
    for name, value in fields.items():
        setattr(there, name, value)
    there.indicator, there.region = one.indicator, one.region
    there.version += 1
    there.state = Observation.State.DRAFT
    there.entered_by = new.by
    there.updated_at = new.now
    return Written(there)


def keep_questions(done: Iterable[Written], known: Iterable[Observation]) -> None:
    """Ask about the rows that changed; an answer stands where the question is still the same.

    `known` are those among the rows about which something may have been asked before.
    """
    changed = [one for one in done if one.changed]
    asked = asked_about([one.row for one in changed])
    before = {
        (one.observation_id, one.code, one.told): one
        for one in Question.objects.filter(observation__in=[one.pk for one in known])
    }
    fresh = []
    for one in changed:
        for ask in asked.get(one.row.pk, ()):
            kept = before.pop((one.row.pk, ask.code, ask.told), None)
            if kept is None:
                kept = Question(
                    observation=one.row, code=ask.code, told=ask.told, must_mend=ask.must_mend
                )
                fresh.append(kept)
            one.questions.append(kept)
    Question.objects.filter(pk__in=[one.pk for one in before.values()]).delete()
    Question.objects.bulk_create(fresh)


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


def change(row: Observation, fields: Mapping[str, Any], *, version: int, by: Any) -> Observation:
    """Change some fields of a draft or of what came back; what is not given stays.

    `version` is that of the row that the person saw. Raises NotAllowed for what was handed in or
    checked, else as `write` does.
    """
    if row.state not in STEPS["submit"].sources:
        raise NotAllowed(_("报送过的数值不能直接改；核对过的请另填一个，写明更正理由。"))
    kept = {name: getattr(row, name) for name in FIELDS}
    if fields.get("status", Observation.Status.MEASURED) != Observation.Status.MEASURED:
        kept |= dict.fromkeys(("value", "numerator", "denominator"))
    elif fields.get("numerator", row.numerator) is not None:
        kept["value"] = None  # it follows from its parts
    return observe(
        row.indicator,
        row.region,
        row.year,
        by=by,
        department=row.department,
        part=row.part,
        population_group=row.population_group,
        basis=row.basis,
        series=row.series,
        version=version,
        **{**kept, **fields},
    )
