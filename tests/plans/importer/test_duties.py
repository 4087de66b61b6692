"""Read standing duties: who, how often, until when, and what shows that it was done."""

from __future__ import annotations

from datetime import date

import pytest

from plans.importer import parse_text
from plans.importer.duties import read_duties

Row = tuple[str | None, str | None, date | None, str]


def _read(sentence: str, *, general: bool = True) -> list[Row]:
    found = read_duties(sentence, (0, len(sentence)), general=general)
    return [(duty.who, duty.every, duty.due, duty.proof) for duty in found]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "各成员单位要把科普工作列入年度工作计划。",
            [("各成员单位", "year", None, "年度工作计划")],
        ),
        (
            "各县（市、区）于每年12月底前将工作总结报送市纲要办。",
            [("各县（市、区）", "year", None, "总结报告")],
        ),
        (
            "市政府督查室会同市科协每年组织一次专项督查。",
            [("市政府督查室", "year", None, "督查通报")],
        ),
        (
            "领导小组每年至少召开一次全体会议，每半年召开一次联络员会议。",
            [("领导小组", "year", None, "会议纪要"), ("领导小组", "half_year", None, "会议纪要")],
        ),
        ("市科协负责每两年开展一次公民科学素质调查。", [("市科协", "two_years", None, "调查报告")]),
        ("每三年评选一次科普先进集体。", [(None, "three_years", None, "表彰文件")]),
        ("每五年进行一次全面总结。", [(None, "five_years", None, "总结报告")]),
        ("领导小组办公室按季度通报进展情况。", [("领导小组办公室", "quarter", None, "通报")]),
        ("各镇每月报送工作信息。", [("各镇", "month", None, "报送材料")]),
        ("领导小组办公室定期通报进展。", [("领导小组办公室", "regular", None, "通报")]),
        ("适时开展第三方评估。", [(None, None, None, "评估报告")]),
        ("对成绩突出的单位和个人给予表彰。", [(None, None, None, "表彰文件")]),
        (
            "2018年开展中期评估，2020年底前组织总结评估。",
            [
                (None, None, date(2018, 12, 31), "评估报告"),
                (None, None, date(2020, 12, 31), "评估报告"),
            ],
        ),
        (
            "2016年9月底前，各县（市、区）要制定实施方案并报市科协备案。",
            [("各县（市、区）", None, date(2016, 9, 30), "报送材料")],
        ),
        (
            "2022年6月15日前报送中期总结。",
            [(None, None, date(2022, 6, 15), "总结报告")],
        ),
        (
            "将科普工作纳入各级党委、政府年度目标考核。",
            [(None, "year", None, "考核办法")],
        ),
    ],
)
def test_a_safeguard_names_who_does_what_by_when(sentence: str, expected: list[Row]) -> None:
    assert _read(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "who", "every"),
    [
        ("每镇每年举办科普活动不少于3项。", "每镇", "year"),
        ("每个社区每季度举办科普讲座不少于1次。", "每个社区", "quarter"),
        ("办好35个教学点，每个教学点全年授课不少于20课时。", "每个教学点", "year"),
        ("各学校每学期开展科技活动不少于2次。", "各学校", "term"),
        ("县电视台每周播出科普节目不少于30分钟。", "县电视台", "week"),
        ("每年举办青少年科技创新大赛。", None, "year"),
        ("依托市科技馆，每年组织巡展。", None, "year"),
    ],
)
def test_in_a_measure_only_the_printed_subject_of_the_deed_counts(
    sentence: str, who: str | None, every: str
) -> None:
    assert [(row[0], row[1]) for row in _read(sentence, general=False)] == [(who, every)]


@pytest.mark.parametrize(
    "sentence",
    [
        "科普经费每年递增10%。",
        "确保科普经费每年人均1元。",
        "场馆实行定期或不定期免费开放。",
        "科技馆每周一闭馆。",
        "“十二五”期间，每年举办了科技节。",
        "近年来每年开展科普活动。",
        "推动科技教育进课堂、列入教学计划。",
        "落实《2018年总结报告制度》的要求。",
        "到2020年，建成科技馆。",
        "公民具备科学素质的比例达到10%。",
    ],
)
def test_what_obliges_nobody_is_no_duty(sentence: str) -> None:
    assert _read(sentence) == []


def test_every_duty_quotes_its_sentence() -> None:
    (plan,) = parse_text(
        "一、重点任务\n（一）农民科学素质行动\n1.办好大集。每镇每年不少于3项。（各镇负责）\n"
        "二、保障措施\n（一）监督检查。市科协每年12月底前报送总结。2018年进行中期评估。\n"
    )
    assert [duty.quote for duty in plan.duties] == [
        "每镇每年不少于3项。",
        "市科协每年12月底前报送总结。",
        "2018年进行中期评估。",
    ]
    for duty in plan.duties:
        assert plan.text[slice(*duty.span)] == duty.quote
    assert [duty.due for duty in plan.duties] == [None, None, date(2018, 12, 31)]
