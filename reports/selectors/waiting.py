"""How much waits for a person in each of their roles, so that switching is never forgotten."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Q

from departments.models import Membership
from reports.selectors import home_reports, home_scores, home_values
from reports.selectors import home_supervision as supervision
from tasks.models import Assignment, Entry


def waiting(memberships: Iterable[Membership], today: date) -> dict[int, int]:
    """Return the number of things to do by membership: at most eleven queries, however many.

    The same things as on the home page of that role: what a unit owes, has to gather, to say of
    drafts, to rate of itself and to do about 督办件, what an office has to check and to answer;
    drafts that leaders can approve.
    """
    listed = list(memberships)
    units = {one.department_id: one.here for one in listed if one.department_id is not None}
    regions = {one.here.pk for one in listed if one.is_office()}
    owed = _owed(units, today) if units else Counter()
    parts = _parts(units) if units else Counter()
    checks = _checks(regions) if regions else Counter()
    items = supervision.count_of_units(units, today) if units else Counter()
    answers = supervision.count_of_offices(regions) if regions else Counter()
    values, returned = home_values.counted(regions, units)
    opinions = home_reports.count_of_units(units) if units else Counter()
    led = {one.here.pk for one in listed if one.role == Membership.Role.LEADER}
    reports, drafts = Counter[int](), Counter[int]()
    if regions | led:
        reports, drafts = home_reports.count_of_regions(regions | led, today)
    checking, rating = home_scores.counted(regions, units)
    found = {}
    for one in listed:
        if one.is_office():
            here = one.here.pk
            waits = (checks, answers, values, reports, checking)
            found[one.pk] = sum(row[here] for row in waits)
        elif one.department_id is not None:
            states = {"draft", "returned"} | ({"awaiting_signoff"} if one.role == "head" else set())
            unit = one.department_id
            own = parts[unit] + items[unit] + returned[unit] + opinions[unit] + rating[unit]
            found[one.pk] = own + sum(owed[unit, state] for state in states)
        else:
            found[one.pk] = drafts[one.here.pk] if one.role == Membership.Role.LEADER else 0
    return found


def _owed(units: Iterable[int], today: date) -> Counter[tuple[int, str]]:
    accepted = (
        Q(period__state__in=("open", "grace"))
        | Q(open_until__gte=today)
        | Q(period__extensions__department=F("department"), period__extensions__until__gte=today)
    )
    rows = (
        Entry.objects.owed()
        .filter(accepted, department__in=units)
        .values("department", "state")
        .annotate(count=Count("pk", distinct=True))
        .order_by()
    )
    return Counter({(row["department"], row["state"]): row["count"] for row in rows})


def _parts(units: Iterable[int]) -> Counter[int]:
    """Count the parts that other units handed to each as 汇总单位."""
    rows = (
        Entry.objects.filter(
            kind=Entry.Kind.PART,
            state=Entry.State.SUBMITTED,
            task__assignments__role=Assignment.Role.LEAD,
            task__assignments__department__in=units,
        )
        .exclude(department=F("task__assignments__department"))
        .values(gatherer=F("task__assignments__department"))
        .annotate(count=Count("pk", distinct=True))
        .order_by()
    )
    return Counter({row["gatherer"]: row["count"] for row in rows})


def _checks(regions: Iterable[int]) -> Counter[int]:
    entries = (
        Entry.objects.filter(
            kind=Entry.Kind.REPORT, state=Entry.State.SUBMITTED, period__region__in=regions
        )
        .values(place=F("period__region"))
        .annotate(count=Count("pk"))
        .order_by()
    )
    return Counter({row["place"]: row["count"] for row in entries})
