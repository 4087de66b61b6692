"""A disk that fills up while files are written: a clear sentence, nothing half written, a retry."""

import errno

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

from core.models import Job
from core.work import claimed
from reports import services
from reports.models import Publication, Report, ReportVersion
from reports.services import compiling, storing
from reports.workflow import PUBLIC
from tests.cast import Cast
from tests.reports.compile.working import YEAR, work_off
from tests.reports.steps.given import NOW, TODAY, issued

pytestmark = [pytest.mark.django_db, pytest.mark.services]


class FullDisk(FileSystemStorage):
    """Writes the first file in full and the first bytes of the second; then there is no room."""

    def __init__(self) -> None:
        super().__init__(location=default_storage.location)
        self.written = 0

    def _save(self, name: str, content: File) -> str:
        self.written += 1
        if self.written == 1:
            return super()._save(name, content)
        with open(self.path(name), "wb") as file:
            file.write(content.read(100))
        raise OSError(errno.ENOSPC, "No space left on device")


def files_in(folder: str) -> list[str]:
    try:
        return default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []


def files_of(report: Report) -> list[str]:
    return files_in(f"reports/{report.pk}")


def test_a_full_disk_fails_the_report_in_words_and_leaves_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    with monkeypatch.context() as broken:
        broken.setattr(storing, "default_storage", FullDisk())
        assert work_off(report).state == Job.State.FAILED
    report.refresh_from_db()
    assert report.state == Report.State.FAILED
    assert report.error == "磁盘空间不足，报告没有保存。请联系管理员清理空间后重试。"
    assert not ReportVersion.objects.filter(report=report).exists()
    assert files_of(report) == [], "neither the first file nor half of the second"
    services.recompile(report, by=cast.office)
    assert work_off(report).state == Job.State.DONE
    version = ReportVersion.objects.get(report=report)
    names = {getattr(version, suffix).name.split("/")[-1] for suffix in compiling.SUFFIXES}
    assert set(files_of(report)) == names
    report.refresh_from_db()
    assert (report.state, report.error) == (Report.State.DRAFT, "")


def test_a_full_disk_leaves_no_public_file_and_asking_again_makes_them(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = issued(cast)
    review = {"reviewer": "王审查", "reviewed_on": TODAY, "opinion": "不涉密，同意公开。"}
    made = services.publish(report, **review, by=cast.office, now=NOW)
    folder = f"reports/public/{made.pk}"
    with monkeypatch.context() as broken:
        broken.setattr(storing, "default_storage", FullDisk())
        assert print_public(made).error.startswith("磁盘空间不足")
    assert files_in(folder) == []
    default_storage.save(f"{folder}/left-by-a-dead-worker.pdf", ContentFile(b"half"))
    services.publish(report, **review, by=cast.office, now=NOW)
    assert print_public(made).state == Job.State.DONE
    made.refresh_from_db()
    assert {f"{folder}/{one}" for one in files_in(folder)} == {made.docx.name, made.pdf.name}


def print_public(made: Publication) -> Job:
    """Do the queued job of a publication as a worker does."""
    job = Job.objects.get(kind=PUBLIC, subject_id=made.pk, state=Job.State.QUEUED)
    with claimed(job.pk) as work:
        assert work is not None
        services.print_publication(made.pk, work)
    job.refresh_from_db()
    return job
