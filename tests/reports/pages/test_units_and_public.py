"""Units as far as one may see them, and what everyone may read without a log-in."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client

from departments.models import Department, Succession
from plans.models import Plan
from reports.selectors.units import unit_list, unit_page
from tests.cast import Cast

TODAY = dt.date(2024, 7, 10)
Browse = Callable[[Any], Client]


def test_the_office_sees_how_much_each_unit_owes(cast: Cast) -> None:
    rows = {one.department: one for one in unit_list(cast.office, cast.city_a, TODAY, None).rows}
    education = rows[cast.education]
    assert (education.tasks, education.leads) == (4, 2)
    assert (education.handed_in, education.asked) == (1, 4)
    assert rows[cast.members].asked == 0


def test_a_leader_counts_only_what_was_handed_in(cast: Cast) -> None:
    rows = {one.department: one for one in unit_list(cast.leader, cast.city_a, TODAY, None).rows}
    assert rows[cast.education].asked is None
    assert rows[cast.education].handed_in == 1


def test_units_stand_in_the_order_of_the_plan_and_never_by_score(
    cast: Cast, browse: Browse
) -> None:
    listed = unit_list(cast.office, cast.city_a, TODAY, None)
    assert [one.department.pk for one in listed.rows] == sorted(
        one.department.pk for one in listed.rows
    )
    page = browse(cast.office).get("/departments/").content.decode()
    assert "aria-sort" not in page


def test_a_unit_shows_its_part_in_each_task_and_where_its_entry_stands(cast: Cast) -> None:
    page = unit_page(cast.office, cast.finance, TODAY, None)
    states = {one.assignment.task_id: one.entry.state if one.entry else None for one in page.tasks}
    assert states == {cast.task_1.pk: "submitted", cast.task_4.pk: "draft"}
    above = unit_page(cast.office_province, cast.finance, TODAY, None)
    assert [one.entry for one in above.tasks if one.assignment.task_id == cast.task_4.pk] == [None]


def test_a_unit_tells_what_became_of_it_and_what_nobody_confirmed_yet(
    cast: Cast, browse: Browse
) -> None:
    later = Department.objects.create(region=cast.city_a, name="市教育体育局")
    Succession.objects.create(
        old=cast.education, new=later, kind="merge", on=dt.date(2025, 1, 1), scope="教育"
    )
    page = browse(cast.office).get(f"/departments/{cast.education.pk}/").content.decode()
    assert "市教育体育局" in page
    assert "待确认，尚未生效" in page


def test_another_citys_units_are_not_found(cast: Cast, browse: Browse) -> None:
    assert browse(cast.liaison_b).get(f"/departments/{cast.education.pk}/").status_code == 404
    assert browse(cast.liaison_b).get("/departments/?region=980100").status_code == 404
    assert browse(cast.office_province).get("/departments/?region=980100").status_code == 200
    assert browse(cast.office).get("/departments/?year=x").status_code == 404


def test_the_public_reads_open_plans_only(cast: Cast, browse: Browse) -> None:
    page = browse(None).get("/public/").content.decode()
    assert cast.plan.title in page
    assert cast.plan_b.title not in page
    assert browse(None).get(f"/public/plans/{cast.plan_b.pk}/").status_code == 404
    Plan.objects.filter(pk=cast.plan.pk).update(is_public=False)
    assert browse(None).get(f"/public/plans/{cast.plan.pk}/").status_code == 404
    assert "还没有公开的方案" in browse(None).get("/public/").content.decode()


def test_the_public_page_holds_the_promises_and_nothing_of_work_in_progress(
    cast: Cast, browse: Browse
) -> None:
    page = browse(None).get(f"/public/plans/{cast.plan.pk}/").content.decode()
    assert "2025 年达到 14%" in page
    assert "完成数值：未公布" in page
    assert "怎样判定进度" in page
    # Verified values, percents, reports, people, units' pages and reminders stay inside.
    for hidden in ("11.2", "11.20", "推进，完成", "甲", "戊", "/departments/", "/entries/", "催办"):
        assert hidden not in page.split('id="main"')[1].split("<footer")[0]


def test_being_logged_in_shows_no_more_on_public_pages(cast: Cast, browse: Browse) -> None:
    for address in ("/public/", f"/public/plans/{cast.plan.pk}/"):
        inside = browse(cast.office).get(address).content.decode()
        outside = browse(None).get(address).content.decode()
        parts = [page.split('id="main"')[1].split("</main>")[0] for page in (inside, outside)]
        assert parts[0] == parts[1]
