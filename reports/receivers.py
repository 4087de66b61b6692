"""What reports do when a job of theirs ends badly, wherever that was found out."""

from typing import Any

from django.dispatch import receiver

from core.work import job_failed
from reports.services import compile_failed
from reports.workflow import JOB


@receiver(job_failed)
def tell_the_report(*, kind: str, subject_id: int, error: str, **_rest: Any) -> None:
    """Let a report know that its compilation failed, in the transaction that fails the job."""
    if kind == JOB:
        compile_failed(subject_id, error)
