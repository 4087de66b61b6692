"""Read the headers of documents as provinces, cities, counties, towns and corps print them."""

from __future__ import annotations

from datetime import date

import pytest

from plans.importer import ParsedPlan, parse_text
from plans.importer.header import kind_of
from plans.importer.places import region_at_start

BODY = """
一、重点任务
（一）农民科学素质行动
1.送书下乡。（县农业局负责）
"""


def _parse(head: str, tail: str = "") -> ParsedPlan:
    (plan,) = parse_text(head.strip("\n") + BODY + tail)
    return plan


PROVINCE = """
海陵省人民政府办公厅关于印发海陵省全民科学素质
行动规划纲要实施方案（2021—2025年）的通知
海政办发〔2021〕 58 号
各市、县人民政府，省政府各部门、各直属机构：
《海陵省全民科学素质行动规划纲要实施方案（2021—2025年）》已经省人民政府同意，现印发给你们。
海陵省人民政府办公厅
2021年11月18日
（此件公开发布）
海陵省全民科学素质行动规划纲要
实施方案（2021—2025年）
为贯彻落实《国务院关于印发全民科学素质行动规划纲要（2021—2035年）的通知》（国发〔2021〕9号）精神，制定本方案。
"""
RED_HEAD = """
青原市人民政府办公室文件
青政办发[2017]9号
青原市人民政府办公室
关于印发《青原市全民科学素质行动计划纲要实施方案（2016～2020年）》的通知
各县（市、区）人民政府：
现印发给你们。
二○一七年三月一日
青原市全民科学素质行动计划纲要实施方案（2016～2020年）
"""
TOWN = """
柳溪镇人民政府
关于印发《柳溪镇全民科学素质行动实施方案（2022—2025年）》的通知
各村（居）民委员会，镇直各单位：
现印发给你们，请遵照执行。
柳溪镇人民政府
2022年6月15日
柳溪镇全民科学素质行动实施方案
（2022—2025年）
"""
TWO_SIGNERS = """
北湾委办发﹝2016﹞52号
中共北湾区委办公室
北湾区人民政府办公室
印发《北湾区全民科学素质行动计划纲要实施意见（2016—2020年）》的通知
各镇党委、政府：
现印发给你们。
中共北湾区委办公室
北湾区人民政府办公室
2016年11月2日
北湾区全民科学素质行动计划纲要实施意见
（2016—2020年）
"""
YEARLY = """
关于印发《2018年城南区全民科学素质工作要点》的通知
各街道办事处，区领导小组各成员单位：
现印发给你们，请认真落实《城南区全民科学素质行动计划纲要实施方案（2016—2020年）》。
城南区全民科学素质工作领导小组
（城南区科学技术协会代章）
2018年3月28日
2018年城南区全民科学素质工作要点
2018年是实施“十三五”规划承上启下的一年。
"""
PREFECTURE = """
乌岭彝族自治州贯彻《全民科学素质行动计划纲要（2006—2010—2020年）》
实施方案（2011—2015年）
根据《乌岭彝族自治州国民经济和社会发展第十二个五年规划纲要》，制定本方案。
"""
CORPS = """
第十六师北泉市办公室
关于印发《第十六师北泉市全民科学素质行动规划纲要实施方案（2021—2025年）》的通知
师市办发〔2022〕9号
各团场，师市机关各部门：
现印发给你们。
第十六师北泉市办公室
2022年3月7日
第十六师北泉市全民科学素质行动规划纲要实施方案（2021—2025年）
"""
WEB_PAGE = """
- 索 引 号：000000001/2017-00001
- 发布机构：攀岩市人民政府办公室
- 成文日期：2017-06-05
- 文 号：岩政办发【2017】88号
攀岩市全民科学素质行动计划纲要实施方案（2016—2020年）
"""
ONE_LINE = (
    "临海湖县人民政府关于印发《临海湖县全民科学素质行动规划纲要实施方案（2021—2025年）》的通知"
    "临政发〔2022〕11号各镇人民政府：《临海湖县全民科学素质行动规划纲要实施方案（2021—2025年）》"
    "已经县政府同意，现印发给你们，请认真贯彻落实。临海湖县人民政府2022年8月19日"
)
PERIOD_NAME = """
沅山地区公民科学素质建设“十二五”规划
（地区行署办公室2012年2月）
为深入实施《全民科学素质行动计划纲要（2006—2010—2020年）》，制定本规划。
"""


