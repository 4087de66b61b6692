"""The worker's side of a report: freeze, write, print, and store all at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, notices
from core.errors import DomainError
from core.models import Job
from core.work import Claimed
from reports import facts
from reports.compose import PartFailed, compose, order, traced
from reports.facts.scope import scope_of
from reports.models import Fact, FailedAttempt, Report, ReportVersion
from reports.rendering.document import Document, Head
from reports.rendering.draft import Draft, document, from_json, to_json
from reports.rendering.excel import to_xlsx
from reports.rendering.fonts import FontsMissing, substitutions
from reports.rendering.pdf import typeset
from reports.rendering.word import to_docx
from reports.services.outlines import as_rows, chosen_parts
from reports.services.requests import refuse_impossible
from reports.services.storing import saved, sweep
from reports.services.texts import hashes, rewritten
from reports.workflow import STEPS

SUFFIXES = ("docx", "pdf", "xlsx")


@dataclass(slots=True)
class Made:
    """A version before it is stored; `keys` are its figures in the order of their numbers."""

    frozen: facts.Frozen
    text: dict[str, Any]
    files: dict[str, bytes]
    cause: str
    keys: list[str]
    notes: list[str] = field(default_factory=list)


def compile_report(report_id: int, work: Claimed) -> None:
    """Freeze the facts, write text and files, and store a version with the end of the job.

    Killed anywhere, it leaves no part of a version; done again from the same data, it gives the
    same facts and files, of which no second version is made.
    """
    with transaction.atomic():
        work.tell(5, _("正在读取数据"))
        Report.objects.filter(pk=report_id, state__in=STEPS["begin"].sources).update(
            state=STEPS["begin"].target
        )
    report = _read(report_id)
    _sweep(report)
    refuse_impossible(scope_of(report))
    with facts.one_view():
        frozen = facts.freeze(scope_of(report), timezone.localdate())
    _finish(report, frozen, ReportVersion.Cause.COMPILED, work)


def typeset_report(report_id: int, work: Claimed) -> None:
    """Make a version from the facts of the newest one: its text or its number has changed."""
    work.tell(5, _("正在读取数据"))
    report = _read(report_id)
    newest = _newest(report)
    if newest is None:
        raise DomainError(_("报告还没有生成过，请先生成。"))
    _sweep(report)
    if report.state == Report.State.APPROVED:
        # What was approved is printed word by word, with its number and date.
        _finish(report, newest.facts, ReportVersion.Cause.STAMPED, work, newest)
    else:
        _finish(report, newest.facts, ReportVersion.Cause.EDITED, work)


def _read(report_id: int) -> Report:
    rows = Report.objects.select_related(
        "plan__region", "plan__settings", "department", "period__region"
    )
    return rows.get(pk=report_id)


def _finish(
    report: Report,
    frozen: facts.Frozen,
    cause: str,
    work: Claimed,
    approved: ReportVersion | None = None,
) -> None:
    """Write and store a version; where a part fails, keep the others for a look."""
    try:
        made = _written(report, frozen, cause, work, approved)
    except PartFailed as problem:
        _kept_for_a_look(report, frozen, problem)
        raise _failure(problem) from problem
    work.tell(95, _("正在保存"))
    if not _unchanged(report, made, work):
        _stored(report, made, work)


# --- Writing -------------------------------------------------------------------------------
def _written(
    report: Report,
    frozen: facts.Frozen,
    cause: str,
    work: Claimed,
    approved: ReportVersion | None = None,
) -> Made:
    """Return text and files of a version; no transaction is open meanwhile.

    The text is that of the `approved` version, else written anew. Raises PartFailed, which names
    the section or file that could not be made.
    """
    work.tell(25, _("正在撰写正文"))
    try:
        replaced = substitutions(settings.FONT_DIR)
    except FontsMissing as problem:
        raise DomainError(_("服务器上缺少排版用的字体，请联系管理员。")) from problem
    if approved is not None:
        notes: list[str] = []
        draft, text = from_json(approved.text), approved.text
    else:
        parts = chosen_parts(report)
        draft = compose({**frozen, "substituted": replaced}, parts)
        written = hashes(draft)
        draft, notes, edits = rewritten(report, draft, frozen["figures"])
        more = {"written": written, "made_with": {"texts": edits, "outline": as_rows(parts)}}
        draft, text = _traced(report, draft, frozen, more)
    printed = document(draft, head=head(report), date=report.issued_on)
    files, missing = _printed(draft, printed, work)
    keys = order(draft, frozen["figures"])
    notes += _remarks(frozen, replaced, missing)
    return Made(frozen, text, files, cause, keys, notes)


def _remarks(frozen: facts.Frozen, replaced: list[str], missing: tuple[str, ...]) -> list[str]:
    """Say what a reader must know of the files."""
    notes = []
    if replaced:
        notes.append(_("PDF 使用了替代字体：%(fonts)s。") % {"fonts": "；".join(replaced)})
    if missing:
        notes.append(
            _("这些字没有字体可以显示，PDF 中印作“〓”：%(signs)s。") % {"signs": " ".join(missing)}
        )
    if frozen["demo"]:
        notes.append(_("部分指标数值是演示数据。"))
    return notes


def _traced(
    report: Report, draft: Draft, frozen: facts.Frozen, more: dict[str, Any]
) -> tuple[Draft, dict[str, Any]]:
    """Add the index of figures, with the address of their page under this version's number.

    A text that says what the newest version says keeps its number: it becomes no new version.
    Returns the draft, and it as it is stored with `more`: a text of the same words that was made
    with other edits is a new version too, or it would never be told from one that lacks them.
    """
    newest = _newest(report)
    numbers = [newest.number, newest.number + 1] if newest else [1]
    if newest is not None and newest.sha256 != facts.sha256(frozen):
        numbers = numbers[1:]
    for number in numbers:
        made = traced(draft, frozen, _address(report, number))
        text = {**to_json(made), **more}
        if newest is not None and newest.text == text:
            break
    return made, text


def _address(report: Report, number: int) -> str:
    """Return where the figures of a version are shown."""
    return f"{settings.PORTAL_URL}{reverse('report-facts', args=[report.pk])}?version={number}"


def head(report: Report) -> Head | None:
    """Return the number that the office gave, and the mark of its red head where it gave one."""
    if not report.document_number:
        return None
    return Head(report.document_number, report.head_mark)


def _printed(
    draft: Draft, printed: Document, work: Claimed
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the files by suffix, and the signs that no font can draw."""
    fonts = settings.FONT_DIR
    missing: list[str] = []

    def pdf() -> bytes:
        content, signs = typeset(printed, fonts)
        missing.extend(signs)
        return content

    steps: dict[str, tuple[int, str, Callable[[], bytes]]] = {
        "docx": (45, _("Word 文件"), lambda: to_docx(printed, fonts)),
        "pdf": (65, _("PDF 文件"), pdf),
        "xlsx": (80, _("Excel 文件"), lambda: to_xlsx(draft)),
    }
    files: dict[str, bytes] = {}
    for suffix, (progress, name, make) in steps.items():
        work.tell(progress, _("正在生成 %(file)s") % {"file": name})
        try:
            files[suffix] = make()
        except FontsMissing as problem:
            raise DomainError(_("服务器上缺少排版用的字体，请联系管理员。")) from problem
        except Exception as problem:
            raise PartFailed(name, draft, problem) from problem
    return files, tuple(missing)


