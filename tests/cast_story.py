"""Tell the story of the cast through the services: who issued what, handed in, checked."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import openpyxl
from django.db import models

from departments.models import Department, Membership, Region, User
from departments.services import appoint, record_succession
from indicators import services as indicators
from indicators.models import Indicator, Observation, Target
from plans.models import Action, DraftItem, Duty, Measure
from plans.services import imports, lifecycle
from reports.models import Report
from tasks.exchange.entries import write_table
from tasks.models import Assignment, Entry, Period, SupervisionItem, Task
from tasks.services import entries, events, periods, planning
from tasks.services.entries import decisions, evidence
from tasks.services.entries import sheets as entry_sheets
from tasks.services.planning import judgements
from tasks.services.supervision import extensions, instructions, items

NOW = dt.datetime(2024, 7, 10, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
APRIL = dt.datetime(2024, 4, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))

PLAN_A = """子市人民政府办公室
关于印发子市全民科学素质行动实施方案（2021—2025年）的通知
子政办发〔2021〕12号
各县（市、区）人民政府，市政府各部门：
《子市全民科学素质行动实施方案（2021—2025年）》已经市政府同意，现印发给你们，请认真贯彻执行。
2021年9月10日
子市全民科学素质行动实施方案（2021—2025年）
一、总体目标
到2025年，全市公民具备科学素质的比例达到14%。人均科普专项经费不低于2元。实现科普场馆县（市、区）全覆盖。
二、重点任务
（一）青少年科学素质提升行动
1.办好科学课。配齐科学教师，开足实验课时。（市教育局牵头，市财政局负责，各成员单位配合）
2.丰富课后服务。引导场馆与学校结对。（市教育局负责）
（二）基层科普能力提升工程
1.建设社区科普馆。用好现有场地。（市科协牵头，市教育局负责）
2.保障科普经费。（市财政局、市教育局按职责分工负责）
三、保障措施
（一）加强组织领导。各成员单位每年向市领导小组报送一次工作总结。
四、实施步骤
（一）启动阶段（2021年9月—2021年12月）。部署工作。
（二）实施阶段（2022年1月—2025年6月）。深入推进。
（三）总结评估阶段（2025年7月—2025年12月）。开展评估。
"""
PLAN_B = """丑市全民科学素质行动实施方案（2021—2025年）
一、总体目标
到2025年，全市公民具备科学素质的比例达到12%。
二、重点任务
（一）农民科学素质提升行动
1.送科技下乡。组建专家服务队。（市教育局负责）
"""
# Not yet confirmed: two actions, three measures, a target, a duty, a unit that is in doubt.
PLAN_C = """子市全民科学素质行动实施方案（2026—2030年）
一、工作目标
到2030年，全市公民具备科学素质的比例超过18%。
二、重点任务
（一）青少年科学素质提升行动
1.办好科学课。配齐科学教师。建设实验室。每年举办不少于2次科技节。（市教育局牵头，市教体局配合）
2.丰富课后服务。引导场馆与学校结对。（市教育局、市文化局等相关部门负责）
（二）老年人科学素质提升行动
1.普及智能技术。（市民政局负责）
三、保障措施
（一）加强组织领导。市科协每年通报一次进展。
"""
PDF = b"%PDF-1.4\n%%EOF\n"
REGIONS = (  # name in the cast, code, name, level, parent
    ("nation", "100000", "全国", "nation", None),
    ("province", "980000", "申省", "province", "nation"),
    ("city_a", "980100", "子市", "city", "province"),
    ("city_b", "980200", "丑市", "city", "province"),
    ("county_a1", "980101", "子东县", "county", "city_a"),
    ("county_a2", "980102", "子西县", "county", "city_a"),
)
PEOPLE = (  # name in the cast (and log-in), the person's name, role, place
    ("office", "甲", "office", "city_a"),
    ("office_2", "乙", "office", "city_a"),
    ("office_b", "丙", "office", "city_b"),
    ("office_province", "丁", "office", "province"),
    ("leader", "戊", "leader", "city_a"),
    ("auditor", "己", "auditor", "city_a"),
    ("security", "庚", "security", "city_a"),
    ("admin", "辛", "admin", "city_a"),
    ("client", "壬", "client", "city_a"),
    ("liaison", "癸", "liaison", "education"),
    ("head", "子", "head", "education"),
    ("liaison_finance", "丑", "liaison", "finance"),
    ("liaison_b", "寅", "liaison", "education_b"),
    ("double", "卯", "liaison", "association"),
)


def tell() -> dict[str, models.Model]:
    """Build everything that `tests.cast.Cast` names; needs an empty database."""
    told: dict[str, Any] = {}
    _regions(told)
    _people(told, [one for one in PEOPLE if one[2] not in Membership.OF_DEPARTMENT])
    _plans(told)
    _people(told, [one for one in PEOPLE if one[2] in Membership.OF_DEPARTMENT])
    told["double_liaison"] = told["double"].memberships.get()
    told["double_office"] = appoint(told["double"], "office", region=told["county_a1"])
    told["double"].act_as(told["double_liaison"])
    _tasks(told)
    _earlier(told)
    _period(told)
    _event(told)
    _observations(told)
    _reports(told)
    _supervision(told)
    told["succession"] = record_succession(
        told["education_b"], "rename", dt.date(2024, 3, 1), name="市教育体育局", by=told["office_b"]
    )
    return told


def _regions(told: dict[str, Any]) -> None:
    for name, code, title, level, above in REGIONS:
        parent = told[above] if above else None
        told[name] = Region.objects.create(
            code=code,
            name=title,
            level=level,
            parent=parent,
            path=(parent.path if parent else "") + code,
        )


def _people(told: dict[str, Any], people: list[tuple[str, str, str, str]]) -> None:
    for key, name, role, place in people:
        user = User.objects.create(username=key, name=name, phone="13800000000")
        user.set_unusable_password()
        user.save()
        where = "department" if role in Membership.OF_DEPARTMENT else "region"
        appoint(user, role, **{where: told[place]})
        told[key] = user


def _plans(told: dict[str, Any]) -> None:
    office, office_b = told["office"], told["office_b"]
    (plan,) = imports.import_document(
        "a.txt", PLAN_A.encode(), PLAN_A, by=office, region=told["city_a"]
    )
    (told["plan_b"],) = imports.import_document(
        "b.txt", PLAN_B.encode(), PLAN_B, by=office_b, region=told["city_b"]
    )
    plan = lifecycle.activate(plan, by=office)
    told["plan"] = lifecycle.set_public(plan, True, by=office)
    told["action_1"], told["action_2"], told["safeguard"] = Action.objects.filter(plan=plan)
    measures = Measure.objects.filter(action__plan=plan, action__kind__in=("action", "project"))
    for number, measure in enumerate(measures.order_by("action__position", "position"), 1):
        told[f"measure_{number}"] = measure
    told["duty"] = Duty.objects.get(plan=plan)
    told["literacy"], told["funding"], told["venues"] = Target.objects.filter(plan=plan)
    for code in ("literacy_ratio", "funding_per_capita", "venue_coverage"):
        told[code] = Indicator.objects.get(code=code)
    for key, name in (
        ("association", "市科协"),
        ("education", "市教育局"),
        ("finance", "市财政局"),
        ("members", "各成员单位"),
    ):
        told[key] = Department.objects.get(region=told["city_a"], name=name)
    told["education_b"] = Department.objects.get(region=told["city_b"])
    _draft(told)


def _draft(told: dict[str, Any]) -> None:
    (told["draft"],) = imports.open_document(
        "c.txt", PLAN_C.encode(), PLAN_C, by=told["office"], home=told["city_a"]
    )
    items = DraftItem.objects.filter(draft=told["draft"])
    told["draft_action"], told["draft_action_2"], _safeguard = items.filter(kind="action")
    told["draft_measure"], told["draft_measure_2"] = items.filter(
        kind="measure", parent=told["draft_action"]
    )
    told["draft_warning"] = told["draft"].warnings.get()


def _tasks(told: dict[str, Any]) -> None:
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


def _earlier(told: dict[str, Any]) -> None:
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


def _period(told: dict[str, Any]) -> None:
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
    """Return table B of 市教育局 with one change: next steps of its untouched part."""
    table = entry_sheets.hand_out(told["period"], by=told["liaison"])
    book = openpyxl.load_workbook(BytesIO(write_table(table, NOW)))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        if str(told["part_blank"].pk) in [cell.value for cell in row[-2:]]:
            row[12].value = "布置展区"
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _event(told: dict[str, Any]) -> None:
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


def _observations(told: dict[str, Any]) -> None:
    """Enter values of every state; the second person of the office checks those of the first."""

    def seen(code: str, place: str, year: int, who: str, unit: str = "", **more: Any) -> Any:
        department = told[unit] if unit else None
        return indicators.observe(
            told[code], told[place], year, by=told[who], department=department, **more
        )

    def handed_in(row: Observation, who: str) -> Observation:
        return indicators.submit(row, by=told[who])

    literacy, funding = "literacy_ratio", "funding_per_capita"
    ratio = {"numerator": Decimal(5_400_000), "denominator": Decimal(3_000_000), "basis": "budget"}
    row = handed_in(
        seen(
            literacy,
            "city_a",
            2023,
            "office",
            value=Decimal("11.2"),
            sample_size=1200,
            source="抽样调查",
        ),
        "office",
    )
    told["observed"] = indicators.verify(row, by=told["office_2"], now=NOW)
    told["observed_draft"] = seen(funding, "city_a", 2024, "office", **ratio)
    told["observed_submitted"] = handed_in(
        seen(funding, "city_a", 2023, "office", **ratio), "office"
    )
    row = handed_in(seen(funding, "city_a", 2022, "office", **ratio), "office")
    told["observed_returned"] = indicators.send_back(row, "请核对人口数。", by=told["office_2"])
    told["observed_by_unit"] = seen(funding, "city_a", 2024, "liaison_finance", "finance", **ratio)
    row = seen(literacy, "province", 2023, "office_province", value=Decimal("13.1"))
    row = handed_in(row, "office_province")
    told["observed_above"] = indicators.verify(row, by=told["office_province"], now=NOW)
    row = seen(literacy, "city_b", 2023, "office_b", value=Decimal("9.8"))
    told["observed_b"] = handed_in(row, "office_b")


def _reports(told: dict[str, Any]) -> None:
    """Set down two reports by hand: compiling is slow and has tests of its own."""
    for key, year, state in (
        ("report_draft", 2023, Report.State.DRAFT),
        ("report_issued", 2022, Report.State.ISSUED),
    ):
        told[key] = Report.objects.create(
            plan=told["plan"],
            kind=Report.Kind.ANNUAL,
            year=year,
            state=state,
            created_by=told["office"],
        )


def _supervision(told: dict[str, Any]) -> None:
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