@pytest.mark.parametrize(
    ("head", "title", "region", "number", "issuer", "issued", "years"),
    [
        pytest.param(
            PROVINCE, "海陵省全民科学素质行动规划纲要实施方案（2021—2025年）", "海陵省",
            "海政办发〔2021〕58号", "海陵省人民政府办公厅", date(2021, 11, 18), (2021, 2025),
            id="province-title-of-two-lines",
        ),
        pytest.param(
            RED_HEAD, "青原市全民科学素质行动计划纲要实施方案（2016～2020年）", "青原市",
            "青政办发〔2017〕9号", "青原市人民政府办公室", date(2017, 3, 1), (2016, 2020),
            id="red-head-and-a-date-in-characters",
        ),
        pytest.param(
            TOWN, "柳溪镇全民科学素质行动实施方案（2022—2025年）", "柳溪镇",
            None, "柳溪镇人民政府", date(2022, 6, 15), (2022, 2025), id="town-without-number",
        ),
        pytest.param(
            TWO_SIGNERS, "北湾区全民科学素质行动计划纲要实施意见（2016—2020年）", "北湾区",
            "北湾委办发〔2016〕52号", "中共北湾区委办公室 北湾区人民政府办公室",
            date(2016, 11, 2), (2016, 2020), id="two-signers",
        ),
        pytest.param(
            YEARLY, "2018年城南区全民科学素质工作要点", "城南区", None,
            "城南区全民科学素质工作领导小组", date(2018, 3, 28), (2018, 2018), id="work-points",
        ),
        pytest.param(
            PREFECTURE,
            "乌岭彝族自治州贯彻《全民科学素质行动计划纲要（2006—2010—2020年）》"
            "实施方案（2011—2015年）",
            "乌岭彝族自治州", None, None, None, (2011, 2015), id="prefecture-without-notice",
        ),
        pytest.param(
            CORPS, "第十六师北泉市全民科学素质行动规划纲要实施方案（2021—2025年）", "北泉市",
            "师市办发〔2022〕9号", "第十六师北泉市办公室", date(2022, 3, 7), (2021, 2025),
            id="division-of-the-corps",
        ),
        pytest.param(
            WEB_PAGE, "攀岩市全民科学素质行动计划纲要实施方案（2016—2020年）", "攀岩市",
            "岩政办发〔2017〕88号", "攀岩市人民政府办公室", date(2017, 6, 5), (2016, 2020),
            id="facts-of-a-web-page",
        ),
        pytest.param(
            ONE_LINE, "临海湖县全民科学素质行动规划纲要实施方案（2021—2025年）", "临海湖县",
            "临政发〔2022〕11号", "临海湖县人民政府", date(2022, 8, 19), (2021, 2025),
            id="page-without-line-ends",
        ),
        pytest.param(
            PERIOD_NAME, "沅山地区公民科学素质建设“十二五”规划", "沅山地区", None, None, None,
            (2011, 2015), id="named-five-years-and-a-month-only",
        ),
    ],
)  # fmt: skip
def test_the_header_is_read_as_printed(
    head: str,
    title: str,
    region: str,
    number: str | None,
    issuer: str | None,
    issued: date | None,
    years: tuple[int, int],
) -> None:
    plan = _parse(head)
    assert plan.title == title
    assert plan.region == region
    assert plan.document_number == number
    assert (plan.issuer, plan.issued_on) == (issuer, issued)
    assert (plan.start_year, plan.end_year) == years


