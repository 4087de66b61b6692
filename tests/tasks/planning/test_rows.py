"""Many tasks changed at once: what is refused, and that nothing is written then."""

from datetime import date
from typing import Any

import pytest

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent
from departments.models import Department
from plans.models import Plan
from tasks.models import Assignment, Entry, Task
from tasks.selectors.planning.rows import SEPARATE, version_of
from tasks.services import planning
from tasks.services.planning import Row, RowErrors
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def row(task: Task, **texts: str) -> Row:
    return Row(str(task.pk), texts, task.pk, version_of(task))


def refused(cast: Cast, *rows: Row) -> list[Any]:
    before = list(Task.objects.order_by("pk").values_list("pk", "title", "due", "updated_at"))
    audit = AuditEvent.objects.count()
    with pytest.raises(RowErrors) as caught:
        planning.save_rows(cast.plan, 2024, rows, by=cast.office)
    after = list(Task.objects.order_by("pk").values_list("pk", "title", "due", "updated_at"))
    assert (after, AuditEvent.objects.count()) == (before, audit)
    return caught.value.rows


BAD = [  # what is typed into task_1, the cell that is refused, and a piece of the sentence
    ({"title": " "}, "title", "请填写任务名称"),
    ({"title": "长" * 301}, "title", "最多 300 字"),
    ({"kind": "其他"}, "kind", "类型只能是"),
    ({"kind": "数量"}, "quantity", "数量型任务须填写大于 0 的目标数量"),
    ({"kind": "数量", "quantity": "0"}, "quantity", "目标数量应大于 0"),
    ({"quantity": "许多"}, "quantity", "请只填数字"),
    ({"weight": "0"}, "weight", "权重应大于 0"),
    ({"weight": "-1"}, "weight", "请只填数字"),
    ({"starts": "2024-07-01", "due": "2024-06-30"}, "due", "不能早于开始日期"),
    ({"due": "2024-02-30"}, "due", "请填日期"),
    ({"starts": "2025-01-01", "due": "2025-06-30"}, "due", "不在 2024 年内"),
    ({"evidence_required": "可能"}, "evidence_required", "只能填"),
    ({"responsible": "市气象局"}, "responsible", "没有“市气象局”这个单位"),
    ({"cooperate": "市教体局"}, "cooperate", "是不是“市教育局”"),
    ({"cooperate": "丑市教育局"}, "cooperate", "丑市教育局"),
    ({"lead": "市教育局、市财政局"}, "lead", "汇总单位只能有一个"),
    ({"lead": "各成员单位"}, "lead", "是单位集合"),
    ({"lead": "市财政局"}, "lead", "已有单位报送"),
    ({"responsible": ""}, "responsible", "“市财政局”已在这项任务上填报，不能移出"),
    ({"title": "丰富课后服务"}, "title", "同名"),
]


def test_what_is_wrong_stands_at_its_cell_and_nothing_is_written(cast: Cast) -> None:
    Task.objects.filter(pk=cast.task_2.pk).update(measure=cast.measure_1)
    for texts, field, sentence in BAD:
        good = row(cast.task_3, note="改")
        (one,) = refused(cast, row(cast.task_1, **texts), good)
        assert one.row.key == str(cast.task_1.pk)
        assert sentence in "".join(one.wrong[field]), texts


def test_rows_are_read_as_people_type_them(cast: Cast) -> None:
    planning.save_rows(
        cast.plan,
        2024,
        [
            row(cast.task_1, kind="数量", quantity="１.２万", unit="人次", due="2024年6月30日"),
            row(cast.task_2, evidence_required="是", cooperate="市财政局，各成员单位"),
        ],
        by=cast.office,
    )
    one, other = Task.objects.get(pk=cast.task_1.pk), Task.objects.get(pk=cast.task_2.pk)
    assert (one.quantity, one.unit, one.due) == (12000, "人次", date(2024, 6, 30))
    assert other.evidence_required
    assert set(other.assignments.filter(role="cooperate").values_list("department", flat=True)) == {
        cast.finance.pk,
        cast.members.pk,
    }
    event = AuditEvent.objects.filter(code="tasks.task.save_rows").get()
    assert [one["task"] for one in event.detail["rows"]] == [cast.task_1.pk, cast.task_2.pk]


def test_an_unchanged_row_writes_nothing(cast: Cast) -> None:
    count = AuditEvent.objects.count()
    same = row(cast.task_1, title=f" {cast.task_1.title} ", weight="1")
    assert planning.save_rows(cast.plan, 2024, [same], by=cast.office) == []
    assert AuditEvent.objects.count() == count


def test_a_row_changed_meanwhile_shows_both(cast: Cast) -> None:
    mine = row(cast.task_1, title="我的")
    planning.save_rows(cast.plan, 2024, [row(cast.task_1, title="别人的")], by=cast.office_2)
    (one,) = refused(cast, mine)
    assert (one.after, one.theirs) == ({"title": "我的"}, {"title": "别人的"})


def test_units_changed_elsewhere_count_as_a_change_of_the_row(cast: Cast) -> None:
    mine = row(cast.task_3, note="改")
    planning.add_units(cast.task_3, "市财政局", "cooperate", by=cast.office_2)
    (one,) = refused(cast, mine)
    assert one.theirs == {"note": ""}


