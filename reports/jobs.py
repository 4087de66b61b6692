"""Background jobs of reports: an id in, one service call."""

from celery import shared_task
from django.utils import timezone

from core.work import claimed
from reports import services
from reports.workflow import JOB, PUBLIC, TYPESET


@shared_task(name=JOB)
def compile_report(job_id: int) -> None:
    """Compile the report of a job, unless another worker has it."""
    with claimed(job_id) as work:
        if work is not None:
            services.compile_report(work.subject_id, work)


@shared_task(name=TYPESET)
def typeset_report(job_id: int) -> None:
    """Make the files of a report anew, unless another worker has the job."""
    with claimed(job_id) as work:
        if work is not None:
            services.typeset_report(work.subject_id, work)


@shared_task(name=PUBLIC)
def print_publication(job_id: int) -> None:
    """Make the files of a publication, unless another worker has the job."""
    with claimed(job_id) as work:
        if work is not None:
            services.print_publication(work.subject_id, work)


@shared_task(name="reports.request_due")
def request_due() -> int:
    """Ask for the annual drafts of today (every hour; a repeat finds none)."""
    return services.request_due(timezone.localdate())
