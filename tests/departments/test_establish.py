"""Writing what was decided for printed names."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent
from departments.models import Department, DepartmentName, Region, Succession
from departments.resolution import Decision, resolve
from departments.services import (
    confirm_succession,
    establish,
    region_named,
    region_of_code,
)
from tests.cast import Cast
from tests.cast_story import NOW
from tests.departments.naming import departments_named

DAY = date(2024, 7, 10)
CODE = "departments.department.establish"


def proposal(region: Region, name: str):
    return resolve(region, [name], DAY)[name].proposal


def spelt(region: Region, name: str) -> Department:
    return DepartmentName.objects.get(region=region, normalised=name).department


def recorded(cast: Cast) -> int:
    """Count what the office has been recorded to establish."""
    return AuditEvent.objects.filter(code=CODE, actor=cast.office).count()


class TestEstablish:
    def test_a_new_unit_is_unconfirmed_and_bears_its_name(self, cast: Cast):
        new = Decision(new=proposal(cast.city_a, "市妇联"))
        made = establish(cast.city_a, {"市妇联": new}, by=cast.office)["市妇联"]
        assert (made.confirmed, made.kind, made.region) == (False, "mass", cast.city_a)
        assert spelt(cast.city_a, "市妇联") == made

    def test_a_spelling_is_kept_for_the_department_decided_on(self, cast: Cast):
        chosen = Decision(department=cast.education)
        establish(cast.city_a, {"市教体局": chosen}, by=cast.office)
        found = resolve(cast.city_a, ["市教体局"], DAY)["市教体局"]
        assert (found.kind, found.department) == ("known", cast.education)

    def test_two_spellings_of_one_new_unit_make_one(self, cast: Cast):
        names = ["团市委", "共青团子市委员会"]
        found = resolve(cast.city_a, names, DAY)
        made = establish(
            cast.city_a, {name: Decision(new=found[name].proposal) for name in names}, by=None
        )
        assert made["团市委"] == made["共青团子市委员会"]
        assert made["团市委"].names.count() == 2

    def test_a_person_may_give_the_new_unit_another_name(self, cast: Cast):
        better = replace(proposal(cast.city_a, "市妇连"), name="市妇联", kind="mass")
        made = establish(cast.city_a, {"市妇连": Decision(new=better)}, by=cast.office)["市妇连"]
        assert made.name == "市妇联"
        assert spelt(cast.city_a, "市妇连") == spelt(cast.city_a, "市妇联") == made

    def test_it_is_recorded_once_with_what_was_made(self, cast: Cast):
        decisions = {
            name: Decision(new=proposal(cast.city_a, name)) for name in ("市妇联", "市气象局")
        }
        before = recorded(cast)
        made = establish(cast.city_a, decisions, by=cast.office)
        assert recorded(cast) == before + 1
        event = AuditEvent.objects.filter(code=CODE, actor=cast.office).latest("id")
        assert event.region_path == cast.city_a.path
        assert event.detail["new"] == [one.pk for one in made.values()]

    def test_nothing_new_is_not_recorded(self, cast: Cast):
        before = recorded(cast)
        establish(cast.city_a, {"市教育局": Decision(department=cast.education)}, by=cast.office)
        assert recorded(cast) == before

    def test_a_name_of_another_unit_is_refused_in_words(self, cast: Cast):
        wrong = {"市教育局": Decision(department=cast.finance)}
        with pytest.raises(DomainError, match="“市教育局”已经是市教育局的名称"):
            establish(cast.city_a, wrong, by=cast.office)

    def test_one_spelling_cannot_mean_two_units(self, cast: Cast):
        wrong = {
            "市新局": Decision(department=cast.finance),
            "市 新局": Decision(department=cast.education),
        }
        with pytest.raises(DomainError, match="已经是市财政局的名称"):
            establish(cast.city_a, wrong, by=cast.office)

    def test_a_refusal_leaves_nothing_behind(self, cast: Cast):
        before = Department.objects.count()
        wrong = {
            "市妇联": Decision(new=proposal(cast.city_a, "市妇联")),
            "市教育局": Decision(department=cast.finance),
        }
        with pytest.raises(DomainError):
            establish(cast.city_a, wrong, by=cast.office)
        assert Department.objects.count() == before

    def test_the_name_of_a_predecessor_stays_with_it(self, cast: Cast):
        new = Department.objects.create(region=cast.city_a, name="市教育体育局")
        change = Succession.objects.create(old=cast.education, new=new, kind="rename", on=DAY)
        confirm_succession(change, by=cast.office, now=NOW)
        establish(cast.city_a, {"市教育局": Decision(department=new)}, by=cast.office)
        assert spelt(cast.city_a, "市教育局") == cast.education

    def test_every_name_needs_exactly_one_decision(self, cast: Cast):
        new = proposal(cast.city_a, "市妇联")
        for wrong in (Decision(), Decision(department=cast.education, new=new)):
            with pytest.raises(DomainError, match="请为“市妇联”选定"):
                establish(cast.city_a, {"市妇联": wrong}, by=cast.office)

    def test_a_unit_of_another_city_is_refused(self, cast: Cast):
        wrong = {"市教育局": Decision(department=cast.education)}
        with pytest.raises(DomainError, match="不属于本地区"):
            establish(cast.city_b, wrong, by=cast.office_b)

    def test_only_the_own_office_decides(self, cast: Cast):
        chosen = {"市教体局": Decision(department=cast.education)}
        for person in (cast.office_b, cast.office_province, cast.leader, cast.liaison, cast.admin):
            with pytest.raises(NotAllowed):
                establish(cast.city_a, chosen, by=person)

    def test_the_number_of_queries_does_not_depend_on_the_names(self, cast: Cast):
        def queries(names: list[str]) -> int:
            found = resolve(cast.city_a, names, DAY)
            decisions = {name: Decision(new=one.proposal) for name, one in found.items()}
            with CaptureQueriesContext(connection) as caught:
                establish(cast.city_a, decisions, by=cast.office)
            return len(caught)

        assert cast.office.acting  # asked once a session, not by the service
        few = queries(["市妇联", "市总工会"])
        assert queries([f"市{letter}务局" for letter in "商水税政公司医警教"]) == few


class TestPlaces:
    def test_a_unit_of_a_county_below_stands_in_that_county(self, cast: Cast):
        made = departments_named(cast.city_a, ["子东县教育局"])["子东县教育局"]
        assert made.region == cast.county_a1
        assert resolve(cast.county_a1, ["县教育局"], DAY)["县教育局"].department == made

    @pytest.mark.django_db
    def test_a_published_county_below_is_made(self):
        made = departments_named(region_of_code("370300"), ["张店区教育局", "高青县科协"])
        assert made["张店区教育局"].region.code == "370303"
        assert Region.objects.get(code="370322").parent.code == "370300"

    def test_a_known_unit_above_is_meant_itself(self, cast: Cast):
        made = departments_named(cast.county_a1, ["市科协"])["市科协"]
        assert made == cast.association
        assert spelt(cast.county_a1, "市科协") == cast.association

    def test_an_unknown_unit_above_stands_in_the_own_list(self, cast: Cast):
        made = departments_named(cast.city_a, ["省科协", "申省科学技术协会"])
        assert made["省科协"] == made["申省科学技术协会"]
        assert made["省科协"].region == cast.city_a


class TestByDefault:
    def test_known_names_mean_their_department(self, cast: Cast):
        names = ["市教育局", "市科协", "各成员单位"]
        found = departments_named(cast.city_a, names)
        assert list(found.values()) == [cast.education, cast.association, cast.members]

    def test_a_split_stays_with_the_one_that_bore_the_name(self, cast: Cast):
        for name in ("市体育局", "市学前教育局"):
            new = Department.objects.create(region=cast.city_a, name=name)
            change = Succession.objects.create(old=cast.education, new=new, kind="split", on=DAY)
            confirm_succession(change, by=cast.office, now=NOW)
        assert departments_named(cast.city_a, ["市教育局"])["市教育局"] == cast.education

    def test_new_units_stand_in_the_order_of_the_document(self, cast: Cast):
        names = ["市妇联", "市气象局", "市总工会"]
        made = departments_named(cast.city_a, names)
        assert sorted(made.values(), key=lambda one: one.pk) == [made[name] for name in names]

    def test_asking_twice_gives_the_same(self, cast: Cast):
        first = departments_named(cast.city_a, ["市妇联", "省科协", "某某区教育局"])
        assert departments_named(cast.city_a, list(first)) == first


@pytest.mark.django_db
class TestRegions:
    def test_a_chain_makes_what_is_missing(self):
        made = region_named("山东省淄博市某某区")
        assert (made.name, made.level, made.confirmed) == ("某某区", "county", False)
        assert made.parent.code == "370300"
        assert made.path.startswith(made.parent.path)
        assert region_named("淄博市某某区") == made

    def test_a_parent_may_be_given(self):
        city = region_of_code("370300")
        assert region_named("某某区", city).parent == city

    def test_an_unknown_chain_is_made_from_the_top(self):
        made = region_named("某省某市某区")
        assert [made.level, made.parent.level, made.parent.parent.level] == [
            "county", "city", "province",
        ]  # fmt: skip

    def test_a_name_of_several_places_is_refused(self, cast: Cast):
        for parent, code in ((cast.city_a, "980109"), (cast.city_b, "980209")):
            Region.objects.create(
                code=code, name="中心区", level="county", parent=parent, path=parent.path + code
            )
        with pytest.raises(DomainError, match="不止一个地区"):
            region_named("中心区")
        assert region_named("中心区", cast.city_a).code == "980109"
