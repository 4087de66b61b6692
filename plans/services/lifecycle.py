"""What is done to a plan once it exists: put in force, opened to the public."""

from typing import Any

from django.db import transaction

from core import audit
from core.errors import ensure
from departments.models import Department
from plans import policies
from plans.models import Plan, Responsibility


@transaction.atomic
def activate(plan: Plan, *, by: Any) -> Plan:
    """Put a checked draft in force; from then on its text is locked."""
    plan = Plan.objects.select_for_update().select_related("region").get(pk=plan.pk)
    ensure(policies.can_activate(by, plan))
    plan.state = Plan.State.ACTIVE
    plan.save()
    Department.objects.filter(responsibilities__in=_all_responsibilities(plan)).update(
        confirmed=True
    )
    audit.record("plans.plan.activate", plan, by=by, region_path=plan.region.path)
    return plan


def _all_responsibilities(plan: Plan) -> Any:
    return Responsibility.objects.filter(action__plan=plan) | Responsibility.objects.filter(
        measure__action__plan=plan
    )


@transaction.atomic
def set_public(plan: Plan, public: bool, *, by: Any) -> Plan:
    """Open a plan to the public, or close it again."""
    plan = Plan.objects.select_for_update().select_related("region").get(pk=plan.pk)
    ensure(policies.can_publish(by, plan))
    plan.is_public = public
    plan.save()
    audit.record(
        "plans.plan.publish",
        plan,
        by=by,
        detail={"public": public},
        region_path=plan.region.path,
    )
    return plan
