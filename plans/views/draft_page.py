"""The page of a draft: which tab, what is open in it, and how a refused form comes back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.forms import ITEM_FORMS, HeaderForm, NameForm
from plans.models import Draft, DraftItem
from plans.reviewing import TAB_OF, Name, Review, read, region_of
from plans.services.draft_tree import cuts

Kind = DraftItem.Kind
TABS = {
    "todo": _("待核对"),
    "tree": _("结构"),
    "targets": _("目标"),
    "duties": _("固定任务"),
    "phases": _("阶段"),
    "names": _("单位"),
    "header": _("标题信息"),
}
ADDED = {"targets": Kind.TARGET, "duties": Kind.DUTY, "phases": Kind.PHASE}
# (where it leads, the name of what is wrong, the sentence)
Error = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Adding:
    """An item that is about to be added: its kind, what it hangs on, and behind which one."""

    kind: str
    parent: DraftItem | None = None
    after: DraftItem | None = None

    @property
    def words(self) -> str:
        return str(Kind(self.kind).label)


@dataclass(slots=True)
class State:
    """What of a draft's page is open; `form` is a form that came back with its errors."""

    tab: str = ""
    item: DraftItem | None = None
    adding: Adding | None = None
    name: str = ""
    form: forms.BaseForm | None = None
    errors: list[Error] = field(default_factory=list)
    # Field label, what is stored now, what was typed.
    clash: list[tuple[str, str, str]] = field(default_factory=list)


def visible(request: HttpRequest, pk: int) -> Draft:
    """Return a draft that the person may see."""
    rows = Draft.objects.visible_to(request.user).select_related("home", "source")
    found: Draft = get_object_or_404(rows, pk=pk)
    return found


def address(draft: Draft, tab: str, anchor: str = "panel", **more: Any) -> str:
    """Return where a place of the page is."""
    query = urlencode({"tab": tab, **{name: value for name, value in more.items() if value}})
    return f"{reverse('draft', args=[draft.pk])}?{query}#{anchor}"


def back(draft: Draft, item: DraftItem) -> HttpResponse:
    """Lead back to an item of the page; to the item that a unit hangs on."""
    return redirect(address(draft, TAB_OF[item.kind], f"i-{item.pk}", item=item.pk))


def asked_item(draft: Draft, asked: Any) -> DraftItem | None:
    """Return the item of this number; none where it is gone, so that the page still opens."""
    number = str(asked or "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    rows = DraftItem.objects.filter(draft=draft).select_related("parent")
    return rows.filter(pk=int(number)).first()


def asked_state(draft: Draft, asked: Mapping[str, str]) -> State:
    """Read from an address what of the page is to be open."""
    item = asked_item(draft, asked.get("item"))
    tab = asked.get("tab", "")
    state = State(tab=tab if tab in TABS else "", item=item, name=asked.get("name", ""))
    if item is not None:
        state.tab = TAB_OF[item.kind]
    state.adding = asked_adding(draft, asked)
    if state.adding is not None:
        state.tab = TAB_OF[state.adding.kind]
    return state


def asked_adding(draft: Draft, asked: Mapping[str, str]) -> Adding | None:
    """Read what is to be added: `add` or `kind`, `parent`, `after`."""
    kind = asked.get("add") or asked.get("kind") or ""
    if kind not in Kind.values:
        return None
    after = asked_item(draft, asked.get("after"))
    parent = asked_item(draft, asked.get("parent")) or (after.parent if after else None)
    return Adding(kind, parent, after)


def page(request: HttpRequest, draft: Draft, state: State, status: int = 200) -> HttpResponse:
    """Show a draft beside its text."""
    review = read(draft, timezone.localdate(), chosen=_open_at(state))
    tab = state.tab or ("todo" if review.todo else "tree")
    context = {
        "draft": draft,
        "review": review,
        "tab": tab,
        "tabs": _tabs(review),
        "state": state,
        "base": reverse("draft", args=[draft.pk]),
        "form": state.form or _form(draft, state, tab, review),
        "panel": _panel(state.item, review) if state.item else None,
        "open_at": _open_at(state),
        "added": ADDED.get(tab),
        "rows": getattr(review.tree, tab, None) if tab in ADDED else None,
        "errors": state.errors,
    }
    return render(request, "plans/draft.html", context, status=status)


def _tabs(review: Review) -> list[tuple[str, Any, int | None]]:
    counts = {
        "todo": review.todo,
        "targets": sum(not one.gone for one in review.tree.targets),
        "duties": sum(not one.gone for one in review.tree.duties),
        "phases": sum(not one.gone for one in review.tree.phases),
        "names": len(review.names),
    }
    return [(key, label, counts.get(key)) for key, label in TABS.items()]


def _open_at(state: State) -> int | None:
    """Return the row under which the form stands: a unit's stands under what it hangs on."""
    if state.adding:
        place = state.adding.after or state.adding.parent
        if state.adding.kind == Kind.UNIT:
            place = state.adding.parent
        return place.pk if place else None
    if state.item and state.item.kind == Kind.UNIT:
        return state.item.parent_id
    return state.item.pk if state.item else None


def _form(draft: Draft, state: State, tab: str, review: Review) -> forms.BaseForm | None:
    if state.adding:
        return ITEM_FORMS[state.adding.kind]()
    if state.item:
        return ITEM_FORMS[state.item.kind](initial=state.item.data)
    if tab == "header":
        return HeaderForm(instance=draft)
    name = named(review, state.name) if tab == "names" else None
    return name_form(draft, name) if name else None


def named(review: Review, printed: str) -> Name | None:
    return next((one for one in review.names if one.printed == printed), None)


def name_form(draft: Draft, name: Name, data: Mapping[str, Any] | None = None) -> NameForm:
    """Return the form about one printed unit, filled with what is decided or proposed."""
    one = name.decision
    meant = one.department if one else name.department
    initial = {
        "department": meant,
        "new_name": (one.new_name if one else "") or name.new_name,
        "new_kind": (one.new_kind if one else "") or name.new_kind,
        "new_region": one.new_region if one else None,
    }
    also = [*name.choices, *([meant] if meant else [])]
    return NameForm(data, initial=initial, region=region_of(draft), also=also)


@dataclass(frozen=True, slots=True)
class Panel:
    """What may be done to the open item: its node, where it can go, where it can be cut."""

    node: Any
    parents: list[DraftItem]
    cuts: list[tuple[int, str]]


def _panel(item: DraftItem, review: Review) -> Panel:
    nodes = [*review.tree.actions, *(m for one in review.tree.actions for m in one.children)]
    node = next((one for one in nodes if one.item.pk == item.pk), None)
    measure = item.kind == Kind.MEASURE
    kept = [one.item for one in review.tree.actions if not one.gone]
    return Panel(
        node=node,
        parents=[one for one in kept if one.pk != item.parent_id] if measure else [],
        cuts=cuts(item) if measure else [],
    )


def form_errors(form: forms.BaseForm) -> list[Error]:
    """Return a form's errors for the summary."""
    return [
        (f"#id_{name}", str(form.fields[name].label), str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]


def clash(
    form: forms.BaseForm, current: Mapping[str, Any], typed: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Return the fields in which what was typed differs from what somebody else has stored."""
    return [
        (str(one.label), _words(current.get(name)), _words(typed.get(name)))
        for name, one in form.fields.items()
        if _words(current.get(name)) != _words(typed.get(name))
    ]


def _words(value: Any) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "\n".join(str(one) for one in value)
    return "" if value is None else str(value)
