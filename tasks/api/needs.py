"""REST: what several deeds ask for; one class each, so that the description names them once."""

from typing import Any

from rest_framework import serializers


class ReasonNeeds(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class ReopenNeeds(ReasonNeeds):
    until = serializers.DateField()
