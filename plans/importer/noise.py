"""Tell numbers that promise something from those that do not.

History, names, ranks, criteria, rewards and the rhythm of a deed carry numbers too. Each rule
here names one such kind; a number that none of them claims is a target.
"""

from __future__ import annotations

import re

from plans.importer.notations import QUOTES
from plans.importer.values import Place, Value, clause_end, clause_start

# Words that turn a sentence to what is or was, and those that turn it to what shall be.
_PAST = re.compile(
    r"截至|截止|目前|现有|现已|已经|已(?=[建达有完实超开创培])|以来|过去|上年|去年|先后|曾|据统计|调查显示|结果显示|"
    r"共有(?=\d)|(?<![使让要将])累计[^，。；]{0,8}了|“?十[一二三四]?五”?期间(?=[^。]{0,40}了)"
)
_FUTURE = re.compile(
    r"[到至]20\d\d年|力争|争取|今后|未来|计划|下一步|确保|将|要|20\d\d年(?=[^。]{0,30}(?:达到|超过|建成))"
)
_FROM = re.compile(r"(?:由|从|在)[^，；。]{0,24}$")
_ONWARD = re.compile(
    r"^(?:的)?(?:提[高升]|增[加长至]|上升|扩大|发展|基础上|降|升至?|[到至]|跃升|攀升|左右提)"
)
_COMPARED = re.compile(
    r"(?:(?<![占对百])比(?![重例率较赛])|较|同比|环比|(?<![参赠给])与)[^，；。]{0,24}$"
)
_GROWN = re.compile(
    r"(?:提[高升]|增[加长]|上升|扩大|递增|增幅|高出|下降|降低|减少|缩小)[^，；。\d]{0,6}$"
)
_UNCOUNTED = re.compile(
    r"^(?:大|个|项|种)?(?:月|工作日|小时|学期|季度|年|方面|阶段|环节|重点(?:工作|任务|领域|方面|环节|行动|工程|人群)|行动|工程|领域|专项(?!资金)|原则|统一|"
    r"到位|坚持|维度|体系|层面|步骤|坚定|必须|结合|转变|自信|意识|文明|全面|着力|定位|意见|方案|文件|部门|部委|"
    r"责任单位|成员单位|单位联合|重大|主要|任务|主题|板块|模块|目标|指标|关键|地区|民族|省(?!级)|市(?!级|场)|"
    r"县(?!级)|区(?!级)|乡镇|街道|社区[，。；、]|行政村|半天|方位|百分点|以上学历|年级|时辰|职责|责任|措施|举措|"
    r"字|“|群体|人群|层次|类别)"
)
_MAKING = re.compile(
    r"建[成设立]|新建|新增|创建|培[育训养]|打造|发展|评选|评定|命名|认定|设立|组[建织]|配备|编[写印]|出版|创作|开[发展设]|"
    r"举[办行]|完成|扶持|引进|选[派聘树拔]|招募|覆盖|服务|发[放布送]|制作|推[出送]|改造|遴选|表彰|制定|聘[请任]|吸纳|"
    r"派[出遣]|刊[登发]|播[出放]|宣讲|巡[展讲]|惠及|受益|参[加与]|征集|编排|更新|添置|购[置买]|拍摄|带动|帮扶|结对|"
    r"孵化|申[报创]|争创|建|办好?|送|创|种植|示范|辐射|培植|实现|安排|发表|接待|推广|达标|安装|投放|奖[补励]|掌握|开放|推动|引导|动员|组织|实施|轮训|注册|放映|研发|吸引|订阅|印[发制]"
)
_REWARD = re.compile(r"奖[励补金]|补[助贴]|资助|罚|给予|以奖代补")
_CRITERION = re.compile(
    r"^的?(?:企业|单位|机构|学校|村(?!.*建)|社区(?!.*建)|城市|乡镇(?!.*建)|人员|项目|场所|干部|职工|公民|居民|重点|老年人|人口)"
)
# 每10万人, 第3个, 前5名: measures and ranks, no counts.
_NO_COUNT = re.compile(r"(?:[每第后届]|(?<![年月底末日])前)$")
# 每户掌握1项 is a norm for each, 权重不低于2% one of scoring; of 60%的县建有1个 the share
# is the target.
_PER_HOUSE = re.compile(r"每户[^，。；]*$|(?:权重|分值)[^，。；]*$")
# What the national outline says of the whole country is quoted, not promised.
_OF_THE_COUNTRY = re.compile(r"(?:我国|全国)(?:公民|居民)[^，。；]*$")
_IN_SHARE = re.compile(r"[%％](?:以上|左右)?的?[^，。；\d]*$")
# 以1个县级科技馆为龙头 pictures a network.
_BACKBONE = re.compile(
    r"[^，。；、]{1,14}为(?:龙头|骨干|基础|主体|支撑|依托|补充|核心|引领|纽带|节点)"
)
_SIZE = re.compile(r"平方米|平方公里|㎡|亩(?!次)")
# 开展3次 counts deeds; 10个 and 500人 count what there will be.
DEEDS = re.compile(r"^(?:[十百千万]+)?(?:场次|场（次）|场|次|期|届|节|班|堂|集|项|篇|条|天)$")
_FREQUENCY = re.compile(
    r"每(?:两|二|三|半|个|一|2|3)?(?:个)?(?:学年|年度|年|月|季度|季|学期|周)|全年|年均|一年(?!级)|每逢|年内"
)
_SHORT = re.compile(r"每(?:两|二|三|半|2|3)年|每半年|每(?:个|一)?(?:月|季度?|学期|周)")
_TIME_UNIT = re.compile(r"小时|分钟|天")


