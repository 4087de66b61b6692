"""The part of the story in which departments work: entries, events, 督办件."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl

from departments.models import User
from tasks.exchange.entries import write_table
from tasks.models import Assignment, Entry, Period, SupervisionItem, Task
from tasks.services import entries, events, periods, planning
from tasks.services.entries import decisions, evidence
from tasks.services.entries import sheets as entry_sheets
from tasks.services.planning import judgements
from tasks.services.supervision import extensions, instructions, items
from tests.cast_texts import APRIL, NOW, PDF


def tasks(told: dict[str, Any]) -> None:
    planning.make_year(told["plan"], 2024, by=told["office"])
    planning.confirm_proposals(told["plan"], 2024, by=told["office"])
    for number in (1, 2, 3, 4):
        told[f"task_{number}"] = Task.objects.get(measure=told[f"measure_{number}"])
    told["task_4"] = planning.settle_lead(told["task_4"], None, by=told["office"])


def _opened(told: dict[str, Any], name: str, end: dt.date, now: dt.datetime) -> Period:
    day = dt.timedelta(days=1)
    period = periods.schedule(
        told["city_a"],
        name,
        year=2024,
        starts=dt.date(2024, 1, 1),
        ends=end,
        opens_on=end - 5 * day,
        due_on=end + 15 * day,
        closes_on=end + 30 * day,
        by=told["office"],
    )
    periods.open_period(period, by=told["office"], now=now)
    period.refresh_from_db()
    return period


def _entry(told: dict[str, Any], period: Period, number: int, unit: str) -> Entry:
    return Entry.objects.get(period=period, task=told[f"task_{number}"], department=told[unit])


def _typed(entry: Entry, percent: int, by: User, now: dt.datetime) -> None:
    for field, text in (
        ("percent", str(percent)),
        ("self_rating", "on_track"),
        ("done", f"{entry.task.title}按计划推进，完成{percent}%。"),
        ("problems", "经费到位较慢。"),
        ("next_steps", "下一步加快进度。"),
    ):
        entries.save_field(entry.pk, field, text, 0, by=by, now=now)


def _handed_in(entry: Entry, percent: int, by: User, now: dt.datetime) -> Entry:
    _typed(entry, percent, by, now)
    entry.refresh_from_db()
    entries.submit(entry.pk, entry.version, by=by, now=now)
    return entry


def earlier(told: dict[str, Any]) -> None:
    """Let everyone report the first quarter, the office check it, and close the period."""
    told["earlier"] = period = _opened(told, "2024 年一季度", dt.date(2024, 3, 31), APRIL)
    people = {"education": "liaison", "finance": "liaison_finance", "association": "double"}
    units = {told[unit].pk: told[person] for unit, person in people.items()}
    gatherers = {
        one.task_id: units[one.department_id]
        for one in Assignment.objects.filter(role=Assignment.Role.LEAD)
    }
    for entry in Entry.objects.filter(period=period).order_by("id"):
        _handed_in(entry, 20 + 5 * (entry.task_id % 2), units[entry.department_id], APRIL)
        if entry.kind == Entry.Kind.REPORT:
            decisions.approve(entry.pk, by=told["office"], now=APRIL)
        else:
            decisions.take_over(entry.pk, by=gatherers[entry.task_id], now=APRIL)
    told["entry_earlier"] = _entry(told, period, 1, "education")
    told["judgement"] = judgements.judge(
        told["task_4"], period, Decimal(15), "两家单位各自推进。", by=told["office"], now=APRIL
    )
    told["earlier"] = periods.close_period(period, by=told["office"])


def period(told: dict[str, Any]) -> None:
    """Leave the open period half done, one entry in each state."""
    told["period"] = period = _opened(told, "2024 年上半年", dt.date(2024, 6, 30), NOW)
    liaison, finance = told["liaison"], told["liaison_finance"]
    told["entry_draft"] = _entry(told, period, 1, "education")
    _typed(told["entry_draft"], 55, liaison, NOW)
    told["part_submitted"] = _handed_in(_entry(told, period, 1, "finance"), 50, finance, NOW)
    submitted = told["entry_submitted"] = _entry(told, period, 2, "education")
    told["evidence"] = evidence.attach(submitted.pk, "通知.pdf", PDF, by=liaison, now=NOW)
    _handed_in(submitted, 45, liaison, NOW)
    approved = told["entry_approved"] = _entry(told, period, 3, "association")
    _handed_in(approved, 50, told["double"], NOW)
    decisions.approve(approved.pk, by=told["office"], now=NOW)
    told["part_blank"] = _entry(told, period, 3, "education")
    returned = told["entry_returned"] = _entry(told, period, 4, "education")
    _handed_in(returned, 40, liaison, NOW)
    decisions.send_back(returned.pk, {"done": "请写明具体做法。"}, by=told["office"], now=NOW)
    told["entry_blank"] = _entry(told, period, 4, "finance")
    told["sheet"] = entry_sheets.take_in(period, "表.xlsx", _filled(told), by=liaison)


def _filled(told: dict[str, Any]) -> bytes:
    """Return table B of 市教育局 with one change: problems of its untouched part."""
    table = entry_sheets.hand_out(told["period"], by=told["liaison"])
    book = openpyxl.load_workbook(BytesIO(write_table(table, NOW)))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        if str(told["part_blank"].pk) in [cell.value for cell in row[-2:]]:
            row[12].value = "布置展区"
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def event(told: dict[str, Any]) -> None:
    recorded = events.record(
        UUID(int=1),
        events.Told(
            department=told["education"],
            kind="activity",
            title="科普进校园",
            on=dt.date(2024, 6, 3),
            town=told["county_a1"],
            people=120,
            task=told["task_2"],
        ),
        by=told["liaison"],
        now=NOW,
        uploads=events.accepted([("照片.pdf", PDF)]),
    )
    told["event"] = recorded.event
    told["event_file"] = recorded.event.files.get()


def supervision(told: dict[str, Any]) -> None:
    """Let the leader ask, register a 批示, and leave one 督办件 in each state but the last."""
    office, liaison = told["office"], told["liaison"]
    measure = told["measure_1"]
    about = instructions.Subject("measure", measure.pk, "1.1 办好科学课：完成 20%", told["plan"].pk)
    told["demand"] = instructions.demand("请查明进度慢的原因。", about, by=told["leader"], now=NOW)
    told["written"] = instructions.register(
        told["city_a"],
        leader="王副市长",
        on=NOW.date(),
        words="请教育局牵头落实实验室建设。",
        attachments=[("批示.pdf", PDF)],
        by=office,
        now=NOW,
    )
    told["scan"] = told["written"].files.get()

    def assigned(title: str, unit: str, due: dt.date, **more: Any) -> SupervisionItem:
        given = {"decision": "领导小组会议纪要", **more}
        return items.assign(
            told["city_a"],
            title=title,
            department=told[unit],
            due=due,
            by=office,
            now=NOW,
            **given,
        )

    far, near = dt.date(2099, 12, 31), dt.date(2024, 7, 31)
    told["item_pending"] = assigned("编制科学教师配备方案", "education", far)
    working = told["item_working"] = assigned(
        "落实实验室建设",
        "education",
        near,
        decision="",
        instruction=told["written"],
        helpers=[told["finance"]],
    )
    items.sign(working.pk, by=liaison, now=NOW)
    told["extension"] = extensions.ask(
        working.pk, dt.date(2024, 9, 30), "施工图还在审查。", by=liaison, now=NOW
    )
    reviewing = told["item_reviewing"] = assigned("开放校内场馆", "education", near)
    items.sign(reviewing.pk, by=liaison, now=NOW)
    items.feedback(reviewing.pk, "已开放三处场馆。", [("开放公告.pdf", PDF)], by=liaison, now=NOW)
    told["item_file"] = reviewing.files.get()
    settled = told["item_settled"] = assigned("拨付科普经费", "finance", near)
    items.sign(settled.pk, by=told["liaison_finance"], now=NOW)
    items.feedback(settled.pk, "经费已拨付。", by=told["liaison_finance"], now=NOW)
    items.settle(settled.pk, by=told["office_2"], now=NOW)
