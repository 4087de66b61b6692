"""How values go from a draft to what counts: handed in, checked, returned; one or many at once.

Of many, each is done or told why not; the number of queries never depends on how many.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, NotAllowed, ensure
from departments.selectors import second_person
from indicators import policies
from indicators.models import Observation, Population, Question
from indicators.selectors.around import standing
from indicators.services import telling
from indicators.services.given import Key, Written
from indicators.services.observing import keep_questions
from indicators.workflow import STEPS


@dataclass(slots=True)
class Outcome:
    """What became of many values: those that were done, and why the others were not, by id."""

    done: list[Observation] = field(default_factory=list)
    refused: dict[int, DomainError] = field(default_factory=dict)


def _locked(rows: Iterable[Observation]) -> list[Observation]:
    return list(
        Observation.objects.select_for_update(of=("self",))
        .select_related("region", "indicator", "department", "office")
        .filter(pk__in=[one.pk for one in rows])
        .order_by("pk")
    )


def _one(rows: Outcome, row: Observation) -> Observation:
    if row.pk in rows.refused:
        raise rows.refused[row.pk]
    if not rows.done:
        raise DomainError(_("这个数值已经不在了，请刷新后再看。"))
    return rows.done[0]


def _save(rows: Sequence[Observation], fields: Sequence[str], now: datetime) -> None:
    """Store fields of rows; a statement for those that get the same, not for each thousand."""
    same: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        row.updated_at = now
        same[tuple(getattr(row, name) for name in fields)].append(row.pk)
    for values, ids in same.items():
        Observation.objects.filter(pk__in=ids).update(
            updated_at=now, **dict(zip(fields, values, strict=True))
        )


def _recorded(verb: str, rows: Sequence[Observation], by: Any, **detail: Any) -> None:
    """Write down a deed in one row, however many values it was done to."""
    if not rows:
        return
    single = rows[0] if len(rows) == 1 else None
    if single is not None:
        detail |= {
            "indicator": single.indicator_id,
            "year": single.year,
            "value": single.value,
        }
    else:
        detail["rows"] = [one.pk for one in rows]
    audit.record(
        f"indicators.observation.{verb}",
        single,
        by=by,
        detail=detail,
        region_path=single.region.path if single else by.acting.region_path,
    )


def _ensure_seen(row: Observation, versions: Mapping[int, int] | None) -> None:
    """Raise Conflict where a value is not the one that the person looked at (version by id)."""
    if versions and versions.get(row.pk, row.version) != row.version:
        raise Conflict(
            _("这个数值刚刚被改动过，请看过新的内容再操作。"),
            current={"version": row.version, "value": row.value},
        )


def _is_repeat(
    row: Observation, state: str, who: int | None, by: Any, versions: Mapping[int, int] | None
) -> bool:
    """Tell whether the person did this to this very version already, and pressed twice."""
    seen = versions is not None and versions.get(row.pk) == row.version
    return seen and row.state == state and who == by.pk


@transaction.atomic
def submit_many(
    rows: Iterable[Observation],
    *,
    by: Any,
    now: datetime | None = None,
    versions: Mapping[int, int] | None = None,
) -> Outcome:
    """Hand values in for checking; each needs an answer to every question about it.

    What the person handed in a moment ago, in the version seen, is done and not done again.
    """
    now = now or timezone.now()
    found = _locked(rows)
    outcome = Outcome()
    may = policies.may_observe(by, {one.region for one in found})
    fresh, again = [], []
    for row in found:
        if _is_repeat(row, STEPS["submit"].target, row.submitted_by_id, by, versions):
            again.append(row)
            continue
        try:
            ensure(policies.can_submit(by, row, may))
            _ensure_seen(row, versions)
            fresh.append(Written(row))
        except DomainError as error:
            outcome.refused[row.pk] = error
    # The values beside them may have changed since they were typed.
    keep_questions(fresh, known=[one.row for one in fresh])
    for one in fresh:
        row = one.row
        try:
            _ensure_answered(row, one.questions)
        except DomainError as error:
            outcome.refused[row.pk] = error
            continue
        row.state = STEPS["submit"].target
        row.return_reason = ""
        row.submitted_by, row.submitted_at = by, now
        outcome.done.append(row)
    _save(outcome.done, ("state", "return_reason", "submitted_by", "submitted_at"), now)
    _recorded("submit", outcome.done, by)
    telling.waiting(outcome.done, by, now)
    outcome.done += again
    return outcome


class Unanswered(DomainError):
    """A value with questions that nobody has answered yet."""

    code = "questions"
    keeps = True  # the reporter must find the questions to answer them


def _ensure_answered(row: Observation, questions: Sequence[Question]) -> None:
    mend = [one for one in questions if one.must_mend]
    if mend:
        raise Unanswered(
            _("这个数值要先改正：%(told)s") % {"told": mend[0].told},
            fields={f"question-{one.pk}": [one.told] for one in mend},
        )
    open_ones = [one for one in questions if not one.answer]
    if open_ones:
        raise Unanswered(
            _("有 %(count)s 个疑问还没有答复，请答复或改正数值后再报送。")
            % {"count": len(open_ones)},
            fields={f"question-{one.pk}": [one.told] for one in open_ones},
        )


def submit(
    row: Observation, *, by: Any, now: datetime | None = None, version: int | None = None
) -> Observation:
    """Hand one value in, that of the version seen. Raises Unanswered, NotAllowed, Conflict."""
    seen = None if version is None else {row.pk: version}
    return _one(submit_many([row], by=by, now=now, versions=seen), row)


@transaction.atomic
def answer(question: Question, text: str, *, by: Any, now: datetime) -> Question:
    """Answer what is asked about a value; an empty text takes the answer back.

    Raises Conflict where the value was changed meanwhile, so that it is not asked any more.
    """
    row = _present(question.observation)
    may = policies.may_observe(by, [row.region])
    ensure(policies.can_submit(by, row, may))
    still = Question.objects.filter(pk=question.pk, observation=row).first()
    if still is None:
        raise Conflict(_("这个数值刚刚被改动过，这条疑问已经不在了，请看过新的内容再答复。"))
    question = still
    if question.must_mend:
        raise DomainError(_("这一条不能用说明代替，请改正数值。"))
    question.answer = text.replace("\x00", "").strip()[:300]
    question.answered_by, question.answered_at = by, now
    question.save()
    _recorded("answer", [row], by, question=question.code, answer=question.answer)
    return question


@transaction.atomic
def withdraw(row: Observation, *, by: Any) -> Observation:
    """Take back a value that was handed in and is not checked yet."""
    row = _present(row)
    ensure(policies.can_withdraw(by, row, policies.may_observe(by, [row.region])))
    row.state = STEPS["withdraw"].target
    _save([row], ("state",), timezone.now())
    _recorded("withdraw", [row], by)
    return row


@transaction.atomic
def discard(row: Observation, *, by: Any) -> None:
    """Throw away a draft; what was handed in or checked once stays for ever."""
    row = _present(row)
    ensure(policies.can_discard(by, row, policies.may_observe(by, [row.region])))
    _recorded("discard", [row], by)
    row.delete()


def _present(row: Observation) -> Observation:
    found = _locked([row])
    if not found:
        raise DomainError(_("这个数值已经不在了，请刷新后再看。"))
    return found[0]


def verify_many(
    rows: Iterable[Observation],
    *,
    by: Any,
    now: datetime,
    versions: Mapping[int, int] | None = None,
) -> Outcome:
    """Check values; from then on they count, and what they correct no longer does.

    Rows and what they correct are locked in the order of their ids, as by whoever writes.

    Who entered or handed in a value checks it only where the office has no second person, and it
    is marked so.
    """
    try:
        with transaction.atomic():
            rows = list(rows)
            _open, counting = standing([one.key for one in rows], lock=True)
            return _verify(_locked(rows), counting, by, now, versions)
    except IntegrityError:
        raise Conflict(_("同一年已有另一个刚刚核对的数值，请刷新后再看。")) from None


def _verify(
    found: Sequence[Observation],
    counting: Mapping[Key, Observation],
    by: Any,
    now: datetime,
    versions: Mapping[int, int] | None,
) -> Outcome:
    """Check locked rows; `counting` are the rows that count at their keys, locked too."""
    outcome = Outcome()
    acting = getattr(by, "acting", None)
    other = acting is not None and second_person(acting.here, by, timezone.localdate(now))
    corrected, again = [], []
    for row in found:
        if _is_repeat(row, STEPS["verify"].target, row.verified_by_id, by, versions):
            again.append(row)
            continue
        own = by.pk in (row.entered_by_id, row.submitted_by_id)
        try:
            ensure(policies.can_verify(by, row))
            _ensure_seen(row, versions)
            if own and other:
                raise NotAllowed(_("您填报的数值须由他人核对。"))
        except DomainError as error:
            outcome.refused[row.pk] = error
            continue
        if (previous := counting.get(row.key)) is not None:
            previous.superseded_by = row
            corrected.append(previous)
        row.state = STEPS["verify"].target
        row.verified_by, row.verified_at = by, now
        row.own_check = own
        outcome.done.append(row)
    for row in corrected:
        row.updated_at = now
    Observation.objects.bulk_update(corrected, ["superseded_by", "updated_at"], batch_size=1000)
    _save(outcome.done, ("state", "verified_by", "verified_at", "own_check"), now)
    _learn_populations(outcome.done)
    corrects = [one.pk for one in corrected]
    _recorded("verify", outcome.done, by, corrects=corrects)
    telling.verified(outcome.done, by, now)
    outcome.done += again
    return outcome


def _learn_populations(rows: Sequence[Observation]) -> None:
    """Keep the populations that verified values name: nobody has to type them again."""
    Population.objects.bulk_create(
        (
            Population(
                region=row.region,
                year=row.denominator_year or row.year,
                basis=row.denominator_basis,
                series=row.series,
                persons=int(row.denominator),
                source=row.source[:200],
            )
            for row in rows
            if row.denominator is not None
            and row.denominator_basis
            and row.denominator == int(row.denominator)
            and not row.is_demo
            and row.indicator.denominator_is_population
        ),
        ignore_conflicts=True,
    )


def verify(row: Observation, *, by: Any, now: datetime, version: int | None = None) -> Observation:
    """Check one value (see `verify_many`). Raises NotAllowed, Conflict."""
    seen = None if version is None else {row.pk: version}
    return _one(verify_many([row], by=by, now=now, versions=seen), row)


@transaction.atomic
def send_back(
    row: Observation, reason: str, *, by: Any, now: datetime | None = None
) -> Observation:
    """Return a value with the reason."""
    now = now or timezone.now()
    reason = reason.replace("\x00", "").strip()[:300]  # PostgreSQL holds no such character
    if not reason:
        raise DomainError(_("请写明退回理由。"), fields={"reason": [_("请写明退回理由。")]})
    row = _present(row)
    ensure(policies.can_verify(by, row))
    row.state = STEPS["return"].target
    row.return_reason = reason
    _save([row], ("state", "return_reason"), now)
    _recorded("return", [row], by, reason=reason)
    telling.returned(row, by, now)
    return row
