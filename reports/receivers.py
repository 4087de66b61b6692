"""What the top floor answers to the floors below: failed jobs, and what waits in each role."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from core.work import job_failed
from departments.models import Membership
from departments.signals import waiting_asked
from reports.selectors.waiting import waiting
from reports.services import compile_failed
from reports.workflow import JOBS


@receiver(job_failed)
def tell_the_report(*, kind: str, subject_id: int, error: str, **_rest: Any) -> None:
    """Let a report know that its compilation failed, in the transaction that fails the job."""
    if kind in JOBS:
        compile_failed(subject_id, error)


@receiver(waiting_asked)
def count_what_waits(*, memberships: list[Membership], on: date, **_rest: Any) -> dict[int, int]:
    """Say how much waits for a person in each of the roles that they could switch to."""
    return waiting(memberships, on)
