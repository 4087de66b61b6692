"""Read phases in every notation, and no phase out of a lone dated sentence."""

from __future__ import annotations

from datetime import date

import pytest

from plans.importer import parse_text

HEAD = "一、重点任务\n（一）农民科学素质行动\n1.送书下乡。（县农业局负责）\n"
Y16 = (date(2016, 1, 1), date(2016, 12, 31))
Y17 = (date(2017, 1, 1), date(2019, 12, 31))
Y20 = (date(2020, 1, 1), date(2020, 12, 31))


def _phases(text: str) -> list[tuple[str, date, date]]:
    (plan,) = parse_text(HEAD + text)
    return [(phase.name, phase.start, phase.end) for phase in plan.phases]


@pytest.mark.parametrize(
    "text",
    [
        "二、实施步骤\n（一）启动阶段（2016年）。制定方案。\n（二）实施阶段（2017—2019年）。\n"
        "（三）总结阶段（2020年）。\n",
        "二、组织实施\n（一）进度。2016年为启动阶段，2017—2019年为实施阶段，2020年为总结阶段。\n",
        "二、实施步骤\n第一阶段：启动阶段（2016年）。\n第二阶段：实施阶段（2017年至2019年）。\n"
        "第三阶段：总结阶段（2020年）。\n",
        "二、实施步骤\n1.启动阶段：2016年1月—12月。\n2.实施阶段：2017年1月—2019年12月。\n"
        "3.总结阶段：2020年。\n",
    ],
)
def test_phases_with_names(text: str) -> None:
    assert _phases(text) == [("启动阶段", *Y16), ("实施阶段", *Y17), ("总结阶段", *Y20)]


@pytest.mark.parametrize(
    "text",
    [
        "二、组织实施\n（一）进度安排。\n1.启动实施。2016年，制定方案。\n"
        "2.深入实施。2017—2019年，完善机制。\n3.总结评估。2020年，组织督查。\n",
        "二、组织实施\n（一）进度安排。2016年启动实施，2017—2019年深入实施，2020年总结评估。\n",
        "二、实施步骤\n启动实施（2016年）。制定方案。\n深入实施（2017—2019年）。推进各项任务。\n"
        "总结评估（2020年）。全面总结。\n",
    ],
)
def test_phases_told_by_their_neighbours(text: str) -> None:
    assert _phases(text) == [("启动实施", *Y16), ("深入实施", *Y17), ("总结评估", *Y20)]


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("2016年6月—12月", date(2016, 6, 1), date(2016, 12, 31)),
        ("2016年7月至2017年2月", date(2016, 7, 1), date(2017, 2, 28)),
        ("2016年上半年", date(2016, 1, 1), date(2016, 6, 30)),
        ("2016年下半年", date(2016, 7, 1), date(2016, 12, 31)),
        ("2016年第三季度", date(2016, 7, 1), date(2016, 9, 30)),
        ("2016年8月15日—9月30日", date(2016, 8, 15), date(2016, 9, 30)),
        ("2016年8月底", date(2016, 8, 1), date(2016, 8, 31)),
    ],
)
def test_dates_of_a_phase(when: str, start: date, end: date) -> None:
    assert _phases(f"二、实施步骤\n（一）启动阶段（{when}）。制定方案。\n") == [
        ("启动阶段", start, end)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "二、保障措施\n（一）加强领导。2018年，完成一次培训。\n",
        "二、保障措施\n（一）加强评估。2018年开展中期评估，2020年开展总结评估。\n",
        "二、保障措施\n（一）规划衔接。本方案规划期（2016—2020年）与五年规划衔接。\n",
        "二、实施步骤\n（一）启动阶段（2016年13月）。制定方案。\n",
    ],
)
def test_a_date_alone_makes_no_phase(text: str) -> None:
    assert _phases(text) == []
