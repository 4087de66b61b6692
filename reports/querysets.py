"""Who sees which reports."""

from typing import Any, Self

from core.querysets import BaseQuerySet
from plans.querysets import visible_plans


class ReportQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return reports on plans one may see; unfinished ones are the office's own.

        Members of the region read a report from the consultation on, regions above and below
        and leaders once it is approved.
        """
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        seen = self.filter(visible_plans(user, "plan__"))
        if acting.is_office():
            own = seen.filter(plan__region__path=acting.region_path)
            return own | seen.filter(state__in=("approved", "issued"))
        if acting.role == "leader":
            own = seen.filter(
                plan__region__path=acting.region_path,
                state__in=("draft", "consulting", "approved", "issued"),
            )
            return own | seen.filter(state__in=("approved", "issued"))
        if acting.department_id:
            own = seen.filter(
                plan__region__path=acting.region_path,
                state__in=("consulting", "approved", "issued"),
            )
            return own | seen.filter(state="issued")
        return seen.filter(state="issued")


class OfReportQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        reports = self.model._meta.get_field("report").related_model.objects.visible_to(user)
        return self.filter(report__in=reports.values("pk"))
