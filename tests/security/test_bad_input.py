"""The list of bad input of the daily work, door by door.

A sentence at the field or the row, everything else kept. Where a door's own tests show it:

Files with values of indicators (table C, tidy list): indicators/sheets, each bad cell with its row.

=====================  =========================  =====================  =====================
                       page and REST              table B                table A, accounts
=====================  =========================  =====================  =====================
percent out of range   here, rules/test_fields    sheets/test_table_b    has none
万, full width         here, rules/test_fields    sheets/test_table_b    planning/test_rows, here
days out of the window here, events/test_register has none               test_table_a, accounts_in
content is not name    security/test_uploads      sheets/test_table_b    test_table_a, accounts_in
too large              here, core/test_uploads    here                   here
formulas               —                          sheets/test_table_b    test_table_a, accounts_in
merged cells           —                          sheets/test_table_b    test_table_a, here
removed ids            —                          sheets/test_table_b    test_table_a
others' rows           security/test_visibility   sheets/test_table_b    test_table_a, accounts_in
=====================  =========================  =====================  =====================
"""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from departments.exchange import accounts
from departments.models import User
from tasks.models import Entry, Event, Instruction, Sheet, SupervisionItem, Task
from tests.cast import Cast
from tests.cast_story import PDF

pytestmark = pytest.mark.services
Browse = Callable[..., Client]
Call = Callable[..., Client]
FAR = ("0001-01-01", "9999-12-31")
REACH = "日期应在 1950 年到 2100 年之间，请核实。"


def text_of(answer: Any, status: int = 422) -> str:
    assert answer.status_code == status
    return str(answer.content.decode())


