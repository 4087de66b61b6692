"""What a person does to a draft on its page; every deed leads back to where it was done."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import Conflict, DomainError, NotAllowed
from plans.forms import ITEM_FORMS, HeaderForm, ItemForm
from plans.models import Draft, DraftItem
from plans.reviewing import Name, read
from plans.services import draft_tree, drafts
from plans.services.confirming import confirm
from plans.views.draft_page import (
    Error,
    State,
    address,
    asked_adding,
    asked_item,
    asked_state,
    back,
    clash,
    form_errors,
    name_form,
    named,
    page,
    visible,
)


@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a draft beside its text; one that was confirmed leads to its plan."""
    shown = visible(request, pk)
    if shown.plan_id is not None:
        return redirect("plan", shown.plan_id)
    return page(request, shown, asked_state(shown, request.GET.dict()))


# --- The whole draft ------------------------------------------------------------------------------
@require_POST
def header(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the header."""
    shown = visible(request, pk)
    form = HeaderForm(request.POST, instance=visible(request, pk))
    state = State(tab="header", form=form)
    if not form.is_valid():
        state.errors = form_errors(form)
        return page(request, shown, state, 422)
    data = dict(form.cleaned_data)
    try:
        drafts.set_header(shown, data, version=_version(request), by=request.user)
    except Conflict as problem:
        shown.refresh_from_db()
        state.clash = clash(form, problem.current, data)
        return page(request, shown, state, 409)
    messages.success(request, _("标题信息已保存。"))
    return redirect(address(shown, "header"))


@require_POST
def confirm_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the plan of a draft; what still stands in the way comes back as a list of links."""
    shown = visible(request, pk)
    try:
        plan = confirm(shown, by=request.user)
    except NotAllowed:
        raise
    except DomainError as problem:
        if problem.code == "gone":
            raise
        if problem.code == "confirmed":
            return redirect("draft", pk)
        shown.refresh_from_db()
        state = State(tab=_tab_of(problem), errors=_places(shown, problem))
        return page(request, shown, state, 422)
    others = Draft.objects.visible_to(request.user).waiting().filter(source=shown.source_id)
    if (following := others.order_by("part").first()) is not None:
        messages.success(request, _("方案已建立。这份文件里还有一个方案，请接着核对。"))
        return redirect("draft", following.pk)
    messages.success(request, _("方案已建立，单位、目标和固定任务一并存好。请核对后启用。"))
    return redirect("plan", plan.pk)


def _tab_of(problem: DomainError) -> str:
    names = problem.code == "names" or "names" in problem.fields
    return "header" if set(problem.fields) & set(HeaderForm.Meta.fields) else "names" * names


def _places(draft: Draft, problem: DomainError) -> list[Error]:
    """Return what stands in the way, each with the place where it is mended."""
    found: list[Error] = []
    for name, texts in problem.fields.items():
        if name == "names":
            asks = _("请选择是哪个单位。")
            found += [(address(draft, name, "form", name=one), one, asks) for one in texts]
            continue
        label = str(HeaderForm.base_fields[name].label) if name in HeaderForm.base_fields else ""
        found += [(f"#id_{name}" if label else "", label, str(text)) for text in texts]
    return found or [("", "", problem.message)]


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    drafts.discard(visible(request, pk), by=request.user)
    messages.success(request, _("草稿已删除。需要时可以重新上传这份文件。"))
    return redirect("plans")


@require_POST
def warning(request: HttpRequest, pk: int, warning_pk: int) -> HttpResponse:
    """Tick a warning off (`settled=1`), or put it back on the list."""
    shown = visible(request, pk)
    one = get_object_or_404(shown.warnings, pk=warning_pk)
    drafts.settle(one, request.POST.get("settled") == "1", by=request.user)
    return redirect(address(shown, "todo", "todo"))


# --- What the printed units mean -----------------------------------------------------------------
@require_POST
def names(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide what printed units mean: one by its form or a button, or all others as new units."""
    shown = visible(request, pk)
    asked = request.POST
    if asked.get("rest") == "new":
        return _rest_as_new(request, shown)
    name = named(read(shown, timezone.localdate()), asked.get("printed", ""))
    if name is None:
        raise Http404
    if "is" in asked:  # a button: this very department
        one = next((one for one in name.choices if str(one.pk) == asked["is"]), None)
        if one is None:
            raise Http404
        drafts.decide(shown, [name.printed], department=one, by=request.user)
    elif asked.get("undo"):
        drafts.decide(shown, [name.printed], by=request.user)
    else:
        return _name_entered(request, shown, name)
    return redirect(address(shown, "names"))


def _name_entered(request: HttpRequest, draft: Draft, name: Name) -> HttpResponse:
    """Decide what a printed unit means by its form, which comes back with what is wrong."""
    form = name_form(draft, name, request.POST)
    try:
        if form.is_valid():
            drafts.decide(draft, [name.printed], by=request.user, **form.cleaned_data)
            return redirect(address(draft, "names"))
    except NotAllowed:
        raise
    except DomainError as problem:
        form.add_error("new_name", problem.message)
    state = State(tab="names", name=name.printed, form=form, errors=form_errors(form))
    return page(request, draft, state, 422)


def _rest_as_new(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Make new units of all names on which a person has to decide, but of those that were split."""
    left = [one for one in read(draft, timezone.localdate()).asking if not one.split]
    new = {one.printed: (one.new_name, one.new_kind) for one in left}
    drafts.decide_new(draft, new, by=request.user)
    messages.success(request, _("%(n)s 个单位将按新单位建立。") % {"n": len(left)})
    return redirect(address(draft, "names"))


# --- Items ---------------------------------------------------------------------------------------
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an item: `kind`, what it hangs on (`parent`) and behind which one (`after`)."""
    shown = visible(request, pk)
    adding = asked_adding(shown, request.POST.dict())
    if adding is None:
        raise Http404
    form = ITEM_FORMS[adding.kind](request.POST)
    if not form.is_valid():
        state = State(tab="", adding=adding, form=form, errors=form_errors(form))
        state.tab = asked_state(shown, {"add": adding.kind}).tab
        return page(request, shown, state, 422)
    new = drafts.add(
        shown,
        adding.kind,
        form.data_of(),
        parent=adding.parent,
        after=adding.after,
        by=request.user,
    )
    return back(shown, new)


@require_POST
def item_step(request: HttpRequest, pk: int, item_pk: int, verb: str) -> HttpResponse:
    """Do one of VERBS to an item."""
    shown = visible(request, pk)
    item = asked_item(shown, item_pk)
    if verb not in VERBS:
        raise Http404
    if item is None:
        raise DomainError(_("这一项刚被他人合并或删除，请刷新页面。"), code="gone")
    item.draft = shown
    return VERBS[verb](request, item)


def _save(request: HttpRequest, item: DraftItem) -> HttpResponse:
    form: ItemForm = ITEM_FORMS[item.kind](request.POST)
    state = State(tab="", item=item, form=form)
    state.tab = asked_state(item.draft, {"item": str(item.pk)}).tab
    if not form.is_valid():
        state.errors = form_errors(form)
        return page(request, item.draft, state, 422)
    data = form.data_of()
    try:
        saved = drafts.edit(item, data, version=_version(request), by=request.user)
    except Conflict as problem:
        item.refresh_from_db()
        state.clash = clash(form, problem.current, data)
        return page(request, item.draft, state, 409)
    messages.success(request, _("已保存。"))
    return back(item.draft, saved)


def _version(request: HttpRequest) -> int:
    """Return which version the person saw; without one, none that is stored."""
    asked = request.POST.get("version", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0


def _up(request: HttpRequest, item: DraftItem) -> HttpResponse:
    return back(item.draft, draft_tree.shift(item, -1, by=request.user))


def _down(request: HttpRequest, item: DraftItem) -> HttpResponse:
    return back(item.draft, draft_tree.shift(item, 1, by=request.user))


def _move(request: HttpRequest, item: DraftItem) -> HttpResponse:
    """Hang a measure on another action, as its last."""
    parent = asked_item(item.draft, request.POST.get("parent"))
    others = [one for one in drafts.siblings(item.draft, item.kind, parent) if one.pk != item.pk]
    after = others[-1] if others else None
    return back(item.draft, draft_tree.move(item, parent=parent, after=after, by=request.user))


def _split(request: HttpRequest, item: DraftItem) -> HttpResponse:
    asked = request.POST.get("at", "")
    at = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else -1
    return back(item.draft, draft_tree.split(item, at, by=request.user))


def _merge(request: HttpRequest, item: DraftItem) -> HttpResponse:
    return back(item.draft, draft_tree.merge(item, by=request.user))


def _drop(request: HttpRequest, item: DraftItem) -> HttpResponse:
    return back(item.draft, drafts.set_dropped(item, True, by=request.user))


def _restore(request: HttpRequest, item: DraftItem) -> HttpResponse:
    return back(item.draft, drafts.set_dropped(item, False, by=request.user))


VERBS: dict[str, Callable[[HttpRequest, DraftItem], HttpResponse]] = {
    "save": _save,
    "up": _up,
    "down": _down,
    "move": _move,
    "split": _split,
    "merge": _merge,
    "drop": _drop,
    "restore": _restore,
}
