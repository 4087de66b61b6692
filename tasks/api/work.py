"""REST: yearly tasks and reporting periods."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from core.api import ReadViewSet, RowSerializer
from core.deeds import DeedViewSet, ReasonNeeds, deed
from tasks.api.needs import ReopenNeeds
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


class ProlongNeeds(ReasonNeeds):
    due_on = serializers.DateField()
    closes_on = serializers.DateField()


class ChangeNeeds(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=40)
    starts = serializers.DateField()
    ends = serializers.DateField()
    opens_on = serializers.DateField()
    due_on = serializers.DateField()
    closes_on = serializers.DateField()


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
        periods.close_period(row, by=self.request.user, now=now)

    @deed(ChangeNeeds)
    def change(self, row: Period, data: dict[str, Any], now: datetime) -> None:
        """Change the name and the dates of a period that has not been opened."""
        periods.change(
            row, periods.Dates(**data), by=self.request.user, by_calendar=row.by_calendar
        )

    @deed()
    def remove(self, row: Period, data: dict[str, Any], now: datetime) -> None:
        """Delete a period that was never opened; the answer is null, for it is gone."""
        periods.remove(row, by=self.request.user)

    @deed(ProlongNeeds)
    def prolong(self, row: Period, data: dict[str, Any], now: datetime) -> None:
        """Give all units more time: the due date of an open period moves, and only later."""
        periods.prolong(
            row, data["due_on"], data["closes_on"], data["reason"], by=self.request.user, now=now
        )

    @deed(ReopenNeeds)
    def reopen(self, row: Period, data: dict[str, Any], now: datetime) -> None:
        """Take reports again in a closed period until a day; what comes in is late."""
        periods.reopen_period(row, data["until"], data["reason"], by=self.request.user, now=now)

    @deed(ReasonNeeds)
    def freeze(self, row: Period, data: dict[str, Any], now: datetime) -> None:
        """Lock a closed period, because a report rests on it; then corrections only."""
        periods.freeze(row, data["reason"], by=self.request.user, now=now)

    @deed(ReasonNeeds)
    def unfreeze(self, row: Period, data: dict[str, Any], now: datetime) -> None:
        """Undo the freezing of a period."""
        periods.unfreeze(row, data["reason"], by=self.request.user)