def test_rows_of_another_plan_year_or_cancelled_are_refused(cast: Cast, annual: Plan) -> None:
    (other, *_rest) = planning.make_year(annual, 2024, by=cast.office)
    (later, *_rest) = planning.make_year(cast.plan, 2025, by=cast.office)
    planning.cancel_task(cast.task_2, "并入", by=cast.office)
    cast.task_2.refresh_from_db()
    rows = [row(one, note="改") for one in (other, later, cast.task_2)]
    told = refused(cast, *rows, Row("9", {"note": "改"}, 999_999))
    assert ["编号" in "".join(one.wrong[""]) for one in told] == [True, True, False, True]


def test_only_the_own_office_saves_rows(cast: Cast) -> None:
    for person in (cast.office_b, cast.office_province, cast.leader, cast.liaison):
        with pytest.raises(NotAllowed):
            planning.save_rows(cast.plan, 2024, [row(cast.task_1, note="改")], by=person)


def test_the_gathering_unit_moves_with_entries_that_nobody_handed_in(cast: Cast) -> None:
    (task, *_rest) = planning.make_year(cast.plan, 2025, by=cast.office)
    task.refresh_from_db()
    parts = {one.department_id: one for one in task.assignments.all()}
    entries = {
        unit.pk: Entry.objects.create(
            period=cast.period, task=task, assignment=parts[unit.pk], department=unit, kind=kind
        )
        for unit, kind in ((cast.education, "report"), (cast.finance, "part"))
    }
    swapped = row(task, lead="市财政局", responsible="市教育局")
    planning.save_rows(cast.plan, 2025, [swapped], by=cast.office)
    kinds = dict(Entry.objects.filter(task=task).values_list("department", "kind"))
    assert kinds == {cast.education.pk: "part", cast.finance.pk: "report"}
    task.refresh_from_db()
    assert task.gathering == "confirmed"
    planning.save_rows(cast.plan, 2025, [row(task, lead=SEPARATE)], by=cast.office)
    task.refresh_from_db()
    assert task.gathering == "none"
    # Finance is nobody any more: its untouched entry goes with it.
    assert not Entry.objects.filter(pk=entries[cast.finance.pk].pk).exists()


class TestUnits:
    def test_units_are_added_by_name_and_taken_out(self, cast: Cast) -> None:
        planning.add_units(cast.task_2, "市财政局、各成员单位", "responsible", by=cast.office)
        assert cast.task_2.assignments.count() == 3
        planning.remove_unit(cast.task_2, cast.finance, by=cast.office)
        assert not cast.task_2.assignments.filter(department=cast.finance).exists()

    @pytest.mark.parametrize(
        ("names", "sentence"),
        [("", "请写单位名称"), ("市气象局", "没有“市气象局”"), ("市教育局", "已在承办单位中")],
    )
    def test_bad_names_are_told(self, cast: Cast, names: str, sentence: str) -> None:
        with pytest.raises(DomainError, match=sentence):
            planning.add_units(cast.task_2, names, "cooperate", by=cast.office)

    def test_who_has_begun_stays(self, cast: Cast) -> None:
        for unit in (cast.education, cast.finance):  # a draft with text; a part handed in
            with pytest.raises(DomainError, match="已在这项任务上填报"):
                planning.remove_unit(cast.task_1, unit, by=cast.office)
        assert cast.task_1.assignments.count() == 3

    def test_an_untouched_entry_goes_with_its_unit(self, cast: Cast) -> None:
        new = Assignment.objects.create(
            task=cast.task_2, department=cast.finance, role="responsible"
        )
        Entry.objects.create(
            period=cast.period,
            task=cast.task_2,
            assignment=new,
            department=cast.finance,
            kind="part",
        )
        planning.remove_unit(cast.task_2, cast.finance, by=cast.office)
        assert not Entry.objects.filter(task=cast.task_2, department=cast.finance).exists()

    def test_a_group_is_replaced_by_chosen_members_and_stays_named(self, cast: Cast) -> None:
        unit = Department.objects.create(region=cast.city_a, name="市妇联")
        chosen = [unit, cast.finance]  # finance has a part of its own already
        planning.name_members(cast.task_1, cast.members, chosen, by=cast.office)
        parts = {one.department_id: one for one in cast.task_1.assignments.all()}
        assert cast.members.pk not in parts
        assert (parts[unit.pk].role, parts[unit.pk].group) == ("cooperate", cast.members)
        assert (parts[cast.finance.pk].role, parts[cast.finance.pk].group) == ("responsible", None)
        assert AuditEvent.objects.get(code="tasks.assignment.name_members").detail["members"] == [
            unit.pk,
            cast.finance.pk,
        ]

    def test_only_own_units_stand_in_for_a_group(self, cast: Cast) -> None:
        for members, sentence in (
            ([cast.education_b], "只能列出本地区的单位"),
            ([cast.members], "只能列出本地区的单位"),
            ([], "至少选一个"),
        ):
            with pytest.raises(DomainError, match=sentence):
                planning.name_members(cast.task_1, cast.members, members, by=cast.office)
        with pytest.raises(DomainError, match="不是这项任务的单位集合"):
            planning.name_members(cast.task_1, cast.finance, [cast.education], by=cast.office)