def is_noise(words: str, value: Value, since: int, place: Place, *, known: bool) -> bool:
    """Say whether a number promises nothing; `known` that a target stands before it."""
    begin, end = clause_start(words, value.start), clause_end(words, value.end)
    before, after = words[clause_start(words, value.begin) : value.start], words[value.end : end]
    return (
        value.value is None
        or _quoted(words, value.start)
        or bool(_NO_COUNT.search(before))
        or bool(_PER_HOUSE.search(before))
        or bool(place.region and value.percent and _OF_THE_COUNTRY.search(before))
        or bool(value.value == "1" and _IN_SHARE.search(before))
        or _is_past(words, value, before, after, known=known)
        or (value.han and not _han_counts(value))
        or bool(_BACKBONE.match(after))
        or _holds_all(words, value)
        or _is_uncounted(value, after)
        or _is_criterion(words, value, before, after)
        or bool(_REWARD.search(before[-14:]) and value.unit.endswith("元"))
        or _is_rhythm(value, words[begin:end], place)
        or not _is_promised(words, value, since, place, known=known)
    )


def _is_promised(words: str, value: Value, since: int, place: Place, *, known: bool) -> bool:
    """Say whether a number has an operator, is a share, or counts what is made."""
    if value.explicit:
        return True
    begin = clause_start(words, value.begin)
    if _TIME_UNIT.search(value.unit) or re.search(
        r"(?:深入|走进|[进到赴在])$", words[begin : value.start]
    ):
        return False
    if value.percent or value.unit in ("番", "倍"):
        return True
    # In a row of counts the verb of making stands once: 培育农民1.5万人，高级职称50人。
    gap = words[since : value.start]
    listed = value.unit not in ("个", "次", "点") or re.match(r"[，、；。]|$", words[value.end :])
    if known and (not gap.strip("、和，及与") or (len(gap) <= 16 and listed)):
        return True
    before = words[clause_start(words, value.begin) : value.start]
    if value.unit in ("元", "角"):
        around = words[max(words.rfind("。", 0, begin) + 1, begin - 60) : value.end + 40]
        around += place.heading
        return bool(re.search(r"人均|每人|人口", around) and re.search(r"经费|投入|资金", around))
    return _is_made(value, before, words[value.end : clause_end(words, value.end)], place)


