"""By what lists of indicators, targets and observed values are filtered, everywhere alike."""

from typing import Any

from django_filters import rest_framework as filters

from core.rest import IdFilter, TimeFilter, YearFilter
from departments.filters import PlaceFilter
from indicators.models import Indicator, Observation, Target


class CodeFilter(filters.CharFilter):
    """Match an indicator by its code, or by its id where only digits are given."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text="Code or id of an indicator.", max_length=60, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        is_id = value.isascii() and value.isdigit() and len(value) < 19
        return qs.filter(**{f"{self.field_name}__{'pk' if is_id else 'code'}": value})


class IndicatorFilter(filters.FilterSet):
    region = PlaceFilter("region")

    class Meta:
        model = Indicator
        fields = {
            "code": ["exact"],
            "name": ["exact", "icontains"],
            "unit": ["exact"],
            "kind": ["exact"],
            "direction": ["exact"],
            "roll_up": ["exact"],
            "official_code": ["exact"],
            "group": ["exact"],
            "reported_at": ["exact"],
            "frequency": ["exact"],
            "money": ["exact"],
            "by_department": ["exact"],
            "by_group": ["exact"],
            "is_active": ["exact"],
        }


class TargetFilter(filters.FilterSet):
    plan = IdFilter()
    measure = IdFilter()
    indicator = CodeFilter(field_name="indicator")
    region = PlaceFilter("plan__region")
    within = PlaceFilter("plan__region", below=True)
    year = YearFilter()
    current = filters.BooleanFilter(
        "replaced_by", lookup_expr="isnull", help_text="Not replaced by an amendment."
    )

    class Meta:
        model = Target
        fields = {
            "withdrawn": ["exact"],
            "operator": ["exact"],
            "every_year": ["exact"],
            "scope": ["exact"],
            "basis": ["exact"],
        }


class ObservationFilter(filters.FilterSet):
    indicator = CodeFilter(field_name="indicator")
    region = PlaceFilter("region")
    within = PlaceFilter("region", below=True)
    department = IdFilter()
    year = YearFilter()
    year__gte = YearFilter("year", lookup_expr="gte")
    year__lte = YearFilter("year", lookup_expr="lte")
    verified_at__gte = TimeFilter("verified_at", lookup_expr="gte")
    verified_at__lte = TimeFilter("verified_at", lookup_expr="lte")
    current = filters.BooleanFilter(
        "superseded_by", lookup_expr="isnull", help_text="Not replaced by a correction."
    )
    whole_region = filters.BooleanFilter(
        method="of_all", help_text="Neither of one department nor of one group of people."
    )

    class Meta:
        model = Observation
        fields = {
            "part": ["exact"],
            "population_group": ["exact"],
            "denominator_basis": ["exact"],
            "status": ["exact"],
            "basis": ["exact"],
            "series": ["exact"],
            "state": ["exact"],
            "own_check": ["exact"],
            "is_demo": ["exact"],
        }

    def of_all(self, rows: Any, name: str, value: bool) -> Any:
        whole = {"department__isnull": True, "population_group": ""}
        return rows.filter(**whole) if value else rows.exclude(**whole)
