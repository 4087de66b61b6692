"""The way from a service to a background worker: a row first, a message after the commit.

core knows no broker. `config` registers the sender; a lost message costs a delay, because
`core.work.reconcile` sends again whatever waits too long.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import Job

_senders: list[Callable[[str, int], None]] = []


def register_sender(sender: Callable[[str, int], None]) -> None:
    """Name the function that hands (kind, job id) to the broker; the last one counts."""
    _senders[:] = [sender]


def send(job: Job) -> None:
    """Hand a job to the broker and note when."""
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())
    for sender in _senders:
        sender(job.kind, job.pk)


def enqueue(kind: str, subject_id: int, *, by: Any = None) -> Job:
    """Return the active job of this kind and subject, making and sending one where there is none.

    Two requests for the same thing are one job: the constraint decides, not a look beforehand.
    """
    for last in (False, False, True):
        try:
            with transaction.atomic():
                job = Job.objects.create(kind=kind, subject_id=subject_id, created_by=by)
            break
        except IntegrityError:
            active = Job.objects.filter(kind=kind, subject_id=subject_id, state__in=Job.ACTIVE)
            # None where it ended between the two statements: then there is room for a new one.
            if found := active.first():
                return found
            if last:
                raise
    # robust: with the broker away the deed stands, and the reconciler sends later.
    transaction.on_commit(lambda: send(job), robust=True)
    return job


def cancel(kinds: Iterable[str], subject_id: int) -> int:
    """Stop the active jobs of these kinds on a subject; return how many.

    A worker that has one notices at its next word, or when it wants to store what it made.
    """
    active = Job.objects.filter(kind__in=kinds, subject_id=subject_id, state__in=Job.ACTIVE)
    return active.update(state=Job.State.CANCELLED, finished_at=timezone.now())