def _is_uncounted(value: Value, after: str) -> bool:
    """Say whether it counts parts of the text (5项重点任务) or time (3个月)."""
    if value.unit not in ("个", "项", "种", "点", "大") or not _UNCOUNTED.match(after):
        return False
    return not value.explicit or bool(re.match(r"月|工作日|小时|学期|季度|年", after))


def _holds_all(words: str, value: Value) -> bool:
    """Say whether a number only tells how many there are: 14个社区全部建有科普活动室."""
    return bool(
        re.match(r"[一-龥][一-龥（）、]{0,7}(?:全部|(?<![人平年])均|都)(?!达)", words[value.end :])
    ) and (not value.percent)


def _is_criterion(words: str, value: Value, before: str, after: str) -> bool:
    """Say whether a number tells whom something is for: 50人以上的企业."""
    return (
        not value.percent
        and bool(re.search(r"以[上下内]$", words[value.start : value.end]))
        and bool(_CRITERION.match(after))
        and not re.search(r"建[成有]|培训|达到", before)
    )


def is_growth(words: str, value: Value) -> bool:
    """Say whether a value is an increase, not a level: 增长10%, 比2015年提高5个百分点."""
    before = words[clause_start(words, value.start) : value.start]
    if "差距" in before:
        return False
    if re.match(
        r"的?(?:幅度|速度|比例|标准)?(?:递增|增长|增加)|的(?:年)?增[长幅]",
        words[value.end : value.end + 8],
    ):
        return True
    return bool(_GROWN.search(before)) or value.unit in ("个百分点", "个点", "番")


def _quoted(words: str, at: int) -> bool:
    """Say whether a place lies inside a name or a quotation; an apostrophe left open is none."""
    for opening, closing in QUOTES.items():
        begin = words.rfind(opening, max(0, at - 120), at)
        if begin >= 0 and words.find(closing, begin, at) < 0 and words.find(closing, at) >= 0:
            return True
    return False


def _is_past(words: str, value: Value, before: str, after: str, *, known: bool) -> bool:
    if re.search(r"了(?:近|约|超过)?$", words[: value.begin]) or before.endswith("了"):
        return True
    if (_FROM.search(before) and _ONWARD.match(after)) or re.match(r"[的]?为基[数准点]", after):
        return True
    if _COMPARED.search(before) and value.unit not in ("番", "倍"):
        return (
            known or value.unit in ("个百分点", "个点") or bool(re.search(r"20\d\d年的?$", before))
        )
    told = max((hit.start() for hit in _PAST.finditer(words, 0, value.start)), default=-1)
    told = told if "。" not in words[max(told, 0) : value.start] else -1
    hoped = max((hit.start() for hit in _FUTURE.finditer(words, 0, value.start)), default=-1)
    return told > hoped


def _han_counts(value: Value) -> bool:
    """Take a number in characters only right at its operator: 至少一名, 一元钱, 两个以上."""
    if value.unit == "元":
        return True
    return value.explicit and (value.start - value.begin <= 10)


def _is_rhythm(value: Value, clause: str, place: Place) -> bool:
    """Say whether a count tells how often a deed is done, which is a duty and no target."""
    if re.search(r"每[天日]", clause) and _TIME_UNIT.search(value.unit):
        return True
    if not DEEDS.match(value.unit) or not _FREQUENCY.search(clause):
        return False
    if _SHORT.search(clause):
        return True
    few = value.value is not None and float(value.value) < 10
    return few and not place.in_goals and not place.annual


def _is_made(value: Value, before: str, after: str, place: Place) -> bool:
    """Say whether a bare count is of something to be made or done."""
    if value.unit.endswith("元"):
        funds = re.search(r"经费|投入|资金|预算|安排", before + after[:8])
        return bool(funds and re.search(r"安排|投入|列支|落实|达|人均|每人", before))
    if _SIZE.search(value.unit):
        return bool(re.search(r"面积|建", before))
    making = _MAKING.search(before) or re.match(
        r"[^，。；]{0,14}(?:建成|创建|达标|命名|成立|配备|建立|设立|建有)", after
    )
    if value.value == "1" and DEEDS.match(value.unit):
        return False
    return bool(making) or place.in_goals
