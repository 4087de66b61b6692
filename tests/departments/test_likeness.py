"""Which names are offered as perhaps one unit, and which never: two tables."""

import pytest

from departments.likeness import NEAR, likeness

NEAR_PAIRS = """
教育局 教体局|教委 教育局|体育局 教体局
文化局 文化旅游局|旅游局 文化和旅游局|体育局 文体局|文化局 文体局
新闻出版局 文广新局|新闻出版广电局 文广新局|农业局 农业农村局|农业局 农委|卫生局 卫生计生委
卫生计生委 卫生健康委|卫生健康委 卫生健康局|环保局 生态环境局|科技局 科委|科技局 科工信局
工业和信息化局 科工信局|经济和信息化委 经信局|经济和信息化委 工业和信息化局|发展改革委 发改局
民委 民族宗教事务局|住房城乡建设局 住建委|水利局 水利与渔业局|水利局 水务局|林业局 林业和草原局
安监局 应急管理局|工商局 市场监督管理局|国土资源局 自然资源和规划局|自然资源局 自然资源和规划局
文化广电新闻出版局 文化和旅游局|旅游发展委 旅游局|扶贫办 乡村振兴局|商务局 商务委
城市管理局 城市管理行政执法局|广播电视台 电视台|人力资源社会保障局 人力资杀社会保障局
山东理工大学 山东理大学|人事局 人力资源社会保障局|劳动和社会保障局 人社局
建设局 住建局|计生委 卫生计生委
"""
OTHER_PAIRS = """
教育局 体育局|科协 科技局|农业局 林业局|财政局 民政局|民政局 民委|总工会 工信局
妇联 残联|文联 妇联
社科联 社科院|农科院 农业局
组织部 宣传部|公安局 公安局交警支队|统计局 审计局|气象局 地震局|水利局 林业局
环保局 安监局
人社局 卫生健康委|卫生健康委 医保局|商务局 财政局|国土局 国资委|规划局 国土局|团委 党校
山东理工大学 山东大学|吉林大学 吉林农业大学|长春大学 长春师范大学|文旅局 文联|科技局 科技馆
广播电视局 广播电视台|交通局 交警支队|农业局 农机局|教育局 教育工委|党校 高校工委|城管局 规划局
中国电信某分公司 中国移动某分公司|第一人民医院 第二人民医院|食品药品监管局 安监局|科协 老科协
民宗局 民政局|司法局 公安局|粮食局 财政局|住建局 自然资源局|工商局 工商联|委 政府
某某日报社 某某广播电视台|科技局 全民科学素质工作领导小组办公室|农业局 组织部会同农业局
省直属机关教育局 省直属机关体育局
"""


def pairs(table: str) -> list[list[str]]:
    return [pair.split() for pair in table.replace("\n", "|").split("|") if pair]


@pytest.mark.parametrize(("one", "other"), pairs(NEAR_PAIRS))
def test_a_name_that_may_mean_the_other_is_offered(one: str, other: str) -> None:
    assert NEAR <= likeness(one, other) < 100
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(OTHER_PAIRS))
def test_a_unit_that_is_surely_another_is_not_offered(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one) == 0


def test_the_tables_are_as_long_as_promised() -> None:
    assert len(pairs(NEAR_PAIRS)) >= 25
    assert len(pairs(OTHER_PAIRS)) >= 25


def test_two_spellings_of_one_unit_are_alike_altogether() -> None:
    assert likeness("卫生和计划生育委员会", "卫计委") == 100
