"""Who sees which tasks, periods and entries."""

from datetime import date
from typing import Any, Self

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import TruncDate

from core import workdays
from core.querysets import BaseQuerySet
from plans.querysets import visible_plans

# What regions above may read: what was handed in or agreed on, never drafts and returns.
HANDED_IN = ("submitted", "approved")


class TaskQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the region's tasks for supervising roles, else those one has a part in."""
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        if acting.sees_below:
            return self.filter(visible_plans(user, "plan__"))
        if acting.department_id is None:
            return self.none()
        own = self.model._meta.get_field("assignments").related_model.objects.filter(
            task=OuterRef("pk"), department=acting.department_id
        )
        return self.filter(Exists(own)).filter(visible_plans(user, "plan__"))

    def of_year(self, year: int) -> Self:
        return self.filter(year=year)

    def standing(self) -> Self:
        """Leave out tasks that were cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def overdue(self, on: date) -> Self:
        return self.filter(due__lt=on)


class AssignmentQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        tasks = self.model._meta.get_field("task").related_model.objects.visible_to(user)
        return self.filter(task__in=tasks.values("pk"))


class PeriodQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the periods of one's region; supervising roles also see those below.

        Departments know the dates of the whole year ahead: what is not open yet is in it.
        """
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        if acting.sees_below:
            return self.filter(region__path__startswith=acting.region_path)
        if acting.department_id is None:
            return self.none()
        return self.filter(region__path=acting.region_path)

    def accepting(self) -> Self:
        return self.filter(state__in=("open", "grace"))


class EntryQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return what one works on, gathers or supervises.

        The office of the region sees the state of everything there and reads what was handed in
        (the text of a draft stays with its unit: `policies.can_read_text`); supervising roles
        above and leaders see only what was handed in. A department sees its own entries and the
        parts given to it as 汇总单位.
        """
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        here = acting.region_path
        if acting.is_office():
            return self.filter(
                Q(period__region__path=here)
                | Q(period__region__path__startswith=here, state__in=HANDED_IN)
            )
        if acting.sees_below:
            return self.filter(
                Q(period__region__path__startswith=here)
                & (Q(state__in=HANDED_IN) | Q(approved__isnull=False))
            )
        if acting.department_id is None:
            return self.none()
        assignments = self.model._meta.get_field("assignment").related_model.objects
        gathered = assignments.filter(
            task=OuterRef("task"), department=acting.department_id, role="lead"
        )
        return self.filter(
            Q(department=acting.department_id)
            | Q(kind="part") & ~Q(state="draft") & Exists(gathered)
        )

    def expected(self) -> Self:
        """Leave out what was waived."""
        return self.exclude(state="waived")

    def owed(self) -> Self:
        """Return what a department still has to hand in."""
        return self.filter(state__in=("draft", "awaiting_signoff", "returned"))


class OfEntryQuerySet(BaseQuerySet):
    """Rows that hang on an `entry`: seen by whoever sees the entry."""

    def visible_to(self, user: Any) -> Self:
        entries = self.model._meta.get_field("entry").related_model.objects.visible_to(user)
        return self.filter(entry__in=entries.values("pk"))


class RevisionQuerySet(OfEntryQuerySet):
    """What was handed in, in the order of the table (entry, number)."""

    def received(self) -> Self:
        """Leave out what waits for the signature of the unit's head, or was taken back before."""
        entry = self.model._meta.get_field("entry").related_model
        steps = entry._meta.get_field("transitions").related_model
        arrived = steps.objects.filter(revision=OuterRef("pk"), to_state="submitted")
        return self.filter(Exists(arrived))

    def standing(self) -> Self:
        """Keep what an entry says to others, as `content.standing_revision` tells of one entry."""
        return self.filter(
            Q(pk=F("entry__approved"))
            | Q(
                pk=F("entry__submitted"),
                entry__approved__isnull=True,
                entry__state__in=("submitted", "taken_over"),
            )
        )


def past_soon(on: date, soon_days: int) -> date:
    """Return the first due day that is not 临期 on a day, by a region's working days."""
    return workdays.add(on, soon_days + 1)


class SupervisionQuerySet(BaseQuerySet):
    """督办件: between the region's office and leaders and the units that carry or help them."""

    def visible_to(self, user: Any) -> Self:
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        if acting.sees_below:
            return self.filter(region__path=acting.region_path)
        if acting.department_id is None:
            return self.none()
        helped = self.model.helpers.through.objects.filter(
            supervisionitem=OuterRef("pk"), department=acting.department_id
        )
        return self.filter(Q(department=acting.department_id) | Exists(helped))

    def standing(self) -> Self:
        """Leave out what is settled or struck off."""
        return self.filter(state__in=("pending", "working", "reviewing"))

    def owed(self) -> Self:
        """Return what the unit still has to do something about."""
        return self.filter(state__in=("pending", "working"))

    def with_lights(self, on: date, soon_days: int) -> Self:
        """Add `light`, as of a day: settled, standing, overdue, soon or normal, in this order.

        `soon_days` are working days. The clock of a unit stands still while its feedback waits
        for the office: handed in by the due day it is normal, later it stays overdue.
        """
        steps = self.model._meta.get_field("steps").related_model
        handed_in = steps.objects.filter(item=OuterRef("pk"), verb="feedback").order_by("-id")
        waiting = Q(state="reviewing")
        return self.annotate(
            handed_in_on=TruncDate(Subquery(handed_in.values("at")[:1])),
            light=Case(
                When(state__in=("settled", "struck"), then=Value("settled")),
                When(due__isnull=True, then=Value("standing")),
                When(waiting & Q(handed_in_on__lte=F("due")), then=Value("normal")),
                When(waiting | Q(due__lt=on), then=Value("overdue")),
                When(due__lt=past_soon(on, soon_days), then=Value("soon")),
                default=Value("normal"),
                output_field=CharField(),
            ),
        )


class OfItemQuerySet(BaseQuerySet):
    """Rows that hang on a 督办件: seen by whoever sees the item."""

    def visible_to(self, user: Any) -> Self:
        items = self.model._meta.get_field("item").related_model.objects.visible_to(user)
        return self.filter(item__in=items.values("pk"))


class InstructionQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return those of one's region for its office and leaders, else those one has to carry."""
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        if acting.role in ("office", "leader"):
            return self.filter(region__path=acting.region_path)
        items = self.model._meta.get_field("items").related_model.objects.visible_to(user)
        if acting.department_id is None:
            return self.none()
        return self.filter(Exists(items.filter(instruction=OuterRef("pk"))))


class EventQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the events of one's region and below for supervising roles, else one's own."""
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        if acting.sees_below:
            return self.filter(region__path__startswith=acting.region_path)
        if acting.department_id is None:
            return self.none()
        return self.filter(department=acting.department_id)

    def standing(self) -> Self:
        """Leave out what was struck out."""
        return self.filter(struck_at__isnull=True)


class SheetQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the files that the person uploaded in the place for which they act now."""
        acting = getattr(user, "acting", None)
        if not user.is_authenticated or acting is None:
            return self.none()
        return self.filter(
            uploaded_by=user.pk, region__path=acting.region_path, department=acting.department_id
        )
