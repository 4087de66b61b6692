"""Read standing duties: who does what how often or until when, and what will show it.

A duty is printed with a rhythm (每两年总结一次), as an obligation (列入年度工作计划, 专项督查) or
with a date (2018年开展中期评估). How much is promised in a year is a target beside it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from plans.importer.model import ParsedDuty, Span
from plans.importer.notations import UNIT_LIKE
from plans.importer.spans import readable_sentences, widened
from plans.importer.values import COUNTIES, TOWNS, VILLAGES, clause_end, clause_start

_DEED = (
    r"举办|开展|组织|召开|培训|评选|发布|公布|通报|报送|上报|报告|总结|评估|检查|督查|督导|调度|考核|监测|调查|宣讲|"
    r"编|推|选|表彰|安排|举行|进行|印|制|出版|遴选|新建|建设|播|更新|活动"
)
# Longer rhythms first: where two fit the same words, the first counts.
RHYTHMS: tuple[tuple[str, str], ...] = (
    (r"每(?:两|二|2)年|隔年|两年一次", "two_years"),
    (r"每(?:三|3)年|三年一次", "three_years"),
    (r"每(?:五|5)年|五年一次", "five_years"),
    (r"每半年|半年一次|半年(?=报送|通报|调度|总结|开展|召开|督查)|按半年|一年两次", "half_year"),
    (
        r"每(?:一|个)?季度?|按季度?|(?<!第[一二三四])季度(?=通报|调度|报送|报告|例会|小结)|逐季|季通报",
        "quarter",
    ),
    (r"每(?:一|个)?月(?!\d)|按月|月(?=调度|通报|报送|报告制)|逐月", "month"),
    (r"每(?:一|个)?周(?![年末一二三四五六日])|按周|每(?:个)?星期", "week"),
    (r"每(?:一|个)?学期", "term"),
    (
        r"每(?:一|个)?(?:学年|年度|年)(?!级|[人递增])|一年一度|一年一次|(?:每年)?年底(?=前?[将向对报总])|年终总结|"
        rf"全年(?=[^，。；]{{0,12}}(?:{_DEED}|不少于|至少))|年均(?=举办|开展|培训|组织|新)|"
        r"年度(?:工作)?(?:计划|安排|要点|报告|总结|任务清单)|[列纳]入[^，。；]{0,16}年度[^，。；]{0,8}考[核评]|年报制度",
        "year",
    ),
    (
        r"(?<!不)定期(?=对|向|组织|开展|召开|通报|报送|报告|检查|督查|督导|调度|公布|发布|评估|总结|举办|研究|"
        r"监测|更新|听取|进行|交流|会商)",
        "regular",
    ),
)
# No sentence of a plan names more rhythms; a heap of them is damage.
MOST = 20
_RHYTHMS = tuple((re.compile(pattern), every) for pattern, every in RHYTHMS)
# What a plan obliges to without naming a rhythm.
ONCE_OR_STANDING = re.compile(
    r"列入(?:[^，。；]{0,8})(?:工作)?(?:规划|计划)|[列纳]入(?:[^，。；]{0,16})(?:目标管理|考核|考评|绩效)|"
    r"专项督查|督导检查|督促检查|第三方[^，。；]{0,12}评[估价]|(?:中期|终期|期末|总结性?|专项)评估|"
    r"(?:给予|予以|进行|开展)[^，。；]{0,8}(?:表彰|奖励)|表彰|奖励(?!目录)"
)
# Deeds that fall due on a printed day; making something by a day is a target, not a duty.
_DUE_DEED = re.compile(
    r"评估|总结|验收|报送|上报|[书面]报告|督查|检查|考核|考评|通报|备案|调查|监测|"
    r"(?:制定|出台|印发|编制)[^，。；]{0,16}(?:方案|计划|办法|细则|意见|规划)|报(?=[省市县区])"
)
_DATE = re.compile(
    r"(?P<y>20\d\d)年(?:(?P<m>\d{1,2})月(?P<d>\d{1,2})?日?)?(?P<half>上半年)?[底末初]?(?:以前|之前|前)?"
    r"(?![—－–至到\d-])"
)
_FOR_MONEY = re.compile(
    r"每年人均|人均[^，。；]{0,10}每年|每人每年|经费每年|每年[^，。；]{0,10}(?:万元|元|[%％])|每年(?:都)?(?:递增|增长|提高|增加)|"
    r"年均(?:增长|递增)"
)
_OPEN_HOURS = re.compile(r"定期或不定期|不定期")
_PAST = re.compile(r"了(?!解)|已(?:经|连续)|曾|以来|近年|连续\w{0,3}年")
_PLACE = rf"{COUNTIES}|{TOWNS}|{VILLAGES}|县|区|市|学校|中小学校?|团场|连队|基地|单位|部门|科技馆"
_PER = re.compile(
    rf"(每一?个?(?:{_PLACE})|每一?[个所名支家][一-龥（）、]{{1,10}}?)"
    r"(?=每[年月季学半]|全年|至少|要|应|均|不少于)"
)
_SCHOOL_TEXT = re.compile(r"进课堂|教学计划|学生|课程")
# Where the subject of a clause ends.
_END_OF_WHO = re.compile(
    r"要|应|须|必须|负责|根据|按照?|定期|及时|适时|每|于|对|将|至少|认真|年[底终]|全年|20\d\d年|牵头|会同|向|组织|开展|"
    r"召开|制定|不?定期|结合|分别|都|均|把|在|进行|一般|原则上|也|切实"
)
_TIME_FIRST = re.compile(
    r"^(?:(?:20\d\d年|每年)[底末初]?(?:\d{1,2}月)?(?:\d{1,2}日)?[底末]?前?，?)"
)
_NO_UNIT = re.compile(
    r"建立|完善|加强|健全|推[动进]|实施|坚持|通过|利用|依托|充分|深入|积极|以|为|从|并|的$|列入|纳入|继续|大力"
)
# What shows that a duty was done, by the words that name it.
PROOFS: tuple[tuple[str, str], ...] = (
    (r"(?:[列纳]入|制定|编制)[^，。；]{0,10}(?:年度|工作)计划", "年度工作计划"),
    (r"年度工作(?:要点|安排)|年度任务", "年度工作要点"),
    (r"[列纳]入[^，。；]{0,16}(?:目标管理|考核|考评|绩效)", "考核办法"),
    (r"[列纳]入[^，。；]{0,12}(?:规划|计划)", "规划文件"),
    (r"中期评估|第三方|评估|评价(?!体系)", "评估报告"),
    (r"督查|督导|督促检查|检查", "督查通报"),
    (r"表彰|奖励|评选|评比", "表彰文件"),
    (r"统计", "统计报表"),
    (r"调查|监测|测评", "调查报告"),
    (r"年度报告|年报|书面报告|报告制度", "年度报告"),
    (r"总结", "总结报告"),
    (r"通报|调度", "通报"),
    (r"考核|考评", "考核结果"),
    (r"报送|上报|报[市县区省州]|向[^，。；]{2,16}报告", "报送材料"),
    (r"召开|会议|例会|会商", "会议纪要"),
    (r"预算|经费|资金", "预算文件"),
    (r"(?:制定|出台|印发|编制)[^，。；]{0,16}(?:方案|计划|办法|细则|意见|规划)", "印发的文件"),
    (r"公布|发布|公示", "公布的文件"),
    (r"培训|轮训", "培训记录"),
)


def read_duties(text: str, span: Span, *, general: bool) -> list[ParsedDuty]:
    """Read the duties of one paragraph, each with its whole sentence.

    `general` says that the paragraph stands among goals and safeguards, where whoever is named
    before the duty is meant; in a measure only groups and 每镇 are taken for a subject, for the
    units that do it are printed beside it.
    """
    found: list[ParsedDuty] = []
    for start, end in readable_sentences(text, *span):
        quote = text[start:end]
        words = widened(quote)
        seen: set[tuple[str | None, str | None, date | None]] = set()
        for at, every, due in _deeds(words):
            who = _who(words, at, general=general)
            if (who, every, due) not in seen:
                seen.add((who, every, due))
                found.append(ParsedDuty(who, every, quote, (start, end), due, _proof(words, at)))
    return found


def _deeds(words: str) -> Iterator[tuple[int, str | None, date | None]]:
    """Yield where a duty stands, its rhythm and its last day; an obligation only if alone."""
    rhythms = sorted(_rhythms(words))
    yield from ((at, every, None) for at, every in rhythms)
    dated = [each for each in _dated(words) if not rhythms or each[2]]
    yield from dated
    if not rhythms and not dated and (hit := _obligation(words)):
        yield hit.start(), None, None


def _rhythms(words: str) -> Iterator[tuple[int, str]]:
    # Opening hours are no duty; the blanks keep every place where it was.
    words = _OPEN_HOURS.sub(lambda hit: " " * len(hit.group()), words)
    taken: list[Span] = []
    for pattern, every in _RHYTHMS:
        for hit in pattern.finditer(words):
            clause = words[clause_start(words, hit.start()) : clause_end(words, hit.end())]
            if len(taken) > MOST:
                return
            if any(a < hit.end() and hit.start() < b for a, b in taken):
                continue
            if every == "year" and _FOR_MONEY.search(clause):
                continue
            if not _PAST.search(clause):
                taken.append(hit.span())
                yield hit.start(), every


def _dated(words: str) -> Iterator[tuple[int, None, date]]:
    """Yield deeds with a day of their own: 2018年底前开展中期评估."""
    for hit in _DATE.finditer(words):
        # 2016年9月底前，各县要制定方案: the deed stands behind the comma.
        begin = hit.end() + words.startswith("，", hit.end())
        clause = words[begin : clause_end(words, begin)]
        quoted = words.rfind("《", 0, hit.start()) > words.rfind("》", 0, hit.start())
        if quoted or _PAST.search(clause) or not _DUE_DEED.search(clause[:40]):
            continue
        if day := _last_day(hit):
            yield (begin if begin > hit.end() else hit.start()), None, day


def _last_day(hit: re.Match[str]) -> date | None:
    year = int(hit.group("y"))
    month = int(hit.group("m") or (6 if hit.group("half") else 12))
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, min(int(hit.group("d") or last) or last, last))


def _obligation(words: str) -> re.Match[str] | None:
    """Find a duty without a rhythm; 列入教学计划 is the substance of a measure and none."""
    for hit in ONCE_OR_STANDING.finditer(words):
        clause = words[clause_start(words, hit.start()) : clause_end(words, hit.end())]
        if not _SCHOOL_TEXT.search(hit.group()) and not _PAST.search(clause):
            return hit
    return None


def _proof(words: str, at: int) -> str:
    """Name what shows the deed: by the words of its clause, else by those of the sentence."""
    clause = words[clause_start(words, at) : clause_end(words, at)]
    for place in (clause, words):
        for pattern, proof in PROOFS:
            if re.search(pattern, place):
                return proof
    return ""


def _who(words: str, at: int, *, general: bool) -> str | None:
    """Find who is named in the clause of the duty, else at the beginning of the sentence."""
    for each in _PER.finditer(words):
        if each.start() <= at + 2 and clause_start(words, each.start()) >= clause_start(words, at):
            return each.group(1)
    if per := _PER.search(words):
        return per.group(1)
    clause = _named(words[clause_start(words, at) :])
    who = clause or _named(words)
    # In a measure only the subject right before the rhythm: 县电视台每周播出.
    near = who is not None and words[at - len(who) : at] == who
    return who if general or near or (who or "").startswith("各") else None


def _named(words: str) -> str | None:
    words = _TIME_FIRST.sub("", words).removeprefix("由")
    end = _END_OF_WHO.search(words, 2, 44)
    if end is None:
        return None
    who = words[: end.start()].strip("、 ")
    if not 2 <= len(who) <= 30 or re.search(r"[，。；：]", who) or _NO_UNIT.search(who):
        return None
    first = re.split(r"[、和及]", who)[0]
    grouped = who.startswith(("各", "有关", "相关", "领导小组"))
    if grouped:
        return who
    return who if UNIT_LIKE.match(first) and UNIT_LIKE.match(who) else None
