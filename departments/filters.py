"""By what lists of regions and departments are filtered, on pages, in the API and in exports."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django_filters import rest_framework as filters

from core.rest import IdFilter
from departments.models import Department, DepartmentName, Region
from departments.names import normalise
from departments.querysets import on_day

CODE_DIGITS = 6  # a shorter number is an id


class PlaceFilter(filters.CharFilter):
    """Match a region by its code (six digits and more) or its id, without asking the database.

    `below=True` also matches everything below it.
    """

    field_class = forms.RegexField

    def __init__(self, field_name: str = "", *, below: bool = False, **kwargs: Any) -> None:
        help_text = "Code or id of a region" + (", and all below it." if below else ".")
        kwargs.setdefault("help_text", help_text)
        super().__init__(field_name=field_name, regex=r"^[0-9]{1,12}$", **kwargs)
        self.below = below

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        prefix = f"{self.field_name}__" if self.field_name else ""
        by_code = len(value) >= CODE_DIGITS
        if not self.below:
            key = "code" if by_code else "pk"
            return qs.filter(**{f"{prefix}{key}": value})
        place = Region.objects.filter(**{"code" if by_code else "pk": value}).first()
        if place is None:
            return qs.none()
        return qs.filter(**{f"{prefix}path__startswith": place.path})


class RegionFilter(filters.FilterSet):
    parent = PlaceFilter("parent")
    within = PlaceFilter(below=True)

    class Meta:
        model = Region
        fields = {
            "code": ["exact"],
            "name": ["exact", "icontains"],
            "level": ["exact"],
            "confirmed": ["exact"],
        }


class DepartmentFilter(filters.FilterSet):
    region = PlaceFilter("region")
    within = PlaceFilter("region", below=True)
    name = filters.CharFilter(method="named", help_text="Any spelling of the name.")
    valid_on = filters.DateFilter(method="existing", help_text="Existing on this day.")
    group = IdFilter(method="of_group", help_text="Members (at any time) of this group.")

    class Meta:
        model = Department
        fields = {"kind": ["exact"], "confirmed": ["exact"], "name": ["icontains"]}

    def named(self, rows: Any, name: str, value: str) -> Any:
        spelt = DepartmentName.objects.filter(
            department=OuterRef("pk"), normalised=normalise(value)
        )
        return rows.filter(Q(name=value) | Exists(spelt))

    def existing(self, rows: Any, name: str, value: date) -> Any:
        return rows.filter(on_day(value))

    def of_group(self, rows: Any, name: str, value: int) -> Any:
        return rows.filter(
            pk__in=Department.members.through.objects.filter(group=value).values("member")
        )
