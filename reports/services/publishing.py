"""公开发布: an issued report is made public after its confidentiality review, and taken down."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dispatch import enqueue
from core.errors import DomainError, ensure
from reports import policies
from reports.models import Publication, Report, ReportTransition
from reports.selectors.concerns import newest_version
from reports.services.moves import ensure_come, repeated, take, wrong
from reports.services.requests import locked
from reports.workflow import PUBLIC
from tasks.services.sayings import said, with_reason

MOST_NAME, MOST_OPINION = 60, 300


def standing(report: Report) -> Publication | None:
    """Return the publication of a report that has not ended."""
    return Publication.objects.filter(report=report, ended_at__isnull=True).first()


@transaction.atomic
def publish(
    report: Report, reviewer: str, reviewed_on: date, opinion: str, *, by: Any, now: datetime
) -> Publication:
    """Make an issued report public: who reviewed it for secrets, when, and what they found.

    A worker then makes the files of the public edition, which names no persons; asking again with
    the same words makes them where that failed.
    """
    report = locked(report)
    ensure(policies.can_publish(by, report))
    who = said(reviewer, "reviewer", _("请写明保密审查人。"), MOST_NAME)
    words = said(opinion, "opinion", _("请写明保密审查意见。"), MOST_OPINION)
    ensure_come("reviewed_on", reviewed_on, now)
    approval = (
        ReportTransition.objects.filter(report=report, verb="approve").order_by("-id").first()
    )
    if approval is not None and reviewed_on < timezone.localdate(approval.at):
        raise wrong("reviewed_on", _("审查的是审定后的报告，审查日期不能早于审定日期。"))
    if public := standing(report):
        if (public.reviewer, public.reviewed_on, public.opinion) == (who, reviewed_on, words):
            if not public.pdf:
                enqueue(PUBLIC, public.pk, by=by)
            return public
        raise DomainError(_("报告已经公开，不用再发布。"), code="public")
    version = newest_version(report)
    if version is None:
        raise DomainError(_("报告还没有生成过。"))
    made = Publication.objects.create(
        report=report, version=version, reviewer=who, reviewed_on=reviewed_on, opinion=words,
        by=by, at=now,
    )  # fmt: skip
    note = _("保密审查：%(who)s，%(day)s，%(words)s") % {
        "who": who,
        "day": reviewed_on.isoformat(),
        "words": words,
    }
    take(report, "publish", by=by, now=now, note=note, version=version.number)
    enqueue(PUBLIC, made.pk, by=by)
    return made


@transaction.atomic
def unpublish(report: Report, reason: str, *, by: Any, now: datetime) -> Report:
    """Take a report down from the public pages, with the reason; the report itself stands."""
    report = locked(report)
    note = with_reason(reason)
    if repeated(report, "unpublish", by, note):
        return report
    ensure(policies.can(by, report, "unpublish"))
    if not end_publication(report, note, by=by, now=now):
        raise DomainError(_("报告现在没有公开。"), code="not_public")
    take(report, "unpublish", by=by, now=now, note=note)
    return report


def end_publication(report: Report, reason: str, *, by: Any, now: datetime) -> bool:
    """End what is public of a locked report; tell whether anything was."""
    public = standing(report)
    if public is None:
        return False
    public.ended_at, public.ended_by, public.ended_reason = now, by, reason
    public.save()
    return True
