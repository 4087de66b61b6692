"""Correcting a draft: each deed does its one thing, is recorded, and loses nothing."""

from typing import Any

import pytest
from django.core.files.storage import default_storage

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent
from plans.models import Draft, DraftItem, DraftName, Duty, Measure, Plan, SourceDocument
from plans.services import draft_tree, drafts
from plans.services.confirming import confirm
from tests.cast import Cast


def item(draft: Draft, kind: str, words: str) -> DraftItem:
    """Return the item of this kind in whose fields these words stand."""
    found = [one for one in draft.items.filter(kind=kind) if words in str(one.data)]
    assert len(found) == 1, f"{len(found)} {kind} with {words}"
    return found[0]


def titles(draft: Draft, kind: str = "measure", parent: DraftItem | None = None) -> list[str]:
    rows = DraftItem.objects.filter(draft=draft, kind=kind).kept()
    if parent is not None:
        rows = rows.filter(parent=parent)
    return [one.data["title"] for one in rows.order_by("parent__position", "position")]


def units(draft: Draft, holder: DraftItem) -> set[tuple[str, str]]:
    rows = DraftItem.objects.filter(draft=draft, parent=holder, kind="unit").kept()
    return {(one.data["role"], one.data["name"]) for one in rows}


def test_a_corrected_field_is_kept_and_recorded(cast: Cast, draft: Draft) -> None:
    one = item(draft, "measure", "技能竞赛")
    drafts.edit(one, {**one.data, "title": "办好技能竞赛"}, version=1, by=cast.office)
    one.refresh_from_db()
    assert (one.data["title"], one.edited, one.version) == ("办好技能竞赛", True, 2)
    event = AuditEvent.objects.filter(code="plans.draft.edit").latest("id")
    assert event.detail["changed"] == {"title": ["开展技能竞赛", "办好技能竞赛"]}


def test_saving_what_has_not_changed_leaves_no_trace(cast: Cast, draft: Draft) -> None:
    one = item(draft, "measure", "技能竞赛")
    drafts.edit(one, dict(one.data), version=1, by=cast.office)
    one.refresh_from_db()
    assert (one.edited, one.version) == (False, 1)


def test_a_field_changed_by_another_gives_both_texts(cast: Cast, draft: Draft) -> None:
    one = item(draft, "measure", "技能竞赛")
    drafts.edit(one, {**one.data, "title": "甲的写法"}, version=1, by=cast.office)
    with pytest.raises(Conflict) as problem:
        drafts.edit(one, {**one.data, "title": "乙的写法"}, version=1, by=cast.office_2)
    assert problem.value.current["title"] == "甲的写法"


def test_the_header_is_corrected_under_its_version(cast: Cast, draft: Draft) -> None:
    drafts.set_header(draft, {"issuer": "子市人民政府"}, version=1, by=cast.office)
    with pytest.raises(Conflict):
        drafts.set_header(draft, {"issuer": "他"}, version=1, by=cast.office_2)
    draft.refresh_from_db()
    assert (draft.issuer, draft.version) == ("子市人民政府", 2)


def test_an_added_item_finds_its_place_in_the_text(cast: Cast, draft: Draft) -> None:
    action = item(draft, "action", "农民")
    first = item(draft, "measure", "送科技下乡")
    data = {"number": None, "title": "组建专家服务队", "text": "组建专家服务队。"}
    one = drafts.add(draft, "measure", data, parent=action, after=first, by=cast.office)
    assert titles(draft, parent=action) == ["送科技下乡", "组建专家服务队", "培训高素质农民"]
    assert draft.text[one.span_start : one.span_end] == "组建专家服务队。"
    nowhere = drafts.add(
        draft, "measure", {**data, "text": "没有这句"}, parent=action, by=cast.office
    )
    assert (nowhere.span_start, nowhere.span_end) == (None, None)
    assert titles(draft, parent=action)[-1] == "组建专家服务队"


def test_adding_between_the_same_two_again_and_again_keeps_the_order(
    cast: Cast, draft: Draft
) -> None:
    action = item(draft, "action", "农民")
    after = item(draft, "measure", "送科技下乡")
    for number in range(15):  # more often than a gap can be halved
        drafts.add(
            draft, "measure", {"title": f"第{number}条", "text": ""}, parent=action, after=after,
            by=cast.office,
        )  # fmt: skip
    added = [f"第{number}条" for number in reversed(range(15))]
    assert titles(draft, parent=action) == ["送科技下乡", *added, "培训高素质农民"]


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("measure", None), ("action", "action"), ("unit", None), ("target", "measure"), ("x", None)],
)
def test_nothing_hangs_where_it_does_not_belong(
    cast: Cast, draft: Draft, kind: str, parent: str | None
) -> None:
    holder = draft.items.filter(kind=parent).first() if parent else None
    with pytest.raises(DomainError, match="不能放在这里"):
        drafts.add(draft, kind, {"title": "x"}, parent=holder, by=cast.office)


