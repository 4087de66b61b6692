"""A document that waits for its check, so that a visitor sees the page where that is done.

Invented for the demo, as all that happens in it: a year's list of tasks with what such lists leave
to a person, units that are not known yet and one that is only like a known one.
"""

from typing import Any

from departments.models import Region
from plans.services.imports import open_document

NAME = "演示：年度工作要点.txt"
TEXT = """{city}{year}年全民科学素质工作要点
为做好{year}年全民科学素质工作，制定本要点。
一、青少年科学素质行动
1.办好青少年科技节。每年举办不少于2次科技节，每校组建1支科技小队。（市教育体育局牵头，市科协、团市委配合）
2.开放校外科技场馆。组织学校走进场馆，为学生提供免费讲解。（市科协、市文化广电新闻出版局等相关部门负责）
二、农民科学素质行动
3.开展科技下乡。组织专家服务队到田间地头，全年服务农民不少于2万人次。（市农业局牵头，市科技局、市妇联配合）
三、社区居民科学素质行动
4.建设社区科普馆。到{year}年底，全市社区科普馆达到60个。（市民政局、市科协按职责分工负责）
5.开展健康科普。医务人员进社区讲健康知识。（市卫生计生委负责）
四、保障措施
6.加强督查。市科协每季度通报一次进展，年底进行总结。
"""


def enter(city: Region, year: int, office: Any) -> None:
    """Open the document as a draft of the city's office."""
    text = TEXT.format(city=city.name, year=year)
    open_document(NAME, text.encode(), text, by=office, home=city)
