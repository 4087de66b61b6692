"""The 成员单位名册: dated, masked for others, compared with the accounts, out and in by Excel."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent
from core.sheets import Line
from departments.models import Membership, Seat
from departments.selectors.roster import roster
from departments.services.roster import Holder, add_seat, change_seat, end_seat
from departments.services.roster_in import bring_in_roster, preview_roster
from plans.models import PlanSettings
from tests.cast import Cast

Browse = Callable[[Any], Client]
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
BEGAN = TODAY - 100 * DAY


def seated(cast: Cast, name: str = "癸", **other: Any) -> Seat:
    given = {"kind": "liaison", "department": cast.education, "on": BEGAN, **other}
    holder = Holder(name, "科长", given.pop("phone", "13812345678"), given.pop("user", None))
    return add_seat(cast.city_a, given.pop("kind"), holder, by=cast.office, **given)


def liaisons(cast: Cast, on: dt.date, by: Any = None) -> list[str]:
    page = roster(by or cast.office, cast.city_a, on)
    return [line.seat.name for unit in page.units for line in unit.liaisons]


def test_a_change_is_a_new_row_and_any_day_can_be_looked_up(cast: Cast) -> None:
    seat = seated(cast)
    change_seat(seat.pk, Holder("新人"), on=TODAY, by=cast.office)
    assert liaisons(cast, BEGAN - DAY) == []
    assert liaisons(cast, TODAY - DAY) == ["癸"]
    assert liaisons(cast, TODAY) == ["新人"]
    with pytest.raises(DomainError, match="已经是历史"):
        end_seat(seat.pk, on=TODAY, by=cast.office)
    end_seat(Seat.objects.get(name="新人").pk, on=TODAY + DAY, by=cast.office)
    assert liaisons(cast, TODAY + DAY) == []
    codes = AuditEvent.objects.filter(code__startswith="departments.seat").order_by("id")
    assert [one.code.split(".")[-1] for one in codes] == ["add", "change", "end"]


def test_on_its_first_day_a_row_is_corrected_in_place(cast: Cast) -> None:
    seat = seated(cast, on=TODAY)
    change_seat(seat.pk, Holder("癸二"), on=TODAY, by=cast.office)
    assert Seat.objects.get().name == "癸二"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "请填写姓名"),
        ({"phone": "12"}, "11 位手机号"),
        ({"department": None}, "须选单位"),
        ({"department": "members"}, "本地区的一个单位"),
        ({"department": "education_b"}, "本地区的一个单位"),
        ({"user": "liaison_finance"}, "在市教育局没有任职"),
        ({"kind": "boss"}, "请选择职责"),
        ({}, "没有重复写入"),
    ],
)
def test_a_wrong_row_is_told_at_its_field(cast: Cast, change: dict[str, Any], words: str) -> None:
    seated(cast)
    given = {key: getattr(cast, str(value), value) for key, value in change.items()}
    with pytest.raises(DomainError) as refused:
        seated(cast, **given)
    told = [refused.value.message, *(w for all_ in refused.value.fields.values() for w in all_)]
    assert any(words in one for one in told), told
    assert Seat.objects.count() == 1


@pytest.mark.parametrize("who", ["admin", "office_b", "office_province", "head", "leader"])
def test_only_the_own_office_keeps_it(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        add_seat(cast.city_a, "chair", Holder("某"), on=TODAY, by=getattr(cast, who))


@pytest.mark.parametrize(
    ("who", "whole"),
    [
        ("office", True),
        ("admin", True),
        ("liaison", True),
        ("liaison_finance", False),
        ("leader", False),
        ("office_province", False),
    ],
)
def test_numbers_are_masked_for_others(cast: Cast, browse: Browse, who: str, whole: bool) -> None:
    seated(cast)
    query = "?region=980100"
    page = browse(getattr(cast, who)).get(f"/departments/roster/{query}").content.decode()
    table = browse(getattr(cast, who)).get(f"/departments/roster/export/{query}").content
    cells = [c for row in openpyxl.load_workbook(io.BytesIO(table)).active.values for c in row]
    for shown in (page, cells):
        assert ("13812345678" in shown) is whole
        assert ("138****5678" in shown) is not whole
    assert AuditEvent.objects.filter(code="departments.seat.export").count() == 1


def test_the_group_has_the_name_that_the_plan_gives_it(cast: Cast, browse: Browse) -> None:
    PlanSettings.objects.filter(plan=cast.plan).update(group_name="科学素质工作联席会议")
    page = browse(cast.leader).get("/departments/roster/").content.decode()
    assert "<h1>科学素质工作联席会议成员单位名册</h1>" in page
    assert browse(cast.leader).get("/departments/roster/?as_of=x").status_code == 404
    assert browse(cast.leader).get("/departments/roster/?region=980200").status_code == 404


def test_roster_and_accounts_are_compared_and_never_changed(cast: Cast, browse: Browse) -> None:
    seated(cast, user=cast.liaison)
    seated(cast, "丑", department=cast.finance)
    seated(cast, "别人", department=cast.association)
    Membership.objects.filter(user=cast.liaison).update(valid_to=TODAY - DAY)
    before = list(Seat.objects.values()), list(Membership.objects.values())
    found = roster(cast.office, cast.city_a, TODAY).differences
    assert {(one.kind, one.name) for one in found} == {
        ("no_account", "别人"),
        ("missing", "卯"),
        ("ended", "癸"),
        ("unlinked", "丑"),
    }
    assert not roster(cast.leader, cast.city_a, TODAY).differences
    page = browse(cast.office).get("/departments/roster/").content.decode()
    assert "卯有联络员账号，不在名册上" in page
    assert (list(Seat.objects.values()), list(Membership.objects.values())) == before
    Membership.objects.filter(department=cast.finance).update(valid_to=TODAY - DAY)
    assert cast.finance in roster(cast.office, cast.city_a, TODAY).unreached


def line(row: int, kind: str, unit: str, name: str, post: str = "", phone: str = "") -> Line:
    values = {"kind": kind, "unit": unit, "name": name, "post": post, "phone": phone, "start": ""}
    return Line(row, values)


def test_a_table_comes_in_whole_and_once(cast: Cast) -> None:
    seated(cast)
    seated(cast, "旧", kind="chair", department=None)
    lines = [
        line(4, "组长", "", "新组长", "副市长"),
        line(5, "联络员", "市教育局", "癸", "副科长", "138****5678"),
    ]
    shown = preview_roster(cast.city_a, lines, by=cast.office, today=TODAY)
    assert [one.status for one in shown.lines] == ["add", "change"]
    assert [one.name for one in shown.absent] == ["旧"]
    bring_in_roster(cast.city_a, lines, replace=True, by=cast.office, today=TODAY)
    page = roster(cast.office, cast.city_a, TODAY)
    assert [(one.seat.name, one.seat.post, one.phone) for one in page.lines] == [
        ("新组长", "副市长", ""),
        ("癸", "副科长", "13812345678"),
    ]
    assert [one.seat.post for one in roster(cast.office, cast.city_a, TODAY - DAY).lines] == [
        "科长", "科长",
    ]  # fmt: skip
    again = bring_in_roster(cast.city_a, lines, replace=True, by=cast.office, today=TODAY)
    assert (again["same"], again["add"], again["change"], again["ended"]) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (line(5, "处长", "市教育局", "某"), "没有“处长”这个职责"),
        (line(5, "联络员", "", "某"), "须填单位"),
        (line(5, "联络员", "市教体局", "某"), "是不是市教育局？"),
        (line(5, "联络员", "市教育局", ""), "请填写姓名"),
        (line(5, "联络员", "市教育局", "某", phone="99"), "11 位手机号"),
        (line(5, "联络员", "市教育局", "某", phone="138****0000"), "被遮住"),
        (line(5, "组长", "", "好"), "与第 4 行重复"),
    ],
)
def test_one_wrong_line_keeps_the_whole_table_out(cast: Cast, bad: Line, words: str) -> None:
    lines = [line(4, "组长", "", "好"), bad]
    shown = preview_roster(cast.city_a, lines, by=cast.office, today=TODAY)
    assert any(words in one for one in shown.lines[1].problems), shown.lines[1].problems
    with pytest.raises(DomainError, match="有 1 行需要改正"):
        bring_in_roster(cast.city_a, lines, replace=False, by=cast.office, today=TODAY)
    assert not Seat.objects.exists()


def test_the_pages_of_the_office(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)
    sent = {"kind": "liaison", "department": cast.education.pk, "name": "癸", "on": BEGAN}
    assert browser.post("/departments/roster/add/", {**sent, "phone": "1"}).status_code == 422
    assert browser.post("/departments/roster/add/", sent).status_code == 302
    seat = Seat.objects.get()
    address = f"/departments/roster/{seat.pk}/"
    browser.post(address, {"name": "癸", "user": cast.liaison.pk, "on": TODAY})
    assert Seat.objects.get(valid_to=None).user == cast.liaison
    table = browser.get("/departments/roster/export/").content
    page = browser.post(
        "/departments/roster/import/", {"file": SimpleUploadedFile("a.xlsx", table)}
    )
    assert [one.status for one in page.context["preview"].lines] == ["same"]
    done = browser.post("/departments/roster/import/", {"sealed": page.context["sealed"]})
    assert done.status_code == 302
    ended = Seat.objects.get(valid_to=None)
    browser.post(f"/departments/roster/{ended.pk}/end/")
    assert not Seat.objects.filter(valid_to=None).exists()
