"""REST: what several deeds ask for; one class each, so that the description names them once."""

from rest_framework import serializers

from core.deeds import ReasonNeeds


class ReopenNeeds(ReasonNeeds):
    until = serializers.DateField()
