"""发文字号: how an official document is numbered (GB/T 9704-2012, 7.2.5).

It is 机关代字, the year in 〔〕 and a running number without leading zeros: 淄政办字〔2017〕50号.
An office gives it, it is never made here; what people type with other brackets is put right.
"""

import re

PATTERN = re.compile(
    r"(?P<word>[一-龥]{2,12})[〔\[﹝［（(【](?P<year>(?:19|20)\d\d)[〕\]﹞］）)】]第?(?P<no>\d{1,4})号"
)


def written(hit: re.Match[str]) -> str:
    """Return a match of `PATTERN` as the standard writes it."""
    return f"{hit.group('word')}〔{hit.group('year')}〕{int(hit.group('no'))}号"


def normal(text: str) -> str | None:
    """Return a whole text as the number that it is, or None where it is none."""
    hit = PATTERN.fullmatch("".join(text.split()))
    return written(hit) if hit and int(hit.group("no")) else None
