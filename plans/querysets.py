"""Who sees which plans, and what hangs on them."""

from typing import Any, Self

from django.db.models import Q

from core.querysets import BaseQuerySet


def visible_plans(user: Any, prefix: str = "") -> Q:
    """Match plans a person may see; `prefix` is the lookup path to the plan (`plan__`).

    A draft is its own office's affair. An active or closed plan is seen by everyone of its
    region, by supervising roles above it, and by everyone below it, whom it may oblige.
    Whoever is not logged in sees plans open to the public.
    """
    issued = ~Q(**{f"{prefix}state": "draft"})
    if not user.is_authenticated:
        return issued & Q(**{f"{prefix}is_public": True})
    acting = user.acting
    if acting is None or acting.role in ("security", "admin", "auditor"):
        return Q(pk__in=[])
    here = acting.region_path
    seen = issued & (
        Q(**{f"{prefix}region__path": here})
        | Q(**{f"{prefix}region__path__in": [here[:end] for end in range(6, len(here), 6)]})
    )
    if acting.sees_below:
        seen |= issued & Q(**{f"{prefix}region__path__startswith": here})
    if acting.is_office():
        seen |= Q(**{f"{prefix}region__path": here})
    return seen


class PlanQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(visible_plans(user))

    def active(self) -> Self:
        return self.filter(state="active")

    def covering(self, year: int) -> Self:
        return self.filter(start_year__lte=year, end_year__gte=year)


class OfPlanQuerySet(BaseQuerySet):
    """Rows that carry a `plan`: seen by whoever sees the plan."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(visible_plans(user, "plan__"))


class MeasureQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(visible_plans(user, "action__plan__"))

    def of_tasks(self) -> Self:
        """Return measures of actions and projects (safeguards become duties, not tasks)."""
        return self.exclude(action__kind="safeguard")


class ResponsibilityQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(
            visible_plans(user, "action__plan__") | visible_plans(user, "measure__action__plan__")
        )


class DraftQuerySet(BaseQuerySet):
    """Drafts are the affair of the office that checks them, and of nobody else."""

    def visible_to(self, user: Any) -> Self:
        acting = getattr(user, "acting", None)
        if acting is None or not acting.is_office():
            return self.none()
        return self.filter(home=acting.region_id)

    def waiting(self) -> Self:
        """Return those that nobody has confirmed yet, as lists need them."""
        return self.filter(plan=None).select_related("source").defer("text", "source__text")


class OfDraftQuerySet(BaseQuerySet):
    """Rows that carry a `draft`: seen by whoever sees the draft."""

    def visible_to(self, user: Any) -> Self:
        acting = getattr(user, "acting", None)
        if acting is None or not acting.is_office():
            return self.none()
        return self.filter(draft__home=acting.region_id)

    def kept(self) -> Self:
        """Leave out what was dropped, itself or with what it hangs on (three floors deep)."""
        return (
            self.filter(dropped=False)
            .exclude(parent__dropped=True)
            .exclude(parent__parent__dropped=True)
        )
