"""REST: observed values."""

from core.api import ReadViewSet
from indicators.api.rows import ObservationRow
from indicators.filters import ObservationFilter
from indicators.models import Observation


class Observations(ReadViewSet):
    """Values of indicators; a correction is a new row that supersedes the old one."""

    queryset = Observation.objects.select_related("indicator", "region")
    serializer_class = ObservationRow
    filterset_class = ObservationFilter
