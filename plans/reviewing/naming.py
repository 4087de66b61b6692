"""What the printed units of a draft mean: as a person decided, else as departments know them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from departments.models import Department, Region
from departments.resolution import SPLIT, Resolution, resolve
from plans.models import Draft, DraftItem, DraftName
from plans.reviewing.tree import Tree, region_of

Kind = DraftItem.Kind


@dataclass(frozen=True, slots=True)
class Name:
    """A printed unit, how often it stands there, what it means, and what a person decided.

    `department` is what it means without a decision; `choices` are departments that it may mean,
    `near_names` other names of the same document that may mean the same. `asks`: only a person
    can tell.
    """

    printed: str
    count: int
    asks: bool
    split: bool
    department: Department | None
    choices: tuple[Department, ...]
    new_name: str
    new_kind: str
    new_region: str
    decision: DraftName | None
    near_names: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """Say in a few words what the name means now."""
        if self.decision is not None:
            if self.decision.department is not None:
                return _("就是%(name)s") % {"name": self.decision.department.name}
            return _("新建“%(name)s”") % {"name": self.decision.new_name}
        if self.split:
            return _("已拆分，请选择由谁承担")
        if self.department is not None:
            if self.department.name == self.printed:
                return _("已有的单位")
            return _("就是%(name)s") % {"name": self.department.name}
        if self.choices:
            return _("没有同名的单位，请看是不是下面的单位")
        return _("没有这个单位，将新建")


def read_names(draft: Draft, tree: Tree, day: date) -> list[Name]:
    """Return the printed units of the kept items, those that ask for a person first."""
    counts = Counter(
        str(one.data["name"]) for one in tree.kept if one.kind == Kind.UNIT and one.data.get("name")
    )
    rows = DraftName.objects.filter(draft=draft).select_related("department", "new_region")
    decided = {one.printed: one for one in rows}
    meant = resolve(region_of(draft), counts, day)
    fresh = {name for name, one in meant.items() if one.department is None}
    names = [_name(meant[name], n, decided.get(name), fresh) for name, n in counts.items()]
    return sorted(names, key=lambda one: (not one.asks, bool(one.department or one.decision)))


def _name(meant: Resolution, count: int, decision: DraftName | None, fresh: set[str]) -> Name:
    choices = meant.choices if meant.kind == SPLIT else tuple(one.department for one in meant.near)
    new = meant.proposal
    home = new.region if new else None
    return Name(
        printed=meant.printed,
        count=count,
        asks=meant.uncertain and decision is None,
        split=meant.kind == SPLIT,
        department=meant.department,
        choices=choices,
        new_name=new.name if new else meant.printed,
        new_kind=new.kind if new else "",
        new_region=home.name if isinstance(home, Region) else str(home or ""),
        decision=decision,
        # Those that are known stand among the choices.
        near_names=tuple(one for one in meant.near_names if one in fresh),
    )
