"""What waits of reports: on the home pages, the leaders' dashboard and beside each role."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from departments.models import User
from reports import services
from reports.models import Opinion, Report
from reports.selectors.waiting import waiting
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.steps.given import BASIS, association, drafted

pytestmark = pytest.mark.django_db
Browse = Callable[[User | None], Client]
TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=7)


@pytest.fixture
def report(cast: Cast) -> Report:
    return services.consult(drafted(cast), SOON, by=cast.office, now=NOW)


def counted(person: User) -> int:
    """Return what waits for a person in all their roles."""
    return sum(waiting(list(person.memberships.all()), TODAY).values())


def home(browse: Browse, person: User, path: str = "/") -> str:
    return browse(person).get(path).content.decode()


def test_a_unit_finds_the_draft_with_its_date_until_it_has_answered(
    cast: Cast, browse: Browse, report: Report
) -> None:
    before = counted(cast.liaison)
    page = home(browse, cast.liaison)
    assert f"{SOON.isoformat()}前反馈" in page
    assert f'href="/reports/{report.pk}/"' in page
    services.respond(report, Opinion.State.AGREED, by=cast.head, now=NOW)
    assert "前反馈" not in home(browse, cast.liaison).split("未读通知")[0]
    assert counted(cast.liaison) == before - 1


def test_a_round_that_was_called_off_waits_for_nobody(
    cast: Cast, browse: Browse, report: Report
) -> None:
    services.redraft(report, "再改", by=cast.office, now=NOW)
    assert "前反馈" not in home(browse, cast.liaison).split("未读通知")[0]
    services.consult(report, SOON, by=cast.office, now=NOW)
    assert (
        home(browse, cast.liaison).split("未读通知")[0].count(f'href="/reports/{report.pk}/"') == 1
    )


def test_the_office_finds_comments_then_what_can_be_approved_then_what_can_be_issued(
    cast: Cast, browse: Browse, report: Report
) -> None:
    nothing = counted(cast.office)
    assert "待办理的报告" not in home(browse, cast.office)
    row = services.respond(report, "commented", "请改。", by=cast.liaison, now=NOW)
    assert "1 条意见待答复" in home(browse, cast.office)
    services.answer(report, row.pk, "taken", by=cast.office, now=NOW)
    assert "待办理的报告" not in home(browse, cast.office)
    for person in (association(cast), cast.liaison_finance):
        services.respond(report, "agreed", by=person, now=NOW)
    assert "各单位都已反馈，可以审定" in home(browse, cast.office)
    assert (counted(cast.office), counted(cast.leader)) == (nothing + 1, 1)
    services.approve(report, BASIS, by=cast.leader, now=NOW)
    assert "已审定，待登记文号和日期" in home(browse, cast.office)
    assert (counted(cast.office), counted(cast.leader)) == (nothing + 1, 0)


def test_a_date_gone_by_is_told_with_who_is_silent(
    cast: Cast, browse: Browse, report: Report
) -> None:
    Report.objects.filter(pk=report.pk).update(consult_until=TODAY - timedelta(days=1))
    assert "反馈截止日期已过，3 个单位没有反馈" in home(browse, cast.office)
    assert "待办理的报告" not in home(browse, cast.office_b)


def test_leaders_find_drafts_on_their_dashboard(cast: Cast, browse: Browse, report: Report) -> None:
    page = home(browse, cast.leader, "/dashboard/")
    assert "征求意见中的报告" in page
    assert f"{SOON.isoformat()}前反馈，3 个单位没有反馈" in page
    assert "征求意见中的报告" not in home(browse, cast.office, "/dashboard/")
