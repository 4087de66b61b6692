"""What a person does to the order of a draft: move, split, merge."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from plans.importer.spans import sentences
from plans.models import Draft, DraftItem
from plans.services.drafting import GAP
from plans.services.drafts import fits, item_of, locked, position_of, record, siblings

Kind = DraftItem.Kind
TITLE_LENGTH = 300


@transaction.atomic
def move(
    item: DraftItem, *, parent: DraftItem | None, after: DraftItem | None, by: Any
) -> DraftItem:
    """Put an item behind `after` (None: as the first) of another or the same parent."""
    draft = locked(item.draft_id, by)
    item = item_of(draft, item.pk)
    fits(draft, item.kind, parent)
    for other in (parent, after):
        if other is not None and (other.draft_id != draft.pk or other.pk == item.pk):
            raise DomainError(_("这一项不能放在这里，请选择别的位置。"), code="wrong_place")
    item.position = position_of(draft, item.kind, parent, after, last=False)
    item.parent = parent
    item.version += 1
    item.save()
    record("move", draft, by, item=item.pk, parent=parent.pk if parent else None)
    return item


def shift(item: DraftItem, step: int, *, by: Any) -> DraftItem:
    """Move an item one place up (-1) or down (+1) among its siblings; at the end it stays."""
    draft = item.draft
    others = [one for one in siblings(draft, item.kind, item.parent) if one.pk != item.pk]
    rows = siblings(draft, item.kind, item.parent)
    at = next((n for n, one in enumerate(rows) if one.pk == item.pk), 0) + step
    if not 0 <= at < len(rows):
        raise DomainError(_("已经在最前或最后，不能再移。"), code="at_end")
    return move(item, parent=item.parent, after=others[at - 1] if at else None, by=by)


def cuts(item: DraftItem) -> list[tuple[int, str]]:
    """Return where a measure's text can be split: offsets of sentences after the first."""
    text = str(item.data.get("text") or "")
    found: list[tuple[int, str]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        found += [(a, text[a:b]) for a, b in sentences(text, at, at + len(line)) if b > a]
        at += len(line)
    return found[1:]


@transaction.atomic
def split(item: DraftItem, at: int, *, by: Any) -> DraftItem:
    """Make two measures of one: the second begins at this offset of its text; return it.

    Both keep the units: which part a bracket at the end speaks of only a person can tell.
    """
    draft = locked(item.draft_id, by)
    item = item_of(draft, item.pk)
    if item.kind != Kind.MEASURE or at not in dict(cuts(item)):
        raise DomainError(_("请选择从哪一句起分成两条。"), code="wrong_place")
    text = str(item.data.get("text") or "")
    first, second = text[:at].rstrip(), text[at:].strip()
    place = _cut_in(draft, item, second)
    new = DraftItem.objects.create(
        draft=draft,
        parent=item.parent,
        kind=item.kind,
        position=position_of(draft, item.kind, item.parent, item, last=False),
        data={"number": None, "title": _title(second), "text": second},
        edited=True,
        span_start=place,
        span_end=item.span_end if place is not None else None,
    )
    item.refresh_from_db()  # _position may have spread the siblings
    item.data = {**item.data, "text": first}
    if place is not None:
        item.span_end = place
    item.edited = True
    item.version += 1
    item.save()
    units = DraftItem.objects.filter(draft=draft, parent=item, kind=Kind.UNIT, dropped=False)
    DraftItem.objects.bulk_create(_copy(unit, new) for unit in units)
    if place is not None:
        duties = DraftItem.objects.filter(draft=draft, parent=item, kind=Kind.DUTY)
        duties.filter(span_start__gte=place).update(parent=new)
    record("split", draft, by, item=item.pk, new=new.pk, at=at)
    return new


def _title(text: str) -> str:
    for start, end in sentences(text, 0, len(text)):
        return text[start:end].rstrip("。！？；")[:TITLE_LENGTH]
    return text[:TITLE_LENGTH]


def _cut_in(draft: Draft, item: DraftItem, words: str) -> int | None:
    """Return where the second part begins in the document, if it can be found there."""
    if item.span_start is None or item.span_end is None:
        return None
    place = draft.text.find(words.split("\n")[0][:40], item.span_start + 1, item.span_end)
    return place if place > 0 else None


def _copy(unit: DraftItem, parent: DraftItem) -> DraftItem:
    return DraftItem(
        draft_id=unit.draft_id,
        parent=parent,
        kind=unit.kind,
        position=unit.position,
        data=unit.data,
        edited=True,
        span_start=unit.span_start,
        span_end=unit.span_end,
    )


@transaction.atomic
def merge(item: DraftItem, *, by: Any) -> DraftItem:
    """Join a measure or an action to the one before it; return that one.

    Title and text follow its text, units that it lacks and all else hang on it from now on.
    """
    draft = locked(item.draft_id, by)
    item = item_of(draft, item.pk)
    if item.kind not in (Kind.MEASURE, Kind.ACTION):
        raise DomainError(_("只有重点任务和措施可以合并。"), code="wrong_kind")
    rows = siblings(draft, item.kind, item.parent)
    at = next((n for n, one in enumerate(rows) if one.pk == item.pk), 0)
    if at == 0:
        raise DomainError(_("前面没有可以合并的一条。"), code="at_end")
    first = rows[at - 1]
    first.data = {**first.data, "text": _joined(first.data, item.data)}
    if first.span_end and item.span_start and first.span_end <= item.span_start:
        first.span_end = item.span_end
    first.edited = True
    first.version += 1
    first.save()
    have = {
        (one.data["role"], one.data["name"])
        for one in DraftItem.objects.filter(parent=first, kind=Kind.UNIT, dropped=False)
    }
    twice = [
        one.pk
        for one in DraftItem.objects.filter(parent=item, kind=Kind.UNIT)
        if (one.data["role"], one.data["name"]) in have
    ]
    DraftItem.objects.filter(pk__in=twice).delete()
    _hang_over(draft, item, first)
    record("merge", draft, by, item=item.pk, into=first.pk, data=item.data)
    item.delete()
    return first


def _hang_over(draft: Draft, item: DraftItem, first: DraftItem) -> None:
    """Hang the children of one item behind those of another."""
    last = DraftItem.objects.filter(parent=first).order_by("-position").first()
    rows = list(DraftItem.objects.filter(draft=draft, parent=item))
    for number, one in enumerate(rows, 1):
        one.parent = first
        one.position = (last.position if last else 0) + number * GAP
    DraftItem.objects.bulk_update(rows, ["parent", "position"])


def _joined(first: dict[str, Any], second: dict[str, Any]) -> str:
    title, text = str(second.get("title") or ""), str(second.get("text") or "")
    # A measure's text holds its title already, as printed.
    parts = [first.get("text") or "", text if text.startswith(title[:20]) else f"{title}\n{text}"]
    return "\n".join(str(one).strip() for one in parts if str(one).strip())
