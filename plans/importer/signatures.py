"""Read who issued a document and when: signatures, notes, imprints, red heads, labels."""

from __future__ import annotations

import re
from datetime import date

from plans.importer.lines import Line, Read, read_at
from plans.importer.notations import DATE, HAN_DATE, ISSUER_LINE, han_number
from plans.importer.places import region_at_start

_ISO_DATE = re.compile(r"(?P<y>(?:19|20)\d\d)[-/.．－](?P<m>\d{1,2})[-/.．－](?P<d>\d{1,2})日?")
_DATES = (DATE, HAN_DATE, _ISO_DATE)
ISSUER_LABEL = re.compile(r"(?:发[文布]|制发|印发|制定)(?:机关|机构|单位|部门)[：]")
DATE_LABEL = re.compile(r"(?:成文|发文|印发|制发|发布|公布)(?:日期|时间)[：]")
_ANY_ISSUER = re.compile(
    r"(?:中共)?[一-龥（）“”\d]{2,40}?(?:政府|办公[厅室]|领导小组|委员会|协会|科协|纲要办|党工委|管委会|"
    r"[县市区镇州乡盟旗省师]委|[局厅委署院会处])"
)
_NAMED_IN_NOTICE = re.compile(rf"(?P<who>{_ANY_ISSUER.pattern})(?:文件)?(?=关于|印发|转发)")
_SIGNATURE = re.compile(
    rf"(?<=[。！])(?P<who>{_ANY_ISSUER.pattern})?{DATE.pattern}(?=$|[（一-龥])(?!以?[来前后，])"
)


def issue_of(head: list[Line], tail: list[Line]) -> tuple[Read[str] | None, Read[date] | None]:
    """Find who issued the plan and when: signature and date, a note, a label, the red head."""
    above = _issuer_of_head(head)
    if run := _signed_in_a_run(head):
        return run[0] or above, run[1]
    for lines in (head, tail):
        for index, line in enumerate(lines):
            if noted := _note(line):
                return noted[0] or above, noted[1]
            signed = _signed(lines, index)
            if signed is None:
                continue
            signer, day = signed
            imprint = line.words.endswith("印发")
            # 省府办公厅 says whose it is only together with the title of the notice.
            short = signer is not None and region_at_start(signer.value) is None
            return ((above or signer) if imprint or short else (signer or above)), day
    return above, _labelled_date(head)


def _note(line: Line) -> tuple[Read[str] | None, Read[date]] | None:
    """Read a note below the title: （云政发〔2017〕8号，云台县人民政府2017年3月1日印发）."""
    if not re.match(r"[（]", line.words) or not re.search(r"印发|发布|公布", line.words):
        return None
    hit = next((hit for p in _DATES if (hit := p.search(line.words))), None)
    day = _date(hit) if hit else None
    if hit is None or day is None:
        return None
    names = list(ISSUER_LINE.finditer(line.words, 1, hit.start()))
    issuer = read_at(line, names[-1].start(), names[-1].end(), names[-1].group()) if names else None
    return issuer, read_at(line, hit.start(), hit.end(), day)


def _signed(lines: list[Line], index: int) -> tuple[Read[str] | None, Read[date]] | None:
    """Read a date that stands alone or after its signature, with the signatures above it."""
    line = lines[index]
    bare = line.words.removesuffix("印发").removesuffix("。")
    begin = 0
    hit = whole_date(bare)
    if hit is None:
        hit = next(
            (hit for p in _DATES if (hit := p.search(bare)) and hit.end() == len(bare)), None
        )
        if hit is None or not is_signer(bare[: hit.start()]):
            return None
        begin = hit.start()
    day = _date(hit)
    if day is None:
        return None
    when = read_at(line, hit.start(), hit.end(), day)
    if begin:
        return read_at(line, 0, begin, bare[:begin]), when
    first = index
    skipped = 0
    while first > 0 and index - first < 8:
        above = lines[first - 1].words
        if is_signer(above):
            first -= 1
        elif first == index - skipped and re.fullmatch(r"（[^（）]*[章印]）", above):
            first, skipped = first - 1, skipped + 1
        else:
            break
    signers = [each for each in lines[first : index - skipped] if is_signer(each.words)]
    if not signers:
        return None, when
    names = " ".join(each.words for each in signers)
    return Read(_apart(names), (signers[0].start, signers[-1].start + len(signers[-1].words))), when


def _signed_in_a_run(head: list[Line]) -> tuple[Read[str] | None, Read[date]] | None:
    """Read a signature inside a paragraph: a page that was copied without its line ends."""
    for line in head:
        if len(line.words) < 60:
            continue
        hit = _SIGNATURE.search(line.words, 0, 1500)
        day = _date(hit) if hit else None
        if hit and day:
            who = hit.group("who")
            signer = read_at(line, hit.start("who"), hit.end("who"), who) if who else None
            return signer, read_at(line, hit.start("y"), hit.end(), day)
    return None


def _apart(names: str) -> str:
    """Put the blank back that layout took from several offices on one line.

    中共云台市委办公室云台市人民政府办公室: each begins with the place again.
    """
    place = region_at_start(names)
    if not place or names.count(place) < 2:
        return names
    first = names.find(place) + len(place)
    return names[:first] + re.sub(rf"(?<! )(?=(?:中共)?{place})", " ", names[first:])


def is_signer(words: str) -> bool:
    return bool(
        4 <= len(words) <= 60
        and not words.startswith(("各", "抄", "主", "附", "（", "关于"))
        and (
            ISSUER_LINE.fullmatch(words)
            or re.fullmatch(rf"(?:{_ANY_ISSUER.pattern}){{1,3}}", words)
        )
    )


def _issuer_of_head(head: list[Line]) -> Read[str] | None:
    """Take the issuer from the title of the notice, the red head or a label of the page."""
    for line in head:
        if hit := ISSUER_LABEL.match(line.words):
            return read_at(line, hit.end(), len(line.words), line.words[hit.end() :])
    for line in head:
        bare = line.words.removesuffix("文件")
        named = ISSUER_LINE.fullmatch(bare)
        if named and (bare != line.words or "关于印发" not in line.words):
            return read_at(line, 0, len(bare), bare)
        hit = _NAMED_IN_NOTICE.match(line.words)
        if hit and is_signer(hit.group("who")):
            return read_at(line, 0, hit.end("who"), _apart(hit.group("who")))
    return None


def _labelled_date(head: list[Line]) -> Read[date] | None:
    for line in head:
        label = DATE_LABEL.match(line.words)
        hit = next((h for p in _DATES if label and (h := p.match(line.words, label.end()))), None)
        if hit and (day := _date(hit)):
            return read_at(line, hit.start(), hit.end(), day)
    return None


def whole_date(line: str) -> re.Match[str] | None:
    bare = line.removesuffix("印发").removeprefix("（").removesuffix("）")
    return next((hit for pattern in _DATES if (hit := pattern.fullmatch(bare))), None)


def _date(hit: re.Match[str]) -> date | None:
    parts = [han_number(hit.group(name)) for name in ("y", "m", "d")]
    try:
        return date(*(part or 0 for part in parts))
    except ValueError:
        return None
