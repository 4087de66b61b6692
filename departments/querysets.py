"""Who sees which regions, departments and people."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, Q, Value

from core.querysets import BaseQuerySet

if TYPE_CHECKING:
    from departments.models import Region


def on_day(day: date, prefix: str = "") -> Q:
    """Match rows whose dated validity (`valid_from`, `valid_to`, both inclusive) covers a day."""
    starts = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})
    ends = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    return starts & ends


class RegionQuerySet(BaseQuerySet):
    def within(self, region: "Region") -> Self:
        """Return the region and everything below it."""
        return self.filter(path__startswith=region.path)

    def above(self, region: "Region") -> Self:
        """Return the region and everything above it, from the top down."""
        return (
            self.alias(here=Value(region.path)).filter(here__startswith=F("path")).order_by("path")
        )

    def visible_to(self, user: Any) -> Self:
        """Regions are public facts: whoever is logged in sees them."""
        return self.all() if user.is_authenticated else self.none()


class DepartmentQuerySet(BaseQuerySet):
    def valid_on(self, day: date) -> Self:
        return self.filter(on_day(day))

    def visible_to(self, user: Any) -> Self:
        """Return the departments of the person's region; supervising roles also those below."""
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.sees_below:
            return self.filter(region__path__startswith=acting.region_path)
        return self.filter(region__path=acting.region_path)


class SuccessionQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the changes of those units that the person may see."""
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.sees_below:
            return self.filter(old__region__path__startswith=acting.region_path)
        return self.filter(old__region__path=acting.region_path)


class MembershipQuerySet(BaseQuerySet):
    def valid_on(self, day: date) -> Self:
        return self.filter(on_day(day))

    def visible_to(self, user: Any) -> Self:
        """Return memberships of the own department or, for those who manage people, the region."""
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.manages_people:
            return self.filter(
                Q(region__path__startswith=acting.region_path)
                | Q(department__region__path__startswith=acting.region_path)
            )
        if acting.department_id:
            return self.filter(department=acting.department_id)
        return self.filter(user=user)


class SeatQuerySet(BaseQuerySet):
    def valid_on(self, day: date) -> Self:
        return self.filter(on_day(day))

    def visible_to(self, user: Any) -> Self:
        """Return the roster of one's own region; supervising roles also see those below."""
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.sees_below or acting.manages_people:
            return self.filter(region__path__startswith=acting.region_path)
        return self.filter(region__path=acting.region_path)


class HandOverQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return those of the own department or, for those who manage people, of the region.

        The two people concerned see theirs as whomever they act.
        """
        acting = user.acting
        if acting is None:
            return self.none()
        concerned = Q(outgoing=user.pk) | Q(incoming=user.pk)
        if acting.manages_people:
            return self.filter(
                concerned | Q(department__region__path__startswith=acting.region_path)
            )
        return self.filter(concerned | Q(department=acting.department_id))
