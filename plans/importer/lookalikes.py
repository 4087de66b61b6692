"""Replace signs that only look like the ones meant.

PDF files made by browsers name many characters after radicals of the same shape: ⼈⺠ for 人民. To
a reader they are the same; to a search they are not.
"""

from __future__ import annotations

import unicodedata

# Radicals that the standard does not fold although a whole character looks the same.
_RADICALS = {
    "⺎": "兀", "⺒": "巳", "⺝": "月", "⺟": "母", "⺠": "民", "⺩": "王", "⺫": "目", "⺬": "示",
    "⺮": "竹", "⺴": "网", "⺻": "聿", "⺼": "月", "⻁": "虎", "⻄": "西",
    "⻅": "见", "⻆": "角", "⻇": "角", "⻉": "贝", "⻊": "足", "⻋": "车", "⻑": "長", "⻓": "长",
    "⻔": "门", "⻘": "青", "⻙": "韦", "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食", "⻢": "马",
    "⻣": "骨", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻧": "卤", "⻨": "麦", "⻩": "黄", "⻪": "黾",
    "⻫": "斉", "⻬": "齐", "⻭": "歯", "⻮": "齿", "⻯": "竜", "⻰": "龙", "⻱": "龟", "⻲": "亀",
}  # fmt: skip
# Fonts draw ——, the dash of Chinese text, as one long sign and files keep that one.
_LONG_DASHES = {"⸺": "——", "⸻": "———"}
_FOLDED = [*range(0x2E80, 0x2FD6), *range(0xF900, 0xFB00)]

LOOKALIKES: dict[int, str] = {
    code: folded
    for code in _FOLDED
    if (folded := unicodedata.normalize("NFKC", chr(code))) != chr(code) and len(folded) == 1
}
LOOKALIKES.update({ord(sign): plain for sign, plain in (_RADICALS | _LONG_DASHES).items()})