def test_what_is_dropped_stays_out_with_all_that_hangs_on_it(cast: Cast, draft: Draft) -> None:
    action = item(draft, "action", "农民")
    drafts.set_dropped(action, True, by=cast.office)
    assert titles(draft) == ["开展技能竞赛", *titles(draft, parent=item(draft, "action", "督查"))]
    plan = confirm(draft, as_read=True)
    assert not Measure.objects.filter(action__plan=plan, title="送科技下乡").exists()
    assert not Duty.objects.filter(plan=plan, quote__contains="不少于3次").exists()


def test_what_was_dropped_can_be_taken_back(cast: Cast, draft: Draft) -> None:
    before = titles(draft)
    action = item(draft, "action", "农民")
    drafts.set_dropped(action, True, by=cast.office)
    drafts.set_dropped(action, False, by=cast.office)
    assert titles(draft) == before


def test_a_measure_moves_to_another_action(cast: Cast, draft: Draft) -> None:
    one, target = item(draft, "measure", "送科技下乡"), item(draft, "action", "产业工人")
    draft_tree.move(one, parent=target, after=None, by=cast.office)
    assert titles(draft, parent=target) == ["送科技下乡", "开展技能竞赛"]
    with pytest.raises(DomainError):
        draft_tree.move(one, parent=item(draft, "phase", "启动"), after=None, by=cast.office)


def test_items_are_shifted_up_and_down_to_the_ends(cast: Cast, draft: Draft) -> None:
    action = item(draft, "action", "农民")
    one = item(draft, "measure", "送科技下乡")
    draft_tree.shift(one, 1, by=cast.office)
    assert titles(draft, parent=action) == ["培训高素质农民", "送科技下乡"]
    one.refresh_from_db()
    with pytest.raises(DomainError, match="最前或最后"):
        draft_tree.shift(one, 1, by=cast.office)
    draft_tree.shift(one, -1, by=cast.office)
    assert titles(draft, parent=action) == ["送科技下乡", "培训高素质农民"]


def test_a_measure_is_split_at_a_sentence(cast: Cast, draft: Draft) -> None:
    one = item(draft, "measure", "送科技下乡")
    (at, words), *_rest = draft_tree.cuts(one)
    assert words.startswith("组建专家服务队")
    new = draft_tree.split(one, at, by=cast.office)
    one.refresh_from_db()
    assert new.data["title"] == "组建专家服务队"
    assert "组建" not in one.data["text"]
    assert units(draft, new) == units(draft, one) == {
        ("responsible", "市科协"),
        ("responsible", "市农业农村局"),
    }  # fmt: skip
    assert one.span_end == new.span_start
    assert draft.text[new.span_start : new.span_end].startswith("组建专家服务队")
    assert titles(draft)[:3] == ["送科技下乡", "组建专家服务队", "培训高素质农民"]
    with pytest.raises(DomainError, match="哪一句"):
        draft_tree.split(one, at + 1, by=cast.office)


def test_splitting_and_merging_gives_the_same_words(cast: Cast, draft: Draft) -> None:
    one = item(draft, "measure", "送科技下乡")
    text, span = one.data["text"], (one.span_start, one.span_end)
    at, _words = draft_tree.cuts(one)[0]
    again = draft_tree.merge(draft_tree.split(one, at, by=cast.office), by=cast.office)
    assert "".join(again.data["text"].split()) == "".join(text.split())
    assert (again.span_start, again.span_end) == span
    assert len(units(draft, again)) == 2


def test_merging_keeps_the_words_units_and_duties_of_both(cast: Cast, draft: Draft) -> None:
    second = item(draft, "measure", "培训高素质农民")
    first = draft_tree.merge(second, by=cast.office)
    assert "办好田间学校" in first.data["text"]
    assert units(draft, first) == {
        ("responsible", "市科协"),
        ("responsible", "市农业农村局"),
        ("lead", "市农业农村局"),
        ("cooperate", "市科协"),
    }
    with pytest.raises(DomainError, match="前面没有"):
        draft_tree.merge(first, by=cast.office)


