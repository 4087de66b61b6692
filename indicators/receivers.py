"""What indicators make of an imported plan: its targets, inside the same transaction."""

from typing import Any

from django.dispatch import receiver

from indicators.services import targets_from
from plans.models import Measure, Plan
from plans.signals import plan_imported


@receiver(plan_imported)
def make_targets(plan: Plan, parsed: Any, measures: list[Measure], **kwargs: Any) -> None:
    targets_from(plan, parsed.targets, measures)
