"""Indicator values that wait for somebody: to be checked, or returned and to be mended."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from indicators.models import Observation
from reports.selectors.todo import SHOWN, Group, Item, group

State = Observation.State


def of_office(user: Any, region: int) -> list[Group]:
    """Return what the office that stands for values has to check, and what came back to it."""
    rows = Observation.objects.visible_to(user).filter(office=region)
    checks = rows.filter(state=State.SUBMITTED)
    mine = rows.filter(state=State.RETURNED, department__isnull=True)
    return [
        _group("values", _("待核对的指标数值"), _("核对下一项"), checks),
        _group("values-returned", _("已退回的指标数值"), _("改下一项"), mine),
    ]


def of_department(user: Any) -> list[Group]:
    """Return the unit's own values that were returned to it."""
    rows = Observation.objects.visible_to(user).filter(
        department=user.acting.department_id, state=State.RETURNED
    )
    return [_group("values-returned", _("已退回的指标数值"), _("改下一项"), rows)]


def _group(reason: str, title: str, verb: str, rows: Any) -> Group:
    shown = rows.select_related("indicator", "region", "department").order_by("id")[:SHOWN]
    items = [
        Item(
            "observation",
            one.pk,
            one.indicator.name,
            f"{one.region.name} {one.subject}",
            one.state,
        )
        for one in shown
    ]
    return group(reason, title, verb, items, rows.count())


def counted(regions: Iterable[int], units: Iterable[int]) -> tuple[Counter[int], Counter[int]]:
    """Return how many values wait for each office and for each unit (one query)."""
    of_offices: Counter[int] = Counter()
    of_units: Counter[int] = Counter()
    for office, unit, state, count in (
        Observation.objects.filter(Q(office__in=regions) | Q(department__in=units))
        .filter(state__in=(State.SUBMITTED, State.RETURNED))
        .values_list("office", "department", "state")
        .annotate(Count("pk"))
        .order_by()
    ):
        if state == State.SUBMITTED or unit is None:
            of_offices[office] += count
        else:
            of_units[unit] += count
    return of_offices, of_units
