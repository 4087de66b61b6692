"""Beat jobs of tasks."""

from celery import shared_task
from django.utils import timezone

from tasks.services import periods, reminding


@shared_task(name="tasks.turn_grace")
def turn_grace() -> int:
    """Mark the periods whose due date has passed (every few minutes; a repeat changes nothing)."""
    return periods.turn_grace(timezone.localdate())


@shared_task(name="tasks.remind")
def remind() -> int:
    """Remind who owes (every quarter of an hour; a day's second run reminds nobody again)."""
    return reminding.remind(timezone.now())
