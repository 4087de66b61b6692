"""Annual drafts that the calendar asks for."""

from datetime import date

import pytest
from django.test import Client

from core.models import Job, Notice
from plans.services.plan_settings import FIELDS, set_settings
from reports import services
from reports.models import Report
from reports.services.scheduling import year_of
from tests.cast import Cast
from tests.reports.compile.working import YEAR

pytestmark = pytest.mark.django_db
DAY = date(YEAR + 1, 1, 15)


@pytest.fixture
def scheduled(cast: Cast) -> Cast:
    """Return the cast with the day of its plan's annual draft set to 15 January."""
    values = {name: getattr(cast.plan.settings, name) for name in FIELDS}
    set_settings(cast.plan, values | {"annual_draft_on": "01-15"}, by=cast.office)
    return cast


@pytest.mark.parametrize("day", [DAY, date(YEAR + 1, 1, 22)])
def test_the_draft_of_last_year_is_asked_for_once(scheduled: Cast, day: date) -> None:
    assert services.request_due(day) == 1
    report = Report.objects.get(plan=scheduled.plan, kind="annual", year=YEAR)
    assert Job.objects.filter(kind=services.JOB, subject_id=report.pk).count() == 1
    assert services.request_due(day) == 0
    told = Notice.objects.filter(event__startswith="annual-draft:", person=scheduled.office)
    assert [one.text for one in told] == [f"{YEAR} 年度报告的初稿按设定的日期开始生成。"]


@pytest.mark.parametrize("day", [date(YEAR + 1, 1, 14), date(YEAR + 1, 1, 23)])
def test_no_other_day_asks(scheduled: Cast, day: date) -> None:
    assert services.request_due(day) == 0


def test_where_nothing_was_approved_the_office_is_told_once(scheduled: Cast) -> None:
    day = date(YEAR + 2, 1, 15)
    assert [services.request_due(day), services.request_due(day)] == [0, 0]
    told = Notice.objects.filter(event__startswith="annual-draft:", person=scheduled.office)
    assert [one.text[:13] for one in told] == ["年度报告初稿没有自动生成："]
    assert not Job.objects.filter(kind=services.JOB).exists()


def test_a_withdrawn_report_is_not_made_anew(scheduled: Cast) -> None:
    Report.objects.create(plan=scheduled.plan, kind="annual", year=YEAR, state="withdrawn")
    assert services.request_due(DAY) == 0


def test_a_day_in_autumn_reports_its_own_year() -> None:
    years = [year_of(date(2024, month, 1)) for month in (1, 6, 7, 12)]
    assert years == [2023, 2023, 2024, 2024]


@pytest.mark.parametrize("text", ["1-15", "13-01", "02-29", "一月十五", "01/15"])
def test_a_day_that_is_none_is_told_at_its_field(cast: Cast, browse, text: str) -> None:
    browser: Client = browse(cast.office)
    answer = browser.post(
        f"/plans/{cast.plan.pk}/settings/",
        {name: getattr(cast.plan.settings, name) for name in FIELDS} | {"annual_draft_on": text},
    )
    assert answer.status_code == 422
    assert "请按“月-日”填写" in answer.content.decode()
