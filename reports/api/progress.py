"""REST: how a plan's year stands on a day."""

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Answers
from core.rest import day, invalid, know
from plans.models import Plan
from reports.selectors.moments import Moment, chosen, moments, watched
from tasks.progress import LIGHTS, Standing
from tasks.selectors import ActionStanding, MeasureStanding, board


class StandingRow(serializers.Serializer[Any]):
    """How something stands: percent and schedule of the year, and the light they give."""

    percent = serializers.DecimalField(
        max_digits=4, decimal_places=1, allow_null=True, help_text="Null: unreported, not 0."
    )
    schedule = serializers.DecimalField(max_digits=4, decimal_places=1)
    gap = serializers.DecimalField(
        max_digits=4, decimal_places=1, allow_null=True, help_text="Points behind schedule."
    )
    light = serializers.ChoiceField(choices=LIGHTS)
    reported = serializers.IntegerField(help_text="Tasks that are in `percent`.")
    total = serializers.IntegerField(help_text="Tasks that could be.")


class MeasureProgress(StandingRow):
    """A measure of the plan and how its tasks of the year stand together."""

    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    title = serializers.CharField()


class ActionProgress(StandingRow):
    """An action and its measures."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    number = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    measures = MeasureProgress(many=True)


class ProgressAnswer(StandingRow):
    """A plan's year as of a day; `counts` are measures per light."""

    plan = serializers.IntegerField()
    year = serializers.IntegerField()
    as_of = serializers.DateField()
    counts = serializers.DictField(child=serializers.IntegerField())
    actions = ActionProgress(many=True)


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "percent": _tenths(one.percent),
        "schedule": _tenths(one.schedule),
        "gap": _tenths(one.gap),
        "light": one.light,
        "reported": one.reported,
        "total": one.total,
    }


def _tenths(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 1)


def _measure(one: MeasureStanding, action: ActionStanding) -> dict[str, Any]:
    measure = one.measure
    label = f"{action.action.position}.{measure.position}"
    return {"id": measure.pk, "label": label, "title": measure.title, **_standing(one.standing)}


def _action(one: ActionStanding) -> dict[str, Any]:
    return {
        "id": one.action.pk,
        "kind": one.action.kind,
        "number": one.action.number,
        "title": one.action.title,
        **_standing(one.standing),
        "measures": [_measure(measure, one) for measure in one.measures],
    }


class Progress(Answers):
    """How a plan's year stands on a day, for those who watch its region."""

    @extend_schema(
        operation_id="plans_progress",
        responses=ProgressAnswer,
        parameters=[
            OpenApiParameter("year", OpenApiTypes.INT, description="A year of the plan."),
            OpenApiParameter("as_of", OpenApiTypes.DATE, description="Else the newest period."),
        ],
    )
    def get(self, request: Request, pk: int) -> Response:
        know(request, {"year", "as_of", "format"})
        plan = get_object_or_404(watched(request.user), pk=pk)
        moment = _moment(request, plan)
        now = board(plan, moment.year, moment.as_of)
        return Response(
            {
                "plan": plan.pk,
                "year": now.year,
                "as_of": now.as_of,
                **_standing(now.standing),
                "counts": now.counts,
                "actions": [_action(one) for one in now.actions],
            }
        )


def _moment(request: Request, plan: Plan) -> Moment:
    """Return the year and day asked for; raises ValidationError naming the wrong parameter."""
    today = timezone.localdate()
    asked = {name: str(text) for name, text in request.query_params.items()}
    if "as_of" in asked:
        day("as_of", asked["as_of"], today)
    try:
        return chosen(plan, asked, today, moments(plan, today))
    except ValueError:
        raise invalid(
            "year",
            _("请选方案实施期内的年份（%(start)s—%(end)s）。")
            % {"start": plan.start_year, "end": plan.end_year},
        ) from None
