"""Beat jobs of the house itself, and the sender that hands job rows to Celery."""

from celery import shared_task
from django.utils import timezone

from config.celery import app
from core import audit, idempotency, sending, work


def send(kind: str, job_id: int) -> None:
    """Hand a job row to Celery: the kind is the function's name, the id its only argument."""
    app.send_task(kind, args=[job_id])


@shared_task(name="config.reconcile")
def reconcile() -> int:
    """Send again what got lost (every RECONCILE_SECONDS)."""
    return work.reconcile(timezone.now())


@shared_task(name="config.seal_audit")
def seal_audit() -> int:
    """Chain the audit rows of the last minute."""
    return audit.seal(timezone.now())


@shared_task(name="config.forget_keys")
def forget_keys() -> int:
    """Drop the Idempotency-Keys that no repeat may use any more."""
    return idempotency.forget(timezone.now())


@shared_task(name="config.send_mail")
def send_mail() -> int:
    """Send the mails that are due (every MAIL_SECONDS; two at once never send one mail twice)."""
    return sending.send_due()
