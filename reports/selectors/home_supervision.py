"""What waits for a person of 督办件: a unit's own, or the office's decisions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from departments.models import Region
from reports.selectors.todo import SHOWN, Group, Item, group
from tasks.models import ExtensionRequest, Instruction, SupervisionItem
from tasks.querysets import past_soon
from tasks.selectors.periods.rules import rules_by_region
from tasks.selectors.supervision.items import lit

State = SupervisionItem.State
# What the office decides.
REVIEWING = Q(state=State.REVIEWING)
ASKING = Exists(ExtensionRequest.objects.filter(item=OuterRef("pk"), answer=""))
UNANSWERED = Q(settled_at__isnull=True)


def of_department(user: Any, today: date) -> list[Group]:
    """Return what a unit has to sign for, and what it has to feed back soon (two queries)."""
    mine = SupervisionItem.objects.visible_to(user).filter(department=user.acting.department_id)
    rows = list(lit(user, mine.owed(), today).order_by("due", "id"))
    pending = [one for one in rows if one.state == State.PENDING]
    due = [one for one in rows if one.state == State.WORKING and one.light in ("overdue", "soon")]
    return [
        group("supervision-due", _("督办临期、逾期"), _("反馈下一件"), _items(due)),
        group("supervision-sign", _("督办待签收"), _("签收下一件"), _items(pending)),
    ]


def of_office(user: Any, today: date) -> list[Group]:
    """Return what leaders asked for, feedback to review and extensions to answer."""
    region = user.acting.here.pk
    here = SupervisionItem.objects.visible_to(user).filter(region=region)
    here = here.select_related("department").order_by("updated_at", "id")
    waiting, asking = here.filter(REVIEWING), here.filter(ASKING)
    demands = Instruction.objects.visible_to(user).filter(UNANSWERED, region=region)
    demands = demands.order_by("on", "id")
    return [
        group(
            "demands",
            _("领导要求待处理"),
            _("处理下一条"),
            [
                Item(
                    "instruction",
                    one.pk,
                    one.words[:80],
                    f"{one.leader}，{one.on.isoformat()}",
                    "waiting",
                )
                for one in demands[:SHOWN]
            ],
            demands.count(),
        ),
        _of_units("supervision-review", _("督办待审核"), _("审核下一件"), waiting),
        _of_units("supervision-extension", _("延期申请"), _("答复下一件"), asking),
    ]


def count_of_units(units: Mapping[int, Region], today: date) -> Counter[int]:
    """Count the same for several units, given with their regions (two queries)."""
    rules = rules_by_region(units.values())
    pressing = Q(state=State.PENDING)
    for region, own in rules.items():
        there = [unit for unit, place in units.items() if place.pk == region]
        edge = past_soon(today, own.supervision_soon_days)
        pressing |= Q(department__in=there, due__lt=edge)
    rows = SupervisionItem.objects.owed().filter(pressing, department__in=list(units))
    return _counted(rows, "department")


def count_of_offices(regions: Iterable[int]) -> Counter[int]:
    """Count the same for the offices of several regions (two queries)."""
    waiting, asking = Count("pk", filter=REVIEWING), Count("pk", filter=ASKING)
    items = SupervisionItem.objects.filter(region__in=regions)
    demands = Instruction.objects.filter(UNANSWERED, region__in=regions)
    return _counted(items, "region", waiting + asking) + _counted(demands, "region")


def _counted(rows: Any, by: str, number: Any = Count("pk")) -> Counter[int]:  # noqa: B008
    return Counter(dict(rows.order_by().values_list(by).annotate(n=number)))


def _of_units(reason: str, title: str, verb: str, rows: Any) -> Group:
    items = [
        Item(
            "supervision-item",
            one.pk,
            f"{one.number} {one.title}",
            one.department.name,
            one.state,
        )
        for one in rows[:SHOWN]
    ]
    return group(reason, title, verb, items, rows.count())


def _items(rows: Iterable[Any]) -> list[Item]:
    return [
        Item("supervision-item", one.pk, f"{one.number} {one.title}", _until(one), one.state)
        for one in rows
    ]


def _until(item: Any) -> str:
    if item.due is None:
        return _("长期坚持")
    told = {"day": item.due.isoformat()}
    if item.light == "overdue":
        return _("应于 %(day)s办结，已逾期") % told
    if item.light == "soon":
        return _("%(day)s前办结，已临期") % told
    return _("%(day)s前办结") % told
