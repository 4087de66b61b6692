"""Beat jobs of tasks."""

from celery import shared_task
from django.utils import timezone

from tasks.services import periods


@shared_task(name="tasks.turn_grace")
def turn_grace() -> int:
    """Mark the periods whose due date has passed (every few minutes; a repeat changes nothing)."""
    return periods.turn_grace(timezone.localdate())
