"""REST: compiled reports, their versions and facts, and the steps that people take with them."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import RowSerializer
from core.deeds import KEY, DeedViewSet, ReasonNeeds, deed
from core.rest import LARGEST_ID, invalid
from departments.models import Department
from plans.models import Plan
from reports import services
from reports.filters import ReportFilter
from reports.models import Fact, Opinion, Report, ReportVersion
from tasks.models import Period


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
            "consult_until",
            "document_number",
            "issued_on",
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


class OpinionRow(RowSerializer):
    """What a unit says; `source` tells how it came where the office registered it, else empty."""

    class Meta:
        model = Opinion
        fields = (
            "id", "department", "round", "state", "text", "source", "at", "answer", "answer_text",
            "answered_at",
        )  # fmt: skip


class WholeReport(ReportRow):
    facts = serializers.SerializerMethodField(help_text="Every figure of the newest version.")
    opinions = serializers.SerializerMethodField(
        help_text="Opinions of the units: all for office and leaders, else that of the own unit."
    )

    class Meta(ReportRow.Meta):
        fields = (*ReportRow.Meta.fields, "opinions", "facts")

    @extend_schema_field(OpinionRow(many=True))
    def get_opinions(self, row: Report) -> list[dict[str, Any]]:
        seen = Opinion.objects.visible_to(self.context["request"].user).filter(report=row)
        told = OpinionRow()
        return [told.to_representation(one) for one in seen]

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


class ConsultNeeds(serializers.Serializer[Any]):
    """Until when units answer; `units` are asked besides those that the draft concerns."""

    until = serializers.DateField()
    units = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        default=list,
        max_length=1000,
    )


class RespondNeeds(serializers.Serializer[Any]):
    """What one's own unit says of the draft; a comment needs its text."""

    state = serializers.ChoiceField(choices=Opinion.SAID)
    text = serializers.CharField(allow_blank=True, default="", max_length=5000)


class OpinionRecordNeeds(RespondNeeds):
    """What a unit said outside the portal, and how it came."""

    opinion = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=200, help_text="A letter, a call; of which day."
    )


class OpinionAnswerNeeds(serializers.Serializer[Any]):
    """What the office says to a comment."""

    opinion = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    answer = serializers.ChoiceField(choices=Opinion.Answer.choices)
    text = serializers.CharField(allow_blank=True, default="", max_length=5000)


class ReportApprovalNeeds(serializers.Serializer[Any]):
    """By whom or at which meeting it is approved."""

    basis = serializers.CharField(max_length=300)


class StampNeeds(serializers.Serializer[Any]):
    """Date and number as the office gave them; a mark needs a number."""

    issued_on = serializers.DateField()
    document_number = serializers.CharField(allow_blank=True, default="", max_length=60)
    head_mark = serializers.CharField(allow_blank=True, default="", max_length=60)


class SendUpNeeds(serializers.Serializer[Any]):
    """To whom an issued report was sent, and when."""

    recipient = serializers.CharField(max_length=60)
    sent_on = serializers.DateField()


class PublishNeeds(serializers.Serializer[Any]):
    """The confidentiality review: by whom, when, and what it found."""

    reviewer = serializers.CharField(max_length=60)
    reviewed_on = serializers.DateField()
    opinion = serializers.CharField(max_length=300)


class Reports(DeedViewSet):
    """Compiled reports and their frozen versions; one report alone comes with its facts."""

    queryset = Report.objects.all()
    filterset_class = ReportFilter

    def get_queryset(self) -> Any:
        """Return the reports with the versions that the person may read, without their contents."""
        seen = ReportVersion.objects.visible_to(self.request.user).order_by("-number")
        rows = seen.only("report", "number", "sha256", "compiled_at")
        return super().get_queryset().prefetch_related(Prefetch("versions", rows))

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

    @deed()
    def typeset(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Make the files anew from the same facts, after the text was edited."""
        services.typeset(row, by=self.request.user)

    @deed()
    def cancel(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Stop what a worker does for a report."""
        services.cancel(row, by=self.request.user)

    @deed(ConsultNeeds)
    def consult(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Ask the units that the draft concerns for their opinions, until a day."""
        user: Any = self.request.user
        wanted = set(data["units"])
        units = list(Department.objects.visible_to(user).filter(pk__in=wanted))
        if len(units) < len(wanted):
            raise invalid("units", _("没有这个单位。"))
        services.consult(row, data["until"], units=units, by=user, now=now)

    @deed(RespondNeeds)
    def respond(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Give one's unit's opinion on a draft."""
        services.respond(row, **data, by=self.request.user, now=now)

    @deed(OpinionRecordNeeds)
    def record(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Register the opinion of a unit that was asked and gave it outside the portal."""
        services.record(row, **data, by=self.request.user, now=now)

    @deed(OpinionAnswerNeeds)
    def answer(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Answer a unit's comment."""
        services.answer(row, **data, by=self.request.user, now=now)

    @deed(ReasonNeeds)
    def redraft(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Send a report back to be drafted."""
        services.redraft(row, data["reason"], by=self.request.user, now=now)

    @deed(ReportApprovalNeeds)
    def approve(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Approve a report, once all are heard and its totals follow from its facts."""
        services.approve(row, data["basis"], by=self.request.user, now=now)

    @deed(StampNeeds)
    def stamp(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Register date and number; a worker makes the files that bear them."""
        services.stamp(row, **data, by=self.request.user, now=now)

    @deed()
    def issue(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Issue a report; it is locked, and so are the periods that it rests on."""
        services.issue(row, by=self.request.user, now=now)

    @deed(SendUpNeeds)
    def send_up(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Record that an issued report was sent to a higher office."""
        services.send_up(row, **data, by=self.request.user, now=now)

    @deed(PublishNeeds)
    def publish(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Make an issued report public after its confidentiality review."""
        services.publish(row, **data, by=self.request.user, now=now)

    @deed(ReasonNeeds)
    def unpublish(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Take a report down from the public pages."""
        services.unpublish(row, data["reason"], by=self.request.user, now=now)

    @deed(ReasonNeeds)
    def withdraw(self, row: Report, data: dict[str, Any], now: datetime) -> None:
        """Withdraw a report; it is kept, and the same can be asked for again."""
        services.withdraw(row, data["reason"], by=self.request.user, now=now)
