"""`manage.py compile_report --plan ID --kind annual --year 2017 [--wait]`: ask for a report.

A summary of one unit names it by `--department`, a bulletin its period by `--period`.
"""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.errors import DomainError
from core.models import Job
from departments.models import Department
from plans.models import Plan
from reports.models import Report, ReportVersion
from reports.selectors.compiled import newest_job
from reports.services import recompile, request_report
from tasks.models import Period

NOBODY_SECONDS = 60.0  # a job that no worker has touched for so long is not being worked on
POLL_SECONDS = 0.3


def _found(rows: Any, pk: str, sentence: str) -> Any:
    row = rows.filter(pk=int(pk[:18])).first() if pk.isascii() and pk.isdigit() else None
    if row is None:
        raise DomainError(sentence)
    return row


class Command(BaseCommand):
    help = "Compile a report of a plan; a worker does the work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", required=True, help="the plan's id")
        parser.add_argument("--kind", default=Report.Kind.ANNUAL.value)
        parser.add_argument("--year", required=True)
        parser.add_argument("--department", help="the unit's id, for kind department")
        parser.add_argument("--period", help="the period's id, for kind bulletin")
        parser.add_argument("--wait", action="store_true", help="wait, and print the files' paths")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 on success; 2, with one line, on bad input or when the report cannot be made."""
        try:
            report = self._request(options)
        except DomainError as problem:
            self._refuse(problem.message)
        self.stdout.write(f"报告编号 {report.pk}：{report.get_state_display()}")
        if options["wait"]:
            self._wait(report)

    def _request(self, options: dict[str, Any]) -> Report:
        """Ask for the report, and for a new version where it is a draft already."""
        plan, year = options["plan"], options["year"]
        if not (plan.isascii() and plan.isdigit() and year.isascii() and year.isdigit()):
            raise DomainError("--plan 和 --year 要填数字，例如 --plan 1 --year 2017。")
        found = _found(Plan.objects.select_related("region"), plan, f"没有编号为 {plan} 的方案。")
        parts: dict[str, Any] = {}
        for name, rows, word in (
            ("department", Department.objects.select_related("region"), "单位"),
            ("period", Period.objects.select_related("region"), "填报期"),
        ):
            if pk := options[name]:
                parts[name] = _found(rows, pk, f"没有编号为 {pk} 的{word}。")
        report = request_report(found, options["kind"], int(year[:9]), **parts)
        return recompile(report) if report.state == Report.State.DRAFT else report

    def _wait(self, report: Report) -> None:
        job = newest_job(report)
        touched = time.monotonic()
        while job is not None and job.state in Job.ACTIVE:
            if job.state == Job.State.RUNNING:
                touched = time.monotonic()
            elif time.monotonic() - touched > NOBODY_SECONDS:
                self._refuse(
                    f"{NOBODY_SECONDS:.0f} 秒内没有后台进程处理，请确认 worker 已启动；"
                    "任务已排队，启动后会自动生成。"
                )
            time.sleep(POLL_SECONDS)
            job = Job.objects.get(pk=job.pk)
        if job is not None and job.state != Job.State.DONE:
            self._refuse(job.error or "没有生成。")
        version = ReportVersion.objects.filter(report=report).order_by("-number").first()
        if version is None:
            self._refuse("没有生成的版本。")
        else:
            self.stdout.write(version.docx.path)
            self.stdout.write(version.pdf.path)

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        raise SystemExit(2)
