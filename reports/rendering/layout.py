"""Measures of the official page (GB/T 9704-2012), shared by the DOCX and the PDF.

Lengths are millimetres where a name ends in _MM and points where it ends in _PT; a «character»
is one cell of the grid of 28 characters by 22 lines.
"""

import math
import unicodedata
from dataclasses import dataclass

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0
AREA_WIDTH_MM = 156.0
AREA_HEIGHT_MM = 225.0
PAGE_NUMBER_BELOW_MM = 7.0

CHARACTERS_PER_LINE = 28
LINES_PER_PAGE = 22
MM_IN_PT = 72 / 25.4
CHARACTER_PT = AREA_WIDTH_MM * MM_IN_PT / CHARACTERS_PER_LINE

# 29 pt would leave room for 21 lines only; 28.95 pt (579 twentieths) gives the 22 of the standard.
LINE_PITCH_TWIPS = 579
LINE_PITCH_PT = LINE_PITCH_TWIPS / 20
# In 1/4096 pt: 16 pt characters moved together until 28 of them fill 156 mm.
GRID_CHARACTER_SPACE = -848

BODY_PT = 16.0  # 3号
TITLE_PT = 22.0  # 2号
PAGE_NUMBER_PT = 14.0  # 4号
CAPTION_PT = 14.0
NOTE_PT = 10.5
TABLE_PT = (12.0, 10.5, 9.0)  # 小四, 五号, 小五

# The mark of a red head: largest size, distance below the top of the type area, and the distance
# of the red rule below the document number.
MARK_PT = 48.0
MARK_BELOW_MM = 35.0
RED_RULE_BELOW_MM = 4.0
RED_RULE_PT = 1.5

# A chart nearly fills a page's width, and leaves room for its caption and the sentence before it.
FIGURE_WIDTH_MM = 150.0
FIGURE_HEIGHT_MM = 150.0


@dataclass(frozen=True, slots=True)
class Margins:
    """The four margins of a page in millimetres."""

    top: float
    right: float
    bottom: float
    left: float


PORTRAIT = Margins(top=37, right=26, bottom=35, left=28)
# The portrait page turned by a quarter, so that a table's head lies at the bound edge.
LANDSCAPE = Margins(top=28, right=37, bottom=26, left=35)


def table_text_pt(columns: int) -> float:
    """Return the text size of a table: 小四 while it has few columns, then 五号, then 小五."""
    large, middle, small = TABLE_PT
    return large if columns <= 6 else middle if columns <= 10 else small


def table_line_pt(size: float) -> float:
    """Return the line pitch inside a table for a text size in points."""
    return size * 1.5


def table_margin_pt(size: float) -> float:
    """Return the room left and right of a cell's text: small text stands in narrow columns."""
    return 2.0 if size < 10 else 3.0


def width_in_characters(text: str) -> float:
    """Measure a text in grid characters: wide signs count one, all others a half."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def mark_pt(mark: str) -> float:
    """Return the size of a red head's mark that fills no more than one line, in half points."""
    fitting = AREA_WIDTH_MM * MM_IN_PT / max(width_in_characters(mark), 1)
    return math.floor(min(MARK_PT, fitting) * 2) / 2


def signature_indents(signature: str, date: str) -> tuple[float, float]:
    """Return the blanks right of the signature and of the date, in characters.

    The signature ends two characters from the right and the date begins two characters right of
    the signature's beginning; a date longer than that ends two characters from the right itself
    and moves the signature left (GB/T 9704-2012, 7.3.5.2).
    """
    if not signature or not date:
        return 2.0, 2.0
    overhang = width_in_characters(signature) - width_in_characters(date)
    if overhang >= 2:
        return 2.0, overhang
    return 4.0 - overhang, 2.0
