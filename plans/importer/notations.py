"""Gather the printed notations as data: markers, labels, verbs, unit endings, section names.

Everything that a new kind of document may need is added here first.
"""

from __future__ import annotations

import re

HAN_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "◯": 0,
    "O": 0,
    "o": 0,
    "Ｏ": 0,
    "0": 0,
    "两": 2,
}
HAN_ORDINAL = "一二三四五六七八九十"

OPENING = "（([［【〔﹝"
CLOSING = "）)]］】〕﹞"
QUOTES = {"《": "》", "〈": "〉", "“": "”", "「": "」"}

# --- Markers at the beginning of a paragraph, highest rank first. Group 1 is the printed number.
(
    CHAPTER,
    SECTION,
    ARTICLE,
    HAN_STOP,
    HAN_BRACKET,
    DIGIT_STOP,
    DIGIT_SUB,
    DIGIT_SUBSUB,
    DIGIT_BRACKET,
    CIRCLED,
    LETTER,
    BULLET,
    LABELLED,
) = range(13)
_HAN_RUN = rf"[{HAN_ORDINAL}]{{1,3}}"
# 1.2023年6月底前… is an item that begins with a year.
_STOP = r"(?:[、﹑．]|\.(?!\d)|\.(?=20\d\d年|\d{1,2}(?:[—－–~-]\d{1,2})?月))"
MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (CHAPTER, re.compile(rf"(第[{HAN_ORDINAL}\d]{{1,3}}(?:章|部分|篇))[、：:　 ]*")),
    (SECTION, re.compile(rf"(第[{HAN_ORDINAL}\d]{{1,3}}节)[、：:　 ]*")),
    (ARTICLE, re.compile(rf"(第(?:[{HAN_ORDINAL}百]{{1,5}}|\d{{1,3}})条)[、：:　 ]*")),
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
    (DIGIT_SUBSUB, re.compile(r"(\d{1,2}(?:[.．]\d{1,2}){2})[、.．]?\s*(?=[一-龥“]|20\d\d年)")),
    (
        DIGIT_SUB,
        re.compile(
            r"(\d{1,2}[.．]\d{1,2})[、.．]?(?![万亿个名元倍米年月日人％%])"
            r"(?=[一-龥“]|\s20\d\d年)\s*"
        ),
    ),
    (DIGIT_BRACKET, re.compile(r"([（(]\d{1,2}[）)]|\d{1,2}[）)]|[⑴-⒇])[、.．]?\s*")),
    (CIRCLED, re.compile(r"([①-⑳❶-❿])[、.．]?\s*")),
    (LETTER, re.compile(r"([（(][a-zA-Z][）)]|[a-zA-Z][.．、)）])(?=[一-龥“])")),
    # ？？ is what some PDF files make of ——; the last range is what symbol fonts leave behind.
    (
        BULLET,
        re.compile(
            r"()(?:[—─－―–]{2,}|--+|[？?]{2}|[•●■◆▪◇○★☆※·▲△►▶▷◎□➢➤✓√♦❖⚫]|[\uf06c-\uf0fe]|"
            r"\*+(?=[一-龥“])|一一(?=[一-龥])|[—─－―–-](?=[一-龥“]))\s*"
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
    r"[【\[]?((?:主要|工作|重点|总体|具体|实施|行动)?"
    r"(?:目标任务|任务目标|任务措施|任务[和与]措施|任务|目标|措施|举措|内容))(?:[：:]|[】\]][：:]?)"
)
DIVISION_LABEL = re.compile(r"(?:任务|责任|职责|工作|部门|单位)?分工[：:]")
# A caption of its own, with the units on the lines below it.
UNITS_CAPTION = re.compile(
    r"(?:(?:任务|责任|职责|工作|部门|单位)?分工(?:负责)?|(?P<lead>牵头|主办)?(?P<help>配合|协办|参与|参加)?"
    r"(?:责任|负责|承办)?(?:单位|部门))[。：:]?"
)

# --- Labelled fields: 牵头单位：A　配合单位：B
_BODY = r"(?:单[位住仼]|部门|科室|处室|主体)"
FIELD_ROLES: tuple[tuple[str, str | None], ...] = (
    (
        rf"(?:共同|总)?(?:牵头|主办|主管|主责|牵头责任|责任牵头|牵头负责|主要负责|第一责任){_BODY}|牵头|主办",
        "lead",
    ),
    (
        rf"(?:主要)?(?:配合|协办|协助|参与|参加|参加配合|配合参与|协作|协同|支持|配合责任|责任配合|协同配合){_BODY}"
        r"|配合|协办|参与|参加",
        "cooperate",
    ),
    (
        rf"(?:主要责任|共同责任|责任|负责|承办|承担|实施|落实|完成|执行|成员|组织|建设){_BODY}"
        r"|承办|责任(?:处|科)?室",
        "responsible",
    ),
    (
        r"(?:完成|办结|办理|实施|工作)?(?:时限|期限|时间|日期)(?:要求)?|时间(?:节点|进度|安排)|进度(?:安排|要求)|"
        r"(?:责任|联系|负责)人|(?:责任|分管|包抓|牵头)领导|(?:联系)?电话|资金来源|备注|完成情况",
        None,
    ),
)
FIELD_LABEL = re.compile("|".join(f"(?P<f{i}>{p})" for i, (p, _) in enumerate(FIELD_ROLES)))
_IS = r"(?:[：:]|[】\]][：:]?|(?<=单位|部门)(?:为|是)(?=[一-龥]))"
FIELD = re.compile(rf"[【\[]?(?:{FIELD_LABEL.pattern}){_IS}")
FIELD_START = re.compile(rf"[—·•]*[【\[]?(?:{FIELD_LABEL.pattern}){_IS}")

# --- Columns of a table of tasks, beside those of units.
NUMBER_COLUMN = re.compile(r"序号|编号|项目?号|号")
TASK_COLUMN = re.compile(
    r"(?:任务)?(?:类别|类型|分类|板块|领域)|(?:重点|主要|工作|具体|目标|建设|专项|年度|推进|实施|行动|工程)*"
    r"(?:任务|措施|举措|内容|事项|项目|行动|工程|工作|要点)(?:名称|分解|要求|内容|措施|事项|及措施|和措施)?"
)

# --- Verbs in prose: 由A牵头，B配合
_MANNER = (
    r"(?:(?:按照?|依照?|依据|根据|结合)?(?:各自|本部门|部门|单位|工作)?的?职[责能]"
    r"(?:范围内?)?(?:和?任务)?(?:分工)?|按照?(?:任务)?分工|共同|分别|联合|具体|各自|"
    r"密切|积极|主动|认真|切实|做好|结合(?:工作|各自)?实际(?:情况)?|等)*"
)
# 推进 alone is a verb only where nothing follows: 推进办 is an office.
_ENDS = r"(?=[，,；;。、）)\]】]|$)"
ROLE_VERB = re.compile(
    rf"(?P<manner>{_MANNER})"
    r"(?:(?P<lead>牵头|主办)|(?P<cooperate>配合|参与|参加|协助|协办|支持|协同(?!负责))"
    r"|(?P<responsible>负责|各负其责|承担|承办|落实|组织实施|"
    rf"(?:组织)?(?:实施|推进|完成|抓好|开展)+(?:工作)?{_ENDS}))"
    r"(?:负责|组织|协调|实施|落实|推进|抓好|完成|工作|做好|配合|组织实施)*"
)
# A sentence that only says who does the work, and the words that lead on to a list.
WHO_OPENING = re.compile(
    r"(?:(?:该|此|本|这)[项章节条]?(?:工作|任务|行动|工程|内容)*)?由(?=[一-龥])"
)
WHO_TAIL = re.compile(
    r"[，,。；;](?:主要|重点|具体|着力|认真)?(?:负责)?(?:抓好|做好|开展|实施|组织|完成|推进|包括).{0,14}[：:。]$"
)
JOINTLY = re.compile(r"牵头会同|会同")

# --- Units.
UNIT_ENDINGS = (
    "局|委|办|厅|部|署|会|协|联|院|府|台|站|社|校|馆|所|队|团|处|司|行|室|组|"
    "单位|部门|街道|街道办|中心|大学|学院|集团|公司|支队|基地|区县|县区|成员|镇|乡|企业|"
    "机构|媒体|高校|院校|政府|党校|银行|电视台|报社|分院|法院|检察院|"
    "小学|中学|幼儿园|科|股|园区|开发区|高新区|新区|管理区|示范区|村|社区|公署|日报|晚报|团场|医院|"
    "供电|电信|移动|联通|海关|兵团|师|园|宫|镇街"
)
UNIT_LIKE = re.compile(rf".*(?:{UNIT_ENDINGS})(?:[（(][^（）()]*[）)])?$")
GROUP_LIKE = re.compile(r"(?:各|相关|有关|其他).*|.*(?:成员单位|[市县区]（[市、区县州旗]+）.*)")
# A name that says by itself that it is an office: it begins with its level, or ends as offices do.
UNIT_SURE = re.compile(
    r"(?:[省市县区州盟旗镇乡]|团[省市县区州盟旗中]|共青团|中共|自治区|各|街道|有关|相关|全民科学素质).+|"
    r"科协|妇联|团委|工会|文联|残联|"
    r".{2,}(?:局|厅|委|办|部|联|科协|政府|领导小组|办公室|委员会|总工会|街道|成员单位)"
)
# Names printed side by side, as in table cells: 县教育局县科协团县委
GLUED_UNITS = re.compile(
    r"(?<=[局委厅办会协部联院台校馆心府])(?=[省市县区州盟旗镇乡团各](?![直属管]))"
)
# What follows the units in a bracket and names none.
BRACKET_NOTE = re.compile(r"[；;，,。](?:以下|下同|不再|其余|详见)[^；;]*$")
# A deadline printed among the units.
DEADLINE = re.compile(
    r"(?:(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日|[上中下]旬)?(?:年?[底末中]|上半年|下半年)?以?前?(?:基本)?"
    r"(?:完成|建成|启动|实施)?|20\d\d(?:年)?[—－–~-]+20\d\d年?|长期(?:坚持|推进|实施)?|全年|每年|常年|"
    r"以下(?:简称|任务|均).*|下同|(?:不再|不).{0,4}列出?|持续(?:推进|实施)|(?:贯穿)?全年(?:推进)?|按年度推进)"
)
# A（主责）；B、C（配合）: the mark speaks for the names before it.
MARKED_ROW = re.compile(
    r"(?P<names>[^；;。]+)[（(](?:(?P<lead>牵头|主责|主办)|(?P<help>配合|协办|参与|参加))[）)][；;。]?"
)
# A负责1200人，B、C各负责300人: each has its share of the number.
SHARED_ROW = re.compile(
    r"(?P<names>[^；;。，,\d]{2,80}?)(?:各|分别)?(?:负责|承担|完成|培训)\d[\d.]*[万千百余多]*[一-龥]{1,5}(?:[，,；;。]|$)"
)
# （牵头） behind a name marks the one that leads the list.
LEAD_MARK = re.compile(r"[（(](?:主责|牵头(?:单位|部门)?|总?牵头负责|主办)[）)]$")
# 和 divides two units only between a finished name and a new beginning: 市教育局和市科协
JOINED_UNITS = re.compile(
    r"(?<=[局厅协联办部院馆台会委府心校学队团司行站社所处])(?:以及|及|和|与|暨|会同)(?=[市省区县州盟旗团国各]|中国|共青团|有关|相关)"
    # 农业农村办公室和人力资源部: names without their level, both whole.
    r"|(?<=局|厅|部|室|协|联)(?:以及|及|和|与)"
    r"(?=[一-龥]{2,12}(?:局|厅|部|委|办公室|科协|妇联|总工会|中心)(?:[、，,；;。等）)]|按|共同|分别|$))"
)
# 各市、县（市、区）人民政府 and 各镇、街道 are one group each; 各县、市教育局 are two units.
_PLACES = r"(?:市|州|盟|县|区|旗|乡镇|镇|乡|街道|县区|区县|村|社区)"
_SEAT = r"(?:[（(][^（）()]*[）)])?(?:人民政府|政府|行政公署|党委|党工委|办事处|管委会)?"
GROUP_RUN = re.compile(
    rf"各{_PLACES}{_SEAT}、(?={_PLACES}{_SEAT}"
    r"(?:[、，,；;。等按结]|\s|$|牵头|配合|负责|参与))"
)
OPEN_TAIL = re.compile(r"等(?P<group>(?:各|其他|其它)?(?:相关|有关).{0,12})$")
COUNTED_TAIL = re.compile(r"等\d+(?:个|家)(?:部门|单位|成员单位|部门和单位)?$")
PLAIN_TAIL = re.compile(r"等(?:部门和单位|单位和部门|各?单位|各?部门|成员单位)?$")

# Some plans say once that the unit printed first leads.
FIRST_LEADS = re.compile(
    r"(?:排|列|排名|位列)在?(?:第一位?|首位|最前)[^。；]{0,10}(?:为|是)牵头(?:单位|部门)?"
)

# 带★的为牵头单位: others put a sign beside the unit that leads.
SIGNED_LEADS = re.compile(
    r"(?:带|标|加|注)有?[“\"（(]?([★☆▲△*※●◆])[”\"）)]?"
    r"(?:号|标记)?(?:的|者)?(?:单位)?(?:为|是)牵头"
)

# --- Sections.
ACTION_TITLE = re.compile(r".{2,}(?:行动|工程)(?:计划)?$")
GENERIC_TITLE = re.compile(
    r"(?:实施|开展|推进|抓好|突出|建设|强化|深化|推动|加强)?"
    r"(?:重点|主要|提升|科学素质|专项|重大|基础|科普|主题|人群|[一二三四五六七八九十两\d]+(?:大|项|个)?)+"
    r"(?:行动|工程|任务)(?:[和与及](?:重点)?(?:行动|工程))?$"
)
PROJECT_TITLE = re.compile(r"工程(?:计划)?$")
LONGEST_TITLE = 60
# Both national outlines call the actions for groups of people so; measures never bear the name.
CANONICAL_TITLE = re.compile(r"科学素质(?:提升|建设)?行动$")
# Some plans name an action by its people alone: 1.青少年。
PEOPLE_TITLE = re.compile(
    r"(?:未成年人|青少年|农民|农牧民|产业工人|职工|城镇劳动(?:者|人口)|老年人|妇女|社区居民|"
    r"领导干部和公务员|领导干部|公务员)(?:群体|人群)?(?:科学素质)?(?:提升|建设)?"
)
ACTION_LABEL = re.compile(r".{0,2}(?:行动|工程|任务)[一二三四五六七八九十\d]+$")
PROJECT_LABEL = re.compile(r".{0,2}工程[一二三四五六七八九十\d]+$")
SAFEGUARD_SECTION = re.compile(
    r"保障|组织实施|组织领导|工作要求|实施机制|工作机制|有关要求|组织管理|"
    r"监督检查|督导|考核|监测评估|组织机构|领导机构|提高认识|统一思想|加强领导|^加强宣传"
)
# 强化领导, 落实经费, 严格督查
SAFEGUARD_ITEM = re.compile(
    r"^[一-龥]{0,6}(?:领导|经费(?:投入|保障)?|投入|督[查导]|考核|检查|组织保障|保障|统筹协调)(?:[，,]|$)"
)
GOAL_SECTION = re.compile(
    r"目标|指导(?:思想|方针)|总体(?:要求|思路|部署)|(?:基本|工作)原则|意义|背景|(?:工作|发展|现实)基础|形势|前言|现状|成效|"
    r"回顾|工作总结|工作情况|存在(?:的)?(?:主要)?问题|总则|适用范围"
)
PHASE_HEADING = re.compile(
    r"(?:实施|工作|推进|时间|具体)*(?:步骤|进度|阶段|时间)(?:安排|划分|计划|要求)?"
)
PHASE_SECTION = re.compile(r"步骤|阶段|进度|时间安排|实施期限|推进计划")
# Who has which office: no task of the plan.
DUTY_SECTION = re.compile(
    r"^(?:.{0,6}(?:部门|单位))?(?:工作|主要)?职责(?:分工|任务)?$|^(?:责任|部门|单位|工作)分工$|附则|^解释"
)
# A stage that stands as an item, often under a heading such as 组织实施.
PHASE_TITLE = re.compile(r"^[一-龥“”]{0,12}阶段(?:[（(：:]|$)")
TASK_SECTION = re.compile(r"任务|行动|工程|措施|工作(?:内容|重点|安排)|重点工作|主要工作|举措")
# 1、青少年科学素质行动。①…；②…
RUN_IN_ACTION = re.compile(
    rf"(?:[（(]?{_HAN_RUN}[）)、．]|\d{{1,2}}[、.．])[一-龥、“”]{{2,40}}(?:行动|工程)[。：:]"
)
# A section without any of those words is a task when it says what will be done.
TASK_VERB = re.compile(
    r"(?:实施|开展|加强|推进|推动|提升|提高|强化|聚焦|围绕|深化|优化|着力|突出|夯实|完善|抓好|构建|健全|打造|"
    r"广泛|积极|大力|深入|全面|加快|做好|培育|弘扬|促进|建设|建立|扎实|切实|持续|精心|搭建|丰富|扩大|发展|办好)"
)

# Headings of a text that lost its numbers.
BARE_LINE = re.compile(r"[一-龥、“”（）()和与及：:]{4,30}")
BARE_SECTION = re.compile(
    r"(?:指导思想|总体要求|(?:总体|工作|主要|发展)?目标|基本原则|工作原则|(?:主要|重点|工作)?任务(?:及分工|和措施|与措施)?|"
    r"(?:主要|重点)工作|(?:主要|重点)?措施|重点(?:行动|工程)|(?:提升|主要)行动|基础工程|"
    r"保障(?:措施|条件|机制)|组织(?:实施|保障|领导|机构)|工作要求|(?:实施|工作)步骤|进度安排|实施保障)"
)

# --- Signs of damage that a person should look at.
OCR_SUSPECT = re.compile(r"力口[强大快速]|己经|曰常|末来|目标仟务")

DATE = re.compile(r"(?P<y>(?:19|20)\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})日")
HAN_DATE = re.compile(
    r"(?P<y>[二〇○◯零OoＯ0一三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,2})月"
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
# From here on nothing belongs to the plan, up to the next section 一、
AFTER_PLAN = re.compile(
    r"抄\s*送[：:]|主题词[：:]|(?:附件?\d*[：:、]?|\d{1,2}[.、．])?(?:主要)?(?:名词|术语)(?:解释|说明|注释)[：:]?$"
)
# What every plan of this field speaks of, and what tells of the past instead.
SUBJECT = re.compile(r"科学素[质养]|科普|科学技术普及|科协")
OTHER_NOTICE = re.compile(
    r"会议纪要|关于(?:报送|上报|召开|举办|征集|推荐|参加|评选)[^。《》]{2,60}的通知"
)
LOOKS_BACK = re.compile(
    r"[^。]{4,60}(?:工作总结|总结报告|情况报告|情况的报告|情况通报|情况的通报|工作汇报|情况汇报|评估报告)(?:[（(].{0,12}[）)])?$"
)
PLAN_WORD = re.compile(
    r"实施方案|行动方案|工作方案|实施意见|工作意见|行动计划|工作计划|工作要点|规划纲要|规划|方案|要点|"
    r"任务分解|任务分工|分工表"
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
