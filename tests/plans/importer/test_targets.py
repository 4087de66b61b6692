"""Read goal sentences as plans of every level word them, and leave alone what promises nothing."""

from __future__ import annotations

import pytest

from plans.importer import ParsedTarget, parse_text
from plans.importer.subjects import made_code
from plans.importer.targets import Place, read_targets

Row = tuple[str | None, str, str | None, str | None, int | str | None, str]


def _read(sentence: str, *, goals: bool = True, region: str = "云台市") -> list[ParsedTarget]:
    place = Place(goals, 2025 if goals else None, region, 2021, 2025)
    return read_targets(sentence, (0, len(sentence)), place)


def _rows(targets: list[ParsedTarget], expected: list[Row]) -> list[Row]:
    """Return what was read; a code that the case leaves open (None) is left open here too."""
    codes = [row[0] for row in expected] + [None] * len(targets)
    return [
        (t.indicator if code else None, t.operator, t.value, t.unit, t.year, t.scope)
        for t, code in zip(targets, codes, strict=False)
    ]


LIT, FUND = "literacy_ratio", "funding_per_capita"

GOALS: list[tuple[str, list[Row]]] = [
    (
        "到2025年，全市公民具备科学素质的比例达到16%以上，各县（市、区）均达到13%以上。",
        [(LIT, "gte", "16", "%", 2025, "self"), (LIT, "gte", "13", "%", 2025, "each_child")],
    ),
    (
        "公民科学素质达标率由2020年的10.2%提高到2025年的15%，年均提高近1个百分点。",
        [
            (LIT, "gte", "15", "%", 2025, "self"),
            ("literacy_ratio_growth", "approx", "1", "个百分点", "every", "self"),
        ],
    ),
    (
        "到2023年底和2025年底，我市公民具备科学素质的比例分别达到14.2%和16.5%。",
        [(LIT, "gte", "14.2", "%", 2023, "self"), (LIT, "gte", "16.5", "%", 2025, "self")],
    ),
    (
        "2025年我省公民具备科学素质的比例超过14％，2035年达到25％。",
        [(LIT, "gt", "14", "%", 2025, "self"), (LIT, "gte", "25", "%", 2035, "self")],
    ),
    (
        "公民具备基本科学素质的比例要达到全省平均水平。",
        [(LIT, "gte", None, None, 2025, "self")],
    ),
    (
        "公民具备科学素质的比例达百分之十点五。",
        [(LIT, "gte", "10.5", "%", 2025, "self")],
    ),
    (
        "城镇劳动者、农民具备科学素质的比例分别达到12%、5%。",
        [
            ("literacy_ratio_workers", "gte", "12", "%", 2025, "self"),
            ("literacy_ratio_farmers", "gte", "5", "%", 2025, "self"),
        ],
    ),
    (
        "人均科普专项经费市本级不低于1元、县级不低于0.5元，并逐年增加。",
        [(FUND, "gte", "1", "元", 2025, "self"), (FUND, "gte", "0.5", "元", 2025, "each_child")],
    ),
    (
        "市、县（市、区）财政按照常住人口每人每年不低于1.5元的标准安排科普经费。",
        [(FUND, "gte", "1.5", "元", "every", "each_child")],
    ),
    (
        "州、县（市）科普经费分别达到人均0.3元和0.2元。",
        [(FUND, "gte", "0.3", "元", 2025, "self"), (FUND, "gte", "0.2", "元", 2025, "each_child")],
    ),
    (
        "各乡镇每年安排科普专项经费不少于1万元。",
        [(None, "gte", "1", "万元", "every", "each_child")],
    ),
    ("科普经费每年递增10%以上。", [(None, "gte", "10", "%", "every", "self")]),
    ("科普教育基地总数比2020年翻一番。", [(None, "eq", "1", "番", 2025, "self")]),
    (
        "居民健康素养水平达到25%左右。",
        [("health_literacy_ratio", "approx", "25", "%", 2025, "self")],
    ),
    (
        "建成市级科普教育基地100家、省级20家、国家级3家。",
        [
            ("municipal_science_education_base_count", "eq", "100", "家", 2025, "self"),
            ("provincial_science_education_base_count", "eq", "20", "家", 2025, "self"),
            ("national_science_education_base_count", "eq", "3", "家", 2025, "self"),
        ],
    ),
    (
        "全国、省级科普教育基地分别达到40个、260个。",
        [
            ("national_science_education_base_count", "gte", "40", "个", 2025, "self"),
            ("provincial_science_education_base_count", "gte", "260", "个", 2025, "self"),
        ],
    ),
    (
        "新增省级科普示范县（市、区）3—5个，建成科普示范社区一百个以上。",
        [(None, "gte", "3", "个", 2025, "self"), (None, "gte", "100", "个", 2025, "self")],
    ),
    (
        "乡镇（街道）科协组织实现全覆盖，村（社区）科协组织覆盖率达到90%以上。",
        [
            ("town_cast_body_coverage", "eq", "100", "%", 2025, "self"),
            ("village_cast_body_coverage", "gte", "90", "%", 2025, "self"),
        ],
    ),
    (
        "每个县（市、区）至少建成1座建筑面积不少于2000平方米的科技馆。",
        [
            (None, "gte", "1", "座", 2025, "each_child"),
            (None, "gte", "2000", "平方米", 2025, "each_child"),
        ],
    ),
    (
        "三分之二以上的社区建有科普活动室，半数以上的行政村设立科普宣传栏。",
        [
            (None, "gte", "66.67", "%", 2025, "share_of_children"),
            (None, "gt", "50", "%", 2025, "share_of_children"),
        ],
    ),
    (
        "力争一半左右的县（市、区）建成启用县级科普场馆。",
        [("venue_coverage", "approx", "50", "%", 2025, "share_of_children")],
    ),
    (
        "每个县（市、区）都建有科普场馆。",
        [("venue_coverage", "eq", "100", "%", 2025, "share_of_children")],
    ),
    (
        "到2022年底建成乡镇科普馆3个，2023年底达到6个，2025年实现全覆盖。",
        [
            ("town_science_hall_count", "eq", "3", "个", 2022, "self"),
            ("town_science_hall_count", "gte", "6", "个", 2023, "self"),
            ("town_science_hall_coverage", "eq", "100", "%", 2025, "self"),
        ],
    ),
    (
        "力争2024年市科技馆新馆建成开馆，2025年接待观众突破50万人次。",
        [
            ("science_museum_opening", "eq", None, None, 2024, "self"),
            (None, "gt", "50", "万人次", 2025, "self"),
        ],
    ),
    (
        "五年内培训农村实用人才不少于5万人次，其中女性不低于40%。",
        [(None, "gte", "5", "万人次", 2025, "self"), (None, "gte", "40", "%", 2025, "self")],
    ),
    (
        "“十四五”期间，培育科普示范户10000户，科技志愿者占人口的比重达到0.5%。",
        [(None, "eq", "10000", "户", 2025, "self"), (None, "gte", "0.5", "%", 2025, "self")],
    ),
    (
        "全市每万人拥有科普人员20人以上，注册志愿者突破3万人。",
        [(None, "gte", "20", "人", 2025, "self"), (None, "gt", "3", "万人", 2025, "self")],
    ),
    (
        "创建1个国家级、5个省级科普示范县（市、区）。",
        [
            ("national_science_demo_count", "eq", "1", "个", 2025, "self"),
            ("provincial_science_demo_count", "eq", "5", "个", 2025, "self"),
        ],
    ),
    (
        "80%的乡镇和60%以上的行政村达到科普示范标准。",
        [
            (None, "gte", "80", "%", 2025, "share_of_children"),
            (None, "gte", "60", "%", 2025, "share_of_children"),
        ],
    ),
    (
        "公民具备科学素质的比例达到15%，其中城镇居民达到18%，农民达到9%。",
        [
            (LIT, "gte", "15", "%", 2025, "self"),
            ("literacy_ratio_urban", "gte", "18", "%", 2025, "self"),
            ("literacy_ratio_farmers", "gte", "9", "%", 2025, "self"),
        ],
    ),
    (
        "公民具备科学素质的比例比“十三五”末翻一番，达到20%左右。",
        [
            ("literacy_ratio_growth", "eq", "1", "番", 2025, "self"),
            (LIT, "approx", "20", "%", 2025, "self"),
        ],
    ),
    (
        "建成科普e站100个，其中乡村60个、社区30个、学校10个。",
        [
            (None, "eq", "100", "个", 2025, "self"),
            (None, "eq", "60", "个", 2025, "self"),
            (None, "eq", "30", "个", 2025, "self"),
            (None, "eq", "10", "个", 2025, "self"),
        ],
    ),
    (
        "市财政每年安排科普经费不少于500万元，各县（市、区）不少于50万元。",
        [
            (None, "gte", "500", "万元", "every", "self"),
            (None, "gte", "50", "万元", "every", "each_child"),
        ],
    ),
    (
        "各级财政人均科普经费分别达到：省级0.8元、市级1元、县级1.2元。",
        [
            (FUND, "gte", "0.8", "元", 2025, "self"),
            (FUND, "gte", "1", "元", 2025, "each_child"),
            (FUND, "gte", "1.2", "元", 2025, "each_child"),
        ],
    ),
    (
        "市本级、县市区分别按不低于常住人口每人每年1元、0.8元的标准安排科普经费。",
        [
            (FUND, "gte", "1", "元", "every", "self"),
            (FUND, "gte", "0.8", "元", "every", "each_child"),
        ],
    ),
    (
        "“科普云台”公众号粉丝总数突破500万。",
        [(None, "gt", "500", "万", 2025, "self")],
    ),
    (
        "科普活动参与人次年均增长5%。",
        [(None, "eq", "5", "%", "every", "self")],
    ),
    (
        "以2020年公民具备科学素质比例12.8%为基数，2022年、2025年分别提高到15%、19%。",
        [(LIT, "gte", "15", "%", 2022, "self"), (LIT, "gte", "19", "%", 2025, "self")],
    ),
    (
        "2023年前每个乡（镇）建成1个科普站，2025年前80%的村建成科普活动室。",
        [
            (None, "eq", "1", "个", 2023, "each_child"),
            (None, "gte", "80", "%", 2025, "share_of_children"),
        ],
    ),
    (
        "2025年目标：公民具备科学素质的比例＞20%；2030年目标：≥25%；差错率≤1%。",
        [
            (LIT, "gt", "20", "%", 2025, "self"),
            (LIT, "gte", "25", "%", 2030, "self"),
            (None, "lte", "1", "%", 2030, "self"),
        ],
    ),
    ("迷信活动参与率控制在5%以内。", [(None, "lte", "5", "%", 2025, "self")]),
    (
        "14个社区全部建有科普活动室。",
        [(None, "eq", "100", "%", 2025, "self")],
    ),
    (
        "每年培训科技辅导员500人次以上，参训率达到95%。",
        [(None, "gte", "500", "人次", "every", "self"), (None, "gte", "95", "%", "every", "self")],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), GOALS, ids=[s[:16] for s, _ in GOALS])
