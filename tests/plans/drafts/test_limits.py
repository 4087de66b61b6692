"""Drafts with what no column holds, and deeds that come twice or too late."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import DomainError
from departments.models import Department, Region
from departments.names import MAX_LENGTH
from plans.forms import DutyForm, HeaderForm, TargetForm
from plans.models import Draft, DraftItem, Plan, Responsibility
from plans.services import draft_tree, drafts
from plans.services.confirming import confirm
from plans.services.imports import open_document
from tests.cast import Cast
from tests.plans.drafts.conftest import TEXT

pytestmark = pytest.mark.django_db


def opened(cast: Cast, old: str, new: str) -> Draft:
    """Return a draft of the text with other words in it."""
    text = TEXT.replace(old, new)
    (one,) = open_document("e.txt", text.encode(), text, by=cast.office, home=cast.city_a)
    return one


def actions(draft: Draft) -> list[DraftItem]:
    return list(draft.items.filter(kind="action"))


@pytest.mark.parametrize("stretch", [False, True])
def test_a_value_that_no_column_holds_is_refused_and_can_be_mended(
    cast: Cast, draft: Draft, stretch: bool
) -> None:
    target = draft.items.filter(kind="target").first()
    huge = (
        {"stretch_operator": "gte", "stretch_value": "9" * 15} if stretch else {"value": "9" * 15}
    )
    read = target.data
    DraftItem.objects.filter(pk=target.pk).update(data={**read, **huge})
    with pytest.raises(DomainError, match="数值太大") as problem:
        confirm(draft, as_read=True, by=cast.office)
    assert read["label"] in problem.value.message
    assert not Plan.objects.filter(draft=draft).exists()
    DraftItem.objects.filter(pk=target.pk).update(data={**read, "value": "9" * 14})
    assert confirm(draft, as_read=True, by=cast.office).targets.get(value="9" * 14)


def test_a_unit_with_an_endless_name_is_stored_by_its_beginning(cast: Cast) -> None:
    name = "市" + "关心下一代工作" * 30 + "委员会"
    draft = opened(cast, "市总工会", name)
    assert name in draft.text
    plan = confirm(draft, as_read=True, by=cast.office)
    rows = Responsibility.objects.filter(measure__action__plan=plan)
    assert rows.filter(printed_name=name[:MAX_LENGTH]).count() == 1


def test_two_names_of_one_new_unit_need_not_agree_on_its_kind(cast: Cast) -> None:
    draft = opened(cast, "市总工会", "市广播电视台、市广电局")
    for name, kind in (("市广电局", "government"), ("市广播电视台", "enterprise")):
        drafts.decide(draft, [name], new_name="市融媒体中心", new_kind=kind, by=cast.office)
    plan = confirm(draft, as_read=True, by=cast.office)
    unit = Department.objects.get(region=cast.city_a, name="市融媒体中心")
    rows = Responsibility.objects.filter(measure__action__plan=plan, department=unit)
    assert {one.printed_name for one in rows} == {"市广播电视台", "市广电局"}


def test_the_code_of_an_indicator_is_no_longer_than_its_column() -> None:
    assert "indicator" not in TargetForm({"indicator": "a" * 60}).errors
    assert "indicator" in TargetForm({"indicator": "a" * 61}).errors


def test_moving_twice_leaves_a_measure_at_the_end(
    cast: Cast, draft: Draft, browse: Callable[..., Client]
) -> None:
    first, second = actions(draft)[:2]
    one = draft.items.filter(kind="measure", parent=first).first()
    address = reverse("draft-item", args=[draft.pk, one.pk, "move"])
    for _click in range(2):
        assert browse(cast.office).post(address, {"parent": second.pk}).status_code == 302
    assert drafts.siblings(draft, "measure", second)[-1].pk == one.pk


def test_nothing_hangs_on_what_was_merged_meanwhile(cast: Cast, draft: Draft) -> None:
    first, second = actions(draft)[:2]
    one = draft.items.filter(kind="measure", parent=first).first()
    draft_tree.merge(DraftItem.objects.get(pk=second.pk), by=cast.office)
    with pytest.raises(DomainError, match="请刷新"):
        draft_tree.move(one, parent=second, after=None, by=cast.office)
    with pytest.raises(DomainError, match="请刷新"):
        drafts.add(draft, "measure", {"title": "x"}, parent=second, by=cast.office)


def test_a_draft_that_is_gone_is_said_to_be_gone(cast: Cast, draft: Draft) -> None:
    again = Draft.objects.get(pk=draft.pk)
    drafts.discard(draft, by=cast.office)
    deeds: list[Callable[[], Any]] = [
        lambda: drafts.discard(again, by=cast.office),
        lambda: drafts.set_header(again, {}, version=1, by=cast.office),
        lambda: confirm(again, by=cast.office),
    ]
    for deed in deeds:
        with pytest.raises(DomainError, match="刚被删除"):
            deed()


def test_the_office_confirms_its_plan_though_another_place_bears_its_name(
    cast: Cast, draft: Draft
) -> None:
    name = cast.city_a.name
    Region.objects.create(code="999901", name=name, level="city", path="999901")
    assert confirm(draft, as_read=True, by=cast.office).region == cast.city_a


def test_lines_hold_no_character_that_the_database_refuses() -> None:
    form = HeaderForm({"basis": "《甲》\n《\x00》"}, instance=Draft())
    assert set(form.errors) >= {"basis"}
    assert "basis" not in HeaderForm({"basis": "《甲》\n《乙》"}, instance=Draft()).errors


@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_outside_of_every_plan_is_refused(day: str) -> None:
    assert "1990" in str(DutyForm({"quote": "x", "due": day}).errors["due"])
    assert "due" not in DutyForm({"quote": "x", "due": "2100-12-31"}).errors


def test_a_phase_may_end_with_the_calendar(
    cast: Cast, draft: Draft, browse: Callable[..., Client]
) -> None:
    phase = draft.items.get(kind="phase")
    DraftItem.objects.filter(pk=phase.pk).update(
        data={"name": "长期", "start": "0001-01-01", "end": "9999-12-31"}
    )
    plan = confirm(draft, as_read=True, by=cast.office)
    assert browse(cast.office).get(reverse("plan", args=[plan.pk])).status_code == 200
