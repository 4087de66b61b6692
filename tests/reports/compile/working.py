"""Compiling in the test's own process, and what the tests read out of a document."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.models import Job
from core.work import claimed
from departments.models import Department, User
from plans.models import Measure, Plan
from reports import facts, services
from reports.compose import compose
from reports.facts.scope import Scope
from reports.models import Report, ReportTransition, ReportVersion
from reports.outlines import parts_of
from reports.rendering.document import Document, Table, plain
from reports.rendering.draft import document
from tasks.models import Assignment, Entry, Revision, Task
from tests.cast import Cast

YEAR = 2024
LONG_AFTER = date(2030, 1, 1)  # the years of the cast's plan are over


def freeze(
    plan: Plan, year: int = YEAR, kind: str = "annual", today: date = LONG_AFTER, **part: Any
) -> facts.Frozen:
    """Return the facts of a plan's report; `part` is its unit or its period."""
    return facts.freeze(Scope(plan, kind, year, **part), today)


def written(frozen: facts.Frozen, substituted: Sequence[str] = ()) -> Document:
    """Return the document that the usual outline makes of frozen facts."""
    return document(compose({**frozen, "substituted": substituted}, parts_of(frozen["kind"])))


def work_off(report: Report, kind: str = services.JOB) -> Job:
    """Do the queued job of a report as a worker does."""
    job = Job.objects.get(kind=kind, subject_id=report.pk, state=Job.State.QUEUED)
    do = services.compile_report if kind == services.JOB else services.typeset_report
    with claimed(job.pk) as work:
        assert work is not None
        do(work.subject_id, work)
    job.refresh_from_db()
    return job


def sent_out(version: ReportVersion, verb: str, by: User) -> None:
    """Note that a version was sent out for opinions (consult) or approved (approve)."""
    state = {"consult": "consulting", "approve": "approved"}[verb]
    Report.objects.filter(pk=version.report_id).update(state=state)
    ReportTransition.objects.create(
        report=version.report, verb=verb, source="draft", target=state, version=version, by=by,
        at=version.compiled_at,
    )  # fmt: skip


def add_measures(cast: Cast, count: int, done: str = "", problems: str = "场地不足") -> None:
    """Add measures with tasks and approved entries to the first action of the cast's plan."""
    start = 100 + Measure.objects.filter(action=cast.action_1).count()
    for number in range(count):
        measure = Measure.objects.create(
            action=cast.action_1, title=f"追加措施{start + number}", position=start + number
        )
        task = Task.objects.create(
            plan=cast.plan,
            measure=measure,
            year=YEAR,
            title=measure.title,
            starts=date(YEAR, 1, 1),
            due=date(YEAR, 12, 31),
            gathering=Task.Gathering.CONFIRMED,
        )
        approved_entry(
            cast, task, cast.education, cast.liaison,
            percent=60, done=done or f"第{number}条措施按计划推进", problems=problems,
        )  # fmt: skip


def approved_entry(cast: Cast, task: Task, unit: Department, by: User, **said: Any) -> Entry:
    """Let a unit gather a task, report on it in the cast's period, and be checked."""
    assignment = Assignment.objects.create(task=task, department=unit, role="lead")
    entry = Entry.objects.create(
        period=cast.period, task=task, assignment=assignment, department=unit, kind="report"
    )
    revision = Revision(
        entry=entry,
        number=1,
        of_version=1,
        self_rating="on_track",
        submitted_by=by,
        submitted_at=entry.created_at,
        sha256="0" * 64,
        **said,
    )
    revision.save(force_insert=True)
    entry.submitted = entry.approved = revision
    entry.state = Entry.State.APPROVED
    entry.save()
    return entry


def plain_text(document: Document) -> str:
    """Return all text of a document, block by block and cell by cell."""
    lines: list[str] = []
    blocks = [*document.blocks, *(b for a in document.attachments for b in a.blocks)]
    for block in blocks:
        if isinstance(block, Table):
            lines += [plain(cell) for row in block.rows for cell in row]
        elif hasattr(block, "text"):
            lines.append(plain(block.text))
    return "\n".join(lines)
