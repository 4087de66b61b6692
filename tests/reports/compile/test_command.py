"""`manage.py compile_report`: one line and 2 for what cannot be, paths for what was waited for."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from core.models import Job
from reports import services
from reports.management.commands import compile_report
from reports.models import Report
from tests.cast import Cast
from tests.reports.compile.working import YEAR, work_off

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[int, str, str]:
    """Return exit code, output and errors of a call."""
    out, err = StringIO(), StringIO()
    try:
        call_command("compile_report", *words, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def wanted(cast: Cast, year: object = YEAR) -> list[str]:
    return ["--plan", str(cast.plan.pk), "--kind", "annual", "--year", str(year)]


def test_a_report_is_queued(cast: Cast) -> None:
    code, out, err = run(*wanted(cast))
    report = Report.objects.get(year=YEAR)
    assert (code, err) == (0, "")
    assert out == f"报告编号 {report.pk}：排队中\n"
    assert Job.objects.get(kind=services.JOB).subject_id == report.pk


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--plan", "999999", "--year", "2024"], "没有编号为 999999 的方案。"),
        (["--plan", "x", "--year", "2024"], "--plan 和 --year 要填数字"),
        (["--plan", "1", "--year", "去年"], "--plan 和 --year 要填数字"),
    ],
)
def test_bad_input_is_one_line_and_two(cast: Cast, words: list[str], sentence: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", [["--year", "1990"], ["--year", "2021"], ["--kind", "bulletin"]])
def test_what_the_service_refuses_is_one_line_and_two(cast: Cast, words: list[str]) -> None:
    code, _out, err = run(*wanted(cast), *words)
    assert code == 2
    assert err.count("\n") == 1
    assert not Job.objects.exists()


def test_waiting_prints_where_the_files_are(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def worker(_seconds: float) -> None:
        work_off(Report.objects.get(year=YEAR))

    monkeypatch.setattr(compile_report.time, "sleep", worker)
    code, out, _err = run(*wanted(cast), "--wait")
    paths = [Path(line) for line in out.splitlines()[1:]]
    assert code == 0
    assert [path.suffix for path in paths] == [".docx", ".pdf"]
    assert all(path.is_file() for path in paths)


def test_waiting_without_a_worker_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile_report, "NOBODY_SECONDS", 0.01)
    monkeypatch.setattr(compile_report, "POLL_SECONDS", 0.02)
    code, _out, err = run(*wanted(cast), "--wait")
    assert code == 2
    assert "没有后台进程处理" in err
    assert Job.objects.get(kind=services.JOB).state == Job.State.QUEUED


def test_waiting_for_a_report_that_fails_gives_its_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        compile_report.time,
        "sleep",
        lambda _seconds: Job.objects.update(state=Job.State.FAILED, error="服务器上缺少字体。"),
    )
    assert run(*wanted(cast), "--wait")[::2] == (2, "服务器上缺少字体。\n")


def test_a_draft_is_compiled_anew(cast: Cast) -> None:
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    work_off(report)
    code, out, _err = run(*wanted(cast))
    assert (code, out) == (0, f"报告编号 {report.pk}：排队中\n")
    assert work_off(report).result == {"version": 1, "unchanged": True}