@pytest.mark.parametrize("head", [PROVINCE, RED_HEAD, TOWN, CORPS, WEB_PAGE, TWO_SIGNERS])
def test_every_field_points_at_its_words(head: str) -> None:
    plan = _parse(head)
    spans = plan.header_spans
    assert plan.text[slice(*spans["title"])].replace("\n", "") == plan.title
    assert plan.text[slice(*spans["region"])] == plan.region
    assert str(plan.start_year) in plan.text[slice(*spans["start_year"])]
    if plan.document_number:
        serial = plan.document_number.split("〕")[1]
        assert plan.text[slice(*spans["document_number"])].endswith(serial)
    if plan.issuer:
        assert plan.text[slice(*spans["issuer"])].replace("\n", " ") == plan.issuer
    assert plan.issued_on is None or "issued_on" in spans


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("云发〔2016〕8号", "云发〔2016〕8号"),
        ("云发[2016]8号", "云发〔2016〕8号"),
        ("云发﹝2016﹞8号", "云发〔2016〕8号"),
        ("云发【2016】8号", "云发〔2016〕8号"),
        ("云发(2016)第 8 号", "云发〔2016〕8号"),
        ("（云发〔2016〕8号）", "云发〔2016〕8号"),
        ("发文字号：云发〔2016〕8号", "云发〔2016〕8号"),
        ("云台市人民政府令第12号", "云台市人民政府令第12号"),
        ("依据云发〔2016〕8号，", None),
    ],
)
def test_document_numbers_in_every_bracket(printed: str, expected: str | None) -> None:
    assert (
        _parse(f"{printed}\n云台市全民科学素质实施方案（2016—2020年）").document_number == expected
    )


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2016年8月15日", date(2016, 8, 15)),
        ("二〇一六年八月十五日", date(2016, 8, 15)),
        ("二O一六年八月十五日", date(2016, 8, 15)),
        ("2016-08-15", date(2016, 8, 15)),
        ("2016年8月", None),
        ("2016年13月45日", None),
    ],
)
def test_dates_below_a_signature(printed: str, expected: date | None) -> None:
    head = f"云台市人民政府\n{printed}\n云台市全民科学素质实施方案（2016—2020年）"
    assert _parse(head).issued_on == expected


def test_the_imprint_gives_the_date_where_nothing_else_does() -> None:
    tail = "抄送：市委各部门，市法院。\n云台市人民政府办公室　　　2016年9月1日印发"
    plan = _parse("云台市全民科学素质实施方案（2016—2020年）", tail)
    assert (plan.issuer, plan.issued_on) == ("云台市人民政府办公室", date(2016, 9, 1))
    assert [copy.words for copy in plan.copies] == ["市委各部门", "市法院"]


def test_a_date_inside_the_text_is_no_date_of_issue() -> None:
    head = "云台市全民科学素质实施方案（2016—2020年）\n根据2015年12月1日会议精神，制定本方案。"
    assert _parse(head).issued_on is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("云台市全民科学素质实施方案", "云台市"),
        ("2023年云台市全民科学素质工作要点", "云台市"),
        ("云台市清河区全民科学素质实施方案", "云台市清河区"),
        ("贵陵省全民科学素质实施方案", "贵陵省"),
        ("景溪镇市全民科学素质实施方案", "景溪镇市"),
        ("云台经济技术开发区全民科学素质实施方案", "云台经济技术开发区"),
        ("云岭土家族苗族自治县全民科学素质实施方案", "云岭土家族苗族自治县"),
        ("科右左旗全民科学素质实施方案", "科右左旗"),
        ("新疆生产建设兵团全民科学素质实施方案", "新疆生产建设兵团"),
        ("全市全民科学素质实施方案", None),
        ("我县全民科学素质实施方案", None),
        ("全民科学素质实施方案", None),
        ("贯彻落实省实施方案的意见", None),
    ],
)
def test_places_are_read_in_full_and_never_guessed(title: str, expected: str | None) -> None:
    assert region_at_start(title) == expected


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("云台市实施方案（2016—2020年）", (2016, 2020)),
        ("云台市实施方案（2016年—2020年）", (2016, 2020)),
        ("云台市实施方案(2021-2025年)", (2021, 2025)),
        ("云台市实施方案（2021－2035年）", (2021, 2035)),
        ("云台市“十三五”全民科学素质实施方案", (2016, 2020)),
        ("云台市2007年全民科学素质工作方案", (2007, 2007)),
        ("云台市贯彻《纲要（2021—2035年）》实施方案", (None, None)),
    ],
)
def test_years_are_those_of_the_plan(title: str, years: tuple[int | None, int | None]) -> None:
    plan = _parse(title)
    assert (plan.start_year, plan.end_year) == years


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2023年云台市全民科学素质工作要点", "annual"),
        ("云台市全民科学素质行动任务分解表（2022年）", "annual"),
        ("云台市2019年度科普工作计划", "annual"),
        ("云台市全民科学素质实施方案（2021—2025年）", "five_year"),
        ("云台市实施方案（2021—2025年）重点任务分工", "five_year"),
        (None, "five_year"),
    ],
)
def test_the_kind_of_a_plan_follows_from_its_title(title: str | None, kind: str) -> None:
    assert kind_of(title) == kind


