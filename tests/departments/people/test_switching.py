"""A person with several roles: what waits in each, and where a page of another role leads."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from departments.context import other_roles
from departments.models import Membership, User
from departments.services import appoint
from reports.selectors.home import home
from reports.selectors.waiting import waiting
from tasks.models import ExtensionRequest, Instruction, ReportingRules, SupervisionItem
from tests.cast import Cast

Browse = Callable[[Any], Client]
TODAY = timezone.localdate()


@pytest.fixture
def triple(cast: Cast) -> User:
    """Return one person with three roles: liaison of 市教育局 and 市财政局, office of city A."""
    person = User.objects.create(username="triple", name="辰")
    for unit in (cast.education, cast.finance):
        appoint(person, "liaison", department=unit)
    appoint(person, "office", region=cast.city_a)
    person.choices = list(person.valid_memberships(TODAY))
    return person


def test_each_role_is_counted_as_its_own_home_page_counts(cast: Cast, triple: User) -> None:
    now = timezone.now()
    for acting in triple.choices:
        triple.act_as(acting)
        for other in other_roles(triple):
            triple.act_as(other.membership)
            groups = home(triple, now, TODAY).groups
            todo = ("returned", "due", "blank", "parts", "review", "demands", "scores")
            counted = [
                one.total
                for one in groups
                if one.reason in todo or one.reason.startswith(("supervision-", "values"))
            ]
            assert other.waiting == sum(counted) > 0
            triple.act_as(acting)


def test_supervision_counts_among_what_waits(cast: Cast, triple: User) -> None:
    unit, _finance, office = triple.choices
    day = dt.date(2024, 7, 24)  # the unit's working item is due in five working days
    without = {unit.pk: 4, office.pk: 3}

    def items() -> tuple[int, int]:
        found = waiting(triple.choices, day)
        return found[unit.pk] - without[unit.pk], found[office.pk] - without[office.pk]

    assert items() == (2, 3), "to sign and to feed back; a demand, a feedback, an extension"
    ReportingRules.objects.create(region=cast.city_a, supervision_soon_days=4)
    assert items() == (1, 3), "by the region's own rule the deadline is not near yet"
    SupervisionItem.objects.update(state="settled", settled_on=day)
    Instruction.objects.update(settled_at=timezone.now())
    ExtensionRequest.objects.update(answer="refused")
    assert items() == (0, 0)


def test_more_roles_cost_no_more_queries(cast: Cast, triple: User) -> None:
    def cost() -> int:
        triple.choices = list(triple.valid_memberships(TODAY))
        triple.act_as(triple.choices[0])
        with CaptureQueriesContext(connection) as caught:
            other_roles(triple)
        return len(caught)

    before = cost()
    appoint(triple, "liaison", department=cast.association)
    appoint(triple, "head", department=cast.association)
    appoint(triple, "office", region=cast.county_a1)
    assert cost() == before <= 11


def test_every_page_says_as_whom_and_what_waits_elsewhere(
    cast: Cast, triple: User, browse: Browse
) -> None:
    browser = browse(triple)
    page = browser.get("/notices/").content.decode()
    assert "身份：市教育局 联络员" in page
    assert "另有 2 个身份" in page
    assert "项待办</span></button>" in page
    office = triple.memberships.get(role="office")
    chosen = browser.post("/act-as/", {"membership": office.pk, "next": "/"}, follow=True)
    assert chosen.redirect_chain == [("/", 302)]
    assert "您现在以“子市 纲要办”的身份办理。" in chosen.content.decode()
    single = browse(cast.liaison).get("/notices/").content.decode()
    assert "as-bar" not in single


def test_a_script_that_logs_in_again_restores_the_role_silently(
    cast: Cast, triple: User, browse: Browse
) -> None:
    browser = browse(triple)
    office = triple.memberships.get(role="office")
    browser.post("/act-as/", {"membership": office.pk, "next": "/session/"})
    assert "您现在以" not in browser.get("/notices/").content.decode()


def test_no_other_site_is_led_to(cast: Cast, triple: User, browse: Browse) -> None:
    role = triple.memberships.get(role="office").pk
    answer = browse(triple).post("/act-as/", {"membership": role, "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"


def test_a_page_of_another_own_role_offers_to_switch(
    cast: Cast, triple: User, browse: Browse
) -> None:
    browser, address = browse(triple), f"/entries/{cast.entry_blank.pk}/"
    answer = browser.get(address)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "您现在以“市教育局 联络员”的身份办理；这项属于“市财政局 联络员”。" in page
    finance = triple.memberships.get(department=cast.finance)
    assert f'value="{finance.pk}"' in page
    opened = browser.post("/act-as/", {"membership": finance.pk, "next": address}, follow=True)
    assert opened.status_code == 200
    review = f"/review/{cast.entry_submitted.pk}/"
    assert "这项属于“子市 纲要办”" in browser.get(review).content.decode()


@pytest.mark.parametrize("who", ["liaison", "double"])
def test_nothing_is_said_of_what_no_own_role_sees(cast: Cast, browse: Browse, who: str) -> None:
    browser = browse(getattr(cast, who))
    for address in (f"/entries/{cast.entry_blank.pk}/", "/entries/99999/", "/nowhere/"):
        answer = browser.get(address)
        assert answer.status_code == 404
        assert "另一个身份" not in answer.content.decode()


def test_a_role_that_ended_is_not_offered(cast: Cast, triple: User, browse: Browse) -> None:
    Membership.objects.filter(user=triple, department=cast.finance).update(
        valid_to=TODAY - dt.timedelta(days=1)
    )
    triple.memberships.filter(role="office").delete()
    answer = browse(triple).get(f"/entries/{cast.entry_blank.pk}/")
    assert "另一个身份" not in answer.content.decode()
