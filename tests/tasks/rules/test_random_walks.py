"""Random sequences of verbs by random people, held against the rules of the design.

After each call either exactly that has happened which `walk_rules` says, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.models import AuditEvent, Notice
from plans.models import PlanSettings
from tasks.models import Entry, Revision, Transition
from tasks.services import entries
from tasks.services.entries import decisions
from tests.cast import Cast
from tests.cast_story import NOW
from tests.tasks.rules.walk_rules import (
    ENTRIES,
    PEOPLE,
    RULES,
    TYPED,
    VERBS,
    Expected,
    Move,
    Scene,
    allowed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def call(cast: Cast, move: Move, entry: Entry, now: datetime) -> None:
    by = getattr(cast, move.person)
    field, text = move.text
    deeds: dict[str, Callable[[], Any]] = {
        "save": lambda: entries.save_field(
            entry.pk, field, text, entry.field_version(field), by=by, now=now
        ),
        "submit": lambda: entries.submit(entry.pk, entry.version, by=by, now=now),
        "sign": lambda: entries.sign(entry.pk, by=by, now=now),
        "hand_back": lambda: entries.hand_back(entry.pk, "数字要核实", by=by, now=now),
        "withdraw": lambda: entries.withdraw(entry.pk, by=by, now=now),
        "approve": lambda: decisions.approve(entry.pk, by=by, now=now),
        "return": lambda: decisions.send_back(entry.pk, {"done": "请补充。"}, by=by, now=now),
        "take_over": lambda: decisions.take_over(entry.pk, by=by, now=now),
        "reopen": lambda: decisions.reopen(entry.pk, "更正", date(2024, 7, 20), by=by, now=now),
        "waive": lambda: decisions.waive(entry.pk, "本期无任务", by=by, now=now),
        "unwaive": lambda: decisions.unwaive(entry.pk, by=by, now=now),
        "undo": lambda: decisions.undo(entry.pk, by=by, now=now),
    }
    deeds[move.verb]()


@dataclass(slots=True)
class Seen:
    """Everything that a call may touch."""

    entries: dict[int, dict[str, Any]]
    revisions: dict[int, dict[str, Any]]
    transitions: dict[int, dict[str, Any]]
    audit: set[int]
    notices: dict[int, tuple[int, str]]


def look() -> Seen:
    changing = ("updated_at",)
    return Seen(
        entries={
            row["id"]: {name: value for name, value in row.items() if name not in changing}
            for row in Entry.objects.values()
        },
        revisions={row["id"]: row for row in Revision.objects.values()},
        transitions={row["id"]: row for row in Transition.objects.values()},
        audit=set(AuditEvent.objects.values_list("pk", flat=True)),
        notices={
            pk: (person, what)
            for pk, person, what in Notice.objects.values_list("pk", "person", "event")
        },
    )


@contextmanager
def undone() -> Iterator[None]:
    """Take back everything that one example did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def kept(before: dict[int, Any], after: dict[int, Any]) -> bool:
    return before.items() <= after.items()


def counts_now(move: Move, was: dict[str, Any], steps: list[dict[str, Any]]) -> int | None:
    """Return the id of the revision that must count after a call."""
    if move.verb == "approve":
        return was["submitted_id"]
    if move.verb == "undo":
        undone_step = (
            Transition.objects.filter(entry=was["id"], pk__lt=steps[0]["id"]).order_by("-id")[:1]
        ).get()
        if undone_step.verb == "approve":
            return undone_step.previous_id
    return was["approved_id"]


def check(
    cast: Cast, move: Move, wanted: Expected, before: Seen, after: Seen, entry: Entry
) -> None:
    """Hold what happened against what the design says."""
    row, was = after.entries[entry.pk], before.entries[entry.pk]
    assert row["state"] == wanted.state
    others = {pk: one for pk, one in before.entries.items() if pk != entry.pk}
    assert kept(others, after.entries), "another entry changed"
    assert kept(before.revisions, after.revisions), "a revision changed or disappeared"
    assert kept(before.transitions, after.transitions), "a step changed or disappeared"
    changed = move.verb != "save" or row["version"] != was["version"]
    assert len(after.audit - before.audit) == (1 if changed else 0), "not one audit row"
    steps = [one for pk, one in after.transitions.items() if pk not in before.transitions]
    if move.verb == "save":
        assert not steps
    else:
        (step,) = steps
        assert (step["verb"], step["from_state"], step["to_state"]) == (
            move.verb, was["state"], row["state"],
        )  # fmt: skip
    assert len(after.revisions) - len(before.revisions) == (1 if move.verb == "submit" else 0)
    assert row["approved_id"] == counts_now(move, was, steps), "what counts is another revision"
    if move.verb != "save":
        assert row["draft"] == was["draft"], "a step changed the text"
    new = {one for pk, one in after.notices.items() if pk not in before.notices}
    assert {person for person, _event in new} == {getattr(cast, name).pk for name in wanted.told}
    assert len(new) == len(wanted.told), "somebody was told twice"
    if move.verb not in ("undo", "withdraw", "hand_back"):  # they take back what nobody read
        assert kept(before.notices, after.notices)


