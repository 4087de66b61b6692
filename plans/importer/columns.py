"""Tell a page set in two columns, as gazettes are, from one set across."""

from __future__ import annotations

from itertools import groupby
from statistics import median

from plans.importer.pages import Sign

_FEWEST_SIGNS = 200
_FEWEST_LINES = 4
_BINS = 4  # to the width of a Han sign
_MOST_BINS = 4_000
_MIDDLE = 0.35  # of the width is left of where a gutter is looked for, and as much right of it


def in_columns(signs: list[Sign], em: float) -> list[list[Sign]]:
    """Part the signs of a page into blocks to be read one after the other.

    Lines set across both columns end the columns above them. One block is an ordinary page.
    """
    strip = _gutter(signs, em)
    if strip is None:
        return [signs]
    blocks: list[list[Sign]] = []
    for across, rows in groupby(_rows(signs, em), key=lambda row: _crosses(row, strip, em)):
        block = [sign for row in rows for sign in row]
        if across:
            blocks.append(block)
        else:
            middle = sum(strip) / 2
            halves = (
                [s for s in block if _centre(s) < middle],
                [s for s in block if _centre(s) >= middle],
            )
            blocks += [half for half in halves if half]
    return blocks


def _rows(signs: list[Sign], em: float) -> list[list[Sign]]:
    rows: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda one: one.base):
        if rows and sign.base - rows[-1][0].base < 0.3 * em:
            rows[-1].append(sign)
        else:
            rows.append([sign])
    return rows


def _centre(sign: Sign) -> float:
    return (sign.left + sign.right) / 2


def _crosses(row: list[Sign], strip: tuple[float, float], em: float) -> bool:
    """Say whether a row is set across the strip: a sign stands in it, or no gap does."""
    # A stop at the end of a line, a bracket at its beginning reach half their width into it.
    if any(strip[0] + 0.3 * em < _centre(sign) < strip[1] - 0.3 * em for sign in row):
        return True
    middle = sum(strip) / 2
    before = [sign.right for sign in row if _centre(sign) < middle]
    after = [sign.left for sign in row if _centre(sign) >= middle]
    return bool(before and after) and min(after) - max(before) < 0.2 * em


def _gutter(signs: list[Sign], em: float) -> tuple[float, float] | None:
    """Find a free strip down the middle of a page whose text is dense on both sides."""
    if len(signs) < _FEWEST_SIGNS:
        return None
    size = em / _BINS
    begin = min(sign.left for sign in signs)
    count = int((max(sign.right for sign in signs) - begin) / size) + 1
    if count > _MOST_BINS:
        return None
    cover = [0] * count
    for sign in signs:
        for at in range(*(round((edge - begin) / size) for edge in (sign.left, sign.right))):
            cover[at] += 1
    thin = [at for at in range(count) if cover[at] <= 0.15 * median(cover)]
    first, last = _longest_run(thin, count)
    if last - first + 1 < 0.8 * _BINS:
        return None
    left, right = cover[:first], cover[last + 1 :]
    if min(median(left), median(right)) < _FEWEST_LINES:
        return None
    # The second column begins sharply, if with indents; of the first some lines reach its end.
    reach = 3 * _BINS
    if max(right[:reach]) < 0.6 * median(right) or max(left[-reach:]) < 0.2 * median(left):
        return None
    return begin + first * size, begin + (last + 1) * size


def _longest_run(bins: list[int], count: int) -> tuple[int, int]:
    """Return the first and last of the most bins in a row, away from the edges of the page."""
    best = start = last = -1
    length = 0
    for at in bins:
        if not _MIDDLE * count < at < (1 - _MIDDLE) * count:
            continue
        start = at if at != last + 1 else start
        last = at
        if at - start >= length:
            best, length = start, at - start + 1
    return best, best + length - 1