# --- Numbers -----------------------------------------------------------------------------------
def test_a_percent_out_of_range_is_said_at_its_field_on_the_page_and_the_rest_is_kept(
    cast: Cast, browse: Browse
) -> None:
    seen = {f"version-{name}": one["version"] for name, one in cast.entry_draft.draft.items()}
    form = {"percent": "100.01", "done": "别的都写好了", **seen, "act": "submit"}
    html = text_of(browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/", form))
    assert '<a href="#id_percent">' in html
    assert "完成比例应在 0 到 100 之间，您填的是 100.01。" in html
    assert "别的都写好了</textarea>" in html
    assert Entry.objects.get(pk=cast.entry_draft.pk).typed("done") == "别的都写好了"


def test_a_percent_out_of_range_is_said_at_its_field_over_rest(cast: Cast, call: Call) -> None:
    client, here = call(cast.liaison, scope="write"), f"/api/v1/entries/{cast.entry_draft.pk}/"
    version = cast.entry_draft.field_version("percent")
    draft = {"percent": {"text": "-1", "version": version}}
    saved = client.post(f"{here}save/", {"draft": draft}, content_type="application/json")
    handed = client.post(
        f"{here}submit/", {"version": saved.json()["version"]}, content_type="application/json"
    )
    assert handed.status_code == 422
    assert "0 到 100 之间" in handed.json()["fields"]["percent"][0]


@pytest.mark.parametrize("typed", ["１.２万", "12,000", "0.00012亿", " 1 2 000 "])
def test_the_quantity_of_a_task_is_read_as_people_type_it(
    typed: str, cast: Cast, browse: Browse
) -> None:
    form = {
        "title": cast.task_2.title, "kind": "quantity", "quantity": typed, "unit": "人次",
        "starts": "2024-01-01", "due": "2024-12-31", "weight": "１",
    }  # fmt: skip
    browser = browse(cast.office)
    assert browser.post(f"/tasks/{cast.task_2.pk}/", form).status_code == 302
    assert Task.objects.get(pk=cast.task_2.pk).quantity == 12_000
    assert 'value="12000"' in browser.get(f"/tasks/{cast.task_2.pk}/").content.decode()


@pytest.mark.parametrize("typed", ["一千", "1e5", "-5", "NaN", "9" * 41])
def test_no_quantity_of_a_task_is_said_at_its_field(typed: str, cast: Cast, browse: Browse) -> None:
    form = {
        "title": "新写的名称", "kind": "quantity", "quantity": typed, "unit": "人次",
        "starts": "2024-01-01", "due": "2024-12-31", "weight": "1",
    }  # fmt: skip
    html = text_of(browse(cast.office).post(f"/tasks/{cast.task_2.pk}/", form))
    assert '<a href="#id_quantity">' in html
    assert "新写的名称" in html


def test_a_judgement_is_read_as_a_percent_of_an_entry_is(cast: Cast, browse: Browse) -> None:
    form = {"period": cast.period.pk, "percent": "５５％", "reason": "现场核实"}
    browse(cast.office).post(f"/tasks/{cast.task_4.pk}/judge/", form)
    newest = cast.task_4.judgements.latest("id")
    assert (newest.percent, newest.reason) == (Decimal(55), "现场核实")


# --- Days --------------------------------------------------------------------------------------
@pytest.mark.parametrize("day", FAR)
def test_a_day_that_nobody_reckons_with_is_said_at_its_field_of_a_period(
    day: str, cast: Cast, browse: Browse
) -> None:
    data = {"name": "远的一期", "year": 2024, "starts": "2024-07-01", "ends": "2024-12-31"}
    data |= {"opens_on": day, "due_on": day, "closes_on": day, "days_off": "on"}
    html = text_of(browse(cast.office).post("/periods/", data))
    assert html.count(REACH) == 6, "on top and at each field"
    assert "远的一期" in html


@pytest.mark.parametrize("verb", ["prolong", "extend"])
def test_more_time_ends_on_a_day_that_there_will_be(verb: str, cast: Cast, browse: Browse) -> None:
    data = {"due_on": FAR[1], "closes_on": FAR[1], "until": FAR[1], "reason": "写好的理由"}
    data |= {"department": cast.education.pk, "days_off": "on"}
    html = text_of(browse(cast.office).post(f"/periods/{cast.period.pk}/{verb}/", data))
    assert REACH in html
    assert "写好的理由" in html


@pytest.mark.parametrize("day", FAR)
def test_a_task_a_requirement_and_a_supervised_item_have_days_that_there_are(
    day: str, cast: Cast, browse: Browse
) -> None:
    office = browse(cast.office)
    whole_year = {"starts": "2024-01-01", "due": "2024-12-31"}
    field = "starts" if day == FAR[0] else "due"
    task = {"title": "写好的任务", "kind": "milestone", "weight": "1", **whole_year, field: day}
    html = text_of(office.post(f"/tasks/{cast.task_1.pk}/", task))
    assert REACH in html
    assert "写好的任务" in html
    item = {"title": "写好的事项", "decision": "纪要", "department": cast.finance.pk, "due": day}
    assert "写好的事项" in text_of(office.post("/supervision/new/", item))
    words = {"leader": "写好的领导", "on": day, "words": "请办"}
    assert "写好的领导" in text_of(office.post("/instructions/register/", words))
    assert SupervisionItem.objects.count() == 4
    assert Instruction.objects.count() == 2


def test_a_task_moved_out_of_its_year_is_said_at_its_field(cast: Cast, browse: Browse) -> None:
    data = {"title": cast.task_1.title, "kind": "milestone", "weight": "1"}
    data |= {"starts": "2025-01-01", "due": "2025-12-31"}
    html = text_of(browse(cast.office).post(f"/tasks/{cast.task_1.pk}/", data))
    assert "起止日期不在 2024 年内。" in html


@pytest.mark.parametrize("day", FAR)
def test_the_roster_knows_no_such_days(day: str, cast: Cast, browse: Browse) -> None:
    office = browse(cast.office)
    form = {"kind": "member", "name": "写好的姓名", "department": cast.finance.pk, "on": day}
    html = text_of(office.post("/departments/roster/add/", form))
    assert REACH in html
    assert "写好的姓名" in html


# --- Files -------------------------------------------------------------------------------------
def big(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + bytes(3_000_000))


def test_a_huge_file_is_named_at_every_door_and_what_was_typed_is_kept(
    cast: Cast, browse: Browse, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    office, unit, admin = browse(cast.office), browse(cast.liaison), browse(cast.admin)
    item = f"/supervision/{cast.item_working.pk}/feedback/"
    event = {"kind": "activity", "title": "写好的活动", "on": "2024-06-03"}
    words = {"leader": "写好的领导", "on": "2024-06-03", "words": "请办"}
    table = {"plan": cast.plan.pk, "year": 2024}
    for browser, address, form, field, kept in (
        (unit, "/events/new/", event, "file", "写好的活动"),
        (unit, item, {"text": "写好的反馈"}, "attachments", "写好的反馈"),
        (office, "/instructions/register/", words, "attachments", "写好的领导"),
        (unit, f"/periods/{cast.period.pk}/sheet/", {}, "file", ""),
        (office, "/tasks/table/", table, "file", ""),
        (admin, "/people/import/", {}, "file", ""),
        (office, "/departments/roster/import/", {}, "file", ""),
    ):
        html = text_of(browser.post(address, {**form, field: big("录像.pdf")}))
        assert "超过 1 MB" in html, address
        assert kept in html, address
    assert Event.objects.count() == 1
    assert Sheet.objects.count() == 1
    assert SupervisionItem.objects.get(pk=cast.item_working.pk).state == "working"


def test_merged_cells_of_a_list_of_accounts_are_said_at_their_line(
    cast: Cast, browse: Browse
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(accounts.template(cast.city_a, timezone.now())))
    sheet = book.worksheets[0]
    first = next(n for n, row in enumerate(sheet.values, 1) if row[0] == "姓名") + 1
    for number, name in ((first, "好的人"), (first + 1, "合并的人")):
        for place, value in enumerate((name, None, None, "市教育局", "联络员"), 1):
            sheet.cell(number, place).value = value
    sheet.merge_cells(start_row=first + 1, end_row=first + 1, start_column=6, end_column=7)
    made = io.BytesIO()
    book.save(made)
    sent = {"file": SimpleUploadedFile("名单.xlsx", made.getvalue())}
    html = browse(cast.admin).post("/people/import/", sent).content.decode()
    assert f"有合并单元格（F{first + 1}:G{first + 1}）" in html
    assert "好的人" in html
    assert not User.objects.filter(name="好的人").exists()
