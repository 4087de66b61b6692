"""The index of a report's figures, and the code that leads from print to their rows."""

import io
from dataclasses import replace
from typing import Any

import segno

from reports import facts
from reports.compose.wording import Frozen
from reports.naming import Names, names_of, sources_in_words
from reports.rendering.document import Block, Column, Figure, Paragraph, Run, Table, Text
from reports.rendering.draft import Draft
from reports.rendering.places import NOTES, TRACE, places

QR_MM = 36.0  # large enough for a telephone over a desk
LONG = 40  # characters of a value


def order(draft: Draft, figures: dict[str, Any]) -> list[str]:
    """Return the keys of all figures: what the text states as it is read, then the rest.

    Their places in this list, from 1 on, are the numbers that the index prints. What concerns
    single 督办件 is left out unless the text states it: not every reader may see those.
    """
    stated = [key for key in places(draft) if key in figures]
    others = [
        key
        for key, _row in sorted(figures.items(), key=facts.rank)
        if not key.startswith("supervision.")
    ]
    return list(dict.fromkeys([*stated, *others]))


def traced(draft: Draft, frozen: Frozen, address: str) -> Draft:
    """Fill the index of figures, and put the way to their page below the notes.

    Done last: it speaks of the text as it is printed. `address` is the page of the version's
    figures.
    """
    filled = {TRACE: (_index(draft, frozen),), NOTES: _way(address)}
    annexes = [
        replace(one, blocks=(*one.blocks, *filled[one.key])) if one.key in filled else one
        for one in draft.annexes
    ]
    return replace(draft, annexes=tuple(annexes))


def _way(address: str) -> tuple[Block, ...]:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=4, xmldecl=False, nl=False, light="#ffffff"
    )
    return (
        Paragraph(
            "扫描下面的二维码，或者打开网址，登录后可以逐个查看本报告的数字、来源和佐证材料。"
        ),
        Figure(
            drawn.getvalue().decode(),
            alt=f"二维码，内容是网址{address}",
            caption="本报告数字和来源的二维码",
            width_mm=QR_MM,
        ),
        Paragraph(address),
    )


# --- The index -------------------------------------------------------------------------------
def _index(draft: Draft, frozen: Frozen) -> Table:
    figures = frozen["figures"]
    where = places(draft)
    names = names_of(frozen)
    rows = [
        _row(number, where[key][0].title, key, figures[key], names)
        for number, key in enumerate(order(draft, figures), 1)
        if key in where
    ]
    return Table(
        columns=(
            Column("编号", 3, "center"),
            Column("所在部分", 8),
            Column("内容", 13),
            Column("数值", 8),
            Column("来源", 17),
        ),
        rows=tuple(rows),
        note="注：编号按数字在正文和附件中第一次出现的先后排列；同一个数字只列一次。",
        dense=True,
    )


def _row(number: int, part: str, key: str, row: dict[str, Any], names: Names) -> tuple[Text, ...]:
    value = f"{row['value']}{row['unit']}"
    shown = value if len(value) <= LONG else f"{value[:LONG]}……"
    return (str(number), part, row["label"], (Run(shown, key),), sources_in_words(row, names))
