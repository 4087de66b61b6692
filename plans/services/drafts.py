"""What a person does to a draft: correct, add, drop, tick off, decide (`draft_tree`: rearrange).

Every deed takes the draft's lock, so that two people never reorder the same tree at once; a
field that somebody else has changed meanwhile is a Conflict that holds the newer words.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, ensure
from departments.models import Department, DepartmentName, Region
from departments.names import normalise
from plans import policies
from plans.models import Draft, DraftItem, DraftName, DraftWarning
from plans.services.drafting import GAP

Kind = DraftItem.Kind
# What each kind may hang on; None: on the draft itself.
PARENTS: dict[str, tuple[str | None, ...]] = {
    Kind.ACTION: (None,),
    Kind.MEASURE: (Kind.ACTION,),
    Kind.UNIT: (Kind.ACTION, Kind.MEASURE),
    Kind.TARGET: (None,),
    Kind.DUTY: (None, Kind.MEASURE),
    Kind.PHASE: (None,),
}


def held(draft_id: int) -> Draft:
    """Return the draft as it is now, locked until the transaction ends: its own row only."""
    rows = Draft.objects.select_for_update(of=("self",)).select_related("home", "source")
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise DomainError(_("这份草稿刚被删除。需要时可以重新上传文件。"), code="gone")
    return draft


def locked(draft_id: int, by: Any) -> Draft:
    """Return the draft, locked until the transaction ends; refuse whoever may not check it."""
    draft = held(draft_id)
    ensure(policies.can_review(by, draft))
    return draft


def item_of(draft: Draft, pk: int) -> DraftItem:
    """Return an item as it is now, under the draft's lock."""
    try:
        return DraftItem.objects.get(draft=draft, pk=pk)
    except DraftItem.DoesNotExist:
        raise DomainError(_("这一项刚被他人合并或删除，请刷新页面。"), code="gone") from None


def record(verb: str, draft: Draft, by: Any, **detail: Any) -> None:
    """Write the audit row of a deed."""
    audit.record(f"plans.draft.{verb}", draft, by=by, detail=detail, region_path=draft.home.path)


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    names = before.keys() | after.keys()
    return {
        name: [before.get(name), after.get(name)]
        for name in sorted(names)
        if before.get(name) != after.get(name)
    }


@transaction.atomic
def set_header(draft: Draft, data: dict[str, Any], *, version: int, by: Any) -> Draft:
    """Correct the header; `data` holds fields of Draft by name, dates as dates."""
    draft = locked(draft.pk, by)
    before = {name: getattr(draft, name) for name in data}
    if draft.version != version:
        raise Conflict(_("标题信息刚被他人修改，请核对后再保存。"), current=before)
    for name, value in data.items():
        setattr(draft, name, value)
    draft.version += 1
    draft.save()
    changed = {name: [str(a), str(b)] for name, (a, b) in _changes(before, data).items()}
    record("header", draft, by, changed=changed)
    return draft


@transaction.atomic
def edit(item: DraftItem, data: dict[str, Any], *, version: int, by: Any) -> DraftItem:
    """Correct the fields of an item; `data` is plain JSON, all fields of its kind."""
    draft = locked(item.draft_id, by)
    item = item_of(draft, item.pk)
    if item.version != version:
        raise Conflict(_("这一项刚被他人修改，请核对后再保存。"), current=item.data)
    changed = _changes(item.data, data)
    if changed:
        item.data, item.edited = data, True
        item.version += 1
        item.save()
        record("edit", draft, by, item=item.pk, changed=changed)
    return item


@transaction.atomic
def add(
    draft: Draft,
    kind: str,
    data: dict[str, Any],
    *,
    parent: DraftItem | None = None,
    after: DraftItem | None = None,
    by: Any,
) -> DraftItem:
    """Add an item behind another, else as the last of its parent.

    Where its words stand once in the document, it gets that place.
    """
    draft = locked(draft.pk, by)
    fits(draft, kind, parent)
    start, end = _place_of(draft, data, parent)
    item = DraftItem.objects.create(
        draft=draft,
        parent=parent,
        kind=kind,
        position=position_of(draft, kind, parent, after, last=after is None),
        data=data,
        edited=True,
        span_start=start,
        span_end=end,
    )
    record("add", draft, by, item=item.pk, kind=kind, data=data)
    return item


def fits(draft: Draft, kind: str, parent: DraftItem | None) -> None:
    """Refuse to hang an item where its kind does not belong, or on what is gone meanwhile."""
    if parent is not None:
        parent = item_of(draft, parent.pk)
    if (parent.kind if parent else None) not in PARENTS.get(kind, ()):
        raise DomainError(_("这一项不能放在这里，请选择别的位置。"), code="wrong_place")


