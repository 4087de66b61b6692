"""What the design (§5) says of an entry: who may do what in which state, and who is told.

The rules stand here a second time, written down from the design and not from `tasks.workflow`;
`test_random_walks` holds what the services do against them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks import workflow
from tasks.models import Entry, Transition
from tests.cast import Cast

PEOPLE = (
    "liaison", "head", "liaison_finance", "double", "office", "office_2", "leader", "office_b",
    "liaison_b",
)  # fmt: skip
ENTRIES = (
    "entry_draft", "part_submitted", "entry_submitted", "entry_approved", "part_blank",
    "entry_returned", "entry_blank",
)  # fmt: skip
OFFICE = ("office", "office_2")
UNIT = {
    "education": ("liaison", "head"),
    "finance": ("liaison_finance",),
    "association": ("double",),
}
# Texts of a field, and whether they can be handed in.
TEXTS = {
    "percent": {"55": True, "７０％": True, "101": False, "五成": False, "": False},
    "done": {"开展活动3场。": True, "": False},
    "self_rating": {"on_track": True, "很好": False, "": False},
}
WRITABLE = ("draft", "returned")
UNDO = timedelta(seconds=10)


# Five of six texts are fit to be handed in: else hardly anything would be.
TYPED = [
    (field, text)
    for field, texts in TEXTS.items()
    for text, fit in texts.items()
    for _time in range(5 if fit else 1)
]
VERBS = ("save", *dict.fromkeys([*workflow.ENTRY, *workflow.PART]))


@dataclass(frozen=True, slots=True)
class Move:
    """One call: what, on which entry, by whom, how many seconds after the one before."""

    verb: str
    entry: str
    person: str
    text: tuple[str, str]
    wait: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of a call: the next state, and the people who are told."""

    state: str
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scene:
    """An entry and a person before it; `signed` says that the plan asks for a signature."""

    cast: Cast
    entry: Entry
    person: str
    now: datetime
    signed: bool

    @property
    def state(self) -> str:
        return str(self.entry.state)

    @property
    def part(self) -> bool:
        return self.entry.kind == "part"

    @property
    def people(self) -> tuple[str, ...]:
        """Return the people of the unit that fills in this entry."""
        return UNIT[
            next(one for one in UNIT if getattr(self.cast, one).pk == self.entry.department_id)
        ]

    @property
    def others(self) -> frozenset[str]:
        return frozenset(self.people) - {self.person}

    @property
    def checkers(self) -> tuple[str, ...]:
        """Return who decides: the office, for a part the people of the 汇总单位."""
        if not self.part:
            return OFFICE
        third = self.entry.task_id == self.cast.task_3.pk
        return UNIT["association" if third else "education"]

    @property
    def complete(self) -> bool:
        """Tell whether the draft can be handed in; texts of the cast's own all can."""
        return all(texts.get(self.entry.typed(one), True) for one, texts in TEXTS.items())

    def unit(self, *states: str) -> bool:
        return self.person in self.people and self.state in states

    def office(self, *states: str) -> bool:
        return self.person in OFFICE and self.state in states

    def checker(self, *states: str) -> bool:
        return self.person in self.checkers and self.state in states


def handed_in(scene: Scene) -> Expected | None:
    if not (scene.unit(*WRITABLE) and scene.complete):
        return None
    if scene.signed and not scene.part and scene.person != "head":
        return Expected("awaiting_signoff", frozenset({"head"} & set(scene.people)))
    return Expected("submitted", frozenset(scene.checkers) - {scene.person})


def taken_back(scene: Scene) -> Expected | None:
    if scene.part or scene.state not in ("approved", "returned"):
        return None
    last = Transition.objects.filter(entry=scene.entry).order_by("-id")[:1].get()
    mine = last.by_id == getattr(scene.cast, scene.person).pk and scene.now - last.at <= UNDO
    return Expected("submitted") if mine and last.verb in ("approve", "return") else None


def given_if(allowed: bool, state: str, told: frozenset[str] = frozenset()) -> Expected | None:
    return Expected(state, told) if allowed else None


RULES: dict[str, Callable[[Scene], Expected | None]] = {
    "save": lambda one: given_if(one.unit(*WRITABLE), one.state),
    "submit": handed_in,
    "sign": lambda one: given_if(
        not one.part and one.person == "head" and one.unit("awaiting_signoff"),
        "submitted",
        frozenset(OFFICE),
    ),
    "hand_back": lambda one: given_if(
        not one.part and one.person == "head" and one.unit("awaiting_signoff"),
        "draft",
        frozenset({"liaison"}),
    ),
    "withdraw": lambda one: given_if(one.unit("submitted", "awaiting_signoff"), "draft"),
    "approve": lambda one: given_if(
        not one.part and one.checker("submitted"), "approved", one.others
    ),
    "take_over": lambda one: given_if(
        one.part and one.checker("submitted"), "taken_over", one.others
    ),
    "return": lambda one: given_if(one.checker("submitted"), "returned", one.others),
    "reopen": lambda one: given_if(not one.part and one.office("approved"), "draft", one.others),
    "waive": lambda one: given_if(one.office(*WRITABLE), "waived", one.others),
    "unwaive": lambda one: given_if(one.office("waived"), "draft", frozenset(one.people)),
    "undo": taken_back,
}


def allowed(scene: Scene) -> list[str]:
    """Return the verbs that this person may use now; typing is always at hand."""
    return [verb for verb, rule in RULES.items() if verb != "save" and rule(scene)]
