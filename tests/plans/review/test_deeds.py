"""What a person does on the page of a draft: each deed changes one thing and leads back to it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEvent
from departments.models import Department
from indicators.models import Target
from plans.models import Draft, DraftItem, DraftName, Duty, Plan, Responsibility
from plans.services import drafts
from tests.cast import Cast

Browse = Callable[[Any], Client]


def address(cast: Cast, *parts: object) -> str:
    return "/".join(["/plans/drafts", *map(str, (cast.draft.pk, *parts)), ""])


def post(browser: Client, where: str, **data: object) -> Any:
    return browser.post(where, data)


def titles(parent: DraftItem) -> list[str]:
    rows = DraftItem.objects.filter(parent=parent, kind="measure", dropped=False)
    return [one.data["title"] for one in rows]


@pytest.fixture
def office(cast: Cast, browse: Browse) -> Client:
    return browse(cast.office)


# --- One item -------------------------------------------------------------------------------------
def test_a_corrected_item_is_saved_and_marked(cast: Cast, office: Client) -> None:
    one = cast.draft_measure
    where = address(cast, "items", one.pk, "save")
    text = str(one.data["text"]).replace("\n", "\r\n")
    answer = post(office, where, number="1", title="办好每一堂科学课", text=text, version=1)
    assert answer["Location"] == f"{address(cast)}?tab=tree&item={one.pk}#i-{one.pk}"
    one.refresh_from_db()
    assert one.data["title"] == "办好每一堂科学课"
    assert one.data["text"] == cast.draft_measure.data["text"]
    assert "改过" in office.get(address(cast) + "?tab=tree").content.decode()


def test_a_wrong_field_says_so_and_keeps_what_was_typed(cast: Cast, office: Client) -> None:
    one = cast.draft_measure
    answer = post(
        office, address(cast, "items", one.pk, "save"), title="", text="新写的正文", version=1
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_title">' in page
    assert page.count("请填写名称。") == 2, "once on top and once at the field"
    assert "新写的正文" in page
    one.refresh_from_db()
    assert one.data["title"] == "办好科学课"


def test_who_comes_second_sees_both_texts_and_loses_nothing(cast: Cast, office: Client) -> None:
    one = cast.draft_measure
    drafts.edit(one, {**one.data, "title": "别人写的"}, version=1, by=cast.office_2)
    where = address(cast, "items", one.pk, "save")
    answer = post(office, where, number="1", title="我写的", text="正文", version=1)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<pre>别人写的</pre>" in page
    assert "<pre>我写的</pre>" in page
    assert 'value="我写的"' in page
    assert 'name="version" value="2"' in page
    assert (
        post(office, where, number="1", title="我写的", text="正文", version=2).status_code == 302
    )


def test_a_measure_goes_up_down_and_to_another_action(cast: Cast, office: Client) -> None:
    second = cast.draft_measure_2
    post(office, address(cast, "items", second.pk, "up"))
    assert titles(cast.draft_action) == ["丰富课后服务", "办好科学课"]
    post(office, address(cast, "items", second.pk, "down"))
    assert titles(cast.draft_action) == ["办好科学课", "丰富课后服务"]
    post(office, address(cast, "items", second.pk, "move"), parent=cast.draft_action_2.pk)
    assert titles(cast.draft_action_2) == ["普及智能技术", "丰富课后服务"]


def test_a_measure_is_split_and_joined_again(cast: Cast, office: Client) -> None:
    one = cast.draft_measure
    page = office.get(f"{address(cast)}?item={one.pk}").content.decode()
    at = str(one.data["text"]).index("建设实验室")
    assert f'name="at" value="{at}"' in page
    post(office, address(cast, "items", one.pk, "split"), at=at)
    assert titles(cast.draft_action) == ["办好科学课", "建设实验室", "丰富课后服务"]
    new = DraftItem.objects.get(parent=cast.draft_action, data__title="建设实验室")
    answer = post(office, address(cast, "items", new.pk, "merge"))
    assert answer["Location"].endswith(f"#i-{one.pk}")
    assert titles(cast.draft_action) == ["办好科学课", "丰富课后服务"]


def test_what_cannot_be_done_is_said_in_words(cast: Cast, office: Client) -> None:
    where = address(cast, "items", cast.draft_measure.pk, "up")
    answer = office.post(where, headers={"referer": f"http://testserver{address(cast)}"})
    page = office.get(answer["Location"]).content.decode()
    assert "已经在最前或最后，不能再移。" in page


def test_an_item_is_left_out_and_taken_back(cast: Cast, office: Client) -> None:
    one = cast.draft_measure
    post(office, address(cast, "items", one.pk, "drop"))
    page = office.get(address(cast) + "?tab=tree").content.decode()
    assert f'class="dr-row dr-m dr-gone" id="i-{one.pk}"' in page
    assert "2 条措施" in page
    post(office, address(cast, "items", one.pk, "restore"))
    assert "3 条措施" in office.get(address(cast)).content.decode()


def test_a_measure_and_its_unit_are_added(cast: Cast, office: Client) -> None:
    shown = office.get(f"{address(cast)}?add=measure&after={cast.draft_measure.pk}")
    assert f'name="after" value="{cast.draft_measure.pk}"' in shown.content.decode()
    post(office, address(cast, "items"), add="measure", after=cast.draft_measure.pk, title="新的")
    assert titles(cast.draft_action) == ["办好科学课", "新的", "丰富课后服务"]
    new = DraftItem.objects.get(data__title="新的")
    post(office, address(cast, "items"), add="unit", parent=new.pk, role="lead", name="市科协")
    assert new.children.get().data == {"role": "lead", "name": "市科协"}


def test_a_target_is_added_by_its_form(cast: Cast, office: Client) -> None:
    fields = {
        "label": "科普场馆", "indicator": "venues", "kind": "cumulative", "operator": "gte",
        "value": "10.50", "year": "2030", "scope": "self",
    }  # fmt: skip
    wrong = post(office, address(cast, "items"), add="target", **{**fields, "year": "明年"})
    assert wrong.status_code == 422
    assert "请填写四位年份" in wrong.content.decode()
    assert 'value="科普场馆"' in wrong.content.decode()
    post(office, address(cast, "items"), add="target", **fields)
    new = DraftItem.objects.get(kind="target", data__label="科普场馆")
    assert (new.data["value"], new.data["year"]) == ("10.5", 2030)


# --- The whole draft ------------------------------------------------------------------------------
HEADER = {
    "kind": "five_year", "title": "新标题", "region_name": "子市", "document_number": "",
    "issuer": "", "issued_on": "2026-01-05", "start_year": "2026", "end_year": "2030",
    "basis": "纲要\n规划", "recipients": "", "copies": "",
}  # fmt: skip


def test_the_header_is_corrected(cast: Cast, office: Client) -> None:
    post(office, address(cast, "header"), **HEADER, version=1)
    cast.draft.refresh_from_db()
    assert (cast.draft.title, cast.draft.basis) == ("新标题", ["纲要", "规划"])
    page = office.get(address(cast) + "?tab=header").content.decode()
    assert 'value="2026-01-05"' in page, "browsers show a date in this form only"


def test_a_wrong_or_late_header_keeps_what_was_typed(cast: Cast, office: Client) -> None:
    wrong = post(office, address(cast, "header"), **{**HEADER, "end_year": "2020"}, version=1)
    assert wrong.status_code == 422
    assert "结束年不能早于起始年" in wrong.content.decode()
    drafts.set_header(cast.draft, {"title": "别人的标题"}, version=1, by=cast.office_2)
    late = post(office, address(cast, "header"), **HEADER, version=1)
    assert late.status_code == 409
    assert "<pre>别人的标题</pre>" in late.content.decode()
    assert 'value="新标题"' in late.content.decode()


def test_a_warning_is_ticked_off_and_put_back(cast: Cast, office: Client) -> None:
    where = address(cast, "warnings", cast.draft_warning.pk)
    post(office, where, settled="1")
    assert "已核对 1 处" in office.get(address(cast)).content.decode()
    post(office, where, settled="0")
    assert "已核对 1 处" not in office.get(address(cast)).content.decode()


def test_names_are_decided_by_a_button_a_form_or_all_at_once(cast: Cast, office: Client) -> None:
    where = address(cast, "names")
    post(office, where, **{"printed": "市教体局", "is": cast.education.pk})
    assert DraftName.objects.get(printed="市教体局").department == cast.education
    post(office, where, printed="市教体局", undo="1")
    assert not DraftName.objects.exists()
    post(office, where, printed="市教体局", new_name="市教育体育局", new_kind="government")
    assert DraftName.objects.get(printed="市教体局").new_name == "市教育体育局"
    empty = post(office, where, printed="市教体局")
    assert empty.status_code == 422
    assert "请选择已有的单位，或填写新单位的名称。" in empty.content.decode()
    known = post(office, where, printed="市教体局", new_name="市 教育局", new_kind="government")
    assert known.status_code == 422
    assert "名录里已经有“市 教育局”，请直接选它" in known.content.decode()
    post(office, where, printed="市教体局", undo="1")
    post(office, where, rest="new")
    assert DraftName.objects.get().new_name == "市教体局"


def test_a_department_of_another_region_cannot_be_chosen(cast: Cast, office: Client) -> None:
    where = address(cast, "names")
    foreign = cast.education_b.pk
    assert post(office, where, **{"printed": "市教体局", "is": foreign}).status_code == 404
    assert post(office, where, printed="市教体局", department=foreign).status_code == 422
    assert not DraftName.objects.exists()


def test_confirming_says_what_is_in_the_way_and_where(cast: Cast, office: Client) -> None:
    unsure = post(office, address(cast, "confirm"))
    assert unsure.status_code == 422
    page = unsure.content.decode()
    assert "市教体局：请选择是哪个单位。" in page
    assert f'href="{address(cast)}?tab=names&amp;name=' in page
    Draft.objects.filter(pk=cast.draft.pk).update(title=None, start_year=None)
    bare = post(office, address(cast, "confirm")).content.decode()
    assert '<a href="#id_title">标题：没有读出标题，请填写。</a>' in bare
    assert 'id="id_start_year"' in bare
    assert not Plan.objects.filter(draft=cast.draft).exists()


def test_a_checked_draft_becomes_a_plan_with_all_that_was_promised(
    cast: Cast, office: Client
) -> None:
    post(office, address(cast, "names"), **{"printed": "市教体局", "is": cast.education.pk})
    post(office, address(cast, "items", cast.draft_measure_2.pk, "drop"))
    answer = post(office, address(cast, "confirm"))
    plan = Plan.objects.get(draft=cast.draft)
    assert answer["Location"] == f"/plans/{plan.pk}/"
    units = Responsibility.objects.filter(measure__action__plan=plan)
    assert {(one.printed_name, one.department) for one in units} == {
        ("市教育局", cast.education),
        ("市教体局", cast.education),
        ("市民政局", Department.objects.get(name="市民政局")),
    }
    assert Target.objects.filter(plan=plan).count() == 1
    assert Duty.objects.filter(plan=plan).count() == 2
    assert "方案已建立" in office.get(f"/plans/{plan.pk}/").content.decode()
    again = post(office, address(cast, "confirm"))
    assert again["Location"] == address(cast), "which leads on to the plan"


def test_the_second_plan_of_a_document_follows_the_first(cast: Cast, office: Client) -> None:
    both = [cast.draft, Draft.objects.get(pk=cast.draft.pk)]
    both[1].pk, both[1].part = None, 1
    both[1].save()
    DraftItem.objects.create(draft=both[1], kind="action", position=1, data={"title": "新"})
    post(office, address(cast, "names"), rest="new")
    answer = post(office, address(cast, "confirm"))
    assert answer["Location"] == f"/plans/drafts/{both[1].pk}/"
    assert "请接着核对" in office.get(answer["Location"]).content.decode()


def test_a_draft_is_thrown_away(cast: Cast, office: Client) -> None:
    assert "删除草稿" in office.get(address(cast)).content.decode()
    assert post(office, address(cast, "discard"))["Location"] == "/plans/"
    assert not Draft.objects.filter(pk=cast.draft.pk).exists()


@pytest.mark.parametrize("who", ["office_b", "office_province", "leader", "liaison", "admin"])
def test_nobody_else_reaches_a_draft(cast: Cast, browse: Browse, who: str) -> None:
    browser = browse(getattr(cast, who))
    before = AuditEvent.objects.count()
    item = ("items", cast.draft_measure.pk)
    for parts in (("confirm",), ("discard",), ("header",), ("names",), ("items",), (*item, "drop")):
        assert browser.post(address(cast, *parts)).status_code == 404
    assert AuditEvent.objects.count() == before


def test_an_item_of_another_draft_is_not_touched(cast: Cast, office: Client) -> None:
    other = DraftItem.objects.filter(draft=cast.plan_b.draft).first()
    assert other is not None
    answer = post(office, address(cast, "items", other.pk, "drop"))
    assert answer.status_code == 422
    other.refresh_from_db()
    assert not other.dropped