def _place_of(
    draft: Draft, data: dict[str, Any], parent: DraftItem | None
) -> tuple[int | None, int | None]:
    """Return where the words of an item stand in the text, if they stand there once."""
    words = data.get("quote") or data.get("text") or data.get("title") or data.get("name") or ""
    begin, end = 0, len(draft.text)
    if parent and parent.span_start is not None and parent.span_end is not None:
        begin, end = parent.span_start, parent.span_end
    start = draft.text.find(words, begin, end) if words else -1
    if start < 0 or draft.text.find(words, start + 1, end) >= 0:
        return None, None
    return start, start + len(words)


def siblings(draft: Draft, kind: str, parent: DraftItem | None) -> list[DraftItem]:
    """Return the kept items of a kind on one parent, in order."""
    return list(DraftItem.objects.filter(draft=draft, kind=kind, parent=parent, dropped=False))


def position_of(
    draft: Draft, kind: str, parent: DraftItem | None, after: DraftItem | None, *, last: bool
) -> int:
    """Return a free position behind `after` (None: first, or last), spreading where none is."""
    rows = siblings(draft, kind, parent)
    if last and rows:
        return rows[-1].position + GAP
    at = next((n + 1 for n, one in enumerate(rows) if after and one.pk == after.pk), 0)
    before = rows[at - 1].position if at else 0
    behind = rows[at].position if at < len(rows) else before + 2 * GAP
    if behind - before > 1:
        return (before + behind) // 2
    for number, one in enumerate(rows, 1):
        one.position = number * GAP
    DraftItem.objects.bulk_update(rows, ["position"])
    return at * GAP + GAP // 2


@transaction.atomic
def set_dropped(item: DraftItem, dropped: bool, *, by: Any) -> DraftItem:
    """Leave an item out, with all that hangs on it; or take it back."""
    draft = locked(item.draft_id, by)
    item = item_of(draft, item.pk)
    item.dropped = dropped
    item.version += 1
    item.save()
    record("drop" if dropped else "restore", draft, by, item=item.pk, data=item.data)
    return item


@transaction.atomic
def settle(warning: DraftWarning, settled: bool, *, by: Any) -> DraftWarning:
    """Tick a warning off, or put it back on the list."""
    draft = locked(warning.draft_id, by)
    warning.settled_by = by if settled else None
    warning.settled_at = timezone.now() if settled else None
    warning.save()
    record("settle", draft, by, warning=warning.code, line=warning.line, settled=settled)
    return warning


@transaction.atomic
def decide(
    draft: Draft,
    printed: Iterable[str],
    *,
    department: Department | None = None,
    new_name: str = "",
    new_kind: str = "",
    new_region: Region | None = None,
    by: Any,
) -> None:
    """Say what printed names mean: one known department, or a new one of this name and kind.

    Without both, earlier decisions on these names are taken back. A new one cannot bear the name
    of a known one.
    """
    draft = locked(draft.pk, by)
    names = list(dict.fromkeys(printed))
    if department is None and new_name:
        _refuse_known(new_region or draft.home, new_name)
    DraftName.objects.filter(draft=draft, printed__in=names).delete()
    if department is not None or new_name:
        DraftName.objects.bulk_create(
            DraftName(
                draft=draft,
                printed=name,
                department=department,
                new_name="" if department else new_name,
                new_kind="" if department else new_kind,
                new_region=None if department else new_region,
                decided_by=by,
            )
            for name in names
        )
    record(
        "decide", draft, by, names=names, department=getattr(department, "pk", None), new=new_name
    )


@transaction.atomic
def decide_new(draft: Draft, new: Mapping[str, tuple[str, str]], *, by: Any) -> None:
    """Make new units of many printed names at once: printed name → (name, kind) of the unit."""
    draft = locked(draft.pk, by)
    DraftName.objects.filter(draft=draft, printed__in=new).delete()
    DraftName.objects.bulk_create(
        DraftName(draft=draft, printed=printed, new_name=name, new_kind=kind, decided_by=by)
        for printed, (name, kind) in new.items()
    )
    record("decide", draft, by, names=list(new), department=None, new="")


def _refuse_known(region: Region, name: str) -> None:
    known = DepartmentName.objects.filter(region=region, normalised=normalise(name))
    if known.exists():
        sentence = _("名录里已经有“%(name)s”，请直接选它，或者换一个名称。") % {"name": name}
        raise DomainError(sentence, fields={"new_name": [sentence]})


@transaction.atomic
def discard(draft: Draft, *, by: Any) -> None:
    """Throw an unconfirmed draft away; its document too, when nothing else came of it."""
    draft = locked(draft.pk, by)
    source = draft.source
    record("discard", draft, by, file=source.name, sha256=source.sha256)
    draft.delete()
    if not source.drafts.exists() and not source.plans.exists():
        name = str(source.file.name)
        source.delete()
        transaction.on_commit(lambda: default_storage.delete(name))
