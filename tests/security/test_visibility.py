"""What belongs to others does not exist: not by address, not by field, not by parameter."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from core.models import AuditEvent, Job, Notice
from departments.models import Membership
from plans.services.lifecycle import set_public
from tasks.models import Assignment, Entry, Period, Task
from tasks.services import entries
from tasks.services.entries import decisions
from tests.cast import Cast
from tests.cast_story import NOW

Browse = Callable[..., Client]
NOBODY = 987654
ADDRESSES = {
    "/entries/{}/": "entry_draft",
    "/entries/{}/history/": "entry_submitted",
    "/entries/{}/progress/": "entry_draft",
    "/evidence/{}/": "evidence",
    "/review/{}/": "entry_submitted",
    "/tasks/{}/": "task_1",
    "/periods/{}/": "period",
    "/plans/{}/": "plan",
    "/plans/{}/measures/": "plan",
    "/departments/{}/": "education",
    "/reports/{}/": "report_issued",
    "/reports/{}/progress/": "report_draft",
    "/reports/{}/files/1/pdf/": "report_issued",
    "/dashboard/?plan={}": "plan",
    "/indicators/?plan={}": "plan",
}
POSTS = {
    "/entries/{}/": "entry_draft",
    "/entries/{}/save/": "entry_draft",
    "/entries/{}/evidence/": "entry_draft",
    "/entries/{}/submit/": "entry_draft",
    "/entries/{}/approve/": "entry_submitted",
    "/entries/{}/waive/": "entry_blank",
    "/entries/{}/take_over/": "part_submitted",
    "/tasks/{}/": "task_1",
    "/tasks/{}/units/": "task_1",
    "/tasks/{}/cancel/": "task_1",
    "/tasks/{}/judge/": "task_4",
    "/periods/{}/close/": "period",
    "/plans/{}/activate/": "plan",
    "/plans/{}/publish/": "plan",
    "/reports/{}/recompile/": "report_draft",
    "/observations/{}/verify/": "observed_submitted",
    "/people/{}/end/": "double_liaison",
}
OUTSIDERS = ("office_b", "liaison_b", "former")
API = {
    "departments": "education",
    "plans": "plan",
    "actions": "action_1",
    "measures": "measure_1",
    "duties": "duty",
    "tasks": "task_1",
    "periods": "period",
    "entries": "entry_submitted",
    "targets": "literacy",
    "observations": "observed",
    "reports": "report_issued",
}


def words(html: str) -> str:
    """Return a page without what differs from request to request."""
    return re.sub(r'[\w]{64}|\d{6,}|name="csrfmiddlewaretoken" value="[^"]*"', "", html)


@pytest.mark.parametrize("person", OUTSIDERS)
def test_what_is_hidden_answers_like_what_does_not_exist(
    person: str, cast: Cast, former: object, browse: Browse
) -> None:
    browser = browse(former if person == "former" else getattr(cast, person))  # type: ignore[arg-type]
    for method, addresses in (("get", ADDRESSES), ("post", POSTS)):
        for address, name in addresses.items():
            if person == "former" and "plan=" in address:
                continue  # without a role every plan gives the same page
            hidden = getattr(browser, method)(address.format(getattr(cast, name).pk))
            missing = getattr(browser, method)(address.format(NOBODY))
            assert hidden.status_code == missing.status_code == 404, address
            first, second = hidden.content.decode(), missing.content.decode()
            assert words(first) == words(second), address


@pytest.mark.parametrize("person", ["office_b", "liaison_b"])
def test_rest_answers_alike_for_hidden_and_missing_rows(
    person: str, cast: Cast, call: Browse
) -> None:
    client = call(getattr(cast, person))
    for name, row in API.items():
        hidden = client.get(f"/api/v1/{name}/{getattr(cast, row).pk}/")
        missing = client.get(f"/api/v1/{name}/{NOBODY}/")
        assert (hidden.status_code, missing.status_code) == (404, 404), name
        assert hidden.content == missing.content
        listed = client.get(f"/api/v1/{name}/").json()["results"]
        assert getattr(cast, row).pk not in [one["id"] for one in listed]


def test_a_filter_by_something_hidden_tells_nothing_of_it(cast: Cast, call: Browse) -> None:
    client = call(cast.office_b)
    for query in (
        f"tasks/?plan={cast.plan.pk}",
        f"tasks/?department={cast.education.pk}",
        f"entries/?period={cast.period.pk}",
        f"entries/?region={cast.city_a.code}",
        f"observations/?department={cast.finance.pk}",
        f"observations/?region={cast.city_a.code}",
        f"departments/?group={cast.members.pk}",
        f"reports/?plan={cast.plan.pk}",
    ):
        assert client.get(f"/api/v1/{query}").json()["results"] == [], query


def test_parameters_that_name_others_things_are_as_if_not_given(cast: Cast, browse: Browse) -> None:
    outside = browse(cast.liaison_b)
    for path in (
        f"/tasks/?plan={cast.plan.pk}&year=2024",
        f"/entries/check/?period={cast.period.pk}",
        f"/entries/receipts/?of={cast.part_submitted.submitted_id}",
        f"/departments/?region={cast.city_a.code}",
    ):
        html = outside.get(path).content.decode()
        assert "子市全民" not in html
        assert "2024 年上半年" not in html
        assert "市财政局" not in html
    queue = browse(cast.office_b).get(f"/review/?undo={cast.entry_approved.pk}").content.decode()
    assert cast.task_3.title not in queue
    path = f"/plans/{cast.plan_b.pk}/?measure={cast.measure_1.pk}"
    assert browse(cast.office_b).get(path).status_code == 404


def test_fields_that_name_others_things_change_nothing(cast: Cast, browse: Browse) -> None:
    office, beside, unit = browse(cast.office), browse(cast.office_b), browse(cast.liaison_finance)
    before = list(Assignment.objects.values_list("id", "role", "department").order_by("id"))
    assert beside.post("/tasks/year/", {"plan": cast.plan.pk, "year": 2025}).status_code == 404
    assert beside.post("/tasks/confirm/", {"plan": cast.plan.pk, "year": 2024}).status_code == 404
    # A visible plan as the cover for a task, and a unit of another region as its 汇总单位.
    beside.post(
        "/tasks/leads/", {"plan": cast.plan_b.pk, "year": 2024, f"lead-{cast.task_4.pk}": "none"}
    )
    office.post(
        "/tasks/leads/",
        {"plan": cast.plan.pk, "year": 2024, f"lead-{cast.task_4.pk}": cast.education_b.pk},
    )
    office.post(f"/tasks/{cast.task_4.pk}/units/", {"lead": cast.education_b.pk})
    unit.post(
        "/entries/check/", {"entry": cast.entry_draft.pk, f"version-{cast.entry_draft.pk}": 5}
    )
    assert list(Assignment.objects.values_list("id", "role", "department").order_by("id")) == before
    assert Task.objects.filter(year=2025).count() == 0
    assert Entry.objects.get(pk=cast.entry_draft.pk).state == "draft"


def test_a_judgement_takes_no_period_of_another_region(cast: Cast, browse: Browse) -> None:
    foreign = Period.objects.create(
        region=cast.city_b, name="x", year=2024, starts=NOW.date(), ends=NOW.date(),
        opens_on=NOW.date(), due_on=NOW.date(), closes_on=NOW.date(), state="open",
    )  # fmt: skip
    data = {"period": foreign.pk, "percent": "10", "reason": "x"}
    assert browse(cast.office).post(f"/tasks/{cast.task_4.pk}/judge/", data).status_code == 422


def test_the_offices_above_and_leaders_read_no_draft_and_no_return(
    cast: Cast, browse: Browse, call: Browse
) -> None:
    secrets = ("完成55%", "完成40%", "请写明具体做法")
    for person in (cast.office_province, cast.leader, cast.client):
        browser, client = browse(person), call(person)
        paths = ["/dashboard/", f"/plans/{cast.plan.pk}/", f"/tasks/{cast.task_1.pk}/",
                 f"/tasks/{cast.task_4.pk}/", f"/periods/{cast.period.pk}/", "/departments/",
                 f"/departments/{cast.education.pk}/", "/review/", "/", "/notices/"]  # fmt: skip
        paths += [
            f"/plans/{cast.plan.pk}/?measure={one.pk}" for one in (cast.measure_1, cast.measure_4)
        ]
        for path in paths:
            html = browser.get(path, follow=True).content.decode()
            assert not [one for one in secrets if one in html], (person, path)
        told = client.get("/api/v1/entries/?page_size=1000").content.decode()
        assert not [one for one in secrets if one in told]
        assert not [one for one in secrets if one in _csv(client, "entries")]


def _csv(client: Client, name: str) -> str:
    answer = client.get(f"/api/v1/{name}/?format=csv")
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_a_gatherer_reads_parts_given_to_it_and_no_draft_of_another(
    cast: Cast, browse: Browse
) -> None:
    liaison, path = browse(cast.liaison), f"/entries/{cast.entry_draft.pk}/"
    assert "完成50%" in liaison.get(path).content.decode()
    entries.withdraw(cast.part_submitted.pk, by=cast.liaison_finance, now=NOW)
    entries.save_field(
        cast.part_submitted.pk, "done", "还没给别人看", 1, by=cast.liaison_finance, now=NOW
    )
    assert liaison.get(f"/entries/{cast.part_submitted.pk}/").status_code == 404
    html = liaison.get(path).content.decode()
    assert "还没给别人看" not in html
    assert "完成50%" not in html


def test_a_returned_part_shows_its_gatherer_what_was_given_not_what_is_typed(
    cast: Cast, browse: Browse, call: Browse
) -> None:
    pk = cast.part_submitted.pk
    decisions.send_back(pk, {"done": "x"}, by=cast.liaison, now=NOW)
    entries.save_field(pk, "done", "还没给别人看", 1, by=cast.liaison_finance, now=NOW)
    for path in (f"/entries/{pk}/", f"/entries/{cast.entry_draft.pk}/", f"/entries/{pk}/history/"):
        assert "还没给别人看" not in browse(cast.liaison).get(path).content.decode()
    assert "还没给别人看" not in call(cast.liaison).get(f"/api/v1/entries/{pk}/").content.decode()


def test_a_plan_that_is_closed_to_the_public_is_gone_at_once(cast: Cast, browse: Browse) -> None:
    public, path = browse(None), f"/public/plans/{cast.plan.pk}/"
    assert public.get(path).status_code == 200
    html = public.get("/public/").content.decode() + public.get(path).content.decode()
    for word in ("138", "按计划推进", "催办", "迟报", "11.2"):
        assert word not in re.sub(r"<[^>]*>", "", html)
    set_public(cast.plan, False, by=cast.office)
    assert public.get(path).status_code == 404
    assert cast.plan.title not in public.get("/public/").content.decode()


def test_notices_are_read_and_ticked_by_their_own_person(cast: Cast, browse: Browse) -> None:
    mine = Notice.objects.filter(person=cast.liaison, read_at__isnull=True).count()
    assert mine
    browse(cast.office).post("/notices/read/")
    browse(cast.liaison_finance).post("/notices/read/")
    assert Notice.objects.filter(person=cast.liaison, read_at__isnull=True).count() == mine


def test_the_progress_of_a_report_is_told_to_its_readers_only(cast: Cast, browse: Browse) -> None:
    Job.objects.create(kind="reports.compile", subject_id=cast.report_draft.pk)
    path = f"/reports/{cast.report_draft.pk}/progress/"
    assert browse(cast.office).get(path).status_code == 200
    for person in (cast.liaison, cast.client, cast.office_b, cast.office_province, cast.admin):
        assert browse(person).get(path).status_code == 404


def test_telephone_numbers_are_masked(cast: Cast, browse: Browse) -> None:
    html = browse(cast.office).get(f"/entries/{cast.entry_submitted.pk}/").content.decode()
    assert "138****0000" in html
    assert "13800000000" not in html


def test_the_auditor_of_one_city_reads_nothing_of_another(cast: Cast) -> None:
    seen = AuditEvent.objects.visible_to(cast.auditor)
    assert seen.filter(region_path__startswith=cast.city_a.path).exists()
    assert not seen.filter(region_path__startswith=cast.city_b.path).exists()
    for person in (cast.office, cast.admin, cast.security, cast.leader, cast.liaison):
        assert not AuditEvent.objects.visible_to(person).exists()


def test_memberships_of_others_are_listed_for_administrators_of_the_region_only(
    cast: Cast,
) -> None:
    seen = Membership.objects.visible_to(cast.admin)
    assert seen.filter(user=cast.liaison).exists()
    assert not seen.filter(user__in=[cast.liaison_b, cast.office_b, cast.office_province]).exists()
