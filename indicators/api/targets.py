"""REST: what plans promise: added, and changed or withdrawn with a reason."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import by_code_or_id
from core.deeds import KEY, DeedViewSet, ReasonNeeds, deed
from core.errors import DomainError
from indicators import services
from indicators.api.needs import TargetChange, TargetNeeds
from indicators.api.rows import TargetRow
from indicators.filters import TargetFilter
from indicators.models import Indicator, Target
from plans.models import Plan


class Targets(DeedViewSet):
    """What plans promise, with the sentences that say so."""

    queryset = Target.objects.select_related("indicator")
    serializer_class = TargetRow
    filterset_class = TargetFilter

    @extend_schema(request=TargetNeeds, responses={201: TargetRow}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Add a target that the reading of a plan missed, or that an amendment sets."""
        return self.create_row(request, TargetNeeds)

    def made(self, data: dict[str, Any], now: datetime) -> Target:
        """Make a row by one service call and return it."""
        user = self.request.user
        plan = Plan.objects.visible_to(user).filter(pk=data.pop("plan")).first()
        if plan is None:
            raise _unknown("plan")
        try:
            indicator: Any = by_code_or_id(
                Indicator.objects.visible_to(user), data.pop("indicator")
            )
        except NotFound:
            raise _unknown("indicator") from None
        return services.add_target(plan, indicator, data, by=user)

    @deed(TargetChange)
    def change(self, row: Target, data: dict[str, Any], now: datetime) -> Target:
        """Replace what is asked, with a reason; the answer is the new row, the old one stays."""
        fields = {name: value for name, value in data.items() if name != "reason"}
        return services.change_target(row, fields, data["reason"], by=self.request.user)

    @deed(ReasonNeeds)
    def withdraw(self, row: Target, data: dict[str, Any], now: datetime) -> None:
        """Take a target off the plan, with a reason; its row stays."""
        services.withdraw_target(row, data["reason"], by=self.request.user)


def _unknown(name: str) -> DomainError:
    words = _("没有找到，或者您不能查看。")
    return DomainError(words, fields={name: [words]})
