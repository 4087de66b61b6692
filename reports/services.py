"""Compiled reports: asked for by the office, written by a worker, stored all at once."""

from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, notices
from core.dispatch import enqueue
from core.errors import DomainError, ensure
from core.models import Job
from core.work import Claimed
from indicators.models import Observation
from plans.models import Plan
from reports import facts, policies
from reports.compose import annual
from reports.models import Fact, Report, ReportVersion
from reports.rendering.fonts import FontsMissing, substitutions
from reports.rendering.pdf import missing_signs, to_pdf
from reports.rendering.word import to_docx
from reports.workflow import JOB, STEPS

# The order of a version's figures: the whole first, its parts after it.
ORDER = ("plan", "units", "entries", "targets", "target", "action", "task")


def request_report(plan: Plan, kind: str, year: int, *, by: Any = None) -> Report:
    """Ask for a report; asking twice gives the same report and the same job.

    A finished one is returned as it is (`recompile` makes a new version of it), a failed one is
    tried again. `by` is None for the operator of the machine. Raises DomainError in words.
    """
    if by is not None:
        ensure(policies.can_request(by, plan))
    _checked(plan, kind, year)
    with transaction.atomic():
        report, made = _get_or_create(plan, kind, year, by)
        if made or report.state == Report.State.FAILED:
            _queue(report, by)
        elif report.state in STEPS["begin"].sources:
            enqueue(JOB, report.pk, by=by)
    return report


def recompile(report: Report, *, by: Any = None) -> Report:
    """Compile a draft or a failed report again; changed data give a new version."""
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if by is not None:
            ensure(policies.can_recompile(by, report))
        _queue(report, by)
    return report


def _get_or_create(plan: Plan, kind: str, year: int, by: Any) -> tuple[Report, bool]:
    """Return the standing report of this plan, kind and year, locked; tell whether it is new."""
    try:
        with transaction.atomic():
            made = Report.objects.create(plan=plan, kind=kind, year=year, created_by=by)
        return made, True
    except IntegrityError:
        standing = Report.objects.exclude(state=Report.State.WITHDRAWN)
        found = standing.select_for_update(of=("self",)).get(plan=plan, kind=kind, year=year)
        return found, False


def _queue(report: Report, by: Any) -> None:
    report.state, report.error = STEPS["compile"].target, ""
    report.save()
    enqueue(JOB, report.pk, by=by)
    audit.record(
        "reports.report.compile",
        report,
        by=by,
        detail={"plan": report.plan_id, "kind": report.kind, "year": report.year},
        region_path=report.plan.region.path,
    )


def _checked(plan: Plan, kind: str, year: int) -> None:
    """Refuse what cannot be compiled, field by field."""
    if kind not in Report.Kind.values:
        raise DomainError(_("没有这种报告。"), fields={"kind": [_("请选报告种类。")]})
    if kind != Report.Kind.ANNUAL:
        sentence = _("目前只能生成年度报告，“%(kind)s”还不能自动生成。") % {
            "kind": Report.Kind(kind).label
        }
        raise DomainError(sentence, fields={"kind": [sentence]})
    if year not in plan.years:
        sentence = _("%(year)s 年不在方案的实施年份（%(start)s—%(end)s 年）内。") % {
            "year": year,
            "start": plan.start_year,
            "end": plan.end_year,
        }
        raise DomainError(sentence, fields={"year": [sentence]})
    if facts.last_reported_day(plan, year) is None and not _observed(plan, year):
        raise _empty(year)


def _observed(plan: Plan, year: int) -> bool:
    """Tell whether any of the plan's targets has a verified value of the year."""
    return (
        Observation.objects.counting()
        .of_whole_region()
        .filter(
            region__path__startswith=plan.region.path,
            indicator__targets__plan=plan,
            year=year,
            value__isnull=False,
        )
        .exists()
    )


def _empty(year: int) -> DomainError:
    sentence = _("%(year)s 年度还没有核对通过的填报，也没有已核对的指标数值，不能生成报告。") % {
        "year": year
    }
    return DomainError(sentence, fields={"year": [sentence]}, code="empty")


# --- In the worker -------------------------------------------------------------------------
def compile_report(report_id: int, work: Claimed) -> None:
    """Freeze the facts, write the files, and store a version together with the end of the job.

    Killed anywhere, it leaves no part of a version; done again from the same data, it gives the
    same facts and files, of which no second version is made.
    """
    with transaction.atomic():
        work.tell(5, _("正在读取数据"))
        Report.objects.filter(pk=report_id, state__in=STEPS["begin"].sources).update(
            state=STEPS["begin"].target
        )
    report = Report.objects.select_related("plan__region", "plan__settings").get(pk=report_id)
    _sweep(report)
    _checked(report.plan, report.kind, report.year)
    with facts.one_view():
        frozen = facts.freeze(report.plan, report.year)
    docx, pdf, notes = _written(frozen, work)
    work.tell(95, _("正在保存"))
    if not _kept(report, frozen, docx, pdf, work):
        _stored(report, frozen, docx, pdf, notes, work)


