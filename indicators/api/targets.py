"""REST: what plans promise."""

from core.api import ReadViewSet
from indicators.api.rows import TargetRow
from indicators.filters import TargetFilter
from indicators.models import Target


class Targets(ReadViewSet):
    """What plans promise, with the sentences that say so."""

    queryset = Target.objects.select_related("indicator")
    serializer_class = TargetRow
    filterset_class = TargetFilter