def _failure(problem: PartFailed) -> DomainError:
    """Say which part failed and why, in words for people."""
    if isinstance(problem.cause, DomainError):
        reason = problem.cause.message
    else:
        reason = _("出现内部错误（%(kind)s）") % {"kind": type(problem.cause).__name__}
    return DomainError(
        _("“%(part)s”没有写成：%(reason)s。其余部分已保留，可以查看；改正后可以重试。")
        % {"part": problem.part, "reason": reason.rstrip("。")}
    )


def _kept_for_a_look(report: Report, frozen: facts.Frozen, problem: PartFailed) -> None:
    FailedAttempt.objects.update_or_create(
        report=report,
        defaults={
            "part": problem.part[:100],
            "facts": frozen,
            "text": to_json(problem.draft),
            "at": timezone.now(),
        },
    )


# --- Storing -------------------------------------------------------------------------------
def _folder(report: Report) -> str:
    return f"reports/{report.pk}"


def _sweep(report: Report) -> None:
    """Remove files that a dead worker left: only this worker may store a version now."""
    rows = ReportVersion.objects.filter(report=report).values_list(*SUFFIXES)
    sweep(_folder(report), {name for names in rows for name in names})


def _newest(report: Report) -> ReportVersion | None:
    return ReportVersion.objects.filter(report=report).order_by("-number").first()


