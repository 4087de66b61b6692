"""What everyone may read: plans opened to the public, their text and what they promise.

No progress, person, reminder or comparison of units is read here at all; values appear once a
publication of theirs exists.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count

from indicators.models import Target
from indicators.selectors import target_words
from plans.models import Action, Plan
from reports.models import Publication
from reports.rendering.draft import Draft, from_json
from reports.rendering.public import for_the_public
from reports.selectors.document import Mark, Section, sections, title_mark
from reports.selectors.reading import ReadPage, read_draft


@dataclass(frozen=True, slots=True)
class Promised:
    """A target in words, with the sentence that states it."""

    name: str
    words: str
    quote: str


@dataclass(frozen=True, slots=True)
class PublicPart:
    """A section of the text with the measures in it, in the shape that the page of a plan uses."""

    section: Section
    blocks: list[tuple[Any, Any, None]]
    targets: int = 0


@dataclass(frozen=True, slots=True)
class PublicPlan:
    plan: Plan
    parts: list[PublicPart]
    actions: list[Action]
    targets: list[Promised]


def public_plans() -> Any:
    """Return the plans open to the public, as anyone sees them."""
    return (
        Plan.objects.visible_to(AnonymousUser())
        .select_related("region", "settings")
        .annotate(
            action_count=Count("actions", distinct=True),
            measure_count=Count("actions__measures", distinct=True),
        )
        .order_by("region__path", "-start_year", "id")
    )


def public_plan(plan: Plan) -> PublicPlan:
    """Return an open plan's text, actions and targets (three queries)."""
    actions = list(
        Action.objects.filter(plan=plan).prefetch_related("measures").order_by("position")
    )
    measures = [one for action in actions for one in action.measures.all()]
    targets = list(
        Target.objects.current()
        .filter(plan=plan)
        .select_related("indicator", "plan__region")
        .order_by("position")
    )
    marks = [
        Mark(one.span_start, one.span_end, "target")
        for one in targets
        if one.span_start is not None and one.span_end is not None
    ]
    marks += [mark for one in measures if (mark := title_mark(plan.text, one))]
    by_pk = {one.pk: one for one in measures}
    return PublicPlan(
        plan=plan,
        parts=[
            PublicPart(one, [(block, by_pk.get(block.measure or 0), None) for block in one.blocks])
            for one in sections(plan, actions, measures, marks)
        ],
        actions=[one for one in actions if one.kind != Action.Kind.SAFEGUARD],
        targets=[Promised(one.indicator.name, target_words(one), one.quote) for one in targets],
    )


# --- Reports -------------------------------------------------------------------------------
def published() -> Any:
    """Return what is public now of reports, with the versions that were published."""
    rows = Publication.objects.standing()
    return rows.select_related("report__plan__region", "report__period", "report__department",
                               "version")  # fmt: skip


def public_reports(plan: Plan) -> Any:
    """Return the published reports on an open plan, newest first, without their texts."""
    rows = published().filter(report__plan=plan).defer("version__facts", "version__text")
    return rows.order_by("-report__year", "-report")


def public_text(publication: Publication) -> ReadPage:
    """Return a published text without what is internal, its figures unlinked (no query)."""
    return read_draft(public_draft(publication), {})


def public_draft(publication: Publication) -> Draft:
    """Return the edition that anyone may read (no query)."""
    return for_the_public(from_json(publication.version.text))
