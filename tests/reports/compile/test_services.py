"""What the office may ask for, what comes of it, and what a failed or dead worker leaves."""

from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, Job, Notice
from core.work import Superseded, claimed
from reports import facts, services
from reports.models import Fact, Report, ReportVersion
from reports.rendering.fonts import FontsMissing
from reports.services import compiling
from tests.cast import Cast
from tests.reports.compile.working import YEAR, freeze, work_off

pytestmark = pytest.mark.django_db
Compiled = Callable[[], ReportVersion]


def test_a_report_is_compiled_with_its_facts_and_files(compiled: Compiled, cast: Cast) -> None:
    version = compiled()
    assert (version.number, version.report.state) == (1, Report.State.DRAFT)
    assert version.docx.open("rb").read(2) == b"PK"
    assert version.pdf.open("rb").read(5) == b"%PDF-"
    assert facts.sha256(version.facts) == version.sha256
    rows = {fact.key: fact.value for fact in Fact.objects.filter(version=version)}
    assert rows == {
        key: row["value"]
        for key, row in version.facts["figures"].items()
        if not key.startswith("supervision.")  # single items, which the text does not state
    }


def test_asking_twice_is_one_report_and_one_job(cast: Cast) -> None:
    first = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    second = services.request_report(cast.plan, "annual", YEAR, by=cast.office_2)
    assert first.pk == second.pk
    assert Job.objects.filter(kind=services.JOB, subject_id=first.pk).count() == 1


def test_a_finished_report_is_given_as_it_is(compiled: Compiled, cast: Cast) -> None:
    version = compiled()
    again = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    assert (again.pk, again.state) == (version.report_id, Report.State.DRAFT)
    assert not Job.objects.filter(state__in=Job.ACTIVE).exists()


@pytest.mark.parametrize("person", ["office_b", "office_province", "liaison", "leader", "admin"])
def test_only_the_office_of_the_plans_region_asks(cast: Cast, person: str) -> None:
    with pytest.raises(NotAllowed, match="本地区纲要办"):
        services.request_report(cast.plan, "annual", YEAR, by=getattr(cast, person))
    assert not Job.objects.exists()


def test_a_draft_plan_has_no_reports(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="启用后"):
        services.request_report(cast.plan_b, "annual", YEAR, by=cast.office_b)


def test_a_year_outside_the_plan_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError, match="2026 年不在方案的实施年份") as refused:
        services.request_report(cast.plan, "annual", 2026, by=cast.office)
    assert list(refused.value.fields) == ["year"]


def test_a_year_without_anything_checked_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError, match="还没有核对通过的填报"):
        services.request_report(cast.plan, "annual", 2021, by=cast.office)


def test_a_year_with_a_verified_value_alone_can_be_compiled(cast: Cast) -> None:
    year = cast.observed.year
    Report.objects.filter(year=year).delete()
    report = services.request_report(cast.plan, "annual", year, by=cast.office)
    assert work_off(report).state == Job.State.DONE
    assert ReportVersion.objects.get(report=report).facts["figures"]["entries.used"]["value"] == "0"


def test_the_same_data_give_no_second_version(compiled: Compiled) -> None:
    first = compiled()
    again = compiled()
    assert (again.pk, again.number) == (first.pk, 1)
    job = Job.objects.latest("id")
    assert job.result == {"version": 1, "unchanged": True}


def test_changed_data_give_a_new_version_beside_the_old_one(compiled: Compiled, cast: Cast) -> None:
    first = compiled()
    cast.action_1.title = "青少年科学素质行动"
    cast.action_1.save()
    second = compiled()
    assert (second.number, second.report_id) == (2, first.report_id)
    assert second.sha256 != first.sha256
    assert ReportVersion.objects.get(pk=first.pk).docx.open("rb").read(2) == b"PK"


def test_the_requester_is_told_and_the_record_written(compiled: Compiled, cast: Cast) -> None:
    version = compiled()
    notice = Notice.objects.get(person=cast.office, reason=Notice.Reason.REPORT)
    assert notice.url == f"/reports/{version.report_id}/"
    codes = list(
        AuditEvent.objects.filter(code__startswith="reports.report.").values_list("code", flat=True)
    )
    assert codes == ["reports.report.compiled", "reports.report.compile"]


def test_missing_fonts_fail_the_report_in_words_and_it_can_be_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    with monkeypatch.context() as broken:
        broken.setattr(compiling, "typeset", _raise(FontsMissing("none")))
        assert work_off(report).state == Job.State.FAILED
    report.refresh_from_db()
    assert (report.state, report.error) == (
        Report.State.FAILED,
        "服务器上缺少排版用的字体，请联系管理员。",
    )
    assert not ReportVersion.objects.filter(report=report).exists()
    services.recompile(report, by=cast.office)
    assert work_off(report).state == Job.State.DONE
    report.refresh_from_db()
    assert (report.state, report.error) == (Report.State.DRAFT, "")


def test_an_unforeseen_error_fails_the_report_with_a_sentence(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    monkeypatch.setattr(compiling, "chosen_parts", _raise(RuntimeError("boom")))
    work_off(report)
    report.refresh_from_db()
    assert report.state == Report.State.FAILED
    assert "出现内部错误（RuntimeError）" in report.error


def test_a_worker_that_lost_its_job_stores_nothing(cast: Cast) -> None:
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    job = Job.objects.get(subject_id=report.pk, kind=services.JOB)
    with claimed(job.pk) as lost:
        assert lost is not None
        made = compiling._written(report, freeze(report.plan), "compiled", lost)
        Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED, claim=None)
        with pytest.raises(Superseded):
            compiling._stored(report, made, lost)
    assert not ReportVersion.objects.filter(report=report).exists()
    assert not default_storage.exists(f"reports/{report.pk}/{lost.claim.hex}.docx")
    assert work_off(report).state == Job.State.DONE
    assert ReportVersion.objects.get(report=report).number == 1


def test_files_that_a_dead_worker_left_are_swept_away(compiled: Compiled) -> None:
    version = compiled()
    stray = default_storage.save(f"reports/{version.report_id}/stray.pdf", version.pdf)
    compiled()
    assert not default_storage.exists(stray)
    assert default_storage.exists(version.pdf.name)


def test_a_report_being_compiled_is_not_queued_again_by_hand(cast: Cast) -> None:
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    with pytest.raises(NotAllowed, match="正在生成"):
        services.recompile(report, by=cast.office)


def test_an_issued_report_is_not_compiled_again(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="已印发"):
        services.recompile(cast.report_issued, by=cast.office)


def _raise(problem: Exception) -> Callable[..., None]:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise problem

    return fail
