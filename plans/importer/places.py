"""Read the place that a title or an office is named after, as far down as it is printed."""

from __future__ import annotations

import re

_ENDING = (
    "特别行政区|自治区|自治州|自治县|自治旗|民族乡|地区|新区|林区|特区|街道|"
    "省|市|州|盟|县|旗|区|镇|乡|团场"
)
# What follows a place name in a title, never part of one.
_AFTER = re.compile(
    r"全民|公民|居民|全面|全市|全县|贯彻|落实|关于|实施|推进|加强|提升|提高|人民|科学|科协|科普|科技|纲要|“|《|“?十[一二三四五]?五|"
    r"委|政府|进一步|城镇|乡镇|乡村|社区|党|农民|青少年|基层|创建|开展|印发|办公|管委|行署|\d"
)
_NAME = re.compile(rf"[一-龥]{{1,12}}?(?:{_ENDING})")
_LEADING = re.compile(r"^(?:[（《“]*)(?:(?:19|20)\d\d年(?:度)?)?(?:中共|中国共产党)?")
_GENERIC = ("全", "各", "我", "本", "该", "有关", "关于", "为", "现", "附", "第一", "重点")
_CORPS = re.compile(r"新疆生产建设兵团|生产建设兵团|兵团")
_DIVISION = re.compile(r"第[一二三四五六七八九十]{1,3}师")


def region_at_start(line: str) -> str | None:
    """Return the place name that a line begins with, its upper places included.

    第八师石河子市 is 石河子市, the place that the division runs.
    """
    begin = _LEADING.match(line).end()  # type: ignore[union-attr]
    if corps := _CORPS.match(line, begin):
        begin = corps.end()
        if not (_DIVISION.match(line, begin) or _name_at(line, begin)):
            return corps.group()
    division = _DIVISION.match(line, begin)
    if division:
        begin = division.end()
    if line.startswith(_GENERIC, begin) or _AFTER.match(line, begin):
        return division.group() if division else None
    end = begin
    while stop := _name_at(line, end):
        if end > begin and stop - end > 12:
            break
        end = stop
    if end == begin:
        return division.group() if division else None
    return line[begin:end]


def _name_at(line: str, at: int) -> int | None:
    """Return where one place name ends that begins here."""
    if _AFTER.match(line, at):
        return None
    hit = _NAME.match(line, at)
    if hit is None or _AFTER.search(line, at, hit.end() - 1):
        return None
    stop = hit.end()
    # 津市市, 景德镇市 and the 州 of a 市: the ending that counts is the last of a run.
    while stop < len(line) and line[stop] in "省市县区" and not _AFTER.match(line, stop):
        stop += 1
    return stop
