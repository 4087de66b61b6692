"""Which measure of a higher or earlier plan a measure carries out: set, changed and cleared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import ensure
from core.verdict import Verdict, no
from plans import policies
from plans.models import Measure, Plan

# What became of one measure: its parent was set, taken away, was so already, or was refused.
SET, CLEARED, KEPT, REFUSED = "set", "cleared", "kept", "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one measure of the request; `message` says why it was refused."""

    measure: int
    outcome: str
    message: str = ""


@transaction.atomic
def set_parents(plan: Plan, chosen: Mapping[int, int | None], *, by: Any) -> list[Answer]:
    """Set the parents of several measures of a plan, and answer for each in the order given.

    `chosen` maps ids of measures to ids of their new parents, None to have none. A row that is
    refused leaves the others as they are wished. Raises NotAllowed where the person may not
    decide for this plan at all.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan.pk)
    ensure(policies.can_set_parents(by, plan))
    ours = {one.pk: one for one in Measure.objects.filter(action__plan=plan, pk__in=chosen)}
    parents = _visible(by, [pk for pk in chosen.values() if pk is not None])
    allowed = {
        one.action.plan_id: policies.can_carry_out(plan, one.action.plan)
        for one in parents.values()
    }
    answers, changed = [], []
    for pk, wanted in chosen.items():
        verdict = _verdict(ours.get(pk), wanted, parents, allowed)
        if not verdict:
            answers.append(Answer(pk, REFUSED, verdict.reason))
            continue
        if ours[pk].parent_id == wanted:
            answers.append(Answer(pk, KEPT))
            continue
        ours[pk].parent_id = wanted
        changed.append(ours[pk])
        answers.append(Answer(pk, CLEARED if wanted is None else SET))
    _store(plan, changed, by=by)
    return answers


def _visible(by: Any, pks: list[int]) -> dict[int, Measure]:
    """Return the measures among these that the person may see, with their plans."""
    rows = Measure.objects.visible_to(by).select_related("action__plan__region")
    return {one.pk: one for one in rows.filter(pk__in=pks)}


def _verdict(
    measure: Measure | None,
    wanted: int | None,
    parents: Mapping[int, Measure],
    allowed: Mapping[int, Verdict],
) -> Verdict:
    """Tell whether one row may be done; what the person does not see does not exist."""
    if measure is None:
        return no(_("本方案没有这项措施。"))
    if wanted is None:
        return Verdict(True)
    if wanted not in parents:
        return no(_("没有这项上级措施，或者您不能查看。"))
    return allowed[parents[wanted].action.plan_id]


def _store(plan: Plan, changed: list[Measure], *, by: Any) -> None:
    """Write the new parents and one audit row; nothing where nothing changed."""
    if not changed:
        return
    now = timezone.now()
    for one in changed:
        one.updated_at = now  # bulk_update sets no times, and REST clients follow them
    Measure.objects.bulk_update(changed, ["parent", "updated_at"])
    audit.record(
        "plans.measure.parent",
        plan,
        by=by,
        detail={"parents": {str(one.pk): one.parent_id for one in changed}},
        region_path=plan.region.path,
    )