def test_a_goal_is_read_with_all_it_says(sentence: str, expected: list[Row]) -> None:
    assert _rows(_read(sentence), expected) == expected


@pytest.mark.parametrize(
    ("sentence", "value", "stretch"),
    [
        ("公民具备科学素质的比例达到并争取超过10%。", "10", ("gt", "10")),
        ("公民具备科学素质的比例达到13%，力争14%。", "13", ("gte", "14")),
        ("公民具备科学素质的比例不低于8.5%，力争突破9%。", "8.5", ("gt", "9")),
        ("公民具备科学素质的比例达到10%—12%。", "10", ("gte", "12")),
        ("公民具备科学素质的比例达到或超过10%。", "10", None),
    ],
)
def test_what_a_plan_hopes_for_beyond_its_target(
    sentence: str, value: str, stretch: tuple[str, str] | None
) -> None:
    (target,) = _read(sentence)
    found = target.stretch and (target.stretch.operator, target.stretch.value)
    assert (target.operator, target.value, found) == ("gte", value, stretch)


@pytest.mark.parametrize(
    "sentence",
    [
        "2020年我市公民具备科学素质的比例为10.3%，比2015年提高4.1个百分点，高于全省平均水平。",
        "全市现有科普教育基地35个，科普志愿者1200人。",
        "“十三五”期间，共举办培训班500期，培训农民10万人次。",
        "截至2020年底，建成科普活动室120个，覆盖率达到60%。",
        "围绕“四个全面”，实施5项重点行动和6大工程，发挥24个成员单位作用。",
        "对获得国家级奖励的给予5万元奖励，每个示范基地补助2万元。",
        "面向18—69岁公民开展调查。",
        "组织500人以上企业建立科协。",
        "办好第30届青少年科技创新大赛。",
        "开展“6·5”世界环境日、“百千万”工程活动。",
        "构建以1个县级科技馆为龙头、12个乡镇科普站为骨干的科普网络。",
        "落实《“十四五”实施方案（2021—2025年）》，每周一调度，3个月内完成。",
        "科技馆每周开放不少于5次。",
        "构建全方位、全覆盖的科普服务网络。",
        "鼓励有条件的县（市、区）建成科技馆。",
        "深入50个村送科技下乡。",
        "国务院《纲要》提出，到2025年我国公民具备科学素质的比例超过15%。",
        "把公民科学素质纳入文明城市创建指标，权重不低于2%。",
        "每户有1名掌握1—2项实用技术的明白人。",
    ],
)
def test_what_promises_nothing_is_no_target(sentence: str) -> None:
    assert [(t.value, t.unit, t.label) for t in _read(sentence, goals=False)] == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("全区人均科普经费不低于2元。", "self"),
        ("县财政人均科普经费不低于2元。", "self"),
        ("各镇（街道）人均科普经费不低于1元。", "each_child"),
        ("每个村至少有1名科普员。", "each_child"),
    ],
)
def test_in_a_district_the_children_are_towns_and_villages(sentence: str, expected: str) -> None:
    (target,) = _read(sentence, region="清河区")
    assert target.scope == expected