def repeated(move: Move, scene: Scene) -> bool:
    """Tell whether this draft was handed in already: a repeat answers with the same receipt."""
    revisions = Revision.objects.filter(entry=scene.entry, of_version=scene.entry.version)
    return move.verb == "submit" and move.person in scene.people and revisions.exists()


def draw_move(data: st.DataObject, cast: Cast, now: datetime, signed: bool) -> Move:
    """Draw any call at all, or (twice as often) one that the rules allow just now."""
    name = data.draw(st.sampled_from(ENTRIES))
    entry = Entry.objects.get(pk=getattr(cast, name).pk)
    wait = data.draw(st.sampled_from([0, 3, 9, 11]))
    offered: dict[str, list[str]] = {}
    if data.draw(st.integers(0, 2)):
        later = now + timedelta(seconds=wait)
        for person in PEOPLE:
            for one in allowed(Scene(cast, entry, person, later, signed)):
                offered.setdefault(one, []).append(person)
        if data.draw(st.integers(0, 7)):
            offered.pop("waive", None)  # else most walks would end there
    verb = data.draw(st.sampled_from(list(offered) or VERBS))
    person = data.draw(st.sampled_from(offered.get(verb, PEOPLE)))
    return Move(verb, name, person, data.draw(st.sampled_from(TYPED)), wait)


def test_the_rules_here_speak_of_every_verb() -> None:
    assert set(VERBS) == set(RULES)


def each_state(cast: Cast) -> Iterator[Entry]:
    """Give an entry in each state, reports and parts; the last of each name is undone."""
    for name in ENTRIES:
        yield Entry.objects.get(pk=getattr(cast, name).pk)
    PlanSettings.objects.filter(plan=cast.plan).update(needs_signoff=True)
    draft = Entry.objects.get(pk=cast.entry_draft.pk)
    entries.submit(draft.pk, draft.version, by=cast.liaison, now=NOW)
    yield Entry.objects.get(pk=draft.pk)
    decisions.take_over(cast.part_submitted.pk, by=cast.liaison, now=NOW)
    yield Entry.objects.get(pk=cast.part_submitted.pk)
    for entry in (cast.entry_blank, cast.part_blank):
        decisions.waive(entry.pk, "本期无任务", by=cast.office, now=NOW)
        yield Entry.objects.get(pk=entry.pk)


def test_in_each_state_each_person_may_do_what_the_design_says_and_nothing_else(
    cast: Cast,
) -> None:
    cast.double.act_as(cast.double_liaison)
    now, wrong, tried = NOW + timedelta(seconds=2), [], 0
    for entry in each_state(cast):
        signed = PlanSettings.objects.get(plan=cast.plan).needs_signoff
        for person in PEOPLE:
            scene = Scene(cast, entry, person, now, signed)
            for verb, rule in RULES.items():
                wanted = rule(scene)
                move = Move(verb, "", person, ("done", "另一份文字"), 0)
                if wanted is None and repeated(move, scene):
                    continue
                with undone():
                    refusal = attempt(cast, move, entry, now)
                    state = Entry.objects.values_list("state", flat=True).get(pk=entry.pk)
                tried += 1
                if (wanted is None) != bool(refusal) or (wanted and wanted.state != state):
                    wrong.append((entry.kind, entry.state, verb, person, refusal, state))
    assert not wrong
    assert tried > 900


@settings(
    max_examples=30,
    phases=[Phase.generate],  # a walk is short enough to be read; shrinking it takes minutes
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), signed=st.booleans(), steps=st.integers(5, 20))
def test_random_people_with_random_verbs_reach_no_forbidden_state(
    cast: Cast, data: st.DataObject, signed: bool, steps: int
) -> None:
    with undone():
        PlanSettings.objects.filter(plan=cast.plan).update(needs_signoff=signed)
        cast.double.act_as(cast.double_liaison)
        now = NOW
        before, walk = look(), []
        for _step in range(steps):
            move = draw_move(data, cast, now, signed)
            now += timedelta(seconds=move.wait)
            entry = Entry.objects.get(pk=getattr(cast, move.entry).pk)
            scene = Scene(cast, entry, move.person, now, signed)
            walk.append(move)
            wanted, same = RULES[move.verb](scene), repeated(move, scene)
            refusal = attempt(cast, move, entry, now)
            after = look()
            if refusal:
                assert wanted is None, f"refused: {refusal}\n{walk}"
                assert after == before, f"refused, but something changed\n{walk}"
            elif wanted is None or same:
                assert same, f"allowed in {entry.state}\n{walk}"
                assert after == before
            else:
                event(f"{entry.kind} {move.verb}")
                check(cast, move, wanted, before, after, entry)
            before = after


def attempt(cast: Cast, move: Move, entry: Entry, now: datetime) -> str:
    """Make a call; return the sentence of its refusal, or nothing."""
    try:
        with transaction.atomic():
            call(cast, move, entry, now)
    except DomainError as refusal:
        return refusal.message
    return ""
