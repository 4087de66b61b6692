"""Who reads what of a report on its way: versions, opinions, reasons, single 督办件."""

from collections.abc import Callable

import pytest
from django.test import Client

from departments.models import User
from reports import services
from reports.models import Fact, Opinion, Publication, Report, ReportVersion
from reports.selectors.compiled import changes
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.steps.given import (
    BASIS,
    TODAY,
    UNTIL,
    answered,
    association,
    consulting,
    drafted,
    version_of,
)

pytestmark = pytest.mark.django_db
Browse = Callable[[User | None], Client]


def twice_consulted(cast: Cast) -> Report:
    """Return a report whose second version was sent out; the first was returned to its office."""
    report = consulting(cast)
    services.redraft(report, "数字要再核一遍", by=cast.leader, now=NOW)
    version_of(report, ReportVersion.objects.get(report=report).facts)
    return services.consult(report, UNTIL, by=cast.office, now=NOW)


def numbers(report: Report, user: User) -> list[int]:
    seen = ReportVersion.objects.visible_to(user).filter(report=report)
    return list(seen.order_by("number").values_list("number", flat=True))


def test_units_read_from_the_version_on_that_was_sent_to_them(cast: Cast, browse: Browse) -> None:
    report = twice_consulted(cast)
    assert [numbers(report, one) for one in (cast.office, cast.leader)] == [[1, 2], [1, 2]]
    assert numbers(report, cast.liaison) == [2]
    assert numbers(report, cast.office_province) == []
    browser = browse(cast.liaison)
    for address in ("text/?version=1", "facts/?version=1", "files/1/docx/", "changes/?from=1&to=2"):
        assert browser.get(f"/reports/{report.pk}/{address}").status_code == 404, address
    page = browser.get(f"/reports/{report.pk}/").content.decode()
    assert "下载 Word（第 2 版）" in page
    assert "第 1 版" not in page
    assert "数字要再核一遍" not in page, "why a draft was returned is its office's affair"


def test_a_report_sent_back_after_its_approval_is_read_from_its_new_consultation_on(
    cast: Cast,
) -> None:
    report = answered(cast)
    services.approve(report, BASIS, by=cast.leader, now=NOW)
    services.redraft(report, "领导要求再改", by=cast.leader, now=NOW)
    for _draft in range(2):
        version_of(report, ReportVersion.objects.filter(report=report).latest("id").facts)
    services.consult(report, UNTIL, by=cast.office, now=NOW)
    assert numbers(report, cast.liaison) == [3], "the second version was never sent to units"
    assert numbers(report, cast.office) == [1, 2, 3]


def test_other_regions_read_from_the_approved_version_on(cast: Cast, call: Browse) -> None:
    report = twice_consulted(cast)
    for person in (association(cast), cast.liaison, cast.liaison_finance):
        services.respond(report, Opinion.State.AGREED, by=person, now=NOW)
    services.approve(report, BASIS, by=cast.leader, now=NOW)
    assert numbers(report, cast.office_province) == [2]
    told = call(cast.office_province).get(f"/api/v1/reports/{report.pk}/").json()
    assert [one["number"] for one in told["versions"]] == [2]


def test_what_units_say_is_read_by_their_own_office_and_leaders_alone(
    cast: Cast, call: Browse
) -> None:
    report = consulting(cast)
    services.respond(report, Opinion.State.COMMENTED, "请改。", by=cast.liaison, now=NOW)
    Report.objects.filter(pk=report.pk).update(state="approved")
    seen = {
        name: Opinion.objects.visible_to(getattr(cast, name)).filter(report=report).count()
        for name in ("office", "leader", "liaison", "office_province", "office_b")
    }
    assert seen.pop("office") == seen.pop("leader") == 3
    assert seen.pop("liaison") == 1
    assert set(seen.values()) == {0}
    told = call(cast.office_province).get(f"/api/v1/reports/{report.pk}/").json()
    assert told["opinions"] == []


def test_figures_of_single_items_are_listed_only_where_the_text_states_them(
    cast: Cast, compiled: Callable[[], ReportVersion]
) -> None:
    version = compiled()
    key = next(one for one in version.facts["figures"] if one.startswith("supervision."))
    assert not Fact.objects.filter(version=version, key=key).exists()
    other = version_of(version.report, version.facts)
    Fact.objects.filter(version=other, key__startswith="supervision.").delete()
    other.facts["figures"][key]["value"] = "77"
    assert changes(other, version) == []


def test_the_public_gets_no_drawing_that_leads_behind_the_log_in(
    cast: Cast, browse: Browse, compiled: Callable[[], ReportVersion]
) -> None:
    version = compiled()
    Report.objects.filter(pk=version.report_id).update(state="issued")
    Publication.objects.create(
        report=version.report, version=version, reviewer="王审查", reviewed_on=TODAY,
        opinion="不涉密", by=cast.office, at=NOW,
    )  # fmt: skip
    inside = drawings(browse(cast.office), f"/reports/{version.report_id}/drawings/1/{{}}/")
    outside = drawings(browse(None), f"/public/reports/{version.report_id}/drawings/{{}}/")
    assert len(inside) == len(outside) + 1, "the code with the portal's address"
    assert inside[: len(outside)] == outside


def drawings(browser: Client, address: str) -> list[str]:
    answers = [browser.get(address.format(number)) for number in range(1, 9)]
    return [one.content.decode() for one in answers if one.status_code == 200]


def test_a_draft_is_not_reached_by_its_number(cast: Cast, browse: Browse) -> None:
    report = drafted(cast)
    assert browse(cast.liaison).get(f"/reports/{report.pk}/text/?version=1").status_code == 404
