"""Gather the printed notations as data: markers, labels, verbs, unit endings, section names.

Everything that a new kind of document may need is added here first.
"""

from __future__ import annotations

import re

HAN_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
HAN_ORDINAL = "一二三四五六七八九十"

OPENING = "（([［【"
CLOSING = "）)]］】"
QUOTES = {"《": "》", "〈": "〉", "“": "”", "「": "」"}

# --- Markers at the beginning of a paragraph, highest rank first. Group 1 is the printed number.
(
    CHAPTER,
    SECTION,
    HAN_STOP,
    HAN_BRACKET,
    DIGIT_STOP,
    DIGIT_SUB,
    DIGIT_BRACKET,
    CIRCLED,
    LETTER,
    BULLET,
    LABELLED,
) = range(11)
_HAN_RUN = rf"[{HAN_ORDINAL}]{{1,3}}"
_STOP = r"(?:[、﹑．]|\.(?!\d))"
MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (CHAPTER, re.compile(rf"(第[{HAN_ORDINAL}\d]{{1,3}}(?:章|部分|篇))[、：:　 ]*")),
    (SECTION, re.compile(rf"(第[{HAN_ORDINAL}\d]{{1,3}}节)[、：:　 ]*")),
    # 行动一：… 行动1：… 工程二…工程: they rank just below the heading they stand under.
    (
        LABELLED,
        re.compile(
            rf"((?:重点|主要|专项)?(?:行动|工程|任务|措施|举措)(?:{_HAN_RUN}|\d{{1,2}}))"
            r"(?:[：:、．—]+|\.(?!\d)|(?=[一-龥]{2,30}(?:行动|工程)(?:[。（(：:]|$)))\s*"
        ),
    ),
    (HAN_STOP, re.compile(rf"({_HAN_RUN}){_STOP}\s*")),
    # A second closing bracket is a slip seen in print: （四）)
    (HAN_BRACKET, re.compile(rf"([（(]?{_HAN_RUN}[）)]|[㈠-㈩])[）)]?[、.．]?\s*")),
    # ——1. is a number too.
    (DIGIT_STOP, re.compile(rf"(?:[—─－―–]{{1,4}})?(?:(\d{{1,2}}){_STOP}|([⒈-⒛]))\s*")),
    (
        DIGIT_SUB,
        re.compile(r"(\d{1,2}[.．]\d{1,2})[、.．]?(?![万亿个名元倍米年月日人％%])(?=[一-龥“])"),
    ),
    (DIGIT_BRACKET, re.compile(r"([（(]\d{1,2}[）)]|\d{1,2}[）)]|[⑴-⒇])[、.．]?\s*")),
    (CIRCLED, re.compile(r"([①-⑳❶-❿])[、.．]?\s*")),
    (LETTER, re.compile(r"([（(][a-zA-Z][）)]|[a-zA-Z][.．、)）])(?=[一-龥“])")),
    # ？？ is what some PDF files make of ——; the last range is what symbol fonts leave behind.
    (
        BULLET,
        re.compile(
            r"()(?:[—─－―–]{2,}|--+|[？?]{2}|[•●■◆▪◇○★☆※·▲△►▶▷◎□➢➤✓√♦❖⚫]|[\uf06c-\uf0fe]|"
            r"\*+(?=[一-龥“])|[—─－―–-](?=[一-龥“]))\s*"
        ),
    ),
)
MARK = dict(MARKERS)
# A box of projects beside the text: its items are no measures.
BOX = re.compile(rf"[【\[]?专栏(?:\d{{1,2}}|{_HAN_RUN})?[】\]：:、]?")
# 一是…；二是… and 第一，…。第二，…: measures in prose, where nothing else divides an action.
PROSE_ORDINAL = re.compile(
    rf"(?P<is>(?:[{HAN_ORDINAL}]|十[{HAN_ORDINAL}])是(?:要)?)|(?P<th>第[{HAN_ORDINAL}])[，,、]|"
    rf"(?P<order>首先|其次|再次|最后)[，,]"
)

# --- Labels that open a part of an action.
GOAL_LABEL = re.compile(
    r"(?:主要|工作|重点|总体|具体|行动|建设)?(?:任务|目标|目标任务|任务目标|工作内容|内容)[：:。]?$"
)
# 重点任务 beside 工作目标 holds the measures where no 措施 is printed.
TASK_LABEL = re.compile(r"(?:主要|工作|重点|具体|行动|建设)?(?:任务|工作内容|内容)[：:。]?$")
MEASURE_LABEL = re.compile(
    r"(?:主要|重点|工作|具体|实施|推进|保障)?(?:措施|举措|任务措施|任务和措施|任务与措施)[：:。]?$"
)
PART_LABEL = re.compile(
    r"((?:主要|工作|重点|总体|具体|实施|行动)?"
    r"(?:目标任务|任务目标|任务措施|任务[和与]措施|任务|目标|措施|举措))[：:]"
)
DIVISION_LABEL = re.compile(r"(?:任务|责任|职责|工作|部门|单位)?分工[：:]")
# A caption of its own, with the units on the lines below it.
UNITS_CAPTION = re.compile(
    r"(?:(?:任务|责任|职责|工作|部门|单位)?分工(?:负责)?|(?P<lead>牵头|主办)?(?P<help>配合|协办|参与|参加)?"
    r"(?:责任|负责|承办)?(?:单位|部门))[。：:]?"
)

