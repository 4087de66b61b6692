"""The indicators that every portal starts with, and how an unknown one is set up."""

from typing import Any

LITERACY = "literacy_ratio"
FUNDING = "funding_per_capita"
VENUES = "venue_coverage"

# Definitions: the survey of the China Association for Science and Technology (18–69 years, at
# least 70 of 100 points); local budget per head (not the national statistic of the same name).
BUILT_IN: tuple[dict[str, Any], ...] = (
    {
        "code": LITERACY,
        "name": "公民具备科学素质的比例",
        "unit": "%",
        "kind": "survey",
        "highest": 100,
        "frequency": "survey",
        "formula": "抽样调查中 18—69 岁公民得分不低于 70 分者所占的比例",
        "source": "中国公民科学素质抽样调查",
        "reporter": "科协",
        "decimals": 2,
    },
    {
        "code": FUNDING,
        "name": "人均科普专项经费",
        "unit": "元",
        "kind": "level",
        "roll_up": "ratio",
        "reported_at": "county",
        "denominator_is_population": True,
        "money": True,
        "formula": "本级科普专项经费（元）÷ 常住人口（人）",
        "numerator_label": "科普专项经费（元）",
        "denominator_label": "常住人口（人）",
        "source": "财政预算、统计年鉴",
        "reporter": "财政局、科协",
        "decimals": 2,
    },
    {
        "code": VENUES,
        "name": "建成启用科普场馆的区县",
        "unit": "%",
        "kind": "coverage",
        "roll_up": "share",
        "reported_at": "county",
        "scale": 100,
        "highest": 100,
        "formula": "已有启用的县级科普场馆的区县数 ÷ 区县总数",
        "numerator_label": "已有启用场馆的区县（个）",
        "denominator_label": "区县总数（个）",
        "source": "逐个核实",
        "reporter": "科协",
        "decimals": 1,
    },
)


# Indicators that many plans name in words of their own: one name for all, made when first named.
NAMED: dict[str, tuple[str, str, str]] = {
    "science_communicator_coverage": ("科普宣传员覆盖率", "%", "coverage"),
    "school_curriculum_coverage": ("设立科学素质教育课程的中小学", "%", "coverage"),
    "school_activity_coverage": ("开展科技教育活动的中小学", "%", "coverage"),
    "mobile_venue_coverage": ("流动科技馆、科普大篷车覆盖率", "%", "coverage"),
    "digital_service_coverage": ("科普信息化服务覆盖率", "%", "coverage"),
    "volunteer_coverage": ("科普志愿者队伍覆盖率", "%", "coverage"),
    "vocational_training_access": ("有培训愿望的劳动者参加职业培训", "", "coverage"),
    "science_museum_opening": ("本级科技馆建成启用", "", "milestone"),
}


def definition(code: str, label: str, unit: str | None, kind: str) -> dict[str, Any]:
    """Return the fields of an indicator that a document names and the catalogue lacks."""
    for one in BUILT_IN:
        if one["code"] == code:
            return dict(one)
    if code in NAMED:
        name, unit, kind = NAMED[code]
        return {"code": code, "name": name, "unit": unit, "kind": kind}
    return {
        "code": code,
        "name": (label or code)[:120],
        "unit": (unit or "")[:20],
        "kind": kind,
    }
