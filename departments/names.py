"""Department names as rules: what a printed name says of place, unit, kind and spelling.

Everything here is pure. What is usual in the genre stands in tables (`SAME`, `KINDS`, `GROUPS` …);
no table names a place. `unit_key` gives the spellings of one unit one key; `take_apart` finds the
place that a name begins with.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from departments.equivalents import SAME, WHOLE

MAX_LENGTH = 120  # as wide as the column; a longer printed name is cut when it is compared

_BLANKS = re.compile(r"[\s\u3000]+")
_AND = re.compile(r"[和与及、·•]")
_REMARK = re.compile(r"\([^()]{0,60}\)$")
# What stands before a name without saying anything about the unit.
_LEADING = re.compile(r"^(?:中国共产党|中共|国家税务总局(?=.*税务局$))")

# Sets of units: of all places below, of those concerned, of a kind.
_BELOW = r"(?:区县|县区|县市区|市县区|市县|市州|州市|区市|县市|镇街|乡镇|镇乡|街镇|镇村|村居)"
_BELOW_BRACKETS = r"(?:[省市州盟县区旗镇乡]|街道|地区)\([^()]{1,20}\)"
_GENERIC = (
    r"(?:[省市州县区]属|[省市州县区]级|驻.|辖区内?|大中专|大中小|中小|普通|职业)?"
    r"(?:高校|高等院校|高等学校|院校|学校|中小学校?|科研院所|科研机构|科研单位|新闻媒体|新闻单位|主流媒体|"
    r"医疗机构|医疗卫生机构|学会|企业|企事业单位|事业单位|社会组织|乡镇|街道|街道办事处|乡镇街道|社区|"
    r"村|村委会|居委会|民主党派)$"
)
_GROUP = re.compile(
    r"相关|有关|成员单位|部门和单位|部门单位|^各(?!族)|^(?:其他|其它)|各(?:部门|单位|级|镇|乡|街道|区|县|市|学会|高校)|"
    rf"^(?:全[省市州县区])?(?:{_BELOW}|{_BELOW_BRACKETS})|^{_GENERIC}|^涉农[区县]"
)


def normalise(name: str) -> str:
    """Return a name without layout blanks, in half-width letters and one kind of brackets."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", name)).strip("、，,。;；")


def is_group(name: str) -> bool:
    """Tell whether a printed name means a set of units (各镇（街道）, 相关部门和单位)."""
    return bool(_GROUP.search(normalise(name)[:MAX_LENGTH]))


# A stem in a name and what it says of the kind of unit; the first that matches counts.
KINDS = (
    (
        re.compile(
            r"(?<![老业校院园])(?<!园区)(?<!新区)(?<!发区)科协$|科学技术协会$|纲要办|素质办$|科学素质.*办公室$"
        ),
        "association",
    ),
    (
        re.compile(
            r"委组织部|委宣传部|委统战部|委社会工作部|^(?:组织|宣传|统战)部$|网信办|文明办|编办|委政法委|"
            r"纪委|委政研室|老干部局|党校|委.*工委|党工委|机关工委|高校工委|教育工委|委办公|"
            r"^(?:[^团]{0,12}[省市县区旗州地盟])?委$|党委$"
        ),
        "party",
    ),
    (
        re.compile(
            r"^团.*委$|共青团|工会$|妇联|妇女联合会|社科联|社会科学界?联合会|文联|艺术界联合会|残联|残疾人联合会|"
            r"工商联|工商业联合会|侨联|青联|学联|红十字|科协$|关工委|计生协"
        ),
        "mass",
    ),
    (
        re.compile(
            r"大学|学院|学校$|中学$|小学$|[一二三四五六七八九十]中$|科学院|社科院|[农林中]科院|分院|研究院|研究所|研究会|电视台|广播电台|"
            r"融媒体|报社|日报|传媒|[支大总]队|军分区|警备区|人武部|武警|集团|公司|银行|医院|协会$|学会$|基金会|商会|联盟$|"
            r"(?:科技|博物|图书|文化|档案|展览|体育|美术|天文)馆$|少年宫|中心$|站$"
        ),
        "institution",
    ),
)


def kind_of(name: str) -> str:
    """Return the likely kind of a unit (a value of Department.Kind) from its name."""
    if is_group(name):
        return "group"
    plain = normalise(name)[:MAX_LENGTH]
    short = unit_key(plain)
    for pattern, kind in KINDS:
        if pattern.search(plain) or pattern.search(short):
            return kind
    return "government"


