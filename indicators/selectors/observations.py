"""One value with everything about it, and the lists of values that wait for somebody."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils import timezone

from departments.selectors import second_person
from indicators import policies
from indicators.models import Observation, Question
from indicators.selectors.around import standing

PAGE = 50
CHECKS = ("verify", "return")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A value in a list: what the person may do, what is asked about it, what it corrects.

    `asked` are the questions without an answer where the person is to answer, all of them where
    the person checks.
    """

    row: Observation
    steps: list[str]
    questions: list[Question]
    corrects: Observation | None


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of values that wait: `kind` is one of `KINDS`, `counts` how many there are of each."""

    kind: str
    counts: Mapping[str, int]
    page: Page[Observation]
    rows: list[Waiting] = field(default_factory=list)


KINDS = ("drafts", "checks", "sent")


def _kinds(user: Any) -> dict[str, Q]:
    """Return which rows are in each list: mine to hand in, mine to check, handed in by us."""
    acting = user.acting
    if acting.is_office():
        mine = Q(office=acting.region_id)
        checks = mine & Q(state=Observation.State.SUBMITTED)
    else:
        mine = Q(department=acting.department_id)
        checks = Q(pk__in=[])
    return {
        "drafts": mine & Q(state__in=(Observation.State.DRAFT, Observation.State.RETURNED)),
        "checks": checks,
        "sent": mine & Q(state=Observation.State.SUBMITTED),
    }


def counts_of(user: Any) -> dict[str, int]:
    """Return how many values wait in each list (one query)."""
    if user.acting is None:
        return dict.fromkeys(KINDS, 0)
    return (
        Observation.objects.visible_to(user)
        .open()
        .aggregate(**{name: Count("pk", filter=some) for name, some in _kinds(user).items()})
    )


def asked_of(ids: Collection[int]) -> dict[int, list[Question]]:
    """Return what is asked about values, answered or not, by their ids (one query)."""
    found: dict[int, list[Question]] = defaultdict(list)
    for one in Question.objects.filter(observation__in=ids):
        found[one.observation_id].append(one)
    return found


def waiting_page(user: Any, kind: str, number: int) -> WaitingPage:
    """Return a page of a list; the number of queries does not depend on how many wait."""
    counts = counts_of(user)
    if not kind:
        kind = next((one for one in ("checks", "drafts") if counts[one]), "drafts")
    rows = (
        Observation.objects.visible_to(user)
        .open()
        .filter(_kinds(user)[kind] if user.acting else Q(pk__in=[]))
        .select_related("indicator", "region", "department", "entered_by", "submitted_by")
        .prefetch_related("questions__answered_by")
        .order_by("indicator", "region__path", "year", "id")
    )
    page = Paginator(rows, PAGE).get_page(number or 1)
    shown = list(page.object_list)
    _open, counting = standing([one.key for one in shown])
    may = policies.may_observe(user, {one.region for one in shown})
    return WaitingPage(
        kind,
        counts,
        page,
        [
            Waiting(one, steps_of(user, one, may), list(one.questions.all()), counting.get(one.key))
            for one in shown
        ],
    )


def steps_of(user: Any, row: Observation, may: policies.May) -> list[str]:
    """Return the verbs that a person may use on a value now (no queries)."""
    steps = []
    if policies.can_submit(user, row, may):
        steps.append("submit")
    if policies.can_discard(user, row, may):
        steps.append("discard")
    if policies.can_withdraw(user, row, may):
        steps.append("withdraw")
    if policies.can_verify(user, row):
        steps += CHECKS
    return steps


# --- One value -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ValuePage:
    """One value: what may be done, what is asked, and every row there was before and after it.

    `for_another` says that it waits for a colleague: nobody checks what they entered themselves.
    """

    row: Observation
    steps: list[str]
    questions: list[Question]
    history: list[Observation]
    may_correct: bool
    for_another: bool


def value_page(user: Any, row: Observation) -> ValuePage:
    """Return the page of a value that the person may see."""
    may = policies.may_observe(user, [row.region])
    steps = steps_of(user, row, may)
    own = user.pk in (row.entered_by_id, row.submitted_by_id)
    for_another = (
        "verify" in steps and own and second_person(user.acting.here, user, timezone.localdate())
    )
    history = (
        Observation.objects.visible_to(user)
        .filter(
            indicator=row.indicator_id,
            region=row.region_id,
            year=row.year,
            part=row.part,
            department=row.department_id,
            population_group=row.population_group,
            basis=row.basis,
            series=row.series,
        )
        .select_related("entered_by", "submitted_by", "verified_by", "indicator")
        .order_by("-id")
    )
    return ValuePage(
        row=row,
        steps=[one for one in steps if one not in CHECKS] if for_another else steps,
        questions=list(row.questions.select_related("answered_by")),
        history=list(history),
        may_correct=bool(may(row.region, row.department)),
        for_another=for_another,
    )
