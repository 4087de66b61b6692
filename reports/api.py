"""REST: how a plan's year stands, and the reports compiled from it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Answers, RowSerializer
from core.deeds import KEY, DeedViewSet, deed
from core.rest import LARGEST_ID, day, invalid, know
from departments.models import Department
from plans.models import Plan
from reports import services
from reports.filters import ReportFilter
from reports.models import Fact, Report, ReportVersion
from reports.selectors.moments import Moment, chosen, moments, watched
from tasks.models import Period
from tasks.progress import LIGHTS, Standing
from tasks.selectors import ActionStanding, MeasureStanding, board


class VersionRow(RowSerializer):
    class Meta:
        model = ReportVersion
        fields = ("number", "sha256", "compiled_at")


class ReportRow(RowSerializer):
    versions = VersionRow(many=True, help_text="Newest first.")

    class Meta:
        model = Report
        fields: tuple[str, ...] = (
            "id",
            "plan",
            "kind",
            "year",
            "department",
            "period",
            "state",
            "error",
            "versions",
            "created_at",
            "updated_at",
        )


class FactRow(RowSerializer):
    sources = serializers.ListField(
        child=serializers.ListField(), help_text="The rows it came from: [kind, id]."
    )

    class Meta:
        model = Fact
        fields = ("key", "value", "unit", "label", "sources")


class WholeReport(ReportRow):
    facts = serializers.SerializerMethodField(help_text="Every figure of the newest version.")

    class Meta(ReportRow.Meta):
        fields = (*ReportRow.Meta.fields, "facts")

    @extend_schema_field(FactRow(many=True))
    def get_facts(self, row: Report) -> list[dict[str, Any]]:
        newest = next(iter(row.versions.all()), None)
        if newest is None:
            return []
        told = FactRow()
        return [told.to_representation(fact) for fact in newest.fact_rows.all()]


class ReportNeeds(serializers.Serializer[Any]):
    """Which report a client asks for."""

    plan = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    kind = serializers.ChoiceField(choices=Report.Kind.choices)
    year = serializers.IntegerField(
        min_value=1, max_value=9999, help_text="The last year that the report speaks of."
    )
    department = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="For kind `department`."
    )
    period = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="For kind `bulletin`."
    )


class Reports(DeedViewSet):
    """Compiled reports and their frozen versions; one report alone comes with its facts."""

    queryset = Report.objects.prefetch_related(
        Prefetch("versions", ReportVersion.objects.defer("facts", "notes").order_by("-number"))
    )
    filterset_class = ReportFilter

    def get_serializer_class(self) -> type[RowSerializer]:
        return WholeReport if self.action == "retrieve" else ReportRow

    @extend_schema(request=ReportNeeds, responses={201: ReportRow}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Ask for a report; a worker compiles it, and `state` tells how far it is.

        Asking again for the same plan, kind and year gives the same report and one job.
        """
        return self.create_row(request, ReportNeeds)

    def made(self, data: dict[str, Any], now: datetime) -> Report:
        """Ask for the report by one service call and return it."""
        user: Any = self.request.user
        plan = (
            Plan.objects.visible_to(user)
            .select_related("region", "settings")
            .filter(pk=data["plan"])
            .first()
        )
        if plan is None:
            raise invalid("plan", _("没有这个方案。"))
        parts: dict[str, Any] = {}
        if data["kind"] == Report.Kind.DEPARTMENT:
            parts["department"] = self._named(Department, data, "department")
        if data["kind"] == Report.Kind.BULLETIN:
            parts["period"] = self._named(Period, data, "period")
        return services.request_report(plan, data["kind"], data["year"], **parts, by=user)

    def _named(self, model: Any, data: dict[str, Any], field: str) -> Any:
        """Return the unit or period that was named; None where none was (the service says so)."""
        if field not in data:
            return None
        found = model.objects.visible_to(self.request.user).filter(pk=data[field]).first()
        if found is None:
            raise invalid(field, _("没有这条记录，请核对编号。"))
        return found

    @deed(verb="compile")
    def recompile(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Compile a draft or a failed report again; changed data give a new version."""
        services.recompile(row, by=self.request.user)


# --- Progress ------------------------------------------------------------------------------
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