def spelling_key(name: str) -> str:
    """Return what spellings of one name share: 人力资源和社会保障局 is 人力资源社会保障局."""
    return normalise(name).replace("和", "")


_SHORT = {form: short for short, *longer in SAME for form in (short, *longer)}
_FORMS = re.compile("|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)))


@lru_cache(maxsize=8192)
def unit_key(core: str) -> str:
    """Return one key for the spellings of a unit, its place taken away (see `take_apart`).

    和 and remarks in brackets aside; long forms become the usual short ones in one pass, the
    longest first.
    """
    core = core[:MAX_LENGTH]
    text = _AND.sub("", _REMARK.sub("", core) or core)
    text = WHOLE.get(text, text)
    return _FORMS.sub(lambda found: _SHORT[found.group()], text)


@dataclass(frozen=True, slots=True)
class Level:
    """What kind of place a word such as 市 or 县 stands for; `rank` grows downwards."""

    name: str
    rank: int


NATION, PROVINCE, CITY, COUNTY, TOWN = (
    Level(name, rank) for rank, name in enumerate(("nation", "province", "city", "county", "town"))
)
LEVELS = {one.name: one for one in (NATION, PROVINCE, CITY, COUNTY, TOWN)}
# The word that stands for a place in front of its units, by the end of the place's name.
WORDS = (
    ("自治区", PROVINCE),
    ("省", PROVINCE),
    ("兵团", PROVINCE),
    ("地区", CITY),
    ("师市", CITY),
    ("师", CITY),
    ("市", CITY),
    ("州", CITY),
    ("盟", CITY),
    ("县", COUNTY),
    ("区", COUNTY),
    ("旗", COUNTY),
    ("街道", TOWN),
    ("镇", TOWN),
    ("乡", TOWN),
)
LEVEL_OF_WORD = {**dict(WORDS), "地": CITY}
NATIONAL = ("全国", "国家", "中央", "国务院")

# The word in front of a unit; not where it begins another word (市场监管局, 乡村振兴局).
_WORD = re.compile(
    r"自治区|省(?!际|域)|兵团|师市|师(?!范|资|生|德)|地区(?!域)|地(?=委)|市(?!场|容|域|辖|政(?!府|协|法|研|务))|州|盟(?!员)|"
    r"县(?!域|区|市)|区(?!域|县|划)|旗|街道|镇|乡(?!村|镇)"
)
# A place that no table knows, in front of what must look like a unit of a government.
_UNKNOWN = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{1,8}?(?:自治区|自治州|自治县|自治旗|[省市县区旗盟镇乡]|街道))"
    r"(?P<rest>(?!场|容|域|划|辖|村|政管|政公|政园)"
    r"(?:委|人民政府|政府|办事处|党工委|[\u4e00-\u9fff]{1,16}(?:局|厅|委|委员会|办|办公室|科协|协会|妇联|工会|联合会|联))"
    r"[\u4e00-\u9fff]{0,12})$"
)
# Endings that look like places and are none: built-up words, and zones without a government.
_NO_PLACE = re.compile(
    r"^新区$|(?:城市|都市|超市|城乡|乡镇|镇街|城镇|村镇|集镇|社区|小区|校区|院区|园区|开发区|高新区|经开区|新技术区|"
    r"示范区|保税区|度假区|风景区|景区|保护区|功能区|试验区|实验区|产业区|工业区|自贸区|库区|灌区|林区|山区|"
    r"灾区|军区|直属区|老区|特区|地区|市区|省市|省区|县市|区市|资源市|人才市|业市|金融市)$"
)
# A place alone, standing for its government.
_ALONE = re.compile(r"[\u4e00-\u9fff]{1,8}(?:[县区旗镇乡]|街道)")
_LEAGUE = re.compile(r"^(?:中国)?(?:共产主义青年团|共青团|团)(?P<place>.{0,30}?)委(?:员会)?$")
# 市委教育工委 is 市教育工委; 市委 itself and 市委办 keep their 委.
_PARTY = re.compile(r"^(?:党工?)?委(?:员会)?(?=.{2,})(?!员会$|办公室$|办公厅$)")


