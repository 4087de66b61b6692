"""By what lists of tasks, periods and entries are filtered, on pages, in the API, in exports."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django_filters import rest_framework as filters

from core.rest import YEARS, IdFilter, TimeFilter, YearFilter
from core.words import SUPERVISION
from departments.filters import PlaceFilter
from tasks.models import Assignment, Entry, Event, Period, SupervisionItem, Task


class TaskFilter(filters.FilterSet):
    plan = IdFilter()
    action = IdFilter(field_name="measure__action")
    measure = IdFilter()
    duty = IdFilter()
    parent = IdFilter()
    continues = IdFilter()
    region = PlaceFilter("plan__region")
    within = PlaceFilter("plan__region", below=True)
    year = YearFilter()
    department = IdFilter(method="held", help_text="A department that has a part in the task.")
    lead = IdFilter(method="gathered", help_text="The department that gathers (汇总单位).")
    cancelled = filters.BooleanFilter("cancelled_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Task
        fields = {
            "kind": ["exact"],
            "gathering": ["exact"],
            "evidence_required": ["exact"],
            "title": ["icontains"],
            "starts": ["gte", "lte"],
            "due": ["exact", "gte", "lte"],
        }

    def held(self, rows: Any, name: str, value: int) -> Any:
        return rows.filter(Exists(Assignment.objects.filter(task=OuterRef("pk"), department=value)))

    def gathered(self, rows: Any, name: str, value: int) -> Any:
        leads = Assignment.objects.filter(role=Assignment.Role.LEAD, department=value)
        return rows.filter(Exists(leads.filter(task=OuterRef("pk"))))


class PeriodFilter(filters.FilterSet):
    region = PlaceFilter("region")
    within = PlaceFilter("region", below=True)
    year = YearFilter()

    class Meta:
        model = Period
        fields = {
            "name": ["exact"],
            "state": ["exact"],
            "starts": ["exact", "gte", "lte"],
            "ends": ["exact", "gte", "lte"],
            "opens_on": ["gte", "lte"],
            "due_on": ["gte", "lte"],
            "closes_on": ["gte", "lte"],
            "by_calendar": ["exact"],
            "retrospective": ["exact"],
        }


class EntryFilter(filters.FilterSet):
    period = IdFilter()
    task = IdFilter()
    assignment = IdFilter()
    department = IdFilter()
    plan = IdFilter(field_name="task__plan")
    action = IdFilter(field_name="task__measure__action")
    measure = IdFilter(field_name="task__measure")
    region = PlaceFilter("period__region")
    within = PlaceFilter("period__region", below=True)
    year = YearFilter(field_name="period__year")
    approved_at__gte = TimeFilter("approved_at", lookup_expr="gte")
    approved_at__lte = TimeFilter("approved_at", lookup_expr="lte")

    class Meta:
        model = Entry
        fields = {
            "kind": ["exact"],
            "state": ["exact"],
            "ready": ["exact"],
            "own_check": ["exact"],
            "rating": ["exact"],
            "open_until": ["gte", "lte"],
        }


class SupervisionFilter(filters.FilterSet):
    """Narrow 督办件 that carry their `light`."""

    department = IdFilter()
    helpers = IdFilter(help_text="A department that helps (协办).")
    serial = IdFilter()
    instruction = IdFilter()
    plan = IdFilter()
    task = IdFilter()
    region = PlaceFilter("region")
    year = YearFilter()
    light = filters.ChoiceFilter(choices=[(code, str(word)) for code, word in SUPERVISION.items()])

    class Meta:
        model = SupervisionItem
        fields = {
            "state": ["exact"],
            "title": ["icontains"],
            "assigned_on": ["gte", "lte"],
            "due": ["exact", "isnull", "gte", "lte"],
            "settled_on": ["gte", "lte"],
        }


class EventFilter(filters.FilterSet):
    region = PlaceFilter("region")
    within = PlaceFilter("region", below=True)
    town = PlaceFilter("town", below=True)
    department = IdFilter()
    task = IdFilter()
    duty = IdFilter()
    measure = IdFilter()
    plan = IdFilter(method="of_plan", help_text="Counted to a task or duty of this plan.")
    year = YearFilter(method="in_year", help_text="A calendar year.")
    struck = filters.BooleanFilter("struck_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Event
        fields = {
            "kind": ["exact"],
            "title": ["icontains"],
            "on": ["exact", "gte", "lte"],
            "people": ["gte", "lte"],
        }

    def in_year(self, rows: Any, name: str, value: int) -> Any:
        return rows.filter(on__year=value) if value in YEARS else rows.none()

    def of_plan(self, rows: Any, name: str, value: int) -> Any:
        return rows.filter(Q(task__plan=value) | Q(duty__plan=value))
