"""By what plans and their parts are filtered, on pages, in the API and in exports."""

from typing import Any

from django_filters import rest_framework as filters

from core.rest import IdFilter, YearFilter
from departments.filters import PlaceFilter
from plans.models import Action, Duty, Measure, Plan, Responsibility


class PlanFilter(filters.FilterSet):
    region = PlaceFilter("region")
    within = PlaceFilter("region", below=True)
    parent = IdFilter()
    year = YearFilter(method="in_force", help_text="Plans that cover this year.")

    start_year = YearFilter()
    end_year = YearFilter()

    class Meta:
        model = Plan
        fields = {
            "kind": ["exact"],
            "state": ["exact"],
            "is_public": ["exact"],
            "title": ["icontains"],
            "document_number": ["exact"],
            "issuer": ["exact"],
            "issued_on": ["exact", "gte", "lte"],
        }

    def in_force(self, rows: Any, name: str, value: int) -> Any:
        return rows.filter(start_year__lte=value, end_year__gte=value)


class ActionFilter(filters.FilterSet):
    plan = IdFilter()
    region = PlaceFilter("plan__region")
    department = IdFilter(method="held", help_text="A department named at the action.")

    class Meta:
        model = Action
        fields = {"kind": ["exact"], "number": ["exact"], "title": ["icontains"]}

    def held(self, rows: Any, name: str, value: int) -> Any:
        named = Responsibility.objects.filter(department=value, action__isnull=False)
        return rows.filter(pk__in=named.values("action"))


class MeasureFilter(filters.FilterSet):
    plan = IdFilter(field_name="action__plan")
    action = IdFilter()
    parent = IdFilter()
    region = PlaceFilter("action__plan__region")
    department = IdFilter(method="held", help_text="A department named at the measure.")

    class Meta:
        model = Measure
        fields = {"action__kind": ["exact"], "number": ["exact"], "title": ["icontains"]}

    def held(self, rows: Any, name: str, value: int) -> Any:
        named = Responsibility.objects.filter(department=value, measure__isnull=False)
        return rows.filter(pk__in=named.values("measure"))


class DutyFilter(filters.FilterSet):
    plan = IdFilter()
    measure = IdFilter()
    region = PlaceFilter("plan__region")

    class Meta:
        model = Duty
        fields = {
            "who": ["exact", "icontains"],
            "every": ["exact"],
            "due": ["exact", "gte", "lte", "isnull"],
        }
