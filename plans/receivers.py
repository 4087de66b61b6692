"""What plans do when something changes on the floor below."""

from typing import Any

from django.dispatch import receiver

from departments.models import Department
from departments.signals import department_merged
from plans.models import DraftName, Responsibility


@receiver(department_merged)
def move_responsibilities(old: Department, new: Department, **kwargs: Any) -> int:
    """Let what a proposed unit was to answer for be answered by the unit it turned out to be."""
    DraftName.objects.filter(department=old).update(department=new)
    return Responsibility.objects.filter(department=old).update(department=new)
