"""REST: plans, their actions, measures and duties."""

from typing import Any

from rest_framework import serializers

from core.api import ReadViewSet, RowSerializer
from plans.filters import ActionFilter, DutyFilter, MeasureFilter, PlanFilter
from plans.models import Action, Duty, Measure, Phase, Plan, Responsibility

SPAN = ("span_start", "span_end")  # offsets into the plan's text


class PhaseRow(RowSerializer):
    class Meta:
        model = Phase
        fields = ("name", "start", "end", "position", *SPAN)


class PlanRow(RowSerializer):
    region_code = serializers.CharField(source="region.code")
    phases = PhaseRow(many=True)

    class Meta:
        model = Plan
        fields: tuple[str, ...] = (
            "id", "region", "region_code", "kind", "title", "document_number", "issuer",
            "issued_on", "start_year", "end_year", "parent", "state", "is_public", "phases",
            "created_at", "updated_at",
        )  # fmt: skip


class WholePlan(PlanRow):
    class Meta(PlanRow.Meta):
        fields = (*PlanRow.Meta.fields, "basis", "recipients", "copies", "text")


class ResponsibilityRow(RowSerializer):
    class Meta:
        model = Responsibility
        fields = ("role", "printed_name", "department")


class ActionRow(RowSerializer):
    responsibilities = ResponsibilityRow(many=True)

    class Meta:
        model = Action
        fields = (
            "id", "plan", "kind", "number", "title", "text", "position", "weight",
            "responsibilities", *SPAN, "created_at", "updated_at",
        )  # fmt: skip


class MeasureRow(RowSerializer):
    plan = serializers.IntegerField(source="action.plan_id")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="Position of the action and of the measure: 8.1."
    )
    responsibilities = ResponsibilityRow(many=True)

    class Meta:
        model = Measure
        fields = (
            "id", "plan", "action", "number", "label", "title", "text", "position", "parent",
            "responsibilities", *SPAN, "created_at", "updated_at",
        )  # fmt: skip


class DutyRow(RowSerializer):
    class Meta:
        model = Duty
        fields = (
            "id", "plan", "measure", "who", "every", "due", "quote", "proof", "position", *SPAN,
            "created_at", "updated_at",
        )  # fmt: skip


class Plans(ReadViewSet):
    """Plans as they were issued; one plan alone comes with its text."""

    queryset = Plan.objects.select_related("region").prefetch_related("phases")
    filterset_class = PlanFilter

    def get_serializer_class(self) -> type[RowSerializer]:
        return WholePlan if self.action == "retrieve" else PlanRow

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "retrieve" else rows.defer("text", "warnings")


class Actions(ReadViewSet):
    """Actions, projects and safeguards, in the order of their document."""

    queryset = Action.objects.prefetch_related("responsibilities")
    serializer_class = ActionRow
    filterset_class = ActionFilter


class Measures(ReadViewSet):
    """Measures and who answers for them: as printed, and the department that is meant."""

    queryset = Measure.objects.select_related("action").prefetch_related("responsibilities")
    serializer_class = MeasureRow
    filterset_class = MeasureFilter


class Duties(ReadViewSet):
    """What repeats or falls due, with the sentence that says so."""

    queryset = Duty.objects.all()
    serializer_class = DutyRow
    filterset_class = DutyFilter
