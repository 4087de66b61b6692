"""A lower region with a plan of its own, and an annual plan beside the five-year one."""

from __future__ import annotations  # the models are loaded after this file

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from departments.models import Department, User
    from plans.models import Measure, Plan
    from tests.cast import Cast

ANNUAL = """子市2024年全民科学素质工作要点
一、青少年科学素质行动
1.办好青少年科技节。6月底前举办科技节。（市教育局牵头，市财政局配合）
2.开放校外场馆。（市科协、市财政局负责）
二、保障措施
（一）加强督查。市科协每季度通报一次进展。
"""
COUNTY = """子东县全民科学素质行动实施方案（2021—2025年）
一、重点任务
（一）青少年科学素质提升行动
1.办好县科技节。（县教育局负责）
"""


def read_plan(cast: Cast, text: str, name: str, office: User, region: object) -> Plan:
    from plans.services import imports, lifecycle

    (plan,) = imports.import_document(name, text.encode(), text, by=office, region=region)
    return lifecycle.activate(plan, by=office)


@pytest.fixture
def annual(cast: Cast) -> Plan:
    """Return an active annual plan of city A for 2024."""
    from plans.models import Plan

    plan = read_plan(cast, ANNUAL, "annual.txt", cast.office, cast.city_a)
    assert plan.kind == Plan.Kind.ANNUAL
    return plan


@dataclass
class County:
    """County A1: its 科协, its office, its plan where it has one, and its education unit."""

    association: Department
    office: User
    plan: Plan
    education: Department
    measure: Measure


@pytest.fixture
def county(cast: Cast) -> County:
    """Return county A1 with a 科协 and an active plan; `double` acts as its office."""
    from departments.models import Department
    from plans.models import Measure

    office = cast.double.act_as(cast.double_office)
    association = Department.objects.create(
        region=cast.county_a1, name="子东县科协", kind=Department.Kind.ASSOCIATION
    )
    plan = read_plan(cast, COUNTY, "county.txt", office, cast.county_a1)
    education = Department.objects.get(region=cast.county_a1, name="县教育局")
    return County(association, office, plan, education, Measure.objects.get(action__plan=plan))
