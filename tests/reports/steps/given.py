"""Reports somewhere on their way, made without the slow work of printing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from core.errors import DomainError
from core.models import Job
from core.work import claimed
from departments.models import User
from reports import facts, services
from reports.compose import compose
from reports.models import Fact, Opinion, Report, ReportTransition, ReportVersion, SectionText
from reports.rendering.draft import to_json
from reports.selectors.sections import edit_mark
from reports.services.outlines import as_rows, chosen_parts
from reports.services.texts import hashes
from reports.workflow import TYPESET
from tasks.services import periods
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.compile.working import YEAR, freeze

TODAY = timezone.localdate(NOW)
UNTIL = TODAY + timedelta(days=7)
AFTER = NOW + timedelta(days=8)  # the date of the opinions has passed
REVIEW = {"reviewer": "王审查", "reviewed_on": TODAY, "opinion": "不涉密，同意公开。"}
BASIS = "2024 年 7 月 18 日领导小组会议"


def association(cast: Cast) -> User:
    """Return the liaison of 市科协, who has another role besides."""
    return cast.double.act_as(cast.double_liaison)


def version_of(report: Report, frozen: facts.Frozen) -> ReportVersion:
    """Store a version of these facts with the text by rules and small files."""
    parts = chosen_parts(report)
    draft = compose({**frozen, "substituted": []}, parts)
    rows = SectionText.objects.filter(report=report)
    made = {"texts": {row.key: edit_mark(row) for row in rows}, "outline": as_rows(parts)}
    version = ReportVersion.objects.create(
        report=report,
        number=ReportVersion.objects.filter(report=report).count() + 1,
        facts=frozen,
        sha256=facts.sha256(frozen),
        text={**to_json(draft), "written": hashes(draft), "made_with": made},
        docx=ContentFile(b"PK docx", name=f"{report.pk}.docx"),
        pdf=ContentFile(b"%PDF-", name=f"{report.pk}.pdf"),
        compiled_at=timezone.now(),
    )
    Fact.objects.bulk_create(
        Fact(version=version, number=number, key=key, **row)
        for number, (key, row) in enumerate(frozen["figures"].items(), 1)
    )
    return version


def drafted(cast: Cast) -> Report:
    """Return the annual report of the cast's year as a draft with one version."""
    report = Report.objects.create(
        plan=cast.plan,
        kind=Report.Kind.ANNUAL,
        year=YEAR,
        state=Report.State.DRAFT,
        created_by=cast.office,
    )
    version_of(report, freeze(cast.plan))
    return report


def consulting(cast: Cast, until: date = UNTIL) -> Report:
    """Return the report while the units are asked: 市科协, 市教育局 and 市财政局."""
    return services.consult(drafted(cast), until, by=cast.office, now=NOW)


def answered(cast: Cast) -> Report:
    """Return the report with no unit that has anything against it."""
    report = consulting(cast)
    for person in (association(cast), cast.liaison, cast.liaison_finance):
        services.respond(report, Opinion.State.AGREED, by=person, now=NOW)
    return report


def approved(cast: Cast, by: User | None = None) -> Report:
    return services.approve(answered(cast), BASIS, by=by or cast.leader, now=NOW)


def stamped(cast: Cast, number: str = "测科协〔2024〕8号") -> Report:
    """Return the approved report, its number and date registered and printed."""
    report = services.stamp(approved(cast), TODAY, number, by=cast.office, now=NOW)
    print_files(report)
    return report


def issued(cast: Cast) -> Report:
    """Return the report as it was issued; the period that it rests on was closed before."""
    report = stamped(cast)
    periods.close_period(cast.period, by=cast.office, now=NOW)
    return services.issue(report, by=cast.office, now=NOW)


def print_files(report: Report) -> None:
    """End the job that prints the files, without printing: a version with other files."""
    job = Job.objects.get(kind=TYPESET, subject_id=report.pk, state=Job.State.QUEUED)
    with claimed(job.pk) as work:
        assert work is not None
        newest = ReportVersion.objects.filter(report=report).latest("number")
        made = version_of(report, newest.facts)
        ReportVersion.objects.filter(pk=made.pk).update(cause=ReportVersion.Cause.STAMPED)
        work.finish({"version": made.number})


def last_step(report: Report) -> ReportTransition:
    return ReportTransition.objects.filter(report=report).latest("id")


def refused(deed: Callable[[], Any], sentence: str) -> DomainError:
    """Do what must be refused with this sentence, and return the refusal."""
    with pytest.raises(DomainError, match=sentence) as problem:
        deed()
    return problem.value
