"""A report at work: its job, whether it is done, and that it ended whole."""

from django.core.files.storage import default_storage

from core.models import Job
from reports import services
from reports.models import Fact, Report, ReportVersion


def job_of(report: Report, kind: str = services.JOB) -> Job:
    """Return the newest job of a kind on a report."""
    return Job.objects.filter(kind=kind, subject_id=report.pk).order_by("-id")[:1].get()


def done(report: Report, kind: str = services.JOB) -> bool:
    job = job_of(report, kind)
    assert job.state != Job.State.FAILED, job.error
    return job.state == Job.State.DONE


def assert_one_whole_version(report: Report) -> None:
    version = ReportVersion.objects.get(report=report)
    report.refresh_from_db()
    assert (version.number, report.state) == (1, Report.State.DRAFT)
    listed = [key for key in version.facts["figures"] if not key.startswith("supervision.")]
    assert Fact.objects.filter(version=version).count() == len(listed)
    _folders, files = default_storage.listdir(f"reports/{report.pk}")
    kept = {f"reports/{report.pk}/{file}" for file in files}
    assert kept == {version.docx.name, version.pdf.name, version.xlsx.name}