# --- Labelled fields: 牵头单位：A　配合单位：B
_BODY = r"(?:单位|部门|科室|处室|主体)"
FIELD_ROLES: tuple[tuple[str, str | None], ...] = (
    (rf"(?:牵头|主办|主管|总牵头|牵头责任|牵头负责|主要负责){_BODY}", "lead"),
    (rf"(?:配合|协办|协助|参与|参加|协作|协同|支持|配合责任|协同配合){_BODY}", "cooperate"),
    (rf"(?:主要责任|责任|负责|承办|实施|落实|完成|执行|成员){_BODY}", "responsible"),
    (r"(?:完成|办结|办理|实施)?(?:时限|期限|时间|日期)|时间节点|(?:责任|联系)人", None),
)
FIELD_LABEL = re.compile("|".join(f"(?P<f{i}>{p})" for i, (p, _) in enumerate(FIELD_ROLES)))
FIELD = re.compile(rf"(?:{FIELD_LABEL.pattern})[：:]")
FIELD_START = re.compile(rf"[—·•]*(?:{FIELD_LABEL.pattern})[：:]")

# --- Verbs in prose: 由A牵头，B配合
_MANNER = (
    r"(?:(?:按照?|依照?|依据|根据|结合)?(?:各自|本部门|部门|单位|工作)?的?职[责能]"
    r"(?:范围内?)?(?:和?任务)?(?:分工)?|按照?(?:任务)?分工|共同|分别|联合|具体|各自|"
    r"密切|积极|主动|协同|等)*"
)
ROLE_VERB = re.compile(
    rf"(?P<manner>{_MANNER})"
    r"(?:(?P<lead>牵头)|(?P<cooperate>配合|参与|参加|协助|协办|支持)"
    r"|(?P<responsible>负责|各负其责|承担|落实|组织实施))"
    r"(?:负责|组织|协调|实施|落实|推进|抓好|完成|工作|做好|组织实施)*"
)
JOINTLY = re.compile(r"牵头会同|会同")

# --- Units.
UNIT_ENDINGS = (
    "局|委|办|厅|部|署|会|协|联|院|府|台|站|社|校|馆|所|队|团|处|司|行|室|组|"
    "单位|部门|街道|街道办|中心|大学|学院|集团|公司|支队|基地|区县|县区|成员|镇|乡|企业|"
    "机构|媒体|高校|院校|政府|党校|银行|电视台|报社|分院|法院|检察院"
)
UNIT_LIKE = re.compile(rf".*(?:{UNIT_ENDINGS})(?:[（(][^（）()]*[）)])?$")
GROUP_LIKE = re.compile(r"(?:各|相关|有关|其他).*|.*(?:成员单位|[市县区]（[市、区县州旗]+）.*)")
# 和 divides two units only between a finished name and a new beginning: 市教育局和市科协
JOINED_UNITS = re.compile(
    r"(?<=[局厅协联办部院馆台会委府心校学])(?:以及|及|和|与|暨)(?=[市省区县州盟旗团国各]|中国|共青团|有关|相关)"
)
# 各市、县（市、区）人民政府 and 各镇、街道 are one group each; 各县、市教育局 are two units.
_PLACES = r"(?:市|州|盟|县|区|旗|镇|乡|街道)"
GROUP_RUN = re.compile(
    rf"各{_PLACES}、(?={_PLACES}(?:[（(][^（）()]*[）)])?(?:人民政府|政府|党委|办事处|管委会)?"
    r"(?:[、，,；;。等按]|\s|$|牵头|配合|负责|参与))"
)
OPEN_TAIL = re.compile(r"等(?P<group>(?:各|其他|其它)?(?:相关|有关).{0,12})$")
COUNTED_TAIL = re.compile(r"等\d+(?:个|家)(?:部门|单位|成员单位|部门和单位)?$")
PLAIN_TAIL = re.compile(r"等(?:部门和单位|单位和部门|各?单位|各?部门|成员单位)?$")

# Some plans say once that the unit printed first leads.
FIRST_LEADS = re.compile(
    r"(?:排|列|排名|位列)在?(?:第一位?|首位|最前)[^。；]{0,10}(?:为|是)牵头(?:单位|部门)?"
)

