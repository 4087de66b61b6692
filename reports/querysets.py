"""Who sees which reports."""

from typing import Any, Self

from django.db.models import OuterRef, Q, Subquery

from core.querysets import BaseQuerySet
from plans.querysets import visible_plans

READABLE = ("consulting", "approved", "issued")


class ReportQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return reports on plans one may see; unfinished ones are the office's own.

        Members of the region read a report from the consultation on, regions above and below
        and leaders once it is approved. The summary of one unit is read by that unit from its
        draft on and by no other. A withdrawn report stays with its office. Whoever is not logged
        in sees none: what is public has its own pages (`Publication`).
        """
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        seen = self.filter(visible_plans(user, "plan__"))
        here = Q(plan__region__path=acting.region_path)
        decided = Q(state__in=("approved", "issued")) & ~Q(kind="department")
        if acting.is_office():
            return seen.filter(here | decided)
        if acting.role == "leader":
            return seen.filter(here & Q(state__in=("draft", *READABLE)) | decided)
        if acting.department_id:
            own = Q(department=acting.department_id, state__in=("draft", *READABLE))
            member = here & Q(state__in=READABLE) & ~Q(kind="department")
            return seen.filter(own | member | Q(state="issued") & ~Q(kind="department"))
        return seen.filter(Q(state="issued") & ~Q(kind="department"))


class OfReportQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        reports = self.model._meta.get_field("report").related_model.objects.visible_to(user)
        return self.filter(report__in=reports.values("pk"))


class VersionQuerySet(OfReportQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the versions of visible reports: every one for office and leaders of the region.

        Others read from the version on that was sent out for opinions (in the region) or approved
        (elsewhere); what was drafted before is none of theirs. The unit whose summary it is reads
        all of them.
        """
        seen, acting = super().visible_to(user), getattr(user, "acting", None)
        if acting is None:
            return self.none()
        here = Q(report__plan__region__path=acting.region_path)
        if acting.is_office() or acting.role == "leader":
            rest = Q(number__gte=self._sent_by("approve"))
            return seen.filter(here | rest)
        own = Q(report__department=acting.department_id, report__department__isnull=False)
        asked = here & Q(number__gte=self._sent_by("consult"))
        # Elsewhere only: a report sent back after its approval is a draft again in its region.
        decided = ~here & Q(number__gte=self._sent_by("approve"))
        return seen.filter(own | asked | decided)

    def _sent_by(self, verb: str) -> Subquery:
        """Return the number of the version that a report's last step of this kind was about."""
        report = self.model._meta.get_field("report").related_model
        steps = report._meta.get_field("transitions").related_model.objects
        rows = steps.filter(report=OuterRef("report"), verb=verb).order_by("-id")
        return Subquery(rows.values("version__number")[:1])


class OpinionQuerySet(OfReportQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the opinions on visible reports: all for office and leaders of the region.

        A unit reads its own; what units say between them and their office is nobody else's.
        """
        seen = super().visible_to(user)
        acting = getattr(user, "acting", None)
        if acting is None:
            return self.none()
        if acting.is_office() or acting.role == "leader":
            return seen.filter(report__plan__region__path=acting.region_path)
        return seen.filter(department=acting.department_id)


class PublicationQuerySet(OfReportQuerySet):
    def standing(self) -> Self:
        """Return what is public now, on plans that are open to the public."""
        return self.filter(
            ended_at__isnull=True, report__state="issued", report__plan__is_public=True
        )


class ScoreSchemeQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the schemes of one's own region: all for its office, approved ones for leaders.

        A unit sees the approved ones under which it is asked to rate itself. Nobody but the office
        sees any while the plan's settings have scoring switched off; regions above and below
        never do.
        """
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        here = self.filter(plan__region__path=acting.region_path)
        if acting.is_office():
            return here
        shown = here.filter(state="approved", plan__settings__ranking=True)
        if acting.role == "leader":
            return shown
        if acting.department_id is None:
            return self.none()
        return shown.filter(cards__department=acting.department_id, rate_until__isnull=False)


class ScoreCardQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the cards under visible schemes: all for office and leader, else one's own."""
        schemes = self.model._meta.get_field("scheme").related_model.objects.visible_to(user)
        seen = self.filter(scheme__in=schemes.values("pk"))
        acting = getattr(user, "acting", None)
        if acting is None or acting.department_id is None:
            return seen
        return seen.filter(department=acting.department_id)


class OfCardQuerySet(BaseQuerySet):
    """Rows that hang on a `card` or a `scheme`: read through those alone."""
