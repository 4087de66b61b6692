"""Put a document's parts in printing order and on upright or landscape sheets."""

from dataclasses import dataclass
from itertools import groupby

from reports.rendering.document import (
    Attachment,
    Block,
    Document,
    Figure,
    Head,
    Heading,
    Table,
    chinese_date,
    clean,
    title_text,
)


@dataclass(frozen=True, slots=True)
class TitleLines:
    """The document's title."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipient:
    """The 主送机关, ending in a colon."""

    text: str


@dataclass(frozen=True, slots=True)
class AttachmentList:
    """The 附件说明: number and name of every attachment; a single one has no number."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """The 署名 and the date as printed; either may be empty."""

    name: str
    date: str


@dataclass(frozen=True, slots=True)
class AttachmentHead:
    """The mark 附件 or 附件1, and the attachment's title below."""

    mark: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutlinedHeading:
    """A heading with its depth in the outline, which never skips a level."""

    heading: Heading
    depth: int


Item = (
    Head
    | TitleLines
    | Recipient
    | AttachmentList
    | Signature
    | AttachmentHead
    | OutlinedHeading
    | Block
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Items that share an orientation and begin on a new page."""

    landscape: bool
    items: tuple[Item, ...]


def sheets(document: Document) -> tuple[Sheet, ...]:
    """Return the whole document as sheets in printing order."""
    result = list(_by_orientation(_body(document)))
    numbered = len(document.attachments) > 1
    for number, attachment in enumerate(document.attachments, 1):
        mark = f"附件{number}" if numbered else "附件"
        result.extend(_by_orientation(_attachment(mark, attachment)))
    return tuple(result)


def _body(document: Document) -> list[Item]:
    items: list[Item] = []
    if document.head:
        number, mark = clean(document.head.number).strip(), clean(document.head.mark).strip()
        items.append(Head(number, mark))
    items.append(TitleLines(_lines(document.title)))
    if document.recipient.strip():
        items.append(Recipient(clean(document.recipient).strip().rstrip(":：") + "："))
    items.extend(_outlined(document.blocks, top=0))
    if document.attachments:
        items.append(_attachment_list(document.attachments))
    if document.signature.strip() or document.date:
        date = chinese_date(document.date) if document.date else ""
        items.append(Signature(clean(document.signature).strip(), date))
    return items


def _attachment(mark: str, attachment: Attachment) -> list[Item]:
    return [AttachmentHead(mark, _lines(attachment.title)), *_outlined(attachment.blocks, top=1)]


def _attachment_list(attachments: tuple[Attachment, ...]) -> AttachmentList:
    names = [title_text(attachment.title) for attachment in attachments]
    numbers = [f"{number}." for number in range(1, len(names) + 1)] if len(names) > 1 else [""]
    return AttachmentList(tuple(zip(numbers, names, strict=True)))


def _lines(title: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for line in title for part in clean(line).split("\n"))


def _outlined(blocks: tuple[Block, ...], top: int) -> list[Item]:
    """Give each heading a depth at most one below its predecessor, as PDF/UA demands."""
    items: list[Item] = []
    depth = top
    for block in blocks:
        if isinstance(block, Heading):
            depth = min(block.level + top, depth + 1)
            items.append(OutlinedHeading(block, depth))
        else:
            items.append(block)
    return items


def _by_orientation(items: list[Item]) -> list[Sheet]:
    """Split where the orientation changes; a head moves to the sheet of the table below it."""
    turned: list[tuple[bool, Item]] = []
    follows_wide = False
    for item in reversed(items):
        if isinstance(item, Table):
            follows_wide = item.wide
        elif not isinstance(item, (OutlinedHeading, AttachmentHead)):
            follows_wide = False
        turned.append((follows_wide, item))
    turned.reverse()
    return [
        Sheet(landscape, tuple(item for _, item in group))
        for landscape, group in groupby(turned, key=lambda pair: pair[0])
    ]


def has_figures(document: Document) -> bool:
    """Say whether any chart must be drawn."""
    every = [*document.blocks, *(b for a in document.attachments for b in a.blocks)]
    return any(isinstance(block, Figure) for block in every)
