"""A draft of city A that waits for its office."""

from __future__ import annotations  # loaded before Django has its models

from typing import TYPE_CHECKING

import pytest

from tests.cast import Cast

if TYPE_CHECKING:
    from plans.models import Draft

TEXT = """子市全民科学素质行动规划纲要实施方案（2026—2030年）
一、目标任务
到2030年，全市公民具备科学素质的比例达到20%。
二、重点任务
（一）农民科学素质提升行动
1.送科技下乡。组建专家服务队。每年开展活动不少于3次。（市科协、市农业农村局负责）
2.培训高素质农民。办好田间学校。（市农业农村局牵头，市科协配合）
（二）产业工人科学素质提升行动
1.开展技能竞赛。（市总工会负责）
三、保障措施
（一）加强督查。每两年进行一次总结。
四、实施步骤
（一）启动阶段（2026年1月—2026年6月）。部署工作。
"""


@pytest.fixture
def draft(cast: Cast) -> Draft:
    from plans.services.imports import open_document

    (one,) = open_document("d.txt", TEXT.encode(), TEXT, by=cast.office, home=cast.city_a)
    return one
