"""What the story of the cast tells of: its days, its documents, its places and people."""

import datetime as dt
from zoneinfo import ZoneInfo

NOW = dt.datetime(2024, 7, 10, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
APRIL = dt.datetime(2024, 4, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))

PLAN_A = """子市人民政府办公室
关于印发子市全民科学素质行动实施方案（2021—2025年）的通知
子政办发〔2021〕12号
各县（市、区）人民政府，市政府各部门：
《子市全民科学素质行动实施方案（2021—2025年）》已经市政府同意，现印发给你们，请认真贯彻执行。
2021年9月10日
子市全民科学素质行动实施方案（2021—2025年）
一、总体目标
到2025年，全市公民具备科学素质的比例达到14%。人均科普专项经费不低于2元。实现科普场馆县（市、区）全覆盖。
二、重点任务
（一）青少年科学素质提升行动
1.办好科学课。配齐科学教师，开足实验课时。（市教育局牵头，市财政局负责，各成员单位配合）
2.丰富课后服务。引导场馆与学校结对。（市教育局负责）
（二）基层科普能力提升工程
1.建设社区科普馆。用好现有场地。（市科协牵头，市教育局负责）
2.保障科普经费。（市财政局、市教育局按职责分工负责）
三、保障措施
（一）加强组织领导。各成员单位每年向市领导小组报送一次工作总结。
四、实施步骤
（一）启动阶段（2021年9月—2021年12月）。部署工作。
（二）实施阶段（2022年1月—2025年6月）。深入推进。
（三）总结评估阶段（2025年7月—2025年12月）。开展评估。
"""
PLAN_B = """丑市全民科学素质行动实施方案（2021—2025年）
一、总体目标
到2025年，全市公民具备科学素质的比例达到12%。
二、重点任务
（一）农民科学素质提升行动
1.送科技下乡。组建专家服务队。（市教育局负责）
"""
# Not yet confirmed: two actions, three measures, a target, a duty, a unit that is in doubt.
PLAN_C = """子市全民科学素质行动实施方案（2026—2030年）
一、工作目标
到2030年，全市公民具备科学素质的比例超过18%。
二、重点任务
（一）青少年科学素质提升行动
1.办好科学课。配齐科学教师。建设实验室。每年举办不少于2次科技节。（市教育局牵头，市教体局配合）
2.丰富课后服务。引导场馆与学校结对。（市教育局、市文化局等相关部门负责）
（二）老年人科学素质提升行动
1.普及智能技术。（市民政局负责）
三、保障措施
（一）加强组织领导。市科协每年通报一次进展。
"""
PDF = b"%PDF-1.4\n%%EOF\n"
REGIONS = (  # name in the cast, code, name, level, parent
    ("nation", "100000", "全国", "nation", None),
    ("province", "980000", "申省", "province", "nation"),
    ("city_a", "980100", "子市", "city", "province"),
    ("city_b", "980200", "丑市", "city", "province"),
    ("county_a1", "980101", "子东县", "county", "city_a"),
    ("county_a2", "980102", "子西县", "county", "city_a"),
)
PEOPLE = (  # name in the cast (and log-in), the person's name, role, place
    ("office", "甲", "office", "city_a"),
    ("office_2", "乙", "office", "city_a"),
    ("office_b", "丙", "office", "city_b"),
    ("office_province", "丁", "office", "province"),
    ("leader", "戊", "leader", "city_a"),
    ("auditor", "己", "auditor", "city_a"),
    ("security", "庚", "security", "city_a"),
    ("admin", "辛", "admin", "city_a"),
    ("client", "壬", "client", "city_a"),
    ("liaison", "癸", "liaison", "education"),
    ("head", "子", "head", "education"),
    ("liaison_finance", "丑", "liaison", "finance"),
    ("liaison_b", "寅", "liaison", "education_b"),
    ("double", "卯", "liaison", "association"),
)