# --- Sections.
ACTION_TITLE = re.compile(r".{2,}(?:行动|工程)(?:计划)?$")
GENERIC_TITLE = re.compile(
    r"(?:(?:实施|开展|推进|抓好|突出)?(?:重点|主要|提升|科学素质提升|专项|重大|"
    r"[一二三四五六七八九十两\d]+(?:大|项|个)?)(?:重点|提升|主题|专项)?(?:行动|工程|任务)"
    r"(?:和(?:重点)?(?:行动|工程))?)$"
)
PROJECT_TITLE = re.compile(r"工程(?:计划)?$")
LONGEST_TITLE = 60
# Both national outlines call the actions for groups of people so; measures never bear the name.
CANONICAL_TITLE = re.compile(r"科学素质(?:提升|建设)?行动$")
ACTION_LABEL = re.compile(r".{0,2}(?:行动|工程|任务)[一二三四五六七八九十\d]+$")
PROJECT_LABEL = re.compile(r".{0,2}工程[一二三四五六七八九十\d]+$")
SAFEGUARD_SECTION = re.compile(
    r"保障|组织实施|组织领导|工作要求|实施机制|工作机制|有关要求|组织管理|"
    r"监督检查|督导|考核|监测评估|组织机构|领导机构|提高认识|统一思想|加强领导|^加强宣传"
)
GOAL_SECTION = re.compile(
    r"目标|指导(?:思想|方针)|总体(?:要求|思路|部署)|(?:基本|工作)原则|意义|背景|(?:工作|发展|现实)基础|形势|前言|现状|成效|"
    r"回顾|工作总结|工作情况|存在(?:的)?(?:主要)?问题|总则|适用范围"
)
PHASE_SECTION = re.compile(r"步骤|阶段|进度|时间安排|实施期限|推进计划")
# Who has which office: no task of the plan.
DUTY_SECTION = re.compile(
    r"^(?:.{0,6}(?:部门|单位))?(?:工作|主要)?职责(?:分工|任务)?$|^(?:责任|部门|单位|工作)分工$|附则|^解释"
)
# A stage that stands as an item, often under a heading such as 组织实施.
PHASE_TITLE = re.compile(r"^[一-龥“”]{0,12}阶段(?:[（(：:]|$)")
TASK_SECTION = re.compile(r"任务|行动|工程|措施|工作(?:内容|重点|安排)|重点工作|主要工作|举措")
# A section without any of those words is a task when it says what will be done.
TASK_VERB = re.compile(
    r"(?:实施|开展|加强|推进|推动|提升|提高|强化|聚焦|围绕|深化|优化|着力|突出|夯实|完善|抓好|构建|健全|打造|"
    r"广泛|积极|大力|深入|全面|加快|做好|培育|弘扬|促进|建设|建立|扎实|切实|持续|精心|搭建|丰富|扩大|发展|办好)"
)

# --- Signs of damage that a person should look at.
OCR_SUSPECT = re.compile(r"力口[强大快速]|己经|曰常|末来|目标仟务")

DOCUMENT_NUMBER = re.compile(
    r"(?P<word>[一-龥]{2,12})[〔\[﹝［（(【](?P<year>(?:19|20)\d\d)[〕\]﹞］）)】]第?(?P<no>\d{1,4})号"
)
DATE = re.compile(r"(?P<y>(?:19|20)\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})日")
HAN_DATE = re.compile(
    r"(?P<y>[二〇○零一三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,2})月"
    r"(?P<d>[一二三四五六七八九十]{1,3})日"
)
YEAR_RANGE = re.compile(r"((?:19|20)\d\d)年?\s*(?:[—－–─―~～-]{1,2}|至|到)\s*((?:19|20)\d\d)")
FIVE_YEARS = re.compile(
    rf"[“\"]?(十[{HAN_ORDINAL}]?)五[”\"]?(?=规划|时期|期间|期末|末)|[“\"](十[{HAN_ORDINAL}]?)五[”\"]"
)
ISSUER_LINE = re.compile(
    r"[一-龥（）()]{2,30}(?:人民政府(?:办公[厅室])?|政府办公[厅室]|领导小组(?:办公室)?|科学技术协会|"
    r"委员会(?:办公[厅室])?|委办公[厅室]|管委会(?:办公室)?|办公[厅室]|科协|局|联席会议(?:办公室)?)"
)
PLAN_WORD = re.compile(
    r"实施方案|行动方案|工作方案|实施意见|行动计划|工作要点|规划纲要|规划|方案|要点"
)


def han_number(text: str) -> int | None:
    """Read a Chinese or Arabic whole number below ten thousand; return None when it is none."""
    if text.isdecimal():
        return int(text)
    if text and all(c in HAN_DIGITS for c in text):
        return int("".join(str(HAN_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for char in text:
        if char in HAN_DIGITS:
            digit = HAN_DIGITS[char]
        elif char in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        else:
            return None
    return total + digit if text else None


def five_year_span(name: str) -> tuple[int, int] | None:
    """Return the years of a numbered five-year plan: 十三 → (2016, 2020)."""
    count = han_number(name)
    if count is None or not 1 <= count <= 30:
        return None
    return 1951 + 5 * count, 1955 + 5 * count