def test_one_thing_printed_twice_shares_its_code() -> None:
    wordings = [
        "建成科普示范社区10个。",
        "到2025年，科普示范社区达到10个以上。",
        "打造10个科普示范社区。",
    ]
    codes = {target.indicator for wording in wordings for target in _read(wording)}
    assert codes == {"science_demo_community_count"}


def test_two_things_never_share_a_code() -> None:
    labels = [
        "科普示范社区", "科普示范村", "省级科普示范社区", "科普社区", "健康示范社区",
        "科普志愿者", "科技志愿者", "科普画廊", "科普长卷", "科普挂图", "科普彩车", "科普灯箱",
    ]  # fmt: skip
    assert len({made_code(label, "count") for label in labels}) == len(labels)


@pytest.mark.parametrize("label", ["科普灯箱", "科普" * 60, "！", ""])
def test_codes_are_short_slugs(label: str) -> None:
    code = made_code(label, "count")
    assert len(code) <= 60
    assert code.replace("_", "").isascii()
    assert code == made_code(label, "count")


PLAN = """云台市全民科学素质实施方案（2021—2025年）
力争到2025年全市公民具备科学素质的比例达到16%，这是本方案的总目标，各部门要共同努力完成。
一、发展成效
全市建成科技馆8座，科普教育基地达到86个，公民具备科学素质的比例达到12.3%。
二、发展目标
主要指标如下：
序号\t指标\t单位\t2020年\t2025年\t属性
1\t公民具备科学素质的比例\t%\t12.3\t17\t预期性
2\t人均科普专项经费\t元\t2.1\t≥4\t约束性
3\t县级科技馆覆盖率\t%\t60\t100\t预期性
三、重点任务
（一）农民科学素质行动
1.送书下乡。到2023年，建成农家书屋50个。（市农业局负责）
（二）远景目标。到2035年，公民具备科学素质的比例超过25%。
"""


