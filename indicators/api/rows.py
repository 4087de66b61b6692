"""REST: indicators, targets and observed values as clients read them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import RowSerializer
from indicators.api.needs import QuestionRow
from indicators.models import Indicator, Observation, Target


class IndicatorRow(RowSerializer):
    class Meta:
        model = Indicator
        fields = (
            "id", "code", "official_code", "group", "name", "unit", "kind", "direction", "roll_up",
            "reported_at", "frequency", "formula", "numerator_label", "denominator_label",
            "denominator_is_population", "scale", "lowest", "highest", "jump_percent",
            "by_department", "by_group", "money", "source", "reporter", "basis", "decimals",
            "region", "is_active", "created_at", "updated_at",
        )  # fmt: skip


class TargetRow(RowSerializer):
    indicator_code = serializers.CharField(source="indicator.code")

    class Meta:
        model = Target
        fields = (
            "id", "plan", "measure", "indicator", "indicator_code", "operator", "value", "unit",
            "stretch_operator", "stretch_value", "year", "every_year", "scope", "basis", "quote",
            "position", "replaced_by", "withdrawn", "reason", "span_start", "span_end",
            "created_at", "updated_at",
        )  # fmt: skip


QUESTIONS = QuestionRow(many=True)


class ObservationRow(RowSerializer):
    indicator_code = serializers.CharField(source="indicator.code")
    region_code = serializers.CharField(source="region.code")
    questions = serializers.SerializerMethodField(help_text="Until it is checked.")

    class Meta:
        model = Observation
        fields = (
            "id", "indicator", "indicator_code", "region", "region_code", "year", "part",
            "department", "population_group", "status", "value", "numerator", "denominator",
            "denominator_basis", "denominator_year", "basis", "sample_size", "design_effect",
            "margin", "series", "source", "note", "correction_reason", "is_demo", "state",
            "version", "return_reason", "superseded_by", "own_check", "submitted_at",
            "verified_at", "questions", "created_at", "updated_at",
        )  # fmt: skip

    @extend_schema_field(QUESTIONS)
    def get_questions(self, row: Observation) -> Any:
        if row.state == Observation.State.VERIFIED:
            return []
        return QUESTIONS.to_representation(row.questions.all())
