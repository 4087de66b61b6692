"""REST: what writes of indicators, targets and values ask for, and what they answer.

Those of values describe only: `reading` reads them, 10,000 at a time.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from indicators.models import Indicator, Observation, Question, Target
from indicators.models.observations import PopulationBasis

MOST_ROWS = 10_000


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}], "nullable": True})
class NumberText(serializers.Field[Any, Any, Any, Any]):
    """A number, or a text such as 8.47, 8.47% or 12 万元."""


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}], "nullable": True})
class IdOrCode(serializers.Field[Any, Any, Any, Any]):
    """Something by its id or code."""


class SeenNeeds(serializers.Serializer[Any]):
    """The version that was looked at; another one by now is 409."""

    version = serializers.IntegerField(required=False, min_value=1)


class AnswerNeeds(serializers.Serializer[Any]):
    question = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    answer = serializers.CharField(max_length=300, allow_blank=True)


def _choices(choices: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices, required=False)


def _text(most: int) -> serializers.CharField:
    return serializers.CharField(required=False, max_length=most)


class ValueNeeds(serializers.Serializer[Any]):
    """What a value is made of; a ratio follows from its numerator and denominator."""

    status = _choices(Observation.Status.choices)
    value = NumberText(
        required=False, help_text="In the indicator's unit; true or false for 是/否."
    )
    numerator = NumberText(required=False)
    denominator = NumberText(required=False)
    denominator_basis = _choices(PopulationBasis.choices)
    denominator_year = serializers.IntegerField(required=False)
    sample_size = serializers.IntegerField(required=False, min_value=1)
    design_effect = NumberText(required=False)
    margin = NumberText(required=False)
    source = _text(300)  # type: ignore[assignment]
    note = _text(300)
    correction_reason = _text(300)


class ChangeNeeds(ValueNeeds):
    """Fields of a draft that change; what is left out stays."""

    version = serializers.IntegerField(help_text="That of the row as it was seen.")


class ObservationNeeds(ValueNeeds):
    """A value: what it speaks of, and what it is made of."""

    indicator = IdOrCode()
    region = IdOrCode(required=False, help_text="Left out, that of the token.")
    year = serializers.IntegerField()
    part = _choices(Observation.Part.choices)
    department = IdOrCode(
        required=False, help_text="Left out, that of the token; null for the whole region."
    )
    population_group = _choices(Observation.Group.choices)
    basis = _choices(Observation.Basis.choices)
    series = _text(40)
    version = serializers.IntegerField(
        required=False, help_text="Of the draft that is there already, as it was seen."
    )


class BulkNeeds(serializers.Serializer[Any]):
    rows = serializers.ListField(child=ObservationNeeds(), max_length=MOST_ROWS)
    submit = serializers.BooleanField(
        required=False, help_text="Hand in what has no open question."
    )


class QuestionRow(serializers.ModelSerializer[Any]):
    """What is asked about a value; one with `must_mend` cannot be answered away."""

    class Meta:
        model = Question
        fields = ("id", "code", "told", "must_mend", "answer")


class BulkResult(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Observation.State.choices)
    changed = serializers.BooleanField(help_text="False: the same value was there already.")
    questions = QuestionRow(many=True)


class BulkAnswer(serializers.Serializer[Any]):
    results = BulkResult(many=True)


class WrongRow(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    status = serializers.CharField(help_text="error")
    code = serializers.CharField(help_text="ambiguous: a number that could be two; else invalid.")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )


class BulkProblem(serializers.Serializer[Any]):
    """Nothing was written; `results` are the wrong rows only."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )
    results = WrongRow(many=True)


_TARGET = (
    "operator", "value", "unit", "stretch_operator", "stretch_value", "year", "every_year",
    "scope", "basis", "quote",
)  # fmt: skip
YEAR = {"min_value": 1990, "max_value": 2100}


class TargetNeeds(serializers.ModelSerializer[Any]):
    """A target of a plan, with the sentence that says so."""

    plan = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    indicator = serializers.CharField(max_length=60, help_text="Id or code.")

    class Meta:
        model = Target
        fields = ("plan", "indicator", *_TARGET)
        extra_kwargs = {"quote": {"max_length": 2000}, "year": YEAR}


class TargetChange(serializers.ModelSerializer[Any]):
    """What is asked from now on, and why; what is left out stays."""

    reason = serializers.CharField(max_length=300)

    class Meta:
        model = Target
        fields = (*_TARGET, "reason")
        extra_kwargs = {name: {"required": False} for name in _TARGET} | {
            "quote": {"required": False, "max_length": 2000},
            "year": {"required": False, **YEAR},
        }


class IndicatorNeeds(serializers.ModelSerializer[Any]):
    """A definition that an office keeps."""

    class Meta:
        model = Indicator
        fields = (
            "code", "official_code", "group", "name", "unit", "kind", "direction", "roll_up",
            "reported_at", "frequency", "formula", "numerator_label", "denominator_label",
            "denominator_is_population", "scale", "lowest", "highest", "jump_percent",
            "by_department", "by_group", "money", "source", "reporter", "basis", "decimals",
            "is_active",
        )  # fmt: skip
        extra_kwargs = {
            "code": {"validators": [], "max_length": 60},
            "decimals": {"max_value": 6},
            "scale": {"min_value": 1, "max_value": 1_000_000},
            "jump_percent": {"min_value": 1, "max_value": 10_000},
        }


class IndicatorChange(IndicatorNeeds):
    """What changes of a definition; its code stays."""

    class Meta(IndicatorNeeds.Meta):
        fields = IndicatorNeeds.Meta.fields[1:]  # type: ignore[assignment]
