"""Tell a page set in two columns, as gazettes are, from one set across."""

from __future__ import annotations

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
    gutter = _gutter(signs, em)
    if gutter is None:
        return [signs]
    across = sorted({sign.base for sign in signs if sign.left < gutter < sign.right})
    rows: list[list[Sign]] = [[]]
    crossing = False
    for sign in sorted(signs, key=lambda one: one.base):
        crosses = any(abs(sign.base - base) < 0.3 * em for base in across)
        if crosses != crossing:
            rows.append([])
            crossing = crosses
        rows[-1].append(sign)
    blocks: list[list[Sign]] = []
    for at, row in enumerate(rows):
        # The blocks take turns: columns, across, columns, …
        halves = [row] if at % 2 else _halves(row, gutter)
        blocks += [half for half in halves if half]
    return blocks


def _halves(signs: list[Sign], gutter: float) -> list[list[Sign]]:
    left = [sign for sign in signs if sign.left < gutter]
    return [left, [sign for sign in signs if sign.left >= gutter]]


def _gutter(signs: list[Sign], em: float) -> float | None:
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
    # Ragged or tabular text thins out towards a gap; columns are dense up to it, even short ones.
    for side, edge in (
        (cover[:first], cover[:first][-6:]),
        (cover[last + 1 :], cover[last + 1 :][:6]),
    ):
        if median(side) < _FEWEST_LINES or max(edge) < 0.6 * median(side):
            return None
    return begin + (first + last + 1) / 2 * size


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
