"""REST: the catalogue of indicators, and the series of one."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import by_code_or_id
from core.deeds import KEY, DeedViewSet, answered, read
from core.rest import day, invalid, know
from departments.models import Region
from indicators import services
from indicators.api.needs import IndicatorChange, IndicatorNeeds
from indicators.api.rows import IndicatorRow, ObservationRow, TargetRow
from indicators.attainment import Pace
from indicators.filters import IndicatorFilter
from indicators.models import Indicator, Observation
from indicators.selectors import TargetView, plan_targets
from plans.models import Plan


class PaceRow(serializers.Serializer[Any]):
    """Signed changes a year, in the target's unit: needed from the newest value on, and had."""

    needed = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    had = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    from_year = serializers.IntegerField(allow_null=True)
    to_year = serializers.IntegerField(allow_null=True)


class AttainmentRow(serializers.Serializer[Any]):
    """How a target stands: a code, the arithmetic as a sentence, and the rule."""

    target = serializers.IntegerField()
    as_of = serializers.IntegerField(help_text="The year at whose end it is judged.")
    code = serializers.CharField()
    sentence = serializers.CharField()
    rule = serializers.CharField()
    met = serializers.IntegerField(help_text="Regions below that keep it (scopes with children).")
    measured = serializers.IntegerField()
    total = serializers.IntegerField()
    pace = PaceRow(allow_null=True)
    conflicts = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="Targets of the same plan that ask something else of the same.",
    )


class ProjectionRow(serializers.Serializer[Any]):
    """Where the line through the measured values leads in the due year; never a fact."""

    target = serializers.IntegerField()
    year = serializers.IntegerField()
    value = serializers.DecimalField(max_digits=20, decimal_places=2)
    low = serializers.DecimalField(max_digits=20, decimal_places=2, help_text="95 % band.")
    high = serializers.DecimalField(max_digits=20, decimal_places=2)
    method = serializers.CharField(help_text="How it was computed, and from how many points.")


class NotProjectedRow(serializers.Serializer[Any]):
    """Why nothing is projected for a target that could have a projection."""

    target = serializers.IntegerField()
    reason = serializers.CharField()


class SeriesAnswer(serializers.Serializer[Any]):
    """What is known of one indicator in one region."""

    indicator = IndicatorRow()
    region = serializers.IntegerField()
    region_code = serializers.CharField()
    observations = ObservationRow(many=True)
    targets = TargetRow(many=True)
    attainment = AttainmentRow(many=True)
    projection = ProjectionRow(many=True, help_text="Only from three measured points on.")
    not_projected = NotProjectedRow(many=True)


CODE = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, description="Id or code.")
SERIES = [
    CODE,
    OpenApiParameter("region", OpenApiTypes.STR, description="Code or id; else one's own region."),
    OpenApiParameter("as_of", OpenApiTypes.DATE, description="Judge at the end of its year."),
]


@extend_schema_view(retrieve=extend_schema(parameters=[CODE]))
class Indicators(DeedViewSet):
    """What is counted, measured or surveyed, and how its values behave."""

    queryset = Indicator.objects.all()
    serializer_class = IndicatorRow
    filterset_class = IndicatorFilter
    lookup_value_regex = r"[-\w]{1,60}"

    def get_object(self) -> Any:
        return by_code_or_id(self.filter_queryset(self.get_queryset()), self.kwargs["pk"])

    @extend_schema(request=IndicatorNeeds, responses={201: IndicatorRow}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Add a definition that the office of the token keeps."""
        return self.create_row(request, IndicatorNeeds)

    def made(self, data: dict[str, Any], now: datetime) -> Indicator:
        """Make a row by one service call and return it."""
        return services.add_indicator(data, by=self.request.user)

    @extend_schema(request=IndicatorChange, responses=IndicatorRow, parameters=[CODE, KEY])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a definition; what gives values their meaning stays once there are values."""
        row = self.get_object()
        fields = read(IndicatorChange, request, partial=True)

        def act() -> tuple[int, Any]:
            services.change_indicator(row, fields, by=request.user)
            return 200, self.shown(row.pk)

        return answered(request, act)

    @extend_schema(parameters=SERIES, responses=SeriesAnswer)
    @action(detail=True, filter_backends=[])
    def series(self, request: Request, pk: str) -> Response:
        """Give the values of a region, its targets, and how they stand."""
        know(request, {"region", "as_of", "format"})
        indicator = self.get_object()
        region = _region(request)
        year = day("as_of", request.query_params.get("as_of"), timezone.localdate()).year
        views = _targets(request, indicator, region, year)
        rows = (
            Observation.objects.visible_to(request.user)
            .of_whole_region()
            .filter(indicator=indicator, region=region, superseded_by__isnull=True)
            .select_related("indicator", "region")
            .prefetch_related("questions")
            .order_by("year", "id")
        )
        return Response(
            {
                "indicator": IndicatorRow(indicator).data,
                "region": region.pk,
                "region_code": region.code,
                "observations": ObservationRow(rows, many=True).data,
                "targets": TargetRow([one.target for one in views], many=True).data,
                "attainment": [_attainment(one) for one in views],
                "projection": [
                    {"target": one.target.pk, **asdict(one.outlook)} for one in views if one.outlook
                ],
                "not_projected": [
                    {"target": one.target.pk, "reason": one.no_outlook}
                    for one in views
                    if one.no_outlook
                ],
            }
        )


def _region(request: Request) -> Region:
    """Return the region asked for, by code or id, else the client's own."""
    regions = Region.objects.visible_to(request.user)
    text = request.query_params.get("region")
    if text is None:
        if request.user.acting is None:  # type: ignore[union-attr]
            raise invalid("region", _("请指定地区。"))
        return request.user.acting.here  # type: ignore[union-attr]
    if not (text.isascii() and text.isdigit()):
        raise invalid("region", _("请填区划代码。"))
    return by_code_or_id(regions, text)  # type: ignore[return-value]


def _targets(request: Request, indicator: Indicator, region: Region, year: int) -> list[TargetView]:
    """Return the targets of the region's visible plans, each judged no later than its plan."""
    plans = Plan.objects.visible_to(request.user).filter(
        region=region, targets__indicator=indicator
    )
    return [
        view
        for plan in plans.select_related("region").distinct().order_by("id")
        for view in plan_targets(plan, min(year, plan.end_year))
        if view.indicator.pk == indicator.pk
    ]


def _attainment(view: TargetView) -> dict[str, Any]:
    return {
        "target": view.target.pk,
        "as_of": view.as_of,
        "code": view.attainment.code,
        "sentence": view.attainment.sentence,
        "rule": view.attainment.rule,
        "met": view.met,
        "measured": view.measured,
        "total": view.total,
        "pace": _pace(view.attainment.pace),
        "conflicts": [one.pk for one in view.conflicts],
    }


def _pace(pace: Pace | None) -> dict[str, Any] | None:
    if pace is None:
        return None
    exact = asdict(pace)
    return exact | {
        name: None if exact[name] is None else round(exact[name], 2) for name in ("needed", "had")
    }
