"""Plans in lists and the measures of one: what counts on other pages lead to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from plans.models import Plan
from reports.selectors.dashboard import carriers
from tasks.progress import LIGHTS
from tasks.selectors import ActionStanding, Board, MeasureStanding


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in a list: its action, how it stands, and who carries its tasks this year."""

    action: ActionStanding
    standing: MeasureStanding
    who: list[str]


def plan_list(user: Any) -> Any:
    """Return the plans that a person may see, with how much is in them (one query)."""
    return (
        Plan.objects.visible_to(user)
        .select_related("region")
        .annotate(
            action_count=Count("actions", distinct=True),
            measure_count=Count("actions__measures", distinct=True),
        )
        .order_by("region__path", "-start_year", "id")
    )


def known_lights(asked: Iterable[str]) -> list[str]:
    """Return the lights among the words of an address, in the order in which they are shown."""
    wanted = set(asked)
    return [one for one in LIGHTS if one in wanted]


def measure_rows(board: Board, lights: list[str]) -> list[MeasureRow]:
    """Return the measures with one of the lights (all where none is asked), in plan order."""
    found = [
        (one, measure)
        for one in board.actions
        for measure in one.measures
        if not lights or measure.standing.light in lights
    ]
    who = carriers(task.task.pk for _action, measure in found for task in measure.tasks)
    return [
        MeasureRow(
            one,
            measure,
            list(
                dict.fromkeys(name for task in measure.tasks for name in who.get(task.task.pk, []))
            ),
        )
        for one, measure in found
    ]
