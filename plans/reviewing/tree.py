"""A draft's items as rows: actions with their measures, and what each says in one line."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from departments.models import Region
from plans.models import Action, Draft, DraftItem, Responsibility
from plans.models.words import Operator, Rhythm

Kind = DraftItem.Kind
# The tab in which an item of a kind is shown.
TAB_OF: dict[str, str] = {
    Kind.ACTION: "tree",
    Kind.MEASURE: "tree",
    Kind.UNIT: "tree",
    Kind.TARGET: "targets",
    Kind.DUTY: "duties",
    Kind.PHASE: "phases",
}


@dataclass(slots=True)
class Node:
    """An item with what hangs on it; `first` and `last` among the kept ones of its parent.

    `gone`: dropped, itself or with what it hangs on.
    """

    item: DraftItem
    said: str = ""
    gone: bool = False
    children: list["Node"] = field(default_factory=list)
    units: list[DraftItem] = field(default_factory=list)
    first: bool = False
    last: bool = False

    @property
    def kept(self) -> int:
        """Return how many of its children are not dropped."""
        return sum(not one.item.dropped for one in self.children)


@dataclass(slots=True)
class Tree:
    """All items of a draft by where they are shown, dropped ones too; `kept` are the others."""

    actions: list[Node]
    targets: list[Node]
    duties: list[Node]
    phases: list[Node]
    kept: list[DraftItem]
    by_pk: dict[int, DraftItem]


def read_tree(draft: Draft) -> Tree:
    """Return the items of a draft in their order (one query)."""
    items = list(DraftItem.objects.filter(draft=draft))
    by_pk = {one.pk: one for one in items}
    below: dict[int | None, list[DraftItem]] = {}
    for one in items:
        below.setdefault(one.parent_id, []).append(one)
    gone = {one.pk for one in items if _gone(one, by_pk)}
    top = [_node(one, below, gone) for one in below.get(None, []) if one.kind != Kind.DUTY]
    duties = [_node(one, below, gone) for one in items if one.kind == Kind.DUTY]
    duties.sort(key=lambda one: (one.item.span_start is None, one.item.span_start or 0))
    actions = [one for one in top if one.item.kind == Kind.ACTION]
    _mark_ends(actions)
    return Tree(
        actions=actions,
        targets=[one for one in top if one.item.kind == Kind.TARGET],
        duties=duties,
        phases=[one for one in top if one.item.kind == Kind.PHASE],
        kept=[one for one in items if one.pk not in gone],
        by_pk=by_pk,
    )


def _node(item: DraftItem, below: dict[int | None, list[DraftItem]], gone: set[int]) -> Node:
    under = below.get(item.pk, [])
    units = [one for one in under if one.kind == Kind.UNIT]
    node = Node(item, _said(item, units), item.pk in gone, units=units)
    if item.kind == Kind.ACTION:
        node.children = [_node(one, below, gone) for one in under if one.kind == Kind.MEASURE]
        _mark_ends(node.children)
    return node


def _mark_ends(rows: list[Node]) -> None:
    kept = [one for one in rows if not one.item.dropped]
    if kept:
        kept[0].first = kept[-1].last = True


def _gone(item: DraftItem, by_pk: dict[int, DraftItem]) -> bool:
    """Tell whether an item was dropped, itself or with what it hangs on."""
    if item.dropped:
        return True
    return item.parent_id is not None and _gone(by_pk[item.parent_id], by_pk)


# --- One line for each ----------------------------------------------------------------------------
def _said(item: DraftItem, units: list[DraftItem]) -> str:
    data = item.data
    if item.kind in (Kind.ACTION, Kind.MEASURE):
        return units_line(one.data for one in units if not one.dropped)
    if item.kind == Kind.TARGET:
        return target_line(data)
    if item.kind == Kind.DUTY:
        rhythm = dict(Rhythm.choices).get(data.get("every") or "", "")
        due = _("%(day)s前") % {"day": data["due"]} if data.get("due") else ""
        return " ".join(
            str(one) for one in (data.get("who"), rhythm, due, data.get("proof")) if one
        )
    if item.kind == Kind.PHASE:
        return f"{data.get('start') or ''}—{data.get('end') or ''}"
    return ""


def units_line(units: Iterable[dict[str, Any]]) -> str:
    """Return 牵头：…；负责：…；配合：… of the units of one item."""
    names: dict[str, list[str]] = {}
    for one in units:
        names.setdefault(str(one.get("role")), []).append(str(one.get("name")))
    return "；".join(
        f"{label}：{'、'.join(names[role])}"
        for role, label in Responsibility.Role.choices
        if role in names
    )


def target_line(data: dict[str, Any]) -> str:
    """Return what a target demands: 2020 年超过 10.5%，争取达到 12%."""
    year = data.get("year")
    when = _("每年") if year == "every" else _("%(year)s 年") % {"year": year} if year else ""
    words = dict(Operator.choices)
    unit = data.get("unit") or ""
    value = data.get("value")
    demand = f"{words.get(data.get('operator') or '', '')} {value}{unit}" if value else ""
    if data.get("stretch_operator") and data.get("stretch_value"):
        more = words.get(data["stretch_operator"], "")
        demand += _("，争取%(more)s") % {"more": f"{more} {data['stretch_value']}{unit}"}
    return f"{when}{demand or _('没有写明数值')}" if when or demand else _("没有写明数值")


# --- What is there, and what is missing -----------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Point:
    """Something without which the draft cannot be confirmed, and where it is mended."""

    text: str
    tab: str
    anchor: str = ""
    item: DraftItem | None = None


def points(draft: Draft, tree: Tree) -> list[Point]:
    """Return what is missing, in the order of the page."""
    found = []
    for name, text in (
        ("title", _("没有读出标题，请填写。")),
        ("region_name", _("没有写明是哪个地区的方案，请填写地区全称。")),
        ("start_year", _("没有写明起止年份，请填写。")),
        ("end_year", _("没有写明起止年份，请填写。")),
    ):
        years = name == "end_year" and draft.start_year is None
        if getattr(draft, name) in (None, "") and not years:
            found.append(Point(text, "header", f"id_{name}"))
    if draft.region_name and draft.region_name != draft.home.name:
        text = _("文件写的是%(other)s，这里只能建立%(home)s的方案。读错了请改正地区。")
        names = {"other": draft.region_name, "home": draft.home.name}
        found.append(Point(text % names, "header", "id_region_name"))
    if not any(one.kind == Kind.ACTION for one in tree.kept):
        found.append(Point(_("没有读出重点任务，请添加。"), "tree", "panel"))
    for one in tree.kept:
        if not one.complete:
            text = _("这一项%(kind)s没有填完整。") % {"kind": one.get_kind_display()}
            found.append(Point(text, TAB_OF[one.kind], f"i-{one.pk}", one))
    return found


def sentence(tree: Tree) -> str:
    """Say what was read: 读到 10 项重点任务、39 条措施、41 个责任单位、5 个目标、8 项固定任务."""
    kinds = [one.kind for one in tree.kept]
    actions = [one for one in tree.kept if one.kind == Kind.ACTION]
    safeguards = sum(one.data.get("kind") == Action.Kind.SAFEGUARD for one in actions)
    units = {one.data.get("name") for one in tree.kept if one.kind == Kind.UNIT}
    counts = (
        (len(actions) - safeguards, _("%(n)s 项重点任务"), True),
        (safeguards, _("%(n)s 项保障措施"), False),
        (kinds.count(Kind.MEASURE), _("%(n)s 条措施"), True),
        (len(units), _("%(n)s 个责任单位"), True),
        (kinds.count(Kind.TARGET), _("%(n)s 个目标"), True),
        (kinds.count(Kind.DUTY), _("%(n)s 项固定任务"), True),
        (kinds.count(Kind.PHASE), _("%(n)s 个阶段"), False),
    )
    words = [text % {"n": n} for n, text, always in counts if n or always]
    return _("读到 %(words)s") % {"words": "、".join(words)}


def missing(tree: Tree) -> str:
    """Say which of what every plan should hold was not read at all; empty if nothing lacks."""
    kinds = {one.kind for one in tree.kept}
    words = [str(kind.label) for kind in (Kind.MEASURE, Kind.UNIT) if kind not in kinds]
    if not words:
        return ""
    return _("没有读出%(what)s，请对照原文看是不是漏了") % {"what": "和".join(words)}


def region_of(draft: Draft) -> Region:
    """Return the region in which the names of a draft are looked up."""
    if draft.region_name == draft.home.name:
        return draft.home
    named = list(Region.objects.filter(name=draft.region_name or "")[:2])
    return named[0] if len(named) == 1 else draft.home
