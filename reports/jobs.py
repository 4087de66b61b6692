"""Background jobs of reports: an id in, one service call."""

from celery import shared_task

from core.work import claimed
from reports.services import compile_report as compile_version
from reports.workflow import JOB


@shared_task(name=JOB)
def compile_report(job_id: int) -> None:
    """Compile the report of a job, unless another worker has it."""
    with claimed(job_id) as work:
        if work is not None:
            compile_version(work.subject_id, work)
