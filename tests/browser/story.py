"""What the walk is about: a small plan written for it, its people, and what they write."""

CITY = "云泽市"
PASSWORD = "a-password-for-the-walk"
OWN_PASSWORD = "chosen-at-the-first-log-in"
PEOPLE = {"office-1": "office", "office-2": "office", "leader": "leader", "admin": "admin"}
SEED = """
from departments.models import User
from departments.services import appoint, region_named
region = region_named({city!r})
for username, role in {people!r}.items():
    person = User.objects.create_user(username, password={password!r}, name=username)
    appoint(person, role, region=region)
"""
TITLE = "{city}全民科学素质行动规划纲要实施方案（{year}—{last}年）"
PLAN = """{city}人民政府办公室关于印发《{title}》的通知
云泽政办发〔{year}〕7号
各县（市、区）人民政府，市政府各部门：
现将《{title}》印发给你们，请认真组织实施。
{city}人民政府办公室
{before}年12月20日
{city}全民科学素质行动规划纲要实施方案
（{year}—{last}年）
为落实全民科学素质行动规划纲要，结合我市实际，制定本方案。
一、目标任务
到{last}年，全市公民具备科学素质的比例超过18%。全市人均科普专项经费每年不低于1元。
二、重点任务
（一）青少年科学素质提升行动
1.开好科学课程。小学和初中开齐科学课，每校配一名专职科学教师。（市教育局牵头，市财政局按职责分工负责）
2.办好校外科技活动。每个县（市、区）建一处校外科技活动场所。（市教育局、市科协按职责分工负责）
（二）科普服务能力提升工程
1.用好流动科普馆。流动科普馆每年走进不少于30个乡镇。（市科协牵头，市财政局配合）
2.壮大科普志愿者队伍。每个社区有一支科普志愿者队伍。（市科协、市教育局、市财政局等相关部门按职责分工负责）
三、实施步骤
（一）启动阶段（{year}年1月—6月）。制定工作计划。
（二）实施阶段（{year}年7月—{last}年6月）。全面落实各项任务。
（三）总结阶段（{last}年7月—12月）。开展总结评估。
"""
COURSES, OUTDOORS, VOLUNTEERS = "开好科学课程", "办好校外科技活动", "壮大科普志愿者队伍"
# Duties of the plan that name no unit of the city: the office drops them.
OTHER_DUTIES = {
    "流动科普馆每年走进": "与措施“用好流动科普馆”重复。",
    "开展总结评估": "总结阶段再做。",
}
PERCENT = "64"
FIRST_TEXT = "全市学校开齐了科学课。"
REASON = "请写明配齐专职教师的学校数。"
MENDED = "全市学校开齐了科学课，212所学校配齐了专职科学教师。"
NEXT = "下半年补齐农村学校的缺口。"
UNCHECKED = "这一段还没有核对，不该进入报告。"
PART = "安排了科学课程专项经费。"
PDF = b"%PDF-1.4\nminutes of a course\n%%EOF\n"