def _written(frozen: facts.Frozen, work: Claimed) -> tuple[bytes, bytes, list[str]]:
    """Return the DOCX, the PDF, and what a reader must know of them; no transaction is open."""
    fonts = settings.FONT_DIR
    work.tell(25, _("正在撰写正文"))
    try:
        replaced = substitutions(fonts)
        document = annual(frozen, replaced)
        work.tell(45, _("正在生成 Word 文件"))
        docx = to_docx(document, fonts)
        work.tell(70, _("正在生成 PDF 文件"))
        pdf = to_pdf(document, fonts)
        missing = missing_signs(document, fonts)
    except FontsMissing as problem:
        raise DomainError(_("服务器上缺少排版用的字体，请联系管理员。")) from problem
    notes = []
    if replaced:
        notes.append(_("PDF 使用了替代字体：%(fonts)s。") % {"fonts": "；".join(replaced)})
    if missing:
        notes.append(
            _("这些字没有字体可以显示，PDF 中印作“〓”：%(signs)s。") % {"signs": " ".join(missing)}
        )
    if frozen["demo"]:
        notes.append(_("部分指标数值是演示数据。"))
    return docx, pdf, notes


def _folder(report: Report) -> str:
    return f"reports/{report.pk}"


def _sweep(report: Report) -> None:
    """Remove files that a dead worker left: only this worker may store a version now."""
    kept = {
        name
        for names in ReportVersion.objects.filter(report=report).values_list("docx", "pdf")
        for name in names
    }
    try:
        _folders, files = default_storage.listdir(_folder(report))
    except FileNotFoundError:
        return
    for file in files:
        if f"{_folder(report)}/{file}" not in kept:
            default_storage.delete(f"{_folder(report)}/{file}")


def _newest(report: Report) -> ReportVersion | None:
    return ReportVersion.objects.filter(report=report).order_by("-number").first()


def _kept(report: Report, frozen: facts.Frozen, docx: bytes, pdf: bytes, work: Claimed) -> bool:
    """End the job without a new version where the newest one says exactly the same."""
    newest = _newest(report)
    if newest is None or newest.sha256 != facts.sha256(frozen):
        return False
    try:
        stored = [_read(newest.docx), _read(newest.pdf)]
    except FileNotFoundError:
        return False
    if stored != [docx, pdf]:
        return False
    with transaction.atomic():
        work.finish({"version": newest.number, "unchanged": True})
        _finished(report)
    return True


def _read(file: Any) -> bytes:
    with file.open("rb") as opened:
        return bytes(opened.read())


def _finished(report: Report) -> None:
    Report.objects.filter(pk=report.pk, state__in=STEPS["finish"].sources).update(
        state=STEPS["finish"].target, error=""
    )


def _stored(
    report: Report,
    frozen: facts.Frozen,
    docx: bytes,
    pdf: bytes,
    notes: list[str],
    work: Claimed,
) -> None:
    """Write the files, then version, figures, state and the end of the job in one transaction.

    The files carry the worker's claim in their names: two workers never write the same one.
    """
    names = {
        suffix: default_storage.save(
            f"{_folder(report)}/{work.claim.hex}.{suffix}", ContentFile(content)
        )
        for suffix, content in (("docx", docx), ("pdf", pdf))
    }
    try:
        with transaction.atomic():
            newest = _newest(report)
            version = ReportVersion.objects.create(
                report=report,
                number=newest.number + 1 if newest else 1,
                facts=frozen,
                sha256=facts.sha256(frozen),
                docx=names["docx"],
                pdf=names["pdf"],
                notes=notes,
                compiled_at=timezone.now(),
            )
            Fact.objects.bulk_create(
                Fact(version=version, key=key, **row)
                for key, row in sorted(frozen["figures"].items(), key=_rank)
            )
            work.finish({"version": version.number})
            _finished(report)
            _told(report, version, work)
    except Exception:
        for name in names.values():
            default_storage.delete(name)
        raise


def _rank(item: tuple[str, Any]) -> int:
    return ORDER.index(item[0].split(".")[0])


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
            text=_("%(year)s 年度报告已生成，第 %(number)s 版。")
            % {"year": report.year, "number": version.number},
            view="report",
            subject=report.pk,
        )


def compile_failed(report_id: int, error: str) -> None:
    """Note that a report could not be compiled, with the sentence that people read."""
    Report.objects.filter(pk=report_id, state__in=STEPS["fail"].sources).update(
        state=STEPS["fail"].target, error=error[:500]
    )


def downloaded(version: ReportVersion, suffix: str, *, by: Any) -> None:
    """Record that somebody took a file of a report."""
    audit.record(
        "reports.report.download",
        version.report,
        by=by,
        detail={"version": version.number, "file": suffix},
        region_path=version.report.plan.region.path,
    )
