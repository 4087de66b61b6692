"""The worker's side of mail: claim a row, let it leave, mark it; try again what failed.

A row is claimed by compare-and-set just before it leaves and marked right after, so a worker that
is killed leaves at most one mail of which nobody knows whether it left. That one is sent again,
under the same Message-ID (`docs/decisions/0012-mail-leaves-at-least-once.md`).
"""

import hashlib
import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from core.models import Delivery
from core.verdict import YES, Verdict, no

log = logging.getLogger(__name__)
# Minutes until the next try, after the first failure, the second, …; after the last one: failed.
DELAYS = (1, 5, 30, 120, 480)
AT_ONCE = 200  # mails of one run over one connection
Clock = Callable[[], datetime]


class Refused(Exception):
    """Say that a mail will never be taken: trying again is of no use."""


def message_id(row: Delivery) -> str:
    """Return the Message-ID of a mail: the same however often it leaves."""
    told = hashlib.sha256(f"{row.person_id}:{row.key}".encode()).hexdigest()[:40]
    return f"<{told}@{urlsplit(settings.PORTAL_URL).hostname or 'localhost'}>"


def _message(row: Delivery, connection: Any) -> EmailMessage:
    return EmailMessage(
        subject=row.subject,
        body=row.body,
        to=[row.address],
        headers={
            "Message-ID": message_id(row),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
        connection=connection,
    )


def take_back(now: datetime) -> int:
    """Queue again what a killed worker left in its hands; return how many rows."""
    silent = now - timedelta(seconds=settings.STALE_SECONDS)
    left = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=silent)
    spent = left.filter(attempts__gt=len(DELAYS)).update(
        state=Delivery.State.FAILED, error=_("发送时多次中断。"), claimed_at=None
    )
    return spent + left.update(state=Delivery.State.QUEUED, claimed_at=None)


def send_due(clock: Clock = timezone.now) -> int:
    """Send what is due, the oldest first, over one connection; return how many left.

    Two workers may run it at once: each mail is claimed by one of them.
    """
    now = clock()
    take_back(now)
    due = Delivery.objects.filter(state=Delivery.State.QUEUED, send_after__lte=now)
    rows = list(due.order_by("send_after", "id")[:AT_ONCE])
    if not rows:
        return 0
    connection = get_connection()
    try:
        connection.open()
    except OSError as problem:  # smtplib's own errors are OSErrors too
        _unreachable(rows, problem, now)
        return 0
    sent = 0
    try:
        for row in rows:
            sent += _leave(row, connection, clock)
    finally:
        _close(connection)
    return sent


def _close(connection: Any) -> None:
    try:
        connection.close()
    except OSError:
        log.info("the mail server ended the connection by itself")


def _leave(row: Delivery, connection: Any, clock: Clock) -> bool:
    """Claim one mail, send it, and note how it ended; False where it did not leave."""
    claimed_at = clock()
    mine = Delivery.objects.filter(pk=row.pk, state=Delivery.State.QUEUED).update(
        state=Delivery.State.SENDING, claimed_at=claimed_at, attempts=F("attempts") + 1
    )
    if not mine:
        return False
    held = Delivery.objects.filter(pk=row.pk, state=Delivery.State.SENDING, claimed_at=claimed_at)
    try:
        _hand_over(row, connection)
    except Refused as problem:
        held.update(state=Delivery.State.FAILED, error=str(problem)[:300], claimed_at=None)
        return False
    except Exception as problem:
        log.warning("mail %s did not leave", row.pk, exc_info=not isinstance(problem, OSError))
        held.update(**_again(row.attempts + 1, problem, clock()))
        return False
    held.update(state=Delivery.State.SENT, sent_at=clock(), error="", claimed_at=None)
    return True


def _hand_over(row: Delivery, connection: Any) -> None:
    """Give one mail to the server; raises Refused where it says that it never will take it."""
    try:
        if not getattr(connection, "connection", True):
            connection.open()  # the server hung up after the last one
        _message(row, connection).send()
    except smtplib.SMTPRecipientsRefused as problem:
        code, words = next(iter(problem.recipients.values()))
        if code >= 500:
            raise Refused(_("收件服务器拒收：%s") % _said(code, words)) from problem
        raise
    except smtplib.SMTPDataError as problem:
        if problem.smtp_code >= 500:
            told = _said(problem.smtp_code, problem.smtp_error)
            raise Refused(_("收件服务器拒收：%s") % told) from problem
        raise
    except (smtplib.SMTPServerDisconnected, ConnectionError):
        connection.connection = None  # the next mail opens a new one
        raise
    except ValueError as problem:  # an address or a head that no server could take
        raise Refused(_("邮件地址或标题不能使用。")) from problem


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"


def _words(problem: Exception) -> str:
    """Say in a few words why a mail did not leave."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return _("收件服务器暂时不收：%s") % _said(*next(iter(problem.recipients.values())))
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return _("邮件服务器不接受账号或密码。")
    if isinstance(problem, smtplib.SMTPResponseException):
        return _("邮件服务器答复：%s") % _said(problem.smtp_code, problem.smtp_error)
    if isinstance(problem, OSError):
        return _("连不上邮件服务器（%s）。") % type(problem).__name__
    return _("出现内部错误（%s）。") % type(problem).__name__


def _again(attempts: int, problem: Exception, now: datetime) -> dict[str, Any]:
    """Return what a failed try writes: when the next one is, or that it was the last."""
    if attempts > len(DELAYS):
        return {
            "state": Delivery.State.FAILED,
            "error": _words(problem)[:300],
            "claimed_at": None,
        }
    return {
        "state": Delivery.State.QUEUED,
        "error": _words(problem)[:300],
        "claimed_at": None,
        "send_after": now + timedelta(minutes=DELAYS[attempts - 1]),
    }


def _unreachable(rows: list[Delivery], problem: Exception, now: datetime) -> None:
    """Count a failed try for every mail of the batch: no server, no mail."""
    log.warning("the mail server cannot be reached: %s", problem)
    for tried in {row.attempts for row in rows}:
        Delivery.objects.filter(
            pk__in=[row.pk for row in rows if row.attempts == tried],
            state=Delivery.State.QUEUED,
            attempts=tried,
        ).update(attempts=tried + 1, **_again(tried + 1, problem, now))


def can_resend(user: Any) -> Verdict:
    """The system administrator sends failed mails of the region again."""
    if user.has_perm("core.view_delivery"):
        return YES
    return no(_("邮件由系统管理员重发。"))


@transaction.atomic
def resend(pks: list[int], *, by: Any, now: datetime) -> int:
    """Queue failed mails again, from the first try on; return how many."""
    ensure(can_resend(by))
    rows = list(
        Delivery.objects.visible_to(by)
        .filter(pk__in=pks, state=Delivery.State.FAILED)
        .select_for_update()
    )
    if not rows:
        raise DomainError(_("没有可以重发的邮件：只有发送失败的才需要重发。"))
    for row in rows:
        # The address may have been wrong: the one that the person has now counts.
        row.address = row.person.email or row.address
    Delivery.objects.bulk_update(rows, ["address"])
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=Delivery.State.QUEUED, attempts=0, error="", send_after=now
    )
    audit.record(
        "core.mail.resend",
        rows[0] if len(rows) == 1 else None,
        by=by,
        detail={"mails": [row.pk for row in rows], "addresses": [row.masked for row in rows]},
    )
    return len(rows)