def _unchanged(report: Report, made: Made, work: Claimed) -> bool:
    """End the job without a new version where the newest one says exactly the same."""
    newest = _newest(report)
    if newest is None or newest.sha256 != facts.sha256(made.frozen) or newest.text != made.text:
        return False
    try:
        stored = {suffix: _content(getattr(newest, suffix)) for suffix in made.files}
    except (FileNotFoundError, ValueError):  # gone, or never made
        return False
    if stored != made.files:
        return False
    with transaction.atomic():
        work.finish({"version": newest.number, "unchanged": True})
        _finished(report)
    return True


def _content(file: Any) -> bytes:
    with file.open("rb") as opened:
        return bytes(opened.read())


def _finished(report: Report) -> None:
    Report.objects.filter(pk=report.pk, state__in=STEPS["finish"].sources).update(
        state=STEPS["finish"].target
    )
    Report.objects.filter(pk=report.pk).exclude(error="").update(error="")
    FailedAttempt.objects.filter(report=report).delete()


def _stored(report: Report, made: Made, work: Claimed) -> None:
    """Write the files, then version, figures, state and the end of the job in one transaction."""
    with saved(_folder(report), made.files, work) as names, transaction.atomic():
        newest = _newest(report)
        version = ReportVersion.objects.create(
            report=report,
            number=newest.number + 1 if newest else 1,
            cause=made.cause,
            facts=made.frozen,
            sha256=facts.sha256(made.frozen),
            text=made.text,
            notes=made.notes,
            compiled_at=timezone.now(),
            **names,
        )
        figures = made.frozen["figures"]
        Fact.objects.bulk_create(
            Fact(version=version, number=number, key=key, **figures[key])
            for number, key in enumerate(made.keys, 1)
        )
        work.finish({"version": version.number})
        _finished(report)
        _told(report, version, work)


def _told(report: Report, version: ReportVersion, work: Claimed) -> None:
    """Record the version, and tell whoever asked for it."""
    audit.record(
        "reports.report.compiled",
        report,
        detail={"version": version.number, "sha256": version.sha256, "job": work.job_id},
        region_path=report.plan.region.path,
    )
    asked = Job.objects.values_list("created_by", flat=True).get(pk=work.job_id)
    if asked is not None:
        notices.tell(
            [asked],
            event=f"report:{report.pk}:{version.number}",
            reason="report",
            text=_("%(report)s已生成，第 %(number)s 版。")
            % {"report": report.name, "number": version.number},
            view="report",
            subject=report.pk,
        )


def compile_failed(report_id: int, error: str) -> None:
    """Note that a report could not be compiled, with the sentence that people read."""
    rows = Report.objects.filter(pk=report_id)
    rows.filter(state__in=STEPS["fail"].sources).update(state=STEPS["fail"].target)
    rows.update(error=error[:500])