def test_a_whole_plan_gives_preamble_table_and_measures_but_no_history() -> None:
    (plan,) = parse_text(PLAN)
    assert [(t.indicator, t.operator, t.value, t.year) for t in plan.targets] == [
        ("literacy_ratio", "gte", "16", 2025),
        ("literacy_ratio", "eq", "17", 2025),
        ("funding_per_capita", "gte", "4", 2025),
        ("venue_coverage", "eq", "100", 2025),
        ("rural_library_count", "eq", "50", 2023),
        ("literacy_ratio", "gt", "25", 2035),
    ]
    for target in plan.targets:
        assert plan.text[slice(*target.span)] == target.quote


def test_the_same_target_with_two_values_stays_twice_with_a_warning() -> None:
    (plan,) = parse_text(PLAN)
    (warning,) = [each for each in plan.warnings if each.code == "target_repeated"]
    assert warning.span is not None
    assert "17" in plan.text[slice(*warning.span)]


def test_targets_of_work_points_belong_to_their_year() -> None:
    (plan,) = parse_text(
        "2023年云台市全民科学素质工作要点\n一、农民科学素质行动\n"
        "1.全年举办讲座20场。（市科协）\n2.新建科普馆2个。（市科协）\n"
    )
    assert plan.kind == "annual"
    assert [(t.value, t.unit, t.year) for t in plan.targets] == [
        ("20", "场", 2023),
        ("2", "个", 2023),
    ]
