"""Take lines for headings that bear no number, or one that says nothing of their level."""

from __future__ import annotations

from plans.importer.entries import Entry, title_span
from plans.importer.notations import (
    ACTION_TITLE,
    BARE_LINE,
    BARE_SECTION,
    BOX,
    BULLET,
    CHAPTER,
    DIGIT_STOP,
    GENERIC_TITLE,
    HAN_BRACKET,
    HAN_STOP,
    LABELLED,
    PLAN_WORD,
    SAFEGUARD_SECTION,
)


def with_bare_headings(text: str, entries: list[Entry]) -> list[Entry]:
    """Take short lines for headings in a text whose numbers were lost."""
    if any(e.kind == "marker" and e.rank <= HAN_BRACKET for e in entries):
        return entries
    safeguards = False
    for entry in entries:
        words = text[entry.start : entry.end].rstrip("。")
        if safeguards and entry.kind == "plain" and _opens_short(text, entry):
            entry.kind, entry.rank = "marker", HAN_BRACKET
            continue
        if entry.kind not in ("plain", "goals", "measures") or not BARE_LINE.fullmatch(words):
            continue
        if BARE_SECTION.fullmatch(words.rstrip("：:")):
            entry.kind, entry.rank, entry.body = "marker", HAN_STOP, entry.start
            safeguards = bool(SAFEGUARD_SECTION.search(words))
        elif ACTION_TITLE.match(words) and not PLAN_WORD.search(words):
            entry.kind, entry.rank = "marker", HAN_BRACKET
    return entries


def _opens_short(text: str, entry: Entry) -> bool:
    """See 加强经费保障。… : a title of a few words runs in to its text."""
    start, end = title_span(text, entry)
    return 4 <= end - start <= 14 and text[end : end + 1] == "。"


def raise_bulleted(text: str, entries: list[Entry]) -> None:
    """Take ——…行动。 for headings, where the bullets of a section are actions and nothing else."""
    row: list[Entry] = []
    open_row = False
    for entry in [*entries, None]:
        if entry is None or (entry.kind == "marker" and entry.rank <= HAN_BRACKET):
            titles = [text[slice(*title_span(text, each))] for each in row]
            named = sum(bool(ACTION_TITLE.match(title)) for title in titles)
            if len(row) > 1 and 3 * named >= 2 * len(row):
                for each in row:
                    each.rank = HAN_BRACKET
            row = []
            open_row = entry is not None and entry.rank < HAN_BRACKET
            if entry is not None and open_row:
                heading = text[slice(*title_span(text, entry))]
                specific = ACTION_TITLE.match(heading) and not GENERIC_TITLE.match(heading)
                open_row = not specific
        elif entry.kind == "marker" and entry.rank == BULLET and open_row:
            row.append(entry)


def raise_named(text: str, entries: list[Entry]) -> None:
    """Take lines that are but a name for headings, where a row of items begins below each.

    （一）实施五大提升行动 / 青少年科学素质提升行动 / 1.… 2.… / 农民科学素质提升行动 / 1.…
    """
    found: list[tuple[Entry, float]] = []
    open_group = False
    for at, entry in enumerate(entries):
        if entry.kind == "marker" and entry.rank <= HAN_BRACKET:
            heading = text[slice(*title_span(text, entry))]
            open_group = not ACTION_TITLE.match(heading) or bool(GENERIC_TITLE.match(heading))
        elif open_group and entry.kind == "plain" and _is_name(text, entry):
            rest = entries[at + 1 : at + 5]
            below = next((e for e in rest if e.kind == "marker" or _is_name(text, e)), None)
            if below is not None and _begins_row(below):
                found.append((entry, below.rank))
    if len(found) > 1:
        for entry, rank in found:
            entry.kind, entry.rank = "marker", min(rank, DIGIT_STOP) - 0.5


def _begins_row(entry: Entry) -> bool:
    items = entry.kind == "marker" and entry.rank > HAN_BRACKET
    return items and (entry.ordinal == 1 or entry.rank == BULLET)


def _is_name(text: str, entry: Entry) -> bool:
    """See 青少年科学素质提升行动 alone on its line."""
    words = text[entry.start : entry.end]
    named = ACTION_TITLE.match(words) and not GENERIC_TITLE.match(words)
    return bool(BARE_LINE.fullmatch(words) and named) and not PLAN_WORD.search(words)


def fill_boxes(text: str, entries: list[Entry]) -> list[Entry]:
    """Make plain words of the items in a 专栏, up to the heading or number that goes on."""
    inside = False
    last = within = 0
    for entry in entries:
        if entry.kind == "plain" and BOX.match(text, entry.start, entry.end):
            inside, within = True, 0
            continue
        if entry.kind != "marker":
            continue
        number = entry.ordinal if entry.rank == DIGIT_STOP else None
        if inside and (
            entry.rank <= HAN_BRACKET
            or (number == last + 1 and number != within + 1)
            or entry.statements
        ):
            inside = False
        if inside:
            entry.kind, entry.rank = "plain", 99
            within = number or within
        elif entry.rank <= DIGIT_STOP:
            last = number or 0
    return entries


def rank_labelled(entries: list[Entry]) -> list[Entry]:
    """Rank 行动一：… half a step below the heading that the row stands under."""
    above: float = CHAPTER
    row: float | None = None
    for entry in entries:
        if entry.kind != "marker":
            continue
        if entry.rank == LABELLED:
            row = entry.rank = above + 0.5 if row is None else row
        elif entry.rank <= DIGIT_STOP:
            above = entry.rank
            if row is not None and above < row:
                row = None
    return entries
