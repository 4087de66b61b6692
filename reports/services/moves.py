"""What every step of a report shares: its row of history, its audit row, its notices, its words."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import notices
from core.errors import DomainError
from departments.selectors import leaders_of, office_people
from reports.models import Report, ReportTransition
from reports.selectors.concerns import newest_version
from reports.services.requests import record
from reports.workflow import STEPS


def repeated(report: Report, verb: str, by: Any, note: str) -> bool:
    """Tell whether this very step was the last one taken: a second press of the same button."""
    last = ReportTransition.objects.filter(report=report).order_by("-id").first()
    return (
        last is not None
        and (last.verb, last.by_id, last.note) == (verb, by.pk, note)
        and last.target == report.state
    )


def take(
    report: Report, verb: str, *, by: Any, now: datetime, note: str = "", **detail: Any
) -> ReportTransition:
    """Move a locked report as the table says, and write the step and its audit row."""
    before = report.state
    report.state = STEPS[verb].target or before
    report.save()
    step = ReportTransition.objects.create(
        report=report,
        verb=verb,
        source=before,
        target=report.state,
        version=newest_version(report),
        by=by,
        at=now,
        note=note,
    )
    said = {"note": note} if note else {}
    record(report, verb, by, **{"from": before, "to": report.state}, **said, **detail)
    return step


def tell(people: Iterable[int], step: ReportTransition, reason: str, text: str) -> None:
    """Leave a notice with those concerned, never with who took the step."""
    notices.tell(
        [person for person in people if person != step.by_id],
        event=f"report:{step.report_id}:step:{step.pk}",
        reason=reason,
        text=text,
        view="report",
        subject=step.report_id,
        after=step.at,
    )


def invitation(report: Report, turn: int) -> str:
    """Return the event by which the notices of a round of opinions are known."""
    return f"report:{report.pk}:consult:{turn}"


def office(report: Report, now: datetime) -> list[int]:
    return office_people(report.plan.region, timezone.localdate(now))


def leaders(report: Report, now: datetime) -> list[int]:
    return leaders_of(report.plan.region, timezone.localdate(now))


def wrong(field: str, sentence: str, code: str = "") -> DomainError:
    """Return an error that stands at its field."""
    return DomainError(sentence, fields={field: [sentence]}, code=code)


def ensure_come(field: str, day: date, now: datetime) -> None:
    """Refuse a day that has not come yet for something that has happened."""
    if day > timezone.localdate(now):
        raise wrong(field, _("这个日期还没有到，请填今天或以前的日期。"))
