"""REST: 督办件 and every step of one (`tasks.workflow.SUPERVISION`)."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import RowSerializer
from core.deeds import DeedViewSet, deed
from core.errors import DomainError
from core.words import SUPERVISION
from departments.models import Department
from tasks.filters import SupervisionFilter
from tasks.models import Instruction, SupervisionItem
from tasks.policies.nudging import CHANNELS
from tasks.selectors.supervision.items import described
from tasks.services.supervision import extensions, items, nudges
from tasks.services.supervision.steps import MOST_WORDS


class SupervisionRow(RowSerializer):
    """An item without the names of persons."""

    number = serializers.CharField(help_text="The number in the register, such as 2018-003.")
    helpers = serializers.SerializerMethodField(help_text="Departments that help (协办).")
    light = serializers.CharField(help_text=f"As of today: {', '.join(SUPERVISION)}.")
    feedback = serializers.CharField(source="told", allow_null=True)
    feedback_at = serializers.DateTimeField(source="told_at", allow_null=True)
    nudges = serializers.IntegerField()
    extensions = serializers.IntegerField(source="granted", help_text="How many were granted.")
    extension_asked = serializers.BooleanField(source="asking")
    own_check = serializers.BooleanField(help_text="Reviewed by who wrote the feedback.")

    class Meta:
        model = SupervisionItem
        fields = (
            "id", "number", "region", "year", "serial", "plan", "task", "instruction", "decision",
            "title", "requirement", "department", "helpers", "assigned_on", "due", "state",
            "light", "feedback", "feedback_at", "nudges", "extensions", "extension_asked",
            "own_check", "settled_on", "opinion", "created_at", "updated_at",
        )  # fmt: skip

    def get_helpers(self, row: SupervisionItem) -> list[int]:
        return [one.pk for one in row.helpers.all()]


def _text(most: int = 300, *, required: bool = True) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=required, allow_blank=not required)


class AssignNeeds(serializers.Serializer[Any]):
    """A new item; without `due` it is 长期坚持, which `long_term` has to say."""

    title = _text()
    requirement = _text(MOST_WORDS, required=False)
    instruction = serializers.IntegerField(required=False, min_value=1)
    decision = _text(required=False)
    department = serializers.IntegerField(min_value=1)
    helpers = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=100
    )
    due = serializers.DateField(required=False)
    long_term = serializers.BooleanField(default=False)


class TextNeeds(serializers.Serializer[Any]):
    text = _text(MOST_WORDS)


class OpinionNeeds(serializers.Serializer[Any]):
    opinion = _text()


class ReviewNeeds(serializers.Serializer[Any]):
    note = _text(required=False)


class RefuseNeeds(serializers.Serializer[Any]):
    note = _text()


class WhyNeeds(serializers.Serializer[Any]):
    reason = _text(MOST_WORDS)


class ExtensionNeeds(serializers.Serializer[Any]):
    until = serializers.DateField()
    reason = _text()


class UnitNeeds(serializers.Serializer[Any]):
    department = serializers.IntegerField(min_value=1)
    reason = _text()


class NudgeNeeds(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(choices=[one.value for one in CHANNELS])
    words = _text(required=False)


def _visible(rows: Any, name: str, pk: int | None, user: Any) -> Any:
    """Return a visible row of an id that was sent; raises DomainError at its field."""
    if pk is None:
        return None
    found = rows.visible_to(user).filter(pk=pk).first()
    if found is None:
        none = _("没有找到，或者您不能查看。")
        raise DomainError(none, fields={name: [none]})
    return found


class Supervision(DeedViewSet):
    """督办件: between the region's office and leaders and the units that carry or help them."""

    queryset = SupervisionItem.objects.prefetch_related("helpers")
    serializer_class = SupervisionRow
    filterset_class = SupervisionFilter

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        return described(self.request.user, rows, timezone.localdate())

    def create(self, request: Request) -> Response:
        """Number an item and hand it to a unit (立项交办)."""
        return self.create_row(request, AssignNeeds)

    def made(self, data: dict[str, Any], now: datetime) -> SupervisionItem:
        user: Any = self.request.user
        long_term, due = data.pop("long_term"), data.pop("due", None)
        if bool(due) == long_term:
            wrong = _("请填办理时限；没有时限的写明 long_term。")
            raise DomainError(wrong, fields={"due": [wrong]})
        units = Department.objects.all()
        data["instruction"] = _visible(
            Instruction.objects.all(), "instruction", data.get("instruction"), user
        )
        data["department"] = _visible(units, "department", data["department"], user)
        helpers = [_visible(units, "helpers", one, user) for one in data.pop("helpers", [])]
        return items.assign(user.acting.here, due=due, helpers=helpers, by=user, now=now, **data)

    @deed()
    def sign(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Confirm that the unit has received the item (签收)."""
        items.sign(row.pk, by=self.request.user, now=now)

    @deed(TextNeeds)
    def feedback(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Tell the office what was done; the item waits for its review."""
        items.feedback(row.pk, data["text"], by=self.request.user, now=now)

    @deed()
    def withdraw(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Take the feedback back before it is reviewed."""
        items.withdraw(row.pk, by=self.request.user, now=now)

    @deed(ReviewNeeds)
    def settle(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Accept the feedback: the item is settled (办结)."""
        items.settle(row.pk, data.get("note", ""), by=self.request.user, now=now)

    @deed(WhyNeeds, verb="return")
    def send_back(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Return the feedback to be done again (退回重办), with the reason."""
        items.send_back(row.pk, data["reason"], by=self.request.user, now=now)

    @deed(OpinionNeeds)
    def strike(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Strike a settled item off the register (销号), with the opinion."""
        items.strike(row.pk, data["opinion"], by=self.request.user, now=now)

    @deed(UnitNeeds)
    def change_unit(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Hand the item to another unit, which has to sign for it."""
        user = self.request.user
        unit = _visible(Department.objects.all(), "department", data["department"], user)
        items.change_unit(row.pk, unit, data["reason"], by=user, now=now)

    @deed(ExtensionNeeds)
    def ask_extension(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Ask for more time before the deadline, with the reason and the new day."""
        extensions.ask(row.pk, data["until"], data["reason"], by=self.request.user, now=now)

    @deed(ReviewNeeds)
    def grant(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Give the time that was asked for."""
        extensions.grant(row.pk, data.get("note", ""), by=self.request.user, now=now)

    @deed(RefuseNeeds)
    def refuse(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Refuse the request for more time, with the reason."""
        extensions.refuse(row.pk, data["note"], by=self.request.user, now=now)

    @deed(NudgeNeeds)
    def nudge(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Chase the unit (催办): by a notice, or noted as a call or a visit."""
        words = data.get("words", "")
        nudges.nudge(row.pk, data["channel"], words, by=self.request.user, now=now)

    @deed(TextNeeds)
    def remark(self, row: SupervisionItem, data: dict[str, Any], now: datetime) -> None:
        """Add words without moving the item: a unit that helps tells its part."""
        items.remark(row.pk, data["text"], by=self.request.user, now=now)
