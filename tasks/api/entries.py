"""REST: what was reported, and every step of an entry (`tasks.workflow`)."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import RowSerializer
from core.deeds import DeedViewSet, ReasonNeeds, deed
from tasks import policies
from tasks.api.needs import ReopenNeeds
from tasks.filters import EntryFilter
from tasks.models import Entry, Evidence, Rating, Revision
from tasks.services import entries
from tasks.services.entries import decisions, filling


class EvidenceRow(RowSerializer):
    class Meta:
        model = Evidence
        fields = ("id", "name", "purpose", "size", "media_type", "sha256")


class RevisionRow(RowSerializer):
    """What was handed in, without the names of persons."""

    evidence = EvidenceRow(many=True)

    class Meta:
        model = Revision
        fields = (
            "id", "number", "percent", "quantity", "self_rating", "done", "problems",
            "next_steps", "is_late", "unchanged", "prefilled", "is_correction", "submitted_at",
            "sha256", "evidence",
        )  # fmt: skip


class TypedField(serializers.Serializer[Any]):
    """A field of a draft, as typed."""

    text = serializers.CharField(allow_blank=True, trim_whitespace=False)
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
            "ready", "own_check", "rating", "waive_reason", "open_until", "approved_at", "draft",
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


class SaveNeeds(serializers.Serializer[Any]):
    """Fields of the form as typed, each with the version that was seen."""

    draft = serializers.DictField(child=TypedField(), allow_empty=False)


class SubmitNeeds(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="The entry's `version` as it was seen.")


class ApproveNeeds(serializers.Serializer[Any]):
    rating = serializers.ChoiceField(
        choices=Rating.choices, required=False, help_text="Without it the self-rating holds."
    )


class ReturnNeeds(serializers.Serializer[Any]):
    reasons = serializers.DictField(
        child=serializers.CharField(max_length=300), help_text="Field → why it is returned."
    )


class Entries(DeedViewSet):
    """What departments report; drafts are seen by their own unit, states by the office."""

    queryset = Entry.objects.select_related(
        "period__region", "submitted", "approved"
    ).prefetch_related("submitted__evidence", "approved__evidence")
    serializer_class = EntryRow
    filterset_class = EntryFilter

    @deed(SaveNeeds)
    def save(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Keep fields as typed, valid or not; a stale version is 409 with both texts."""
        typed = {
            name: filling.Typed(one["text"], one["version"]) for name, one in data["draft"].items()
        }
        filling.save_as_seen(row.pk, typed, by=self.request.user, now=now)

    @deed(SubmitNeeds)
    def submit(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Hand in the draft of this version; sent twice it is one submission."""
        entries.submit(row.pk, data["version"], by=self.request.user, now=now)

    @deed()
    def sign(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Sign what waits for the head of the unit."""
        entries.sign(row.pk, by=self.request.user, now=now)

    @deed(ReasonNeeds)
    def hand_back(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Give what waits for the head's signature back to the liaison, with a reason."""
        entries.hand_back(row.pk, data["reason"], by=self.request.user, now=now)

    @deed()
    def withdraw(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Take back what was handed in, before it is checked."""
        entries.withdraw(row.pk, by=self.request.user, now=now)

    @deed(ApproveNeeds)
    def approve(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Check an entry: its revision counts from now on, rated by the checker."""
        rating = data.get("rating")
        decisions.approve(row.pk, rating=rating, by=self.request.user, now=now)

    @deed(ReturnNeeds, verb="return")
    def send_back(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Return an entry or a part, with a reason for each field, all at once."""
        decisions.send_back(row.pk, data["reasons"], by=self.request.user, now=now)

    @deed()
    def take_over(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Accept a unit's part as the 汇总单位."""
        decisions.take_over(row.pk, by=self.request.user, now=now)

    @deed()
    def undo(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Take back one's own approval or return within ten seconds."""
        decisions.undo(row.pk, by=self.request.user, now=now)

    @deed(ReopenNeeds)
    def reopen(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Open a checked entry for a correction until a day."""
        decisions.reopen(row.pk, data["reason"], data["until"], by=self.request.user, now=now)

    @deed(ReasonNeeds)
    def waive(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Excuse a unit from an entry in this period."""
        decisions.waive(row.pk, data["reason"], by=self.request.user, now=now)

    @deed()
    def unwaive(self, row: Entry, data: dict[str, Any], now: datetime) -> None:
        """Ask a unit for an entry after all."""
        decisions.unwaive(row.pk, by=self.request.user, now=now)
