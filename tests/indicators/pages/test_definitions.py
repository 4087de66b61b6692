"""The catalogue in the browser, and targets that are changed with a reason and keep the old."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from indicators.models import Indicator, Target
from tests.cast import Cast

Browse = Callable[[Any], Client]
NEW = {
    "name": "科普讲座场次",
    "code": "science_lectures",
    "unit": "场",
    "kind": "increment",
    "direction": "up",
    "frequency": "quarter",
    "scale": "1",
    "roll_up": "sum",
    "reported_at": "county",
    "jump_percent": "50",
    "decimals": "0",
    "is_active": "on",
}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_office_adds_an_indicator_and_changes_it(cast: Cast, browse: Browse) -> None:
    office = browse(cast.office)
    assert "已添加指标“科普讲座场次”" in text_of(
        office.post("/indicators/catalogue/new/", NEW, follow=True)
    )
    row = Indicator.objects.get(code="science_lectures")
    assert (row.region, row.roll_up, row.frequency) == (cast.city_a, "sum", "quarter")
    changed = NEW | {"name": "科普（技）讲座场次", "formula": "当年举办的场次"}
    office.post("/indicators/science_lectures/definition/", changed)
    row.refresh_from_db()
    assert (row.name, row.formula) == ("科普（技）讲座场次", "当年举办的场次")
    assert "科普（技）讲座场次" in text_of(office.get("/indicators/catalogue/?q=讲座"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "请填写这一栏。"),
        ({"code": "科普"}, "只能用字母、数字、连字符和下划线。"),
        ({"code": "literacy_ratio"}, "代码 literacy_ratio 已经有了，请换一个。"),
        ({"numerator_label": "场次"}, "分子和分母的名称要同时填写。"),
        ({"roll_up": "ratio"}, "要写明分子和分母"),
        ({"reported_at": ""}, "要汇总的指标请选择从哪一级汇总。"),
        ({"lowest": "5", "highest": "1"}, "可能的最大值不能小于最小值。"),
        ({"scale": "0"}, "不能小于 1。"),
        ({"jump_percent": "很多"}, "请填写整数，例如 15。"),
        ({"kind": "guess"}, "没有“guess”这个选项"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    cast: Cast, browse: Browse, change: dict[str, str], sentence: str
) -> None:
    before = Indicator.objects.count()
    answer = browse(cast.office).post("/indicators/catalogue/new/", NEW | change)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert Indicator.objects.count() == before


def test_an_empty_form_is_told_what_is_missing(cast: Cast, browse: Browse) -> None:
    for address in ("/indicators/catalogue/new/", f"/targets/{cast.funding.pk}/"):
        answer = browse(cast.office).post(address)
        assert answer.status_code == 422
        assert "请修改" in text_of(answer)


def test_what_ships_or_is_kept_elsewhere_is_not_changed(cast: Cast, browse: Browse) -> None:
    assert browse(cast.office).get("/indicators/literacy_ratio/definition/").status_code == 403
    browse(cast.office).post("/indicators/catalogue/new/", NEW)
    assert browse(cast.office_b).get("/indicators/science_lectures/definition/").status_code == 403
    assert browse(cast.leader).get("/indicators/catalogue/new/").status_code == 403


def test_what_gives_values_their_meaning_stays_once_there_are_values(
    cast: Cast, browse: Browse
) -> None:
    Indicator.objects.filter(pk=cast.funding_per_capita.pk).update(region=cast.city_a)
    office = browse(cast.office)
    page = text_of(office.get("/indicators/funding_per_capita/definition/"))
    assert "人均科普专项经费" in page
    sent = NEW | {
        "name": "人均科普经费", "unit": "万元", "kind": "level", "roll_up": "ratio",
        "numerator_label": "科普专项经费（元）", "denominator_label": "常住人口（人）",
        "frequency": "year",
    }  # fmt: skip
    answer = office.post("/indicators/funding_per_capita/definition/", sent)
    assert answer.status_code == 422
    assert "请停用后另建一个" in text_of(answer)


# --- Targets -------------------------------------------------------------------------------
def change(target: Target, **fields: str) -> dict[str, str]:
    return {
        "operator": target.operator,
        "value": f"{target.value.normalize():f}" if target.value is not None else "",
        "unit": target.unit,
        "stretch_operator": "",
        "stretch_value": "",
        "year": str(target.year or ""),
        "scope": target.scope,
        "basis": target.basis,
        "quote": target.quote,
        "reason": "市政府办公室 2023 年调整通知",
    } | fields


def test_a_target_is_changed_with_a_reason_and_the_old_one_stays(
    cast: Cast, browse: Browse
) -> None:
    office = browse(cast.office)
    told = text_of(
        office.post(
            f"/targets/{cast.literacy.pk}/", change(cast.literacy, value="15%"), follow=True
        )
    )
    assert "目标已调整" in told
    assert "市政府办公室 2023 年调整通知" in told
    cast.literacy.refresh_from_db()
    assert cast.literacy.replaced_by is not None
    assert (cast.literacy.value, cast.literacy.replaced_by.value) == (Decimal(14), Decimal(15))
    current = Target.objects.current().filter(plan=cast.plan, indicator=cast.literacy_ratio)
    assert [one.value for one in current] == [15]
    assert "2025 年达到 15%" in text_of(office.get("/indicators/?year=2024"))
    again = office.post(f"/targets/{cast.literacy.pk}/", change(cast.literacy, value="16"))
    assert again.status_code == 409


def test_a_year_after_the_plan_is_taken_and_pointed_out(cast: Cast, browse: Browse) -> None:
    sent = change(cast.literacy, year="2030")
    told = text_of(browse(cast.office).post(f"/targets/{cast.literacy.pk}/", sent, follow=True))
    assert "目标已调整" in told
    assert "目标年 2030 年在方案期限（2021—2025 年）之后，请再核对一次原文。" in told


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": ""}, "请填写这一栏。"),
        ({"quote": ""}, "请填写这一栏。"),
        ({"value": "多"}, "“多”不是数字"),
        ({"value": "16", "every_year": "on"}, "选了“每年”，就不要再填目标年。"),
        ({"year": "2001"}, "目标年不应早于方案的起始年"),
        ({"stretch_value": "16"}, "争取的目标要同时填要求和数值。"),
        ({"operator": "about"}, "没有“about”这个选项"),
    ],
)
def test_a_wrong_change_of_a_target_is_told_at_its_field(
    cast: Cast, browse: Browse, fields: dict[str, str], sentence: str
) -> None:
    answer = browse(cast.office).post(
        f"/targets/{cast.literacy.pk}/", change(cast.literacy, **fields)
    )
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    cast.literacy.refresh_from_db()
    assert cast.literacy.replaced_by is None


def test_a_target_is_added_and_withdrawn(cast: Cast, browse: Browse) -> None:
    office = browse(cast.office)
    sent = change(cast.literacy, value="70%", year="2025") | {
        "indicator": "venue_coverage",
        "plan": str(cast.plan.pk),
    }
    assert "添加目标" in text_of(office.get(f"/targets/new/?plan={cast.plan.pk}"))
    told = text_of(office.post("/targets/new/", sent, follow=True))
    assert "已添加目标" in told
    fresh = Target.objects.latest("pk")
    assert (fresh.indicator, fresh.value) == (cast.venue_coverage, 70)
    empty = office.post(f"/targets/{fresh.pk}/withdraw/")
    assert empty.status_code == 422
    gone = office.post(f"/targets/{fresh.pk}/withdraw/", {"reason": "文件没有这一条"}, follow=True)
    assert "目标已撤销" in text_of(gone)
    assert fresh not in Target.objects.current()


def test_others_read_a_target_and_do_not_change_it(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.leader).get(f"/targets/{cast.literacy.pk}/"))
    assert "保存调整" not in page
    answer = browse(cast.leader).post(f"/targets/{cast.literacy.pk}/", change(cast.literacy))
    assert answer.status_code == 403
    assert browse(cast.office_b).get(f"/targets/{cast.literacy.pk}/").status_code == 404
