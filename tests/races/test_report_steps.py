"""Two people at one report at the same moment, and a control with the lock taken away."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import DomainError
from core.models import Job
from departments.models import User
from reports import services
from reports.models import Opinion, Publication, Report, ReportTransition
from reports.services import consulting as consultation
from reports.workflow import TYPESET
from tests.cast import Cast
from tests.cast_story import NOW
from tests.races.parallel import at_once, together, without_constraint
from tests.reports.steps.given import BASIS, TODAY, UNTIL, answered, approved, drafted, issued

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def both(people: list[User], deed: Callable[[Any], Any]) -> list[Any]:
    """Let two people do a deed at once."""
    for person in people:
        person.acting  # noqa: B018 (asked once, here: threads share the person)
    return at_once([lambda who=who: deed(who) for who in people])


def office(cast: Cast) -> list[User]:
    return [cast.office, cast.office_2]


def refused(answers: list[Any]) -> int:
    return sum(isinstance(one, DomainError) for one in answers)


def count(report: Report, verb: str) -> int:
    return ReportTransition.objects.filter(report=report, verb=verb).count()


def test_of_two_who_ask_for_opinions_at_once_one_does(cast: Cast) -> None:
    report = drafted(cast)
    answers = both(office(cast), lambda who: services.consult(report, UNTIL, by=who, now=NOW))
    assert refused(answers) == 1
    assert (count(report, "consult"), Opinion.objects.filter(report=report).count()) == (1, 3)


def test_approval_and_sending_back_do_not_both_happen(cast: Cast) -> None:
    report = answered(cast)

    def decide(who: User) -> Any:
        if who == cast.leader:
            return services.approve(report, BASIS, by=who, now=NOW)
        return services.redraft(report, "再改", by=who, now=NOW)

    answers = both([cast.leader, cast.office], decide)
    # What is approved can be sent back too: whoever comes first, it is a draft in the end.
    assert Report.objects.get(pk=report.pk).state == Report.State.DRAFT
    assert (count(report, "redraft"), count(report, "approve") + refused(answers)) == (1, 1)


def test_two_stamps_at_once_are_one_number_and_one_job(cast: Cast) -> None:
    report = approved(cast)
    answers = both(
        office(cast),
        lambda who: services.stamp(report, TODAY, f"测科协〔2024〕{who.pk}号", by=who, now=NOW),
    )
    assert (refused(answers), count(report, "stamp")) == (1, 1)
    assert Job.objects.filter(kind=TYPESET, subject_id=report.pk).count() == 1


def test_two_who_publish_at_once_make_one_publication(cast: Cast) -> None:
    report = issued(cast)
    review = {"reviewer": "王审查", "reviewed_on": TODAY, "opinion": "不涉密"}
    both(office(cast), lambda who: services.publish(report, **review, by=who, now=NOW))
    assert (Publication.objects.count(), count(report, "publish")) == (1, 1)


@pytest.mark.postgresql
def test_control_without_lock_and_constraint_units_are_asked_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = drafted(cast)

    def unlocked(one: Report) -> Report:
        rows = Report.objects.select_related("plan__region", "plan__settings", "department")
        return rows.get(pk=one.pk)

    monkeypatch.setattr(consultation, "locked", unlocked)
    monkeypatch.setattr(consultation, "last_round", together(consultation.last_round, 2))
    with without_constraint("reports_opinion", "reports_opinion_once"):
        both(office(cast), lambda who: services.consult(report, UNTIL, by=who, now=NOW))
        assert Opinion.objects.filter(report=report).count() == 6
