"""By what lists of reports are filtered, on pages, in the API and in exports."""

from django_filters import rest_framework as filters

from core.rest import IdFilter, YearFilter
from departments.filters import PlaceFilter
from reports.models import Report


class ReportFilter(filters.FilterSet):
    plan = IdFilter()
    department = IdFilter()
    period = IdFilter()
    region = PlaceFilter("plan__region")
    within = PlaceFilter("plan__region", below=True)
    year = YearFilter()

    class Meta:
        model = Report
        fields = {
            "kind": ["exact"],
            "state": ["exact"],
            "document_number": ["exact"],
            "issued_on": ["exact"],
        }
