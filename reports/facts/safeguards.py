"""Safeguards (保障措施), standing duties and the register of events, as facts of a report."""

from typing import Any

from plans.models import Action, Duty
from reports.facts.figures import Figures
from reports.facts.scope import Scope
from tasks.models import Event, Task

Json = dict[str, Any]


def frozen_safeguards(scope: Scope, told: dict[int, list[Json]], figures: Figures) -> list[Json]:
    """Freeze the safeguards of the plan with the duties that stand in them (four queries).

    A duty has what the register of events shows for it, year by year, and the approved words of
    the tasks that were made of it. Duties outside a safeguard come last, under no title.
    """
    words = _words(scope, told)
    events = _events_by_duty(scope)
    rows = list(
        Action.objects.filter(plan=scope.plan, kind=Action.Kind.SAFEGUARD)
        .order_by("position")
        .prefetch_related("measures")
    )
    duties = [
        _duty(scope, row, _stands_in(row, rows), words.get(row.pk, []), events, figures)
        for row in Duty.objects.filter(plan=scope.plan)
        .select_related("measure")
        .order_by("position")
    ]
    found = [
        {
            "id": row.pk,
            "title": row.title,
            "measures": [one.title for one in row.measures.all()],
            "duties": [one for one in duties if one["action"] == row.pk],
        }
        for row in rows
    ]
    listed = {row["id"] for row in found}
    others = [one for one in duties if one["action"] not in listed]
    return [*found, {"id": None, "title": "", "measures": [], "duties": others}]


def _words(scope: Scope, told: dict[int, list[Json]]) -> dict[int, list[Json]]:
    """Return, per duty, the approved words on the tasks that were made of it."""
    tasks = Task.objects.standing().filter(
        plan=scope.plan, year__in=list(scope.years), duty__isnull=False
    )
    words: dict[int, list[Json]] = {}
    for duty, pk in tasks.order_by("duty_id", "year", "id").values_list("duty", "pk"):
        words.setdefault(duty, []).extend(told.get(pk, []))
    return words


def _stands_in(duty: Duty, safeguards: list[Action]) -> int | None:
    """Return the action that a duty belongs to: its measure's, else the safeguard it stands in.

    Plans that do not divide their safeguards into measures have the duties right in their text.
    """
    if duty.measure is not None:
        return duty.measure.action_id
    return next((one.pk for one in safeguards if _covers(one, duty)), None)


def _covers(safeguard: Action, duty: Duty) -> bool:
    """Tell whether the sentence of a duty stands in the text of a safeguard."""
    places = (safeguard.span_start, duty.span_start, duty.span_end, safeguard.span_end)
    known = [one for one in places if one is not None]
    return len(known) == len(places) and known == sorted(known)


def _duty(
    scope: Scope,
    duty: Duty,
    action: int | None,
    words: list[Json],
    events: dict[tuple[int, int], list[int]],
    figures: Figures,
) -> Json:
    key, label = f"duty.{duty.position}", duty.quote.strip()[:80]
    years = []
    for year in scope.years:
        rows = [("tasks.event", pk) for pk in events.get((duty.pk, year), [])]
        figure = figures.add(f"{key}.{year}.events", len(rows), f"{label}：{year}年台账记录", rows)
        years.append({"year": year, "count": len(rows), "figure": figure})
    return {
        "id": duty.pk,
        "key": key,
        "action": action,
        "who": duty.who or "",
        "every": duty.every or "",
        "quote": duty.quote.strip(),
        "entries": words,
        "years": years,
    }


def _events_by_duty(scope: Scope) -> dict[tuple[int, int], list[int]]:
    """Return the ids of the events of each duty and year."""
    rows = Event.objects.standing().filter(duty__plan=scope.plan, **_in_years(scope))
    found: dict[tuple[int, int], list[int]] = {}
    for duty, pk, on in rows.order_by("id").values_list("duty", "pk", "on"):
        found.setdefault((duty, on.year), []).append(pk)
    return found


def _in_years(scope: Scope) -> Json:
    if scope.period is not None:
        return {"on__gte": scope.period.starts, "on__lte": scope.period.ends}
    return {"on__year__gte": scope.years[0], "on__year__lte": scope.years[-1]}


def frozen_events(scope: Scope, figures: Figures) -> list[Json]:
    """Freeze how many events of each kind the units of the region recorded (one query)."""
    events = Event.objects.standing().filter(region=scope.plan.region_id, **_in_years(scope))
    if scope.department is not None:
        events = events.filter(department=scope.department)
    kinds: dict[str, list[tuple[int, int, int]]] = {kind: [] for kind in Event.Kind.values}
    for kind, pk, year, people in events.order_by("id").values_list(
        "kind", "pk", "on__year", "people"
    ):
        kinds[kind].append((pk, year, people or 0))
    return [_kind(kind, some, figures) for kind, some in kinds.items() if some]


def _kind(kind: str, events: list[tuple[int, int, int]], figures: Figures) -> Json:
    """Count the events of a kind (id, year, people); its years are the parts of the totals."""
    label, rows = str(Event.Kind(kind).label), [("tasks.event", pk) for pk, _year, _n in events]
    years: dict[int, list[int]] = {}
    for _pk, year, number in events:
        years.setdefault(year, []).append(number)
    heads = sum(number for _pk, _year, number in events)
    count = figures.add(f"event.{kind}.count", len(events), f"{label}场次", rows)
    people = figures.add(f"event.{kind}.people", heads, f"{label}参加人次", rows) if heads else None
    parts = [
        {"year": year, "count": len(some), "people": sum(some)}
        for year, some in sorted(years.items())
    ]
    return {"kind": label, "count": count, "people": people, "years": parts}
