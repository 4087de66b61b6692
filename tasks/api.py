"""REST: yearly tasks, reporting periods, and what was reported."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import ReadViewSet, RowSerializer
from tasks import policies
from tasks.filters import EntryFilter, PeriodFilter, TaskFilter
from tasks.models import Assignment, Entry, Evidence, Period, Revision, Task


class AssignmentRow(RowSerializer):
    class Meta:
        model = Assignment
        fields = ("id", "department", "role")


class TaskRow(RowSerializer):
    assignments = AssignmentRow(many=True)

    class Meta:
        model = Task
        fields = (
            "id", "plan", "measure", "duty", "year", "title", "deliverable", "kind", "starts",
            "due", "weight", "quantity", "unit", "gathering", "parent", "continues",
            "cancelled_at", "cancel_reason", "assignments", "created_at", "updated_at",
        )  # fmt: skip


class PeriodRow(RowSerializer):
    region_code = serializers.CharField(source="region.code")

    class Meta:
        model = Period
        fields = (
            "id", "region", "region_code", "name", "year", "starts", "ends", "opens_on", "due_on",
            "closes_on", "state", "opened_at", "created_at", "updated_at",
        )  # fmt: skip


class EvidenceRow(RowSerializer):
    class Meta:
        model = Evidence
        fields = ("id", "name", "size", "media_type", "sha256")


class RevisionRow(RowSerializer):
    """What was handed in, without the names of persons."""

    evidence = EvidenceRow(many=True)

    class Meta:
        model = Revision
        fields = (
            "id", "number", "percent", "quantity", "self_rating", "done", "problems",
            "next_steps", "is_late", "submitted_at", "sha256", "evidence",
        )  # fmt: skip


class TypedField(serializers.Serializer[Any]):
    """A field of a draft, as typed."""

    text = serializers.CharField()
    version = serializers.IntegerField()


REVISION = RevisionRow(allow_null=True)
DRAFT = serializers.DictField(child=TypedField(), allow_null=True)


class EntryRow(RowSerializer):
    draft = serializers.SerializerMethodField(help_text="As typed; for the unit itself only.")
    submitted = serializers.SerializerMethodField(help_text="What was handed in last.")
    approved = serializers.SerializerMethodField(help_text="What counts in every figure.")

    class Meta:
        model = Entry
        fields = (
            "id", "period", "task", "assignment", "department", "kind", "state", "version",
            "ready", "own_check", "waive_reason", "open_until", "approved_at", "draft",
            "submitted", "approved", "created_at", "updated_at",
        )  # fmt: skip

    @extend_schema_field(DRAFT)
    def get_draft(self, row: Entry) -> dict[str, Any] | None:
        if not policies.of_unit(self.context["request"].user, row):
            return None
        return {
            field: {"text": told.get("text", ""), "version": told.get("version", 0)}
            for field, told in row.draft.items()
        }

    @extend_schema_field(REVISION)
    def get_submitted(self, row: Entry) -> dict[str, Any] | None:
        if not policies.can_read_submitted(self.context["request"].user, row):
            return None
        return self._revision(row.submitted)

    @extend_schema_field(REVISION)
    def get_approved(self, row: Entry) -> dict[str, Any] | None:
        return self._revision(row.approved)

    def _revision(self, revision: Revision | None) -> dict[str, Any] | None:
        return REVISION.to_representation(revision) if revision else None


class Tasks(ReadViewSet):
    """The tasks of each year: for a department, those in which it has a part."""

    queryset = Task.objects.prefetch_related("assignments")
    serializer_class = TaskRow
    filterset_class = TaskFilter


class Periods(ReadViewSet):
    """Reporting periods: the days reported on, and when reports open, are due and close."""

    queryset = Period.objects.select_related("region")
    serializer_class = PeriodRow
    filterset_class = PeriodFilter


class Entries(ReadViewSet):
    """What departments report; drafts are seen by their own unit, states by the office."""

    queryset = Entry.objects.select_related(
        "period__region", "submitted", "approved"
    ).prefetch_related("submitted__evidence", "approved__evidence")
    serializer_class = EntryRow
    filterset_class = EntryFilter
