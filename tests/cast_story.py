"""Tell the story of the cast through the services: who issued what, handed in, checked."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models

from departments.models import Department, Membership, Region, User
from departments.services import appoint, record_succession
from indicators import services as indicators
from indicators.models import Indicator, Observation, Target
from indicators.services import sheets
from plans.models import Action, DraftItem, Duty, Measure
from plans.services import imports, lifecycle
from reports.models import Report
from tests import cast_scores, cast_work
from tests.cast_texts import NOW, PDF, PEOPLE, PLAN_A, PLAN_B, PLAN_C, REGIONS

__all__ = ["NOW", "PDF", "PLAN_A", "PLAN_B", "tell"]


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
    cast_work.tasks(told)
    cast_work.earlier(told)
    cast_work.period(told)
    cast_work.event(told)
    _observations(told)
    _reports(told)
    cast_work.supervision(told)
    cast_scores.scorecards(told)
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
    listed = "指标代码,地区代码,年份,数值\r\nliteracy_ratio,980100,2022,10.8\r\n".encode()
    told["value_sheet"] = sheets.take_in("tidy", "值.csv", listed, by=told["office"])


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
