"""The items of a scheme, brought in as a table in the place of those that were there.

A scheme that was sent back may have cards already. What a unit wrote at an item stays while the
item stays: the points too where standard and points are as before, else its note and files alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from core.errors import DomainError, ensure
from reports import policies
from reports.models import Score, ScoreCard, ScoreEvidence, ScoreItem, ScoreScheme
from reports.services.scores.schemes import locked, record, refusal

MOST_ITEMS = 200
ASIDE = 1000  # beyond every position: where items stand while they change places
SAME = (("level1", "level2", "standard"), ("level1", "level2"))
Row = Mapping[str, Any]


class RowErrors(DomainError):
    """What is wrong with lines of a table, by number from nought and by column."""

    def __init__(self, rows: Mapping[int, dict[str, list[str]]]) -> None:
        super().__init__(_("表里有内容要改正。"))
        self.rows = rows


def set_items(
    scheme: ScoreScheme,
    rows: Sequence[Row],
    *,
    by: Any,
    unread: Mapping[int, dict[str, list[str]]] | None = None,
) -> list[ScoreItem]:
    """Put the lines of a table in the place of all items of a scheme, all or none.

    `unread` tells what is wrong with lines that could not be read, by number; `rows` are those
    around them. Raises RowErrors, NotAllowed.
    """
    with transaction.atomic():
        scheme = locked(scheme)
        ensure(policies.can_change_scheme(by, scheme))
        _ensure_sound(rows, dict(unread or {}))
        standing = list(ScoreItem.objects.filter(scheme=scheme))
        kept = _continued(standing, rows)
        stay = {one.pk for one in kept.values()}
        gone = [one.pk for one in standing if one.pk not in stay]
        _remove(gone)
        items, changed = _placed(scheme, rows, kept)
        _bring_to_cards(scheme, [one for one in items if one.pk not in stay], changed)
        points = sum(one.points for one in items)
        record(
            scheme, "set_items", by,
            items=len(items), points=points, removed=len(gone), changed=len(changed),
        )  # fmt: skip
    return items


def _ensure_sound(rows: Sequence[Row], wrong: dict[int, dict[str, list[str]]]) -> None:
    """Refuse no items, too many, unread lines, and lines that stand there twice."""
    count = len(rows) + len(wrong)
    if not count:
        raise refusal("file", _("表里没有填写任何考核项目。"))
    if count > MOST_ITEMS:
        raise refusal("file", _("最多 %(most)s 个考核项目。") % {"most": MOST_ITEMS})
    numbers = [one for one in range(count) if one not in wrong]
    seen: set[tuple[Any, ...]] = set()
    for number, row in zip(numbers, rows, strict=True):
        key = tuple(row[name] for name in SAME[0])
        if key in seen:
            wrong[number] = {"level2": [_("与前面的一行完全相同，请删去一行。")]}
        seen.add(key)
    if wrong:
        raise RowErrors(dict(sorted(wrong.items())))


def _continued(items: Sequence[ScoreItem], rows: Sequence[Row]) -> dict[int, ScoreItem]:
    """Return which item goes on in a row, by the number of the row.

    First what reads the same; then what has another standard, where there is no doubt about it.
    """
    found: dict[int, ScoreItem] = {}
    for names in SAME:
        taken = {one.pk for one in found.values()}
        before: dict[tuple[Any, ...], list[ScoreItem]] = defaultdict(list)
        after: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for item in items:
            if item.pk not in taken:
                before[tuple(getattr(item, name) for name in names)].append(item)
        for number, row in enumerate(rows):
            if number not in found:
                after[tuple(row[name] for name in names)].append(number)
        for key, numbers in after.items():
            if len(numbers) == 1 and len(before[key]) == 1:
                found[numbers[0]] = before[key][0]
    return found


def _remove(gone: Sequence[int]) -> None:
    """Remove items with what was written at them on cards; the audit record of the cards has it."""
    ScoreEvidence.objects.filter(score__item__in=gone).delete()
    Score.objects.filter(item__in=gone).delete()
    ScoreItem.objects.filter(pk__in=gone).delete()


def _placed(
    scheme: ScoreScheme, rows: Sequence[Row], kept: Mapping[int, ScoreItem]
) -> tuple[list[ScoreItem], list[ScoreItem]]:
    """Store the items in the order of the rows; tell which go on with other points or standard."""
    items, changed = [], []
    for number, row in enumerate(rows):
        item = kept.get(number) or ScoreItem(scheme=scheme)
        if item.pk and (item.standard, item.points) != (row["standard"], row["points"]):
            changed.append(item)
        for name, value in row.items():
            setattr(item, name, value)
        item.position = number + 1
        items.append(item)
    # No two items share a place, not even while they change places.
    ScoreItem.objects.filter(scheme=scheme).update(position=F("position") + ASIDE)
    ScoreItem.objects.bulk_update(
        kept.values(), ["position", "level1", "level2", "standard", "points", "rule"]
    )
    ScoreItem.objects.bulk_create(one for one in items if one.pk is None)
    return items, changed


def _bring_to_cards(
    scheme: ScoreScheme, new: Sequence[ScoreItem], changed: Sequence[ScoreItem]
) -> None:
    """Give cards what is new; what was given at changed items was given for something else."""
    Score.objects.bulk_create(
        Score(card=card, item=item, full=item.points)
        for card in ScoreCard.objects.filter(scheme=scheme)
        for item in new
    )
    full = ScoreItem.objects.filter(pk=OuterRef("item")).values("points")
    Score.objects.filter(item__in=changed).update(
        full=Subquery(full), self_points=None, points=None, no_basis=False, reason=""
    )
