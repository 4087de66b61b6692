"""Who sees which targets and observed values."""

from typing import Any, Self

from django.db.models import Q

from core.querysets import BaseQuerySet
from plans.querysets import visible_plans

ADMINISTRATORS = ("auditor", "security", "admin")  # they see no content
COUNTING = {"state": "verified", "superseded_by__isnull": True}
WHOLE_REGION = {"department__isnull": True, "population_group": ""}
WHOLE_YEAR = {"part": ""}


class IndicatorQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The catalogue is no secret: whoever is logged in sees it."""
        return self.all() if user.is_authenticated else self.none()


class TargetQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(visible_plans(user, "plan__"))

    def current(self) -> Self:
        """Leave out targets that an amendment replaced or withdrew."""
        return self.filter(replaced_by__isnull=True, withdrawn=False)


class ObservationQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return verified values of one's region, of those above (for orientation) and below.

        Drafts and returns stay with the region's office and, where a department reports, with
        that department; an office also reads what regions below have submitted.
        """
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None or acting.role in ADMINISTRATORS:
            return self.none()
        here = acting.region_path
        lineage = [here[:end] for end in range(6, len(here) + 1, 6)]
        seen = Q(state="verified") & (
            Q(region__path__in=lineage) | Q(region__path__startswith=here)
        )
        if acting.is_office():
            seen |= Q(region__path=here) | Q(office=acting.region_id)
            seen |= Q(region__path__startswith=here, state="submitted")
        elif acting.department_id:
            seen |= Q(department=acting.department_id)
        return self.filter(seen)

    def counting(self) -> Self:
        """Return what counts in any figure: verified and not superseded."""
        return self.filter(**COUNTING)

    def of_whole_region(self) -> Self:
        """Leave out values of one department or population group."""
        return self.filter(**WHOLE_REGION)

    def of_whole_year(self) -> Self:
        """Leave out values of a quarter or half-year."""
        return self.filter(**WHOLE_YEAR)

    def figures(self, *more: Any, **also: Any) -> Self:
        """Return what counts of whole regions and whole years: all three in one condition."""
        return self.filter(*more, **COUNTING, **WHOLE_REGION, **WHOLE_YEAR, **also)

    def open(self) -> Self:
        """Return what is on its way: drafts, what waits to be checked, what came back."""
        return self.exclude(state="verified")


class SheetQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the files that the person uploaded in the place for which they act now."""
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        return self.filter(uploaded_by=user.pk, region__path=acting.region_path)
