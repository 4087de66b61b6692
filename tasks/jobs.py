"""Background jobs of tasks: what the beat runs, and what it finds for a worker to do."""

from celery import shared_task
from django.utils import timezone

from core.work import claimed
from tasks.services import periods
from tasks.services.periods import beat, reminding


@shared_task(name="tasks.turn_grace")
def turn_grace() -> int:
    """Mark the periods whose due date has passed (every few minutes; a repeat changes nothing)."""
    return periods.turn_grace(timezone.localdate())


@shared_task(name="tasks.move_periods")
def move_periods() -> int:
    """Queue what opens and closes today (every few minutes; a repeat finds the same jobs)."""
    return beat.move_due(timezone.now())


@shared_task(name=beat.OPEN)
def open_period(job_id: int) -> None:
    """Open the period of a job, unless another worker has it."""
    with claimed(job_id) as work:
        if work is not None:
            beat.do("open", work, timezone.now())


@shared_task(name=beat.CLOSE)
def close_period(job_id: int) -> None:
    """Close the period of a job, unless another worker has it."""
    with claimed(job_id) as work:
        if work is not None:
            beat.do("close", work, timezone.now())


@shared_task(name="tasks.remind")
def remind() -> int:
    """Remind who owes (every quarter of an hour; a day's second run reminds nobody again)."""
    return reminding.remind(timezone.now())