# A place with those above it in front: each level at most once, from the top down.
_CHAIN = re.compile(
    r"(?P<province>[^省]{1,8}?省|.{2,8}?(?:自治区|特别行政区)|(?:北京|天津|上海|重庆)市)?"
    r"(?P<city>.{1,12}?(?:市|自治州|地区|盟))?"
    r"(?P<county>.{1,12}?(?:自治县|自治旗|县|区|市|旗))?"
    r"(?P<town>.{1,12}?(?:镇|乡|街道))?$"
)


def chain_of(place: str) -> list[tuple[str, str]]:
    """Split the name of a place into (name, level) from the top down: ××省××市××区.

    The last is the place itself; a level is a guess from the ending. An unknown form is one
    place, likely a town.
    """
    plain = normalise(place)[:60]
    found = _CHAIN.match(plain)
    parts = [(name, level) for level, name in found.groupdict().items() if name] if found else []
    word = word_of(plain)
    return parts or [(plain, (LEVEL_OF_WORD[word] if word else TOWN).name)]


def word_of(place: str) -> str | None:
    """Return the word that stands for a place in front of its units: 市 for ××市."""
    return next((word for word, _level in WORDS if place.endswith(word)), None)


@dataclass(frozen=True, slots=True)
class Apart:
    """A printed name taken apart.

    `places` are the full place names that it begins with, from the top down; `word` is a bare
    word such as 市 instead; `core` is the unit itself. Without both the unit is of this place.
    """

    places: tuple[str, ...]
    word: str | None
    core: str

    @property
    def key(self) -> str:
        return unit_key(self.core)


def place_candidates(name: str) -> list[str]:
    """Return the beginnings of a name that may be names of places, and their inner parts."""
    plain = _LEADING.sub("", normalise(name)[:MAX_LENGTH])
    plain = re.sub(r"^(?:中国)?(?:共产主义青年团|共青团|团)", "", plain)[:30]
    cuts = [0, *(one.end() for one in re.finditer(r"[省市区县旗州盟镇乡]|街道|地区", plain))]
    return [plain[a:b] for a in cuts for b in cuts if b - a > 1]


def _places(plain: str, known: Collection[str]) -> tuple[list[str], str]:
    """Take the known places off the beginning, the longest first; return them and the rest."""
    found: list[str] = []
    rest = plain
    while rest:
        place = next((rest[:n] for n in range(min(len(rest), 20), 1, -1) if rest[:n] in known), "")
        if not place:
            break
        found.append(place)
        rest = rest[len(place) :]
    return found, rest


def take_apart(name: str, known: Collection[str]) -> Apart:
    """Take a printed name apart; `known` holds full names of places (own, above, below).

    市教育局 → 市, 教育局; ××市教育局 → (××市), 教育局; 共青团××市委员会 and 团市委 → …, 团委.
    """
    plain = _LEADING.sub("", normalise(name)[:MAX_LENGTH])
    if league := _LEAGUE.match(_REMARK.sub("", plain)):
        places, rest = _places(league["place"], known)
        if rest in LEVEL_OF_WORD and not places:
            return Apart((), rest, "团委")
        if not rest or re.fullmatch(r"[\u4e00-\u9fff]{1,8}[省市县区旗州盟镇乡]", rest):
            return Apart((*places, *([rest] if rest else [])), None, "团委")
    places, rest = _places(plain, known)
    if places and not rest:  # the place itself stands for its government
        return Apart(tuple(places), None, "政府")
    word = None
    if not places:
        found = _WORD.match(rest)
        unknown = None if found else _UNKNOWN.match(rest)
        if found and len(rest) > found.end():
            word, rest = found.group(), rest[found.end() :]
        elif unknown and not _NO_PLACE.search(unknown["place"]):
            places, rest = [unknown["place"]], unknown["rest"]
        elif _ALONE.fullmatch(rest) and not _NO_PLACE.search(rest):
            places, rest = [rest], "政府"
    return Apart(tuple(places), word, _core(rest, places, word))


def _core(rest: str, places: list[str], word: str | None) -> str:
    """Return the unit without the committee that it belongs to (委教育工委 → 教育工委).

    The word of the place may stand once more behind the committee: 市委市直机关工委.
    """
    core = _PARTY.sub("", rest)
    if core == rest:
        return rest
    again = word or (word_of(places[-1]) if places else None)
    found = _WORD.match(core)
    if again and found and found.group() == again and len(core) > found.end() + 1:
        return core[found.end() :]
    return core
