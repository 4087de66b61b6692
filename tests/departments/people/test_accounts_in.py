"""Accounts from an Excel list: read as typed, shown first, whole or not at all, once."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.hashers import check_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent
from core.sheets import Line
from departments.exchange import accounts as exchange
from departments.models import Membership, User
from departments.services import bring_in_accounts, preview_accounts
from departments.services.listing import Planned
from tests.cast import Cast

Browse = Callable[[Any], Client]
KEYS = ("name", "username", "region", "unit", "role", "phone", "email", "start")
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def line(row: int = 6, **values: str) -> Line:
    given = {"name": "新", "unit": "市教育局", "role": "联络员", **values}
    return Line(row, {key: given.get(key, "") for key in KEYS})


def planned(cast: Cast, *lines: Line) -> list[Planned]:
    return preview_accounts(lines, by=cast.admin, today=TODAY).lines


def test_a_list_makes_accounts_once(cast: Cast) -> None:
    lines = [
        line(
            6, name="新一", phone="１３９ ０００１ ０００１", email="a@b.cn", start="2024年3月1日"
        ),
        line(7, name="新一", phone="139-0001-0001", unit="市财政局"),
        line(8, name="新二", username="neu", role="部门负责人", unit="市财政局"),
        line(9, name="新三", unit="", role="纲要办", region="子东县"),
        line(10, name="癸", unit="市财政局", phone="13800000000"),
    ]
    assert [one.status for one in planned(cast, *lines)] == ["new", "role", "new", "new", "role"]
    issued = bring_in_accounts(lines, by=cast.admin, now=NOW)
    assert [one.username for one in issued] == ["980100-001", "neu", "980101-001"]
    first = User.objects.get(username="980100-001")
    assert (first.name, first.phone, first.email) == ("新一", "13900010001", "a@b.cn")
    assert first.must_change_password
    assert check_password(issued[0].password, first.password)
    roles = set(first.memberships.values_list("department__name", "valid_from"))
    assert {name for name, _start in roles} == {"市教育局", "市财政局"}
    assert User.objects.get(name="新三").memberships.get().region == cast.county_a1
    assert cast.liaison.memberships.count() == 2, "a known person gets the role only"
    (event,) = AuditEvent.objects.filter(code="departments.user.bring_in")
    assert len(event.detail["memberships"]) == 5
    assert not any(one.password in str(event.detail) for one in issued)
    before = User.objects.count(), Membership.objects.count(), AuditEvent.objects.count()
    assert [one.status for one in planned(cast, *lines)] == ["same"] * 5
    assert bring_in_accounts(lines, by=cast.admin, now=NOW) == []
    assert (User.objects.count(), Membership.objects.count(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "没有填姓名"),
        ({"unit": ""}, "联络员须填单位"),
        ({"unit": "市教体局"}, "是不是市教育局？"),
        ({"unit": "市航天局"}, "请先由纲要办登记"),
        ({"unit": "各成员单位"}, "单位集合"),
        ({"role": ""}, "没有填角色"),
        ({"role": "处长"}, "没有“处长”这个角色"),
        ({"role": "纲要办"}, "“单位”一栏请留空"),
        ({"region": "丑市"}, "本地区和下级地区里没有“丑市”"),
        ({"phone": "12345"}, "电话“12345”应是 11 位手机号"),
        ({"email": "a@"}, "邮箱“a@”的写法不对"),
        ({"start": "2024-02-30"}, "不是日期"),
        ({"username": "张三"}, "用户名只用字母"),
        ({"username": "liaison"}, "已有人使用"),
        ({"start": "9999-12-31"}, "不是日期"),
        ({"unit": "丑市教育局"}, "不属于本地区"),
        ({"username": "admin", "name": "辛", "role": "审计管理员", "unit": ""}, "须由不同的人担任"),
    ],
)
def test_each_mistake_is_told_at_its_line_and_nothing_is_written(
    cast: Cast, values: dict[str, str], words: str
) -> None:
    lines = [line(6, name="好"), line(7, **values)]
    good, bad = planned(cast, *lines)
    assert (good.status, bad.status) == ("new", "wrong")
    assert any(words in one for one in bad.problems), bad.problems
    before = User.objects.count(), AuditEvent.objects.count()
    with pytest.raises(DomainError, match="有 1 行需要改正"):
        bring_in_accounts(lines, by=cast.admin, now=NOW)
    assert (User.objects.count(), AuditEvent.objects.count()) == before


def test_lines_are_compared_with_each_other_and_with_who_is_there(cast: Cast) -> None:
    User.objects.filter(pk=cast.liaison_finance.pk).update(is_active=False)
    rows = planned(
        cast,
        line(6, name="新", username="a1"),
        line(7, name="别", username="a1"),
        line(8, name="新", username="a1"),
        line(9, name="丑", phone="13800000000", unit="市财政局"),
        line(10, name="头", role="部门负责人"),
    )
    assert "姓名却不同" in rows[1].problems[0]
    assert (rows[2].status, rows[2].notes) == ("same", ["与第 6 行重复。"])
    assert "已停用" in rows[3].problems[0]
    assert rows[4].status == "new"
    assert rows[4].notes == ["市教育局已有负责人子，请确认。"]


def test_two_of_one_name_are_told_apart_by_number_or_not_at_all(cast: Cast) -> None:
    for number in ("a", "b"):
        User.objects.create(username=number, name="同名", phone="13900000009").memberships.create(
            role="head", department=cast.finance
        )
    (row,) = planned(cast, line(name="同名", phone="13900000009"))
    assert "（a、b）" in row.problems[0]


def test_only_administrators_bring_in_lists(cast: Cast) -> None:
    for person in (cast.office, cast.security, cast.head):
        with pytest.raises(NotAllowed):
            preview_accounts([line()], by=person, today=TODAY)
    with pytest.raises(DomainError, match="一次最多 300 行"):
        planned(cast, *[line(n, name=f"人{n}") for n in range(301)])
    with pytest.raises(DomainError, match="没有填写任何人"):
        planned(cast)


def test_more_lines_cost_no_more_queries(cast: Cast) -> None:
    def cost(count: int) -> int:
        lines = [line(n, name=f"人{n}", phone=f"139{n:08d}") for n in range(count)]
        with CaptureQueriesContext(connection) as caught:
            planned(cast, *lines)
        return len(caught)

    cost(1)  # whom the administrator acts as is looked up once
    assert cost(2) == cost(60)


def test_what_changed_since_the_preview_is_not_overrun(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from departments.services import accounts_in

    def meanwhile(password: str) -> str:
        User.objects.get_or_create(username="980100-001")
        return password

    monkeypatch.setattr(accounts_in, "_hash", meanwhile)
    with pytest.raises(Conflict, match="请重新上传"):
        bring_in_accounts([line()], by=cast.admin, now=NOW)
    assert not User.objects.filter(name="新").exists()


def upload(rows: list[tuple[str, ...]], cast: Cast) -> SimpleUploadedFile:
    """Return the template as somebody filled it in."""
    book = openpyxl.load_workbook(io.BytesIO(exchange.template(cast.city_a, NOW)))
    sheet = book.worksheets[0]
    header = next(n for n, row in enumerate(sheet.values, 1) if row[0] == "姓名")
    for number, row in enumerate(rows, header + 1):
        for place, value in enumerate(row, 1):
            sheet.cell(number, place).value = value
    made = io.BytesIO()
    book.save(made)
    return SimpleUploadedFile("名单.xlsx", made.getvalue())


def test_from_the_empty_table_to_the_printed_passwords(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.admin)
    empty = openpyxl.load_workbook(
        io.BytesIO(browser.get("/people/import/template/").content), read_only=False
    )
    lists = [one.formula1 for one in empty.worksheets[0].data_validations.dataValidation]
    assert any("联络员" in str(one) for one in lists)
    filled = upload([("新一", None, None, "市教育局", "联络员", "13900000001")], cast)
    page = browser.post("/people/import/", {"file": filled})
    assert page.status_code == 200
    assert not User.objects.filter(name="新一").exists(), "a preview writes nothing"
    done = browser.post("/people/import/", {"sealed": page.context["sealed"]})
    assert done.headers["Cache-Control"] == "private, no-store"
    (issued,) = done.context["issued"]
    assert issued.password in done.content.decode()
    table = browser.post("/people/passwords/", {"sealed": done.context["sealed"]})
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(table.content)).active.values
             for cell in row]  # fmt: skip
    assert issued.password in cells
    again = browser.post("/people/import/", {"sealed": page.context["sealed"]}, follow=True)
    assert "没有新账号" in again.content.decode()
    assert User.objects.filter(name="新一").count() == 1


def test_what_is_no_such_list_is_refused_in_words(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.admin)
    for content, words in ((b"no", "这不是 Excel 表格"), (b"", "")):
        answer = browser.post("/people/import/", {"file": SimpleUploadedFile("a.xlsx", content)})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    foreign = browse(cast.admin).post("/people/import/", {"sealed": "forged"})
    assert "已经过期" in foreign.content.decode()
    formula = upload([("=1+1", None, None, "市教育局", "联络员")], cast)
    assert "是公式" in browser.post("/people/import/", {"file": formula}).content.decode()
