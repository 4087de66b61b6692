"""Ask for a report, compile it again, cancel; the rules on what can be compiled."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit, dispatch
from core.dispatch import enqueue
from core.errors import DomainError, ensure
from core.models import Job
from departments.models import Department
from indicators.models import Observation
from plans.models import Plan
from reports import facts, policies
from reports.facts.scope import Scope
from reports.models import Report, ReportVersion
from reports.workflow import JOB, JOBS, STEPS, TYPESET
from tasks.models import Period


def request_report(
    plan: Plan,
    kind: str,
    year: int,
    *,
    department: Department | None = None,
    period: Period | None = None,
    by: Any = None,
) -> Report:
    """Ask for a report; asking twice gives the same report and the same job.

    A finished one is returned as it is (`recompile` makes a new version of it), a failed one is
    tried again. `by` is None for the operator of the machine. Raises DomainError in words.
    """
    if by is not None:
        ensure(policies.can_request(by, plan))
    scope = Scope(plan, kind, year, department, period)
    refuse_impossible(scope)
    with transaction.atomic():
        report, made = _get_or_create(scope, by)
        if made or report.state == Report.State.FAILED:
            _queue(report, by)
        elif report.state in STEPS["begin"].sources:
            enqueue(JOB, report.pk, by=by)
    return report


def recompile(report: Report, *, by: Any = None) -> Report:
    """Compile a draft or a failed report again; changed data give a new version."""
    with transaction.atomic():
        report = locked(report)
        if by is not None:
            ensure(policies.can_recompile(by, report))
        ensure_idle(report)
        _queue(report, by)
    return report


def typeset(report: Report, *, by: Any) -> Report:
    """Make the files anew from the same facts, after the text was edited."""
    with transaction.atomic():
        report = locked(report)
        ensure(policies.can(by, report, "typeset"))
        ensure_idle(report)
        enqueue(TYPESET, report.pk, by=by)
        record(report, "typeset", by)
    return report


def cancel(report: Report, *, by: Any) -> Report:
    """Stop what a worker does for a report; what it has made so far is dropped.

    A report that has a version is what it was before, one without has failed and can be retried.
    """
    with transaction.atomic():
        report = locked(report)
        ensure(policies.can_cancel(by, report))
        if not dispatch.cancel(JOBS, report.pk):
            raise DomainError(_("报告已经生成完，没有可以取消的工作。"), code="idle")
        if report.state in STEPS["cancel"].sources:
            has_version = ReportVersion.objects.filter(report=report).exists()
            report.state = Report.State.DRAFT if has_version else STEPS["cancel"].target
            report.error = "" if has_version else _("已取消，没有生成。")
            report.save()
        record(report, "cancel", by)
    return report


def locked(report: Report) -> Report:
    """Return the report as it is now, locked until the end of the transaction."""
    rows = Report.objects.select_for_update(of=("self",)).select_related(
        "plan__region", "plan__settings", "department", "period"
    )
    return rows.get(pk=report.pk)


def working(report: Report) -> bool:
    """Tell whether a worker has, or will have, this report in its hands."""
    jobs = Job.objects.filter(kind__in=JOBS, subject_id=report.pk, state__in=Job.ACTIVE)
    return bool(jobs.exists())


def ensure_idle(report: Report) -> None:
    """Refuse to work on a report twice at once."""
    if working(report):
        raise DomainError(_("报告正在生成，请稍候。"), code="busy")


def record(report: Report, verb: str, by: Any, **detail: Any) -> None:
    """Write the audit row of a deed on a report."""
    audit.record(
        f"reports.report.{verb}",
        report,
        by=by,
        detail={"plan": report.plan_id, "kind": report.kind, "year": report.year, **detail},
        region_path=report.plan.region.path,
    )


def _same(scope: Scope) -> dict[str, Any]:
    """Return what tells a report from all others, as fields of its row."""
    named = {"department": scope.department, "period": scope.period}
    kept = {} if scope.kind == Report.Kind.BULLETIN else {"year": scope.year}
    return {"plan": scope.plan, "kind": scope.kind} | kept | named


def _get_or_create(scope: Scope, by: Any) -> tuple[Report, bool]:
    """Return the standing report of this scope, locked; tell whether it is new."""
    try:
        with transaction.atomic():
            made = Report.objects.create(**{"year": scope.year} | _same(scope), created_by=by)
        return made, True
    except IntegrityError:
        standing = Report.objects.exclude(state=Report.State.WITHDRAWN)
        return standing.select_for_update(of=("self",)).get(**_same(scope)), False


def _queue(report: Report, by: Any) -> None:
    report.state, report.error = STEPS["compile"].target, ""
    report.save()
    enqueue(JOB, report.pk, by=by)
    record(report, "compile", by)


# --- What can be compiled ------------------------------------------------------------------
def refuse_impossible(scope: Scope) -> None:
    """Refuse what cannot be compiled, field by field."""
    if scope.kind not in Report.Kind.values:
        raise _wrong("kind", _("没有这种报告，请选报告种类。"))
    if scope.year not in scope.plan.years:
        raise _wrong(
            "year",
            _("%(year)s 年不在方案的实施年份（%(start)s—%(end)s 年）内。")
            % {"year": scope.year, "start": scope.plan.start_year, "end": scope.plan.end_year},
        )
    if rule := _RULES.get(scope.kind):
        rule(scope)
    if not facts.has_anything(scope) and not _observed(scope):
        raise _empty(scope)


def _of_two_years(scope: Scope) -> None:
    if scope.year == scope.plan.start_year:
        raise _wrong(
            "year",
            _("两年总结写到 %(year)s 年，但上一年不在方案的实施年份内，请选后一年。")
            % {"year": scope.year},
        )


def _midway(scope: Scope) -> None:
    if scope.year == scope.plan.end_year:
        raise _wrong("year", _("方案的最后一年请生成五年总结评估报告，中期评估选中间的年份。"))


def _at_the_end(scope: Scope) -> None:
    if scope.year != scope.plan.end_year:
        raise _wrong(
            "year",
            _("五年总结评估报告写到方案的最后一年，请填 %(year)s 年。")
            % {"year": scope.plan.end_year},
        )


def _of_a_unit(scope: Scope) -> None:
    unit = scope.department
    if unit is None:
        raise _wrong("department", _("请选要写小结的单位。"))
    if unit.region_id != scope.plan.region_id:
        raise _wrong("department", _("“%(unit)s”不是本地区的单位。") % {"unit": unit.name})


def _of_a_period(scope: Scope) -> None:
    period = scope.period
    if period is None:
        raise _wrong("period", _("请选要通报的填报期。"))
    if period.region_id != scope.plan.region_id or period.year != scope.year:
        raise _wrong("period", _("“%(period)s”不是这一年的填报期。") % {"period": period.name})
    if period.state == Period.State.SCHEDULED:
        raise _wrong("period", _("“%(period)s”还没有启动。") % {"period": period.name})


_RULES = {
    Report.Kind.BIENNIAL.value: _of_two_years,
    Report.Kind.MIDTERM.value: _midway,
    Report.Kind.FIVE_YEAR.value: _at_the_end,
    Report.Kind.DEPARTMENT.value: _of_a_unit,
    Report.Kind.BULLETIN.value: _of_a_period,
}


def _wrong(field: str, sentence: str) -> DomainError:
    return DomainError(sentence, fields={field: [sentence]})


def _observed(scope: Scope) -> bool:
    """Tell whether any of the plan's targets has a verified value of the report's years."""
    if scope.kind in (Report.Kind.DEPARTMENT, Report.Kind.BULLETIN):
        return False
    return (
        Observation.objects.counting()
        .of_whole_region()
        .filter(
            region__path__startswith=scope.plan.region.path,
            indicator__targets__plan=scope.plan,
            year__in=list(scope.years),
            value__isnull=False,
        )
        .exists()
    )


def _empty(scope: Scope) -> DomainError:
    values = {"year": scope.year}
    if scope.kind == Report.Kind.DEPARTMENT:
        sentence = _("这个单位 %(year)s 年度还没有核对通过的填报，不能生成小结。") % values
    elif scope.kind == Report.Kind.BULLETIN:
        sentence = _("这个填报期还没有核对通过的填报，不能生成通报。")
    elif len(scope.years) > 1:
        sentence = _(
            "%(first)s—%(year)s 年还没有核对通过的填报，也没有已核对的指标数值，不能生成报告。"
        ) % {"first": scope.years[0], **values}
    else:
        sentence = (
            _("%(year)s 年度还没有核对通过的填报，也没有已核对的指标数值，不能生成报告。") % values
        )
    field = {"department": "department", "bulletin": "period"}.get(scope.kind, "year")
    return DomainError(sentence, fields={field: [sentence]}, code="empty")


def downloaded(version: ReportVersion, suffix: str, *, by: Any) -> None:
    """Record that somebody took a file of a report."""
    audit.record(
        "reports.report.download",
        version.report,
        by=by,
        detail={"version": version.number, "file": suffix},
        region_path=version.report.plan.region.path,
    )