def test_merging_actions_joins_their_measures(cast: Cast, draft: Draft) -> None:
    draft_tree.merge(item(draft, "action", "产业工人"), by=cast.office)
    action = item(draft, "action", "农民")
    assert titles(draft, parent=action) == ["送科技下乡", "培训高素质农民", "开展技能竞赛"]


def test_warnings_are_ticked_off_and_back(cast: Cast, draft: Draft) -> None:
    one = draft.warnings.create(code="x", message="请核对", line=3)
    assert drafts.settle(one, True, by=cast.office).settled_by == cast.office
    assert drafts.settle(one, False, by=cast.office).settled_at is None


def test_decisions_on_names_replace_each_other(cast: Cast, draft: Draft) -> None:
    drafts.decide(draft, ["市总工会"], new_name="市总工会", new_kind="mass", by=cast.office)
    drafts.decide(draft, ["市总工会"], department=cast.finance, by=cast.office_2)
    row = DraftName.objects.get(draft=draft)
    assert (row.department, row.new_name, row.decided_by) == (cast.finance, "", cast.office_2)
    drafts.decide(draft, ["市总工会"], by=cast.office)
    assert not DraftName.objects.filter(draft=draft).exists()


def test_a_draft_is_thrown_away_with_its_file(
    cast: Cast, draft: Draft, django_capture_on_commit_callbacks: Any
) -> None:
    name = draft.source.file.name
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        drafts.discard(draft, by=cast.office)
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert not SourceDocument.objects.filter(file=name).exists()
    assert not default_storage.exists(name)


@pytest.mark.parametrize("who", ["office_b", "liaison", "leader", "office_province"])
def test_nobody_else_touches_a_draft(cast: Cast, draft: Draft, who: str) -> None:
    person = getattr(cast, who)
    one = item(draft, "measure", "技能竞赛")
    assert not Draft.objects.visible_to(person).exists() or who == "office_b"
    for deed in (
        lambda: drafts.edit(one, {"title": "x"}, version=1, by=person),
        lambda: drafts.set_dropped(one, True, by=person),
        lambda: draft_tree.merge(one, by=person),
        lambda: drafts.discard(draft, by=person),
        lambda: confirm(draft, by=person),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_a_confirmed_draft_is_closed(cast: Cast, draft: Draft) -> None:
    confirm(draft, as_read=True)
    one = item(draft, "measure", "技能竞赛")
    with pytest.raises(NotAllowed, match="已经确认"):
        drafts.edit(one, {"title": "x"}, version=1, by=cast.office)
    with pytest.raises(DomainError, match="已经确认"):
        confirm(draft, by=cast.office)
    assert Plan.objects.filter(draft=draft).count() == 1


@pytest.mark.parametrize(
    ("fields", "where", "sentence"),
    [
        ({"region_name": None}, "region_name", "地区全称"),
        ({"title": None}, "title", "标题"),
        ({"start_year": None}, "start_year", "起止年份"),
        ({"start_year": 2031}, "end_year", "不能早于"),
    ],
)
def test_a_header_that_lacks_something_is_refused_by_field(
    cast: Cast, draft: Draft, fields: dict[str, Any], where: str, sentence: str
) -> None:
    Draft.objects.filter(pk=draft.pk).update(**fields)
    with pytest.raises(DomainError, match=sentence) as problem:
        confirm(draft, as_read=True, by=cast.office)
    assert list(problem.value.fields) == [where]


def test_an_item_without_its_words_is_refused_until_it_is_mended_or_left_out(
    cast: Cast, draft: Draft
) -> None:
    one = item(draft, "measure", "技能竞赛")
    drafts.edit(one, {**one.data, "title": ""}, version=1, by=cast.office)
    with pytest.raises(DomainError, match="还有 1 项没有填完整（措施）"):
        confirm(draft, by=cast.office)
    drafts.set_dropped(one, True, by=cast.office)
    drafts.decide(draft, ["市农业农村局", "市总工会"], department=cast.finance, by=cast.office)
    assert confirm(draft, by=cast.office).title == draft.title


def test_a_draft_without_actions_is_refused(cast: Cast, draft: Draft) -> None:
    draft.items.filter(kind="action").update(dropped=True)
    with pytest.raises(DomainError, match="没有重点任务"):
        confirm(draft, as_read=True, by=cast.office)


def test_a_plan_of_another_region_is_refused(cast: Cast, draft: Draft) -> None:
    Draft.objects.filter(pk=draft.pk).update(region_name="丑市")
    with pytest.raises(NotAllowed, match="只有丑市的纲要办"):
        confirm(draft, as_read=True, by=cast.office)
