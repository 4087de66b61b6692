"""The office's list of units: proposed ones are decided, changes recorded and confirmed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent
from departments.models import Department, DepartmentName, GroupMember, Succession
from departments.selectors import successors
from departments.services import (
    appoint,
    confirm_department,
    confirm_succession,
    drop_succession,
    merge_department,
    record_succession,
    rename_department,
)
from plans.models import Responsibility
from tests.cast import Cast
from tests.cast_story import NOW
from tests.departments.naming import departments_named

DAY = date(2024, 3, 1)


@pytest.fixture
def proposed(cast: Cast) -> Department:
    """A unit that a plan names beside 市教育局, with one responsibility."""
    made = departments_named(cast.city_a, ["市教体局"])["市教体局"]
    Responsibility.objects.create(
        measure=cast.measure_4,
        role="cooperate",
        printed_name="市教体局",
        department=made,
        position=9,
    )
    return made


class TestProposed:
    def test_confirming_twice_is_once(self, cast: Cast, proposed: Department):
        confirm_department(proposed, by=cast.office)
        confirm_department(proposed, by=cast.office)
        assert AuditEvent.objects.filter(code="departments.department.confirm").count() == 1
        assert Department.objects.get(pk=proposed.pk).confirmed

    def test_a_corrected_name_keeps_the_printed_spelling(self, cast: Cast, proposed: Department):
        unit = rename_department(proposed, "市教育和体育局", by=cast.office)
        assert unit.name == "市教育和体育局"
        assert departments_named(cast.city_a, ["市教体局"])["市教体局"] == unit

    def test_a_name_of_another_unit_is_refused(self, cast: Cast, proposed: Department):
        with pytest.raises(DomainError, match="“市财政局”已经是市财政局的名称"):
            rename_department(proposed, "市财政局", by=cast.office)

    def test_merging_moves_responsibilities_and_spellings(self, cast: Cast, proposed: Department):
        merge_department(proposed, cast.education, by=cast.office)
        moved = Responsibility.objects.get(printed_name="市教体局")
        assert moved.department == cast.education
        assert DepartmentName.objects.get(name="市教体局").department == cast.education
        assert not Department.objects.filter(pk=proposed.pk).exists()
        event = AuditEvent.objects.get(code="departments.department.merge")
        assert event.detail["responsibilities"] == 1
        assert event.detail["names"] == ["市教体局"]

    def test_merging_keeps_a_group_whole(self, cast: Cast, proposed: Department):
        for member in (proposed, cast.education):
            GroupMember.objects.create(group=cast.members, member=member)
        merge_department(proposed, cast.education, by=cast.office)
        assert cast.members.group_members.get().member == cast.education

    def test_a_confirmed_unit_is_not_merged_or_renamed(self, cast: Cast):
        for deed in (
            lambda: merge_department(cast.finance, cast.education, by=cast.office),
            lambda: rename_department(cast.finance, "市财局", by=cast.office),
        ):
            with pytest.raises(DomainError, match="请登记为机构变动"):
                deed()

    def test_a_unit_with_people_is_not_merged_and_nothing_has_moved(
        self, cast: Cast, proposed: Department
    ):
        appoint(cast.liaison_b, "liaison", department=proposed)
        with pytest.raises(DomainError, match="不能直接并入"):
            merge_department(proposed, cast.education, by=cast.office)
        assert Responsibility.objects.get(printed_name="市教体局").department == proposed

    def test_a_unit_of_another_city_is_no_target(self, cast: Cast, proposed: Department):
        with pytest.raises(DomainError, match="上级或下级"):
            merge_department(proposed, cast.education_b, by=cast.office)

    def test_a_unit_and_a_group_stay_apart(self, cast: Cast, proposed: Department):
        with pytest.raises(DomainError, match="集合"):
            merge_department(proposed, cast.members, by=cast.office)

    def test_only_the_own_office_decides(self, cast: Cast, proposed: Department):
        for person in (cast.office_b, cast.office_province, cast.leader, cast.liaison, cast.admin):
            for deed in (
                lambda who: confirm_department(proposed, by=who),
                lambda who: rename_department(proposed, "市教育体育局", by=who),
                lambda who: merge_department(proposed, cast.education, by=who),
                lambda who: record_succession(cast.finance, "rename", DAY, name="市财金局", by=who),
            ):
                with pytest.raises(NotAllowed):
                    deed(person)


class TestSuccessions:
    def test_a_recorded_change_counts_once_it_is_confirmed(self, cast: Cast):
        change = record_succession(
            cast.education, "rename", DAY, name="市教育体育局", by=cast.office
        )
        assert successors([cast.education.pk], DAY) == {}
        confirm_succession(change, by=cast.office, now=NOW)
        assert successors([cast.education.pk], DAY) == {cast.education.pk: change.new_id}
        assert (change.new.confirmed, change.new.valid_from) == (True, DAY)

    def test_an_unconfirmed_change_can_be_dropped(self, cast: Cast):
        change = record_succession(cast.education, "merge", DAY, new=cast.finance, by=cast.office)
        drop_succession(change, by=cast.office)
        assert not Succession.objects.filter(pk=change.pk).exists()

    def test_a_confirmed_change_stays(self, cast: Cast):
        change = record_succession(cast.education, "merge", DAY, new=cast.finance, by=cast.office)
        confirm_succession(change, by=cast.office, now=NOW)
        with pytest.raises(DomainError, match="不能删除"):
            drop_succession(change, by=cast.office)

    def test_a_split_is_recorded_part_by_part(self, cast: Cast):
        for name in ("市文化和旅游局", "市新闻出版局"):
            record_succession(
                cast.education, "split", DAY, name=name, scope="一部分", by=cast.office
            )
        assert Succession.objects.filter(old=cast.education, kind="split").count() == 2

    @pytest.mark.parametrize("kind", ["rename", "merge", "split"])
    def test_a_unit_that_was_renamed_has_no_second_fate(self, cast: Cast, kind: str):
        record_succession(cast.education, "rename", DAY, name="市教育体育局", by=cast.office)
        with pytest.raises(DomainError, match="已经登记了另一项变动"):
            record_succession(cast.education, kind, DAY, new=cast.finance, by=cast.office)

    def test_a_circle_is_refused(self, cast: Cast):
        change = record_succession(cast.education, "merge", DAY, new=cast.finance, by=cast.office)
        confirm_succession(change, by=cast.office, now=NOW)
        with pytest.raises(DomainError, match="不能循环"):
            record_succession(cast.finance, "merge", DAY, new=cast.education, by=cast.office)

    def test_a_known_name_is_chosen_not_typed(self, cast: Cast):
        with pytest.raises(DomainError, match="已经是市财政局的名称"):
            record_succession(cast.education, "merge", DAY, name="市财政局", by=cast.office)
        assert Department.objects.filter(name="市财政局", region=cast.city_a).count() == 1

    def test_one_of_a_known_unit_and_a_new_name_is_given(self, cast: Cast):
        for new, name in ((None, " "), (cast.finance, "市财金局")):
            with pytest.raises(DomainError, match="已有单位"):
                record_succession(cast.education, "merge", DAY, new=new, name=name, by=cast.office)


class TestPages:
    def test_the_list_shows_what_a_unit_may_be(
        self, cast: Cast, browse: Callable[..., Client], proposed: Department
    ):
        page = browse(cast.office).get("/departments/proposed/").content.decode()
        assert "市教体局" in page
        assert 'data-label="可能就是">市教育局' in page

    def test_a_unit_is_merged_from_its_page(
        self, cast: Cast, browse: Callable[..., Client], proposed: Department
    ):
        browser = browse(cast.office)
        page = browser.get(f"/departments/{proposed.pk}/decide/").content.decode()
        assert page.count("btn-p") == 1
        assert "并入市教育局" in page
        answer = browser.post(f"/departments/{proposed.pk}/merge/", {"into": cast.education.pk})
        assert answer.status_code == 302
        assert not Department.objects.filter(pk=proposed.pk).exists()

    def test_a_change_is_recorded_and_confirmed(self, cast: Cast, browse: Callable[..., Client]):
        browser = browse(cast.office)
        typed = {
            "old": cast.education.pk,
            "kind": "rename",
            "name": "市教育体育局",
            "on": "2024-03-01",
        }
        assert browser.post("/departments/successions/", typed).status_code == 302
        change = Succession.objects.get(old=cast.education)
        assert browser.post(f"/departments/successions/{change.pk}/confirm/").status_code == 302
        change.refresh_from_db()
        assert change.confirmed_by == cast.office

    def test_what_is_missing_is_said_at_its_field(self, cast: Cast, browse: Callable[..., Client]):
        typed = {"old": cast.education.pk, "kind": "rename", "on": "2024-03-01"}
        answer = browse(cast.office).post("/departments/successions/", typed)
        assert answer.status_code == 422
        assert "请选择一个已有单位，或者填写新单位的名称。" in answer.content.decode()

    def test_the_pages_ask_as_often_for_many_units_as_for_few(
        self, cast: Cast, browse: Callable[..., Client]
    ):
        browser = browse(cast.office)

        def queries(address: str) -> list[str]:
            with CaptureQueriesContext(connection) as caught:
                assert browser.get(address).status_code == 200
            return [one["sql"] for one in caught.captured_queries]

        def more(letters: str) -> None:
            found = departments_named(cast.city_a, [f"市{one}务局" for one in letters])
            for unit in found.values():
                Succession.objects.create(old=unit, new=cast.finance, kind="merge", on=DAY)

        more("商水")
        addresses = ("/departments/proposed/", "/departments/successions/")
        queries(addresses[0])  # the first page of a session also stores it
        few = [len(queries(one)) for one in addresses]
        more("税政公司医警教农林牧渔")
        assert [len(queries(one)) for one in addresses] == few
