"""REST: yearly tasks and reporting periods."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from core.api import ReadViewSet, RowSerializer
from core.deeds import DeedViewSet, deed
from tasks.filters import PeriodFilter, TaskFilter
from tasks.models import Assignment, Period, Task
from tasks.services import periods


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
            "cancelled_at", "cancel_reason", "evidence_required", "note", "assignments",
            "created_at", "updated_at",
        )  # fmt: skip


class PeriodRow(RowSerializer):
    region_code = serializers.CharField(source="region.code")

    class Meta:
        model = Period
        fields = (
            "id", "region", "region_code", "name", "year", "starts", "ends", "opens_on", "due_on",
            "closes_on", "state", "by_calendar", "retrospective", "opened_at", "closed_at",
            "frozen_at", "created_at", "updated_at",
        )  # fmt: skip


class Tasks(ReadViewSet):
    """The tasks of each year: for a department, those in which it has a part."""

    queryset = Task.objects.prefetch_related("assignments")
    serializer_class = TaskRow
    filterset_class = TaskFilter


class Periods(DeedViewSet):
    """Reporting periods: the days reported on, and when reports open, are due and close."""

    queryset = Period.objects.select_related("region")
    serializer_class = PeriodRow
    filterset_class = PeriodFilter

    @deed()
    def open(self, row: Period, data: dict[str, Any], now: datetime) -> None:
        """Open a period: one entry for each reporting unit of each task."""
        periods.open_period(row, by=self.request.user, now=now)

    @deed()
    def close(self, row: Period, data: dict[str, Any], now: datetime) -> None:
        """Close a period; drafts stay as they are."""
        periods.close_period(row, by=self.request.user)
