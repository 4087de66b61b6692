"""What printed names mean before anything is written."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Department, DepartmentName, Region, Succession
from departments.regions import region_proposal
from departments.resolution import Elsewhere, Resolution, resolve
from departments.services import confirm_succession, region_of_code
from tests.cast import Cast
from tests.cast_story import NOW

DAY = date(2024, 7, 10)


def one(region: Region, name: str, *beside: str) -> Resolution:
    return resolve(region, [name, *beside], DAY)[name]


def unit(region: Region, name: str) -> Department:
    made = Department.objects.create(region=region, name=name)
    DepartmentName.objects.create(region=region, department=made, name=name, normalised=name)
    return made


def became(cast: Cast, old: Department, new: Department, kind: str, *, confirmed: bool = True):
    change = Succession.objects.create(old=old, new=new, kind=kind, on=date(2019, 1, 1))
    if confirmed:
        confirm_succession(change, by=cast.office, now=NOW)


class TestKnown:
    @pytest.mark.parametrize(
        "name", ["市教育局", "子市教育局", "教育局", "申省子市教育局", "市教 育局"]
    )
    def test_every_spelling_means_the_department(self, cast: Cast, name: str):
        found = one(cast.city_a, name)
        assert (found.kind, found.department) == ("known", cast.education)

    def test_a_group_stays_a_group(self, cast: Cast):
        assert one(cast.city_a, "各成员单位").department == cast.members

    def test_the_same_name_in_another_city_is_another_department(self, cast: Cast):
        assert one(cast.city_b, "市教育局").department == cast.education_b
        assert one(cast.city_b, "子市教育局").department == cast.education

    def test_the_confirmed_department_of_two_counts(self, cast: Cast):
        unit(cast.city_a, "市住建局")
        late = unit(cast.city_a, "市住房和城乡建设局")
        Department.objects.filter(name="市住建局").update(confirmed=False)
        assert one(cast.city_a, "市住房城乡建设局").department == late


class TestSuccession:
    def test_a_confirmed_rename_gives_the_successor(self, cast: Cast):
        new = unit(cast.city_a, "市教育体育局")
        became(cast, cast.education, new, "rename")
        found = one(cast.city_a, "市教育局")
        assert (found.kind, found.department, found.named) == ("succeeded", new, cast.education)

    def test_a_merger_after_a_rename_is_followed(self, cast: Cast):
        first, second = unit(cast.city_a, "市文化局"), unit(cast.city_a, "市文广新局")
        last = unit(cast.city_a, "市文化和旅游局")
        became(cast, first, second, "rename")
        became(cast, second, last, "merge")
        assert one(cast.city_a, "市文化局").department == last

    def test_before_its_day_or_unconfirmed_it_does_not_count(self, cast: Cast):
        new = unit(cast.city_a, "市教育体育局")
        became(cast, cast.education, new, "rename", confirmed=False)
        assert one(cast.city_a, "市教育局").kind == "known"
        Succession.objects.update(confirmed_by=cast.office, confirmed_at=NOW)
        early = resolve(cast.city_a, ["市教育局"], date(2018, 12, 31))
        assert early["市教育局"].kind == "known"

    def test_a_split_asks_a_person(self, cast: Cast):
        parts = [unit(cast.city_a, name) for name in ("市文化和旅游局", "市新闻出版局")]
        for part in parts:
            became(cast, cast.education, part, "split")
        found = one(cast.city_a, "市教育局")
        assert (found.kind, found.department, found.named) == ("split", None, cast.education)
        assert found.choices == tuple(parts)


class TestPlaces:
    def test_the_province_is_meant_by_its_word(self, cast: Cast):
        known = unit(cast.province, "省科协")
        assert one(cast.city_a, "省科协").department == known
        assert one(cast.city_a, "申省科学技术协会").department == known
        assert one(cast.county_a1, "省科协").department == known
        assert one(cast.city_a, "省教育厅").proposal.region == cast.province

    def test_the_city_is_meant_in_a_county(self, cast: Cast):
        assert one(cast.county_a1, "市科协").department == cast.association
        assert one(cast.county_a1, "县科协").proposal.region == cast.county_a1

    def test_a_county_named_in_full_is_meant_in_the_city(self, cast: Cast):
        known = unit(cast.county_a1, "县教育局")
        assert one(cast.city_a, "子东县教育局").department == known
        assert one(cast.city_a, "子西县教育局").proposal.region == cast.county_a2

    @pytest.mark.django_db
    def test_a_published_place_below_that_is_not_stored(self):
        found = one(region_of_code("370300"), "张店区教育局").proposal
        assert found.region == Elsewhere("张店区", "county", "370303")

    @pytest.mark.parametrize("name", ["县科协", "区县科协", "各县（市、区）科协", "各镇（街道）"])
    def test_those_of_every_place_below_are_a_group(self, cast: Cast, name: str):
        proposal = one(cast.city_a, name).proposal
        assert (proposal.group, proposal.kind, proposal.region) == (True, "group", cast.city_a)

    def test_an_unknown_place_is_named_with_its_level(self, cast: Cast):
        found = one(cast.city_a, "某某区教育局").proposal
        assert found.region == Elsewhere("某某区", "county")

    @pytest.mark.django_db
    def test_a_level_above_that_is_not_stored_has_no_name(self):
        lone = Region.objects.create(code="900001", name="某县", level="county", path="900001")
        assert one(lone, "市科协").proposal.region == Elsewhere(None, "city")

    def test_a_county_level_city_means_itself(self, cast: Cast):
        city = Region.objects.create(
            code="980181", name="子河市", level="county", parent=cast.city_a,
            path=cast.city_a.path + "980181",
        )  # fmt: skip
        assert one(city, "市科协").proposal.region == city
        assert one(city, "子市科协").department == cast.association

    def test_a_university_is_of_the_region_that_names_it(self, cast: Cast):
        found = one(cast.city_a, "某某理工大学").proposal
        assert (found.region, found.kind, found.group) == (cast.city_a, "institution", False)


class TestProposals:
    def test_spellings_of_one_unknown_unit_are_one_proposal(self, cast: Cast):
        found = resolve(cast.city_a, ["团市委", "共青团子市委员会", "市妇联"], DAY)
        assert found["团市委"].proposal is found["共青团子市委员会"].proposal
        assert found["市妇联"].proposal != found["团市委"].proposal

    def test_near_departments_come_best_first(self, cast: Cast):
        wide, late = unit(cast.city_a, "市教体局"), unit(cast.city_a, "市教育科技局")
        near = one(cast.city_a, "市教委").near
        assert [(row.department, row.score > 60) for row in near] == [
            (cast.education, True), (wide, True), (late, True),
        ]  # fmt: skip
        assert near[0].score > near[1].score == near[2].score

    def test_at_most_five_are_offered(self, cast: Cast):
        for name in (
            "教体局",
            "教科局",
            "教育体育和科技局",
            "教育科技体育局",
            "教育和农业局",
            "教育和水利局",
        ):
            unit(cast.city_a, f"市{name}")
        assert len(one(cast.city_a, "市教委").near) == 5

    def test_a_renamed_department_is_offered_as_what_it_is_now(self, cast: Cast):
        new = unit(cast.city_a, "市教育体育局")
        became(cast, cast.education, new, "rename")
        assert [row.department for row in one(cast.city_a, "市教委").near] == [new]

    def test_other_names_of_the_document_are_near_each_other(self, cast: Cast):
        found = resolve(cast.county_a1, ["县教育局", "县体育局", "县教体局", "市教育局"], DAY)
        assert found["县教育局"].near_names == ("县教体局",)
        assert found["县教体局"].near_names == ("县教育局", "县体育局")
        assert found["县教育局"].near == ()  # nothing is known in the county

    def test_groups_have_nothing_near(self, cast: Cast):
        found = one(cast.city_a, "相关部门", "有关部门")
        assert (found.near, found.near_names) == ((), ())


def test_nothing_is_written(cast: Cast):
    before = Department.objects.count(), DepartmentName.objects.count()
    resolve(cast.city_a, ["市妇联", "省科协", "某某区教育局"], DAY)
    assert (Department.objects.count(), DepartmentName.objects.count()) == before


def test_the_number_of_queries_does_not_depend_on_the_names(cast: Cast):
    def queries(names: list[str]) -> int:
        with CaptureQueriesContext(connection) as caught:
            resolve(cast.city_a, names, DAY)
        return len(caught)

    few = ["市教育局", "市妇联", "子东县教育局"]
    many = [f"市{letter}务局" for letter in "商水税民政公司医"] + ["子西县科协", "省科协", *few]
    assert queries(few) == queries(many) <= 5


@pytest.mark.django_db
class TestRegions:
    def test_a_published_place_is_known_with_what_stands_above_it(self):
        found = region_proposal("张店区")
        assert (found.kind, found.code, found.level) == ("published", "370303", "county")
        assert (found.parent.name, found.parent.parent.name) == ("淄博市", "山东省")

    def test_a_printed_chain_means_its_last_place(self):
        found = region_proposal("山东省淄博市张店区")
        assert (found.kind, found.name, found.code) == ("published", "张店区", "370303")

    def test_an_unknown_place_has_its_likely_level_and_parent(self):
        found = region_proposal("山东省淄博市某某区")
        assert (found.kind, found.name, found.level) == ("new", "某某区", "county")
        assert found.parent.code == "370300"
        assert region_proposal("某某区").parent is None

    def test_a_city_within_a_city_is_county_level(self):
        assert region_proposal("德州市某某市").level == "county"
        assert region_proposal("某某市").level == "city"

    def test_a_stored_place_counts_before_a_published_one(self):
        city = region_of_code("370300")
        assert region_proposal("淄博市").region == city

    def test_several_places_of_a_name_are_choices(self, cast: Cast):
        for parent, code in ((cast.city_a, "980109"), (cast.city_b, "980209")):
            Region.objects.create(
                code=code, name="中心区", level="county", parent=parent, path=parent.path + code
            )
        found = region_proposal("中心区")
        assert (found.kind, len(found.choices)) == ("ambiguous", 2)
        assert region_proposal("中心区", cast.city_b).region.code == "980209"
        assert region_proposal("子市中心区").region.code == "980109"

    def test_reading_asks_once(self):
        with CaptureQueriesContext(connection) as caught:
            region_proposal("山东省淄博市某某区")
        assert len(caught) == 1
