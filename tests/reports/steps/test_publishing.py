"""公开 and 撤回: the review before a report is public, what ends with it, what stays."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import NotAllowed
from reports import services
from reports.models import (
    Publication,
    Report,
    ReportTransition,
)
from reports.selectors.concerns import newest_version
from reports.services.requests import locked
from tasks.models import Period
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.compile.working import YEAR
from tests.reports.steps.given import (
    REVIEW,
    TODAY,
    issued,
    refused,
)

pytestmark = pytest.mark.django_db


# --- 公开 ----------------------------------------------------------------------------------
def public() -> list[int]:
    return list(Publication.objects.standing().values_list("report", flat=True))


def test_publishing_is_an_act_of_its_own_after_a_review(cast: Cast) -> None:
    report = issued(cast)
    assert public() == []
    made = services.publish(report, **REVIEW, by=cast.office, now=NOW)
    again = services.publish(report, **REVIEW, by=cast.office, now=NOW)
    assert (public(), again.pk) == ([report.pk], made.pk)
    assert made.version == newest_version(report)
    other = REVIEW | {"opinion": "另一意见"}
    refused(lambda: services.publish(report, **other, by=cast.office, now=NOW), "已经公开")


def test_a_report_on_a_plan_that_is_not_public_stays_inside(cast: Cast) -> None:
    report = issued(cast)
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(is_public=False)
    refused(lambda: services.publish(report, **REVIEW, by=cast.office, now=NOW), "请先在方案页公开")


def test_a_plan_that_closes_itself_takes_its_reports_with_it(cast: Cast) -> None:
    services.publish(issued(cast), **REVIEW, by=cast.office, now=NOW)
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(is_public=False)
    assert public() == []


def test_the_summary_of_a_unit_is_never_public(cast: Cast) -> None:
    report = issued(cast)
    Report.objects.filter(pk=report.pk).update(kind="department", department=cast.finance)
    refused(lambda: services.publish(report, **REVIEW, by=cast.office, now=NOW), "不公开发布")


def test_a_bulletin_names_who_is_silent_and_stays_inside(cast: Cast) -> None:
    report = issued(cast)
    Report.objects.filter(pk=report.pk).update(kind="bulletin", period=cast.period)
    refused(lambda: services.publish(report, **REVIEW, by=cast.office, now=NOW), "不公开发布")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reviewer": ""}, "reviewer"),
        ({"opinion": " "}, "opinion"),
        ({"reviewed_on": TODAY + timedelta(days=1)}, "reviewed_on"),
        ({"reviewed_on": TODAY - timedelta(days=1)}, "reviewed_on"),  # before it was approved
    ],
)
def test_a_review_says_who_when_and_what(cast: Cast, given: dict[str, Any], field: str) -> None:
    report = issued(cast)
    deed = lambda: services.publish(report, **REVIEW | given, by=cast.office, now=NOW)  # noqa: E731
    assert list(refused(deed, ".").fields) == [field]
    assert public() == []


def test_what_is_public_is_taken_down_with_a_reason(cast: Cast) -> None:
    report = issued(cast)
    refused(lambda: services.unpublish(report, "误发", by=cast.office, now=NOW), "没有公开")
    services.publish(report, **REVIEW, by=cast.office, now=NOW)
    refused(lambda: services.unpublish(report, "", by=cast.office, now=NOW), "请写明理由")
    for _press in range(2):
        services.unpublish(report, "数字有误", by=cast.office, now=NOW)
    row = Publication.objects.get()
    assert (public(), row.ended_reason, row.ended_by) == ([], "数字有误", cast.office)


@pytest.mark.parametrize("person", ["leader", "liaison", "office_b"])
def test_only_the_office_publishes_and_takes_down(cast: Cast, person: str) -> None:
    report = issued(cast)
    with pytest.raises(NotAllowed):
        services.publish(report, **REVIEW, by=getattr(cast, person), now=NOW)
    with pytest.raises(NotAllowed):
        services.unpublish(report, "误发", by=getattr(cast, person), now=NOW)


# --- 撤回 ----------------------------------------------------------------------------------
def test_a_withdrawn_report_is_kept_its_publication_ends_its_periods_stay(cast: Cast) -> None:
    report = issued(cast)
    services.publish(report, **REVIEW, by=cast.office, now=NOW)
    services.withdraw(report, "数据有误", by=cast.office, now=NOW)
    services.withdraw(report, "数据有误", by=cast.office, now=NOW)
    assert locked(report).state == Report.State.WITHDRAWN
    assert (public(), Publication.objects.get().ended_reason) == ([], "数据有误")
    assert set(Period.objects.filter(year=YEAR).values_list("state", flat=True)) == {"frozen"}
    assert ReportTransition.objects.filter(verb="withdraw").count() == 1


def test_the_same_report_can_be_asked_for_again_after_a_withdrawal(cast: Cast) -> None:
    report = issued(cast)
    services.withdraw(report, "数据有误", by=cast.office, now=NOW)
    again = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    assert (again.pk != report.pk, again.state) == (True, Report.State.QUEUED)
    refused(lambda: services.withdraw(again, "不要了", by=cast.office, now=NOW), "排队中")


@pytest.mark.parametrize("person", ["leader", "liaison", "office_b", "office_province"])
def test_only_the_office_withdraws_and_says_why(cast: Cast, person: str) -> None:
    report = issued(cast)
    with pytest.raises(NotAllowed):
        services.withdraw(report, "不同意", by=getattr(cast, person), now=NOW)
    refused(lambda: services.withdraw(report, " ", by=cast.office, now=NOW), "请写明理由")
