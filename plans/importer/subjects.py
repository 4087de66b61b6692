"""Name what a target counts: the known indicators, and codes for all others.

A code is made of the words of the printed subject, by the table below; what the table does not
know adds a short checksum, so that two different things never share a code and the same words
always do. `notations.py` holds how things are printed, this file what they are called.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from plans.importer.model import TargetKind
from plans.importer.values import COUNTIES, MONEY, PERCENT, TIME, TOWNS, VILLAGES


@dataclass(frozen=True, slots=True)
class Subject:
    """Name an indicator by the words that stand before its value."""

    indicator: str
    pattern: re.Pattern[str]
    kind: TargetKind
    units: re.Pattern[str]


_PUBLIC = r"(?:公民|居民|全民|人口|群众|市民|人员)"
LITERACY = Subject(
    "literacy_ratio",
    re.compile(
        r"(?<!基本)具备(?:基本)?(?:的)?科学(?:文化)?素[质养](?:的)?(?:公民|居民|人口|人员|群体)?(?:的)?(?:数量)?(?:占[^，。；]{0,8})?"
        r"(?:比例|比率|占比|比重|达标率|率|水平)"
        rf"|具备(?:基本)?科学素[质养]的?{_PUBLIC}(?=达|超|突)"
        rf"|{_PUBLIC}(?:具备|基本)?(?:基本)?科学(?:文化)?素[质养](?:的)?(?:整体|总体)?"
        r"(?:比例|比率|水平|达标率|达标比例|达标|占比|率|(?=达到|达|超过|提[高升]))"
        r"|(?:整体|总体)?科学素[质养](?:达标率|比例|水平)"
        rf"|{_PUBLIC}具备科学素[质养](?=达|超|突)"
    ),
    "survey",
    re.compile(r"%"),
)
_FUNDS = r"(?:经费|投入|资金|费用)"
FUNDING = Subject(
    "funding_per_capita",
    re.compile(
        rf"人均(?:年|每年)?(?:的)?(?:财政)?(?:拨付|安排)?(?:年度)?科普[^，。；]{{0,8}}{_FUNDS}"
        rf"|科普[^，。；]{{0,12}}{_FUNDS}[^，。；]{{0,24}}(?:人均|每人)"
        rf"|科普[^，。；]{{0,12}}{_FUNDS}[^。；]{{0,30}}(?:按|人均|每人|常住人口|人头)"
        r"|(?:人均|每人)(?:每年)?[^，。；]{0,8}(?=\d[^，。；]{0,16}科普)"
        rf"|{_FUNDS}[^，。；]{{0,6}}人均"
    ),
    "level",
    re.compile(r"[角元]"),
)
SUBJECTS = (LITERACY, FUNDING)
BASIC_LITERACY = re.compile(r"基本具备科学素[质养]")
# Groups of people have a literacy ratio of their own.
GROUPS: tuple[tuple[str, str], ...] = (
    (r"领导干部|公务员", "officials"),
    (r"农民|农村居民|农牧民|乡村居民", "farmers"),
    (r"产业工人|城镇劳动者|职工", "workers"),
    (r"老年人", "elderly"),
    (r"青少年|学生|未成年人", "youth"),
    (r"社区居民|城镇居民|城市居民", "urban"),
    (r"女性|妇女", "women"),
    (r"男性", "men"),
)
HEALTH_LITERACY = re.compile(r"健康素养(?:水平|比例|达标率)?")

# Words of a subject and how a code writes them; the longest word at each place wins.
WORDS: dict[str, str] = {
    "科普": "science", "科学普及": "science", "科学技术普及": "science", "科学": "science",
    "科技": "tech", "科学技术": "tech", "科学素质": "literacy", "科学素养": "literacy",
    "示范": "demo", "教育": "education", "基地": "base", "社区": "community", "行政村": "village",
    "村": "village", "乡村": "rural", "农村": "rural", "街道": "subdistrict", "乡镇": "town",
    "镇": "town", "县": "county", "区": "district", "区县": "county", "企业": "company",
    "学校": "school", "中小学": "school", "中小学校": "school", "小学": "primary_school",
    "中学": "middle_school", "高校": "university", "高等院校": "university", "院校": "college",
    "幼儿园": "kindergarten", "农技协": "farm_association", "协会": "association",
    "农村专业技术协会": "farm_association", "学会": "society", "科协": "cast", "家庭": "family",
    "科技馆": "science_museum", "科学馆": "science_museum", "科学中心": "science_museum",
    "科普馆": "science_hall", "体验馆": "experience_hall", "博物馆": "museum", "场馆": "venue",
    "科普场馆": "science_venue", "流动科技馆": "mobile_museum", "科普大篷车": "science_van",
    "大篷车": "science_van", "画廊": "gallery", "宣传栏": "board", "展板": "panel",
    "橱窗": "window", "活动室": "room", "活动站": "station", "站": "station",
    "服务站": "service_station", "工作站": "workstation", "中心": "center", "大学": "college",
    "广场": "square", "公园": "park", "长廊": "gallery", "图书角": "book_corner",
    "图书室": "library", "图书馆": "library", "农家书屋": "rural_library", "电子屏": "screen",
    "显示屏": "screen", "e站": "e_station", "公众号": "account", "微信": "wechat", "微博": "weibo",
    "网站": "website", "平台": "platform", "栏目": "column", "专栏": "column", "节目": "programme",
    "频道": "channel", "作品": "work", "图书": "book", "读物": "book", "教材": "textbook",
    "资料": "material", "挂图": "poster", "视频": "video", "短视频": "video", "讲座": "lecture",
    "报告": "talk", "培训": "training", "培训班": "training_class", "活动": "activity",
    "竞赛": "contest", "大赛": "contest", "人员": "staff", "人才": "talent", "工作者": "worker",
    "专职": "full_time", "兼职": "part_time", "志愿者": "volunteer", "志愿服务": "volunteer",
    "宣传员": "communicator", "信息员": "informant", "辅导员": "instructor", "教师": "teacher",
    "专家": "expert", "讲师": "lecturer", "带头人": "leader", "示范户": "demo_household",
    "农户": "household", "农民": "farmer", "新型职业农民": "professional_farmer",
    "高素质农民": "skilled_farmer", "职业": "vocational", "青年": "youth", "青少年": "youth",
    "学生": "student", "妇女": "women", "老年人": "elderly", "职工": "worker",
    "产业工人": "industrial_worker", "劳动者": "worker", "公务员": "official",
    "领导干部": "official", "干部": "cadre", "居民": "resident", "公众": "public",
    "公民": "citizen", "农民工": "migrant_worker", "技能": "skill", "高技能人才": "skilled_worker",
    "志愿": "volunteer", "队伍": "team", "团队": "team", "服务队": "service_team",
    "工作室": "studio", "组织": "body", "国家级": "national", "国家": "national",
    "全国": "national", "省级": "provincial", "自治区级": "regional", "省": "provincial",
    "市级": "municipal", "县级": "county", "区级": "district", "镇级": "town", "村级": "village",
    "覆盖率": "coverage", "覆盖": "coverage", "普及率": "coverage", "知晓率": "awareness",
    "参与率": "participation", "满意度": "satisfaction", "满意率": "satisfaction",
    "参训率": "attendance", "合格率": "pass_rate", "开课率": "course_rate",
    "开设率": "course_rate", "达标率": "pass_rate", "入户率": "coverage", "占比": "share",
    "每万人": "per_10k", "万人": "per_10k", "每百万": "per_million", "人均": "per_capita",
    "经费": "funding", "专项经费": "funding", "投入": "funding", "资金": "funding", "面积": "area",
    "建筑面积": "floor_area", "展厅": "hall", "展览": "exhibition", "参观": "visit",
    "观众": "visitor", "服务": "service", "受益": "beneficiary", "浏览量": "views",
    "阅读量": "views", "传播量": "views", "点击量": "views", "课程": "course",
    "科学课": "science_course", "实验室": "laboratory", "院士": "academician",
    "创新": "innovation", "新增": "new", "新建": "new", "净增": "new", "增长": "growth",
    "递增": "growth", "提高": "increase", "提升": "increase", "信息化": "digital",
    "数字": "digital", "网络": "network", "媒体": "media", "应急": "emergency", "健康": "health",
    "卫生": "health", "气象": "weather", "地震": "earthquake", "防震减灾": "disaster",
    "环保": "environment", "生态": "ecology", "农业": "farming", "林业": "forestry",
    "安全": "safety", "设施": "facility", "校园": "campus", "特色": "special",
    "优秀": "outstanding", "先进": "advanced", "项目": "project", "试点": "pilot",
    "产业": "industry", "产品": "product", "旅游": "tourism", "线路": "route", "馆": "hall",
    "所": "institute", "室": "room", "点": "point", "科普日": "science_day",
    "科技周": "science_week", "活动周": "week", "年度": "year", "校": "school",
    "专业": "professional", "户": "household", "技术": "technology", "人": "person",
    "园区": "park", "中职": "vocational_school",
}  # fmt: skip
_TOKEN = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
# What a code leaves out: verbs of making, whose place it is, and words of measure.
_EMPTY = re.compile(
    r"建成|建设|新设|创建|建立|设立|组建|打造|培育|培养|发展|举办|开展|组织|完成|实现|达到|达|力争|争取|"
    r"确保|保证|推动|推进|使|让|将|努力|不断|逐步|基本|累计|共计|共|每年|全年|年均|注册|总人数|总数|总量|数量|"
    r"人数|人次|规模|比例|比率|全市|全省|全县|全区|全镇|全州|[我本][省市县区州镇]|辖区|[各每]个?|的|以上|左右|"
    r"区域内|平均|至少|有|了|在|为|到|年|所有|全部|普遍|面向|对|等|各类|各级|其中|成为|认定|命名|评选|选树|编印|"
    r"编写|制作|发放|建|不少于|不低于|超过|扶持|支持|争创|和|与|及|、|并|新|配备|拥有|安排|专项|接待|兴办|实用|中|其中"
)


def known_subject(words: str) -> Subject | None:
    """Return the known indicator that these words name last."""
    return next((s for s in SUBJECTS if s.pattern.search(words)), None)


def literacy_code(words: str) -> str:
    """Tell the ratio of all citizens from that of one group, and from 基本具备 (≥ 55 points)."""
    if BASIC_LITERACY.search(words):
        return "basic_literacy_ratio"
    group = next((name for pattern, name in GROUPS if re.search(pattern, words)), None)
    return f"literacy_ratio_{group}" if group else LITERACY.indicator


# What is covered, by words that any plan may use; the first that fits names the indicator.
COVERAGE_CODES: tuple[tuple[str, str], ...] = (
    (r"科普宣传员", "science_communicator_coverage"),
    (r"校本课程|科学课程", "school_curriculum_coverage"),
    (r"[技学]教育.*(?:中小学|学校)|(?:中小学|学校).*[技学]教育", "school_activity_coverage"),
    (r"流动科技馆|科普大篷车", "mobile_venue_coverage"),
    (r"科普信息化(?:服务)?$|科普中国", "digital_service_coverage"),
    (r"科普志愿者?(?:服务)?(?:队伍|组织)", "volunteer_coverage"),
)
_VENUE = re.compile(r"科普场馆|科技馆|科普馆|科技场馆|科普展馆|科学馆")
_BELOW = re.compile(rf"{TOWNS}|{VILLAGES}|学校|中小学|农村中学|校园|流动")


def coverage_code(label: str, place: str = "") -> str:
    """Name a coverage by what is covered; venues of counties are known, others get a code."""
    if _VENUE.search(label) and not _BELOW.search(place or label):
        counties = re.search(COUNTIES, label) or place
        if counties:
            return "venue_coverage"
    for pattern, code in COVERAGE_CODES:
        if re.search(pattern, label):
            return code
    return made_code(label, "coverage")


def made_code(label: str, suffix: str) -> str:
    """Make a readable code of at most 60 characters for a subject without a known one."""
    bare = bare_label(label)
    words: list[str] = []
    rest: list[str] = []
    at = 0
    for hit in _TOKEN.finditer(bare):
        rest.append(bare[at : hit.start()])
        at = hit.end()
        if WORDS[hit.group()] not in words:
            words.append(WORDS[hit.group()])
    rest.append(bare[at:])
    left = _EMPTY.sub("", "".join(rest))
    left = re.sub(r"[^一-龥A-Za-z0-9]", "", left)
    if words and suffix in words[-1]:
        words.pop()
    parts = [*words[:6], suffix]
    if left or len(words) > 6 or len(parts) == 1:
        parts.append(hashlib.sha256(bare.encode()).hexdigest()[:6])
    code = "_".join(parts)
    if len(code) <= 60:
        return code
    return f"{code[:50].rstrip('_')}_{hashlib.sha256(bare.encode()).hexdigest()[:6]}"


def bare_label(label: str) -> str:
    """Take time, place and the verbs of making off the beginning of a subject."""
    bare = re.sub(r"（[市县区旗州镇乡村街道社、]+）", "", label)
    bare = re.sub(r"[“”（）〈〉《》]", "", bare)
    before = None
    while before != bare:
        before = bare
        bare = TIME.sub("", bare)
        bare = _LEADING.sub("", bare)
    return _TRAILING.sub("", _COMPARED.sub("", _TRAILING.sub("", bare)))


_LEADING = re.compile(
    r"^(?:[，、：；的前底末起]|五年(?:内|累计|来|共|间)?|力争|争取|确保|保证|努力|并|使|让|将|实现|推动|推进|促进|其中|同时|逐步|累计|共计|共|"
    r"不断|继续|大力|积极|加快|全面|达到|每年|全年|年均|保持|要|再|还|也|均|应|在|对|向|为|到|"
    r"全[市省县区镇州旗乡]|[我本][市省县区镇州旗乡]|[市省县区镇州]本级|至少|基本|"
    r"建成|建设|建立|设立|组建|新建(?=.*新建)|创建|创成|打造|培育|培养|发展|举办|开展|组织|完成|命名|认定|评选|选树|"
    r"扶持|支持|编写|编印|制作|发放|安排|配备|拥有|引导|动员|组织实施)+"
)
_COMPARED = re.compile(
    r"(?:比|较)(?:“?十[一二三四]?五”?(?:期?末|期间)?|20\d\d年[底末]?|上年|去年)$"
)
_TRAILING = re.compile(
    r"(?:的|目标|总数|总量|总人数|数量|人数|数|比例|比率|比重|占比|水平|均|都|要|也|已|应|将|并|且|为|是|可|能|累计|分别|"
    r"力争|争取|确保|保证|努力|保持|稳定|不断|逐步|每年|翻一?番|实现零的突破|零的突破|共|共有|拥有|有|不|在|到|实现|达到|规模|分|建成|总|累积)+$"
)


def suffix_of(unit: str) -> str:
    """Return how a code ends for this unit: ratio, yuan, person_times, hours, count."""
    if re.fullmatch(PERCENT, unit):
        return "ratio"
    if re.fullmatch(MONEY, unit):
        return "yuan"
    for pattern, word in _UNIT_WORDS:
        if re.search(pattern, unit):
            return word
    return "count"


_UNIT_WORDS: tuple[tuple[str, str], ...] = (
    (r"人次|人（次）|人/次", "person_times"),
    (r"学时|课时|小时", "hours"),
    (r"分钟", "minutes"),
    (r"平方|㎡|亩", "area"),
    (r"人|名|位", "people"),
    (r"户", "households"),
    (r"[番倍]", "times"),
)