def test_the_documents_it_rests_on_and_whom_it_is_sent_to() -> None:
    plan = _parse(
        "各县（市、区）人民政府，高新区、经开区管委会，市直各部门、各有关单位：\n"
        "《云台市实施方案（2021—2025年）》已经同意，现印发给你们。\n"
        "云台市实施方案（2021—2025年）\n"
        "为贯彻《中华人民共和国科学技术普及法》《全民科学素质行动规划纲要（2021—2035年）》"
        "（国发〔2021〕9号，以下简称《科学素质纲要》），根据《某省实施方案（2021—2025年）》"
        "（某政发〔2021〕20号），制定本方案。"
    )
    assert [each.words for each in plan.recipients] == [
        "各县（市、区）人民政府",
        "高新区、经开区管委会",
        "市直各部门",
        "各有关单位",
    ]
    assert [each.words for each in plan.basis] == [
        "《中华人民共和国科学技术普及法》",
        "《全民科学素质行动规划纲要（2021—2035年）》",
        "《某省实施方案（2021—2025年）》（某政发〔2021〕20号）",
    ]
    for each in (*plan.recipients, *plan.basis):
        assert plan.text[slice(*each.span)] == each.words


def test_what_is_not_printed_is_told_and_not_guessed() -> None:
    plan = _parse("为提高公民科学素质，制定本方案。")
    assert (plan.title, plan.region, plan.start_year) == (None, None, None)
    assert {"no_title", "no_region", "no_years"} <= {warning.code for warning in plan.warnings}


def test_offices_on_one_line_are_told_apart_and_the_notice_lends_its_years() -> None:
    plan = _parse(
        "云科协〔2016〕12号\n关于印发《云台县全民科学素质行动计划纲要实施方案（2016—2020年）》的通知\n"
        "云台县科学技术协会　云台县教育局　云台县财政局\n2016年9月1日\n"
        "云台县全民科学素质行动计划纲要实施方案\n"
    )
    assert plan.issuer == "云台县科学技术协会 云台县教育局 云台县财政局"
    assert (plan.start_year, plan.end_year) == (2016, 2020)


def test_a_five_year_plan_named_beside_it_lends_no_years() -> None:
    plan = _parse("云台县全民科学素质实施方案\n结合我县“十三五”规划，制定本方案。")
    assert plan.start_year is None


def test_a_signature_below_the_whole_text_is_found() -> None:
    plan = _parse(
        "附件\n云台县实施方案（2021—2025年）\n（征求意见稿）", "云台县人民政府\n2022年3月1日\n"
    )
    assert plan.title == "云台县实施方案（2021—2025年）（征求意见稿）"
    assert (plan.issuer, plan.issued_on) == ("云台县人民政府", date(2022, 3, 1))


def test_the_years_of_the_outline_in_the_name_are_not_the_plans() -> None:
    plan = _parse(
        "现将《云台省贯彻〈全民科学素质行动规划纲要（2021—2035年）〉实施方案》印发给你们。\n"
        "云台省贯彻《全民科学素质行动规划纲要（2021—2035年）》实施方案\n"
        "为深入推进我省“十四五”时期全民科学素质建设，制定本方案。"
    )
    assert (plan.start_year, plan.end_year) == (2021, 2025)


def test_two_plans_of_one_notice_share_its_number_date_and_recipients() -> None:
    first, second = parse_text(
        "云政办〔2016〕9号\n各乡镇人民政府：\n现将两个方案印发给你们。\n云台县人民政府办公室\n"
        f"2016年9月1日\n云台县全民科学素质实施方案（2016—2020年）{BODY}"
        f"云台县科普示范工作方案（2017—2019年）{BODY}"
    )
    assert (second.start_year, second.document_number) == (2017, "云政办〔2016〕9号")
    assert second.recipients == first.recipients != ()
    assert second.text[slice(*second.header_spans["title"])] == second.title
    assert second.text[slice(*second.header_spans["issuer"])] == second.issuer


def test_a_preamble_in_the_paragraph_of_the_title_is_cut_off() -> None:
    plan = _parse(
        "北屯县全民科学素质提升行动实施方案（2022—2025年）为提升公民科学素质，制定本方案。"
    )
    assert plan.title == "北屯县全民科学素质提升行动实施方案（2022—2025年）"
    assert (plan.region, plan.end_year) == ("北屯县", 2025)


def test_a_signature_below_the_title_is_no_part_of_it() -> None:
    plan = _parse("云台县2022年全民科学素质工作计划\n云台县科学技术协会　2022年2月28日")
    assert plan.title == "云台县2022年全民科学素质工作计划"
    assert (plan.issuer, plan.issued_on) == ("云台县科学技术协会", date(2022, 2, 28))
