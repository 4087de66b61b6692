"""A worker's side of a job: claim it, beat while working, finish it once; tidy up the dead."""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from core import dispatch
from core.errors import DomainError
from core.models import Job, new_claim
from core.querysets import BaseQuerySet

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
# Sent with `kind`, `subject_id` and `error`, in the transaction that fails a job.
job_failed = Signal()


class Superseded(Exception):
    """Tell a worker that its job was taken from it; what it has done must not be stored."""


@dataclass(slots=True)
class Claimed:
    """A job in the hands of this worker."""

    job_id: int
    kind: str
    subject_id: int
    claim: uuid.UUID

    def _mine(self) -> BaseQuerySet:
        return Job.objects.filter(pk=self.job_id, claim=self.claim, state=Job.State.RUNNING)

    def tell(self, progress: int, message: str) -> None:
        """Show how far the work is (percent) and what is being done."""
        updated = self._mine().update(
            progress=progress, message=message[:200], heartbeat=timezone.now()
        )
        if not updated:
            raise Superseded

    def finish(self, result: dict[str, object] | None = None) -> None:
        """Mark the job done; call it in the transaction that stores the work.

        Raises Superseded, and so undoes that transaction, when the job is no longer ours.
        """
        updated = self._mine().update(
            state=Job.State.DONE,
            progress=100,
            message="",
            result=result or {},
            finished_at=timezone.now(),
        )
        if not updated:
            raise Superseded

    def fail(self, error: str) -> None:
        """Mark the job failed, with the sentence that people read; nothing where it is not ours."""
        with transaction.atomic():
            _fail(self._mine(), self.kind, self.subject_id, error, timezone.now())


def _fail(rows: BaseQuerySet, kind: str, subject_id: int, error: str, now: datetime) -> None:
    if rows.update(state=Job.State.FAILED, error=error, finished_at=now):
        job_failed.send(sender=Job, kind=kind, subject_id=subject_id, error=error)


def _beat(claimed: Claimed, stop: threading.Event) -> None:
    """Write a heartbeat every few seconds until the work ends (runs in a thread of its own)."""
    while not stop.wait(settings.HEARTBEAT_SECONDS):
        try:
            claimed._mine().update(heartbeat=timezone.now())
        except Exception:
            log.warning("heartbeat of job %s failed", claimed.job_id, exc_info=True)
            close_old_connections()
    connection.close()


@contextmanager
def claimed(job_id: int) -> Iterator[Claimed | None]:
    """Claim a queued job for the length of a `with`; gives None when it is not to be had.

    A DomainError fails the job with its words; any other exception fails it with a general
    sentence and is logged. A job that nobody finished in the block is failed too.
    """
    mine = new_claim()
    now = timezone.now()
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        claim=mine,
        heartbeat=now,
        progress=0,
        message="",
        attempts=F("attempts") + 1,
    )
    if not taken:
        yield None
        return
    kind, subject_id = Job.objects.values_list("kind", "subject_id").get(pk=job_id)
    work = Claimed(job_id, kind, subject_id, mine)
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(work, stop), daemon=True)
    thread.start()
    error = ""
    try:
        yield work
    except Superseded:
        log.warning("job %s was taken over by another worker", job_id)
    except DomainError as problem:
        error = problem.message
    except Exception as problem:
        log.exception("job %s failed", job_id)
        error = _("出现内部错误（%(kind)s），可以重试；仍不成功请联系管理员。") % {
            "kind": type(problem).__name__
        }
    else:
        if work._mine().exists():
            log.error("job %s ended without a result", job_id)
            error = _("没有得到结果，可以重试；仍不成功请联系管理员。")
    finally:
        stop.set()
        thread.join()
        if error:
            work.fail(error)


def reconcile(now: datetime) -> int:
    """Take silent jobs back to the queue and send what waits; return how many were sent.

    A job that killed its worker MAX_ATTEMPTS times is failed instead: it would do so for ever.
    """
    silent = now - timedelta(seconds=settings.STALE_SECONDS)
    dead = Job.objects.filter(state=Job.State.RUNNING, heartbeat__lt=silent)
    for job in dead.filter(attempts__gte=MAX_ATTEMPTS):
        with transaction.atomic():
            error = _("多次中断，已停止重试。请联系管理员。")
            _fail(dead.filter(pk=job.pk), job.kind, job.subject_id, error, now)
    dead.update(state=Job.State.QUEUED, claim=None, sent_at=None)
    waiting = Job.objects.filter(state=Job.State.QUEUED).filter(
        Q(sent_at__isnull=True, created_at__lt=now - timedelta(seconds=2)) | Q(sent_at__lt=silent)
    )
    count = 0
    for job in waiting.order_by("id")[:500]:
        dispatch.send(job)
        count += 1
    return count
