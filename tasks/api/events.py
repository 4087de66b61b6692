"""REST: the register of events, read and added to."""

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import RowSerializer
from core.deeds import KEY, DeedViewSet
from core.errors import DomainError, ensure
from tasks.filters import EventFilter
from tasks.models import Event, EventFile
from tasks.selectors.events import register as pages
from tasks.services import events


class EventFileRow(RowSerializer):
    class Meta:
        model = EventFile
        fields = ("id", "name", "size", "media_type", "sha256")


class EventRow(RowSerializer):
    """An event, without the names of persons; one that was struck out says when and why."""

    files = EventFileRow(many=True)

    class Meta:
        model = Event
        fields = (
            "id", "region", "department", "kind", "title", "on", "ends", "town", "place",
            "people", "summary", "task", "duty", "measure", "struck_at", "struck_reason", "files",
            "created_at", "updated_at",
        )  # fmt: skip


class EventNeeds(serializers.Serializer[Any]):
    """What is said of an event; ids are those of this interface."""

    on = serializers.DateField()
    kind = serializers.ChoiceField(Event.Kind.choices)
    title = serializers.CharField()
    department = serializers.IntegerField(
        required=False, min_value=1, help_text="Left out, the department of the token."
    )
    ends = serializers.DateField(required=False, allow_null=True)
    town = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    place = serializers.CharField(required=False, allow_blank=True)
    people = serializers.IntegerField(required=False, allow_null=True)
    summary = serializers.CharField(required=False, allow_blank=True)
    task = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    duty = serializers.IntegerField(required=False, allow_null=True, min_value=1)


FIND = {
    "department": pages.unit_of,
    "town": pages.place_of,
    "task": pages.task_of,
    "duty": pages.duty_of,
}


class Events(DeedViewSet):
    """Meetings, activities, trainings, visits and information items, those struck out as well."""

    queryset = Event.objects.prefetch_related("files")
    serializer_class = EventRow
    filterset_class = EventFilter

    @extend_schema(request=EventNeeds, responses={201: EventRow}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Put an event into the register."""
        return self.create_row(request, EventNeeds)

    def made(self, data: dict[str, Any], now: datetime) -> Event:
        """Make a row by one service call and return it."""
        ensure(pages.may_record(self.request.user))
        told = events.Told(**{"department": None, **data, **self._rows(data)})
        return events.record(uuid.uuid4(), told, by=self.request.user, now=now).event

    def _rows(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the rows that the ids mean; one that is not to be seen is told at its field."""
        user, found, wrong = self.request.user, {}, {}
        acting = getattr(user, "acting", None)
        ids = {"department": acting.department_id if acting else None, **data}
        for name, find in FIND.items():
            pk = ids.get(name)
            found[name] = find(user, min(pk, 2**62)) if pk else None
            if pk and found[name] is None:
                wrong[name] = [_("没有找到，或者您不能查看。")]
        if found["department"] is None and "department" not in wrong:
            wrong["department"] = [_("请写明单位。")]
        if wrong:
            raise DomainError(_("有内容不符合要求。"), fields=wrong)
        return found
