"""Freeze what a report says: plain JSON, every figure with the rows that it came from.

Only approved entries, the office's judgements and verified observations count. Numbers are kept
as text, so that both databases give the same bytes; lists stand in the order of the plan.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import orjson
from django.db import connection, transaction

from reports.facts.figures import Figures
from reports.facts.others import frozen_others
from reports.facts.progress import frozen_actions, known, standing_json
from reports.facts.promises import frozen_targets
from reports.facts.safeguards import frozen_events, frozen_safeguards
from reports.facts.scope import Scope
from reports.facts.spoken import approved_entries, days, words_by_task
from reports.facts.supervision import frozen_supervision
from reports.facts.whole import frozen_units, frozen_years, lights, tasks_in, whole_plan
from tasks.selectors import board

Frozen = dict[str, Any]
SCHEMA = 4
# The order of a version's figures: the whole first, its parts after it.
ORDER = (
    "plan", "span", "year", "units", "returns", "entries", "targets", "target", "place",
    "action", "task", "event", "duty", "supervision",
)  # fmt: skip


def encoded(frozen: Frozen) -> bytes:
    """Return the bytes that the hash of frozen facts covers."""
    return orjson.dumps(frozen, option=orjson.OPT_SORT_KEYS)


def sha256(frozen: Frozen) -> str:
    return hashlib.sha256(encoded(frozen)).hexdigest()


def rank(item: tuple[str, Any]) -> int:
    """Return where a figure (its key and row) stands among the others of a version."""
    return ORDER.index(item[0].split(".")[0])


@contextmanager
def one_view() -> Iterator[None]:
    """Let all reads of a block see the database as it was at one moment."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def freeze(scope: Scope, today: date) -> Frozen:
    """Read what a report speaks of as it stands (queries grow with the years alone).

    The scope's plan comes with its region and settings. No figure is measured on a day after
    `today`.
    """
    plan, year = scope.plan, scope.year
    figures = Figures()
    entries = approved_entries(scope)
    when = days(scope, entries, today)
    told = words_by_task(entries, when.until)
    boards = {one: board(plan, one, when.as_of[one]) for one in scope.years}
    about = known(scope, told, when.as_of[year])
    actions = frozen_actions(scope, boards, about, figures)
    others = frozen_others(boards.values(), about, figures)
    whole_plan(scope, boards[year], actions, others, figures)
    every = tasks_in(actions, others)
    years = frozen_years(scope, boards, when, every, figures)
    units = frozen_units(scope, when, every, figures)
    targets, places = frozen_targets(scope, figures)
    return {
        "schema": SCHEMA,
        "kind": scope.kind,
        "plan": _plan(scope),
        "year": year,
        "first_year": scope.years[0],
        "as_of": when.as_of[year].isoformat(),
        "department": scope.department.name if scope.department else "",
        "period": _period(scope),
        "standing": standing_json(boards[year].standing),
        "counts": lights(boards[year]),
        "actions": actions,
        "others": others,
        "years": years,
        "units": units,
        "targets": targets,
        "places": places,
        "safeguards": frozen_safeguards(scope, told, figures),
        "events": frozen_events(scope, figures),
        "supervision": frozen_supervision(scope, when.as_of[year], figures),
        "demo": any(value["is_demo"] for one in targets for value in one["values"]),
        "figures": figures.rows,
    }


def _plan(scope: Scope) -> dict[str, Any]:
    plan = scope.plan
    return {
        "id": plan.pk,
        "title": plan.title,
        "document_number": plan.document_number,
        "issuer": plan.issuer or "",
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else "",
        "basis": list(plan.basis),
        "start_year": plan.start_year,
        "end_year": plan.end_year,
        "region": plan.region.name,
        "group": plan.settings.group_name,
        "office": plan.settings.signature_name,
        "behind_points": plan.settings.behind_points,
        "far_behind_points": plan.settings.far_behind_points,
    }


def _period(scope: Scope) -> dict[str, Any] | None:
    one = scope.period
    if one is None:
        return None
    return {
        "id": one.pk,
        "name": one.name.replace(" ", ""),  # as documents print it
        "starts": one.starts.isoformat(),
        "ends": one.ends.isoformat(),
        "due_on": one.due_on.isoformat(),
        "closed": one.state in ("closed", "frozen"),
    }
