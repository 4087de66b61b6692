"""What is reported: entries, what was handed in, evidence, steps and judgements."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly, Row, StoredFile
from departments.models import Department
from tasks.models.work import Assignment, Period, Task
from tasks.querysets import (
    EntryQuerySet,
    OfEntryQuerySet,
    RevisionQuerySet,
)

# The fields of an entry that a person fills in, in the order of the form.
FIELDS = ("percent", "quantity", "self_rating", "done", "problems", "next_steps")


class Rating(models.TextChoices):
    """How the work stands against its schedule, in the words of the offices' own tables."""

    BEHIND = "behind", _("欠进度")
    ON_TRACK = "on_track", _("达进度")
    AHEAD = "ahead", _("超进度")
    DONE = "done", _("已完成")


class Entry(Row):
    """What one department reports on one task in one period.

    `draft` holds what was typed, valid or not: `{field: {"text", "version", "by", "at"}}`.
    `version` counts every change of the draft. `submitted` is the revision under way or last
    handed in; `approved` is the one that counts in every figure until another replaces it.
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("报纲要办")
        PART = "part", _("报汇总单位")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        AWAITING = "awaiting_signoff", _("待本单位审签")
        SUBMITTED = "submitted", _("待核对")
        APPROVED = "approved", _("已核对")
        RETURNED = "returned", _("已退回")
        TAKEN_OVER = "taken_over", _("已采纳")
        WAIVED = "waived", _("本期免报")

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="entries")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="entries")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="entries")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("报送对象"), max_length=8, choices=Kind)
    state = models.CharField(_("状态"), max_length=18, choices=State, default=State.DRAFT)
    draft = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    ready = models.BooleanField(_("已填好"), default=False)
    submitted = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    approved = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    own_check = models.BooleanField(_("本单位自核"), default=False)
    rating = models.CharField(_("核对评定"), max_length=10, choices=Rating, blank=True)
    waive_reason = models.CharField(_("免报理由"), max_length=300, blank=True)
    open_until = models.DateField(_("重新开放至"), null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["period", "task", "id"]
        constraints = [
            models.UniqueConstraint(fields=["period", "assignment"], name="tasks_entry_once"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved__isnull=False),
                name="tasks_entry_approved_has_revision",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(waive_reason=""),
                name="tasks_entry_waived_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind="part") | ~Q(state="taken_over"), name="tasks_entry_part_states"
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state"]),
            models.Index(fields=["task", "state"]),
        ]
        verbose_name = _("填报")

    def __str__(self) -> str:
        return f"{self.task_id}/{self.period_id}/{self.department_id}"

    def typed(self, field: str) -> str:
        """Return a field as typed so far."""
        return str(self.draft.get(field, {}).get("text", ""))

    def field_version(self, field: str) -> int:
        return int(self.draft.get(field, {}).get("version", 0))

    @property
    def shown_state(self) -> str:
        """Return the state as the form shows it: a draft may be untouched, begun or 已填好."""
        if self.state != self.State.DRAFT:
            return str(self.state)
        if self.ready:
            return "ready"
        return "draft" if any(one.get("text") for one in self.draft.values()) else "not_started"


class Revision(AppendOnly):
    """One submission, unchangeable: the content of the draft at `of_version`, checked.

    `percent` is of the task's year (0 to 100); `quantity` in the task's unit, cumulative.
    """

    SelfRating = Rating

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    of_version = models.PositiveIntegerField()
    percent = models.DecimalField(
        _("完成比例"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    quantity = models.DecimalField(
        _("完成数量"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    self_rating = models.CharField(_("本单位自评"), max_length=10, choices=SelfRating, blank=True)
    done = models.TextField(_("进展情况"))
    problems = models.TextField(_("存在问题"), blank=True)
    next_steps = models.TextField(_("下一步打算"), blank=True)
    is_late = models.BooleanField(_("迟报"), default=False)
    unchanged = models.BooleanField(_("无变化"), default=False)
    # How many of its fields were carried forward from the last period and left as they were.
    prefilled = models.PositiveSmallIntegerField(default=0)
    is_correction = models.BooleanField(_("归档后更正"), default=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    evidence: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Evidence", related_name="revisions"
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="tasks_revision_number"),
            # Submitting the same draft twice is one submission, however often it is clicked.
            models.UniqueConstraint(fields=["entry", "of_version"], name="tasks_revision_once"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100),
                name="tasks_revision_percent",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=0),
                name="tasks_revision_quantity",
            ),
        ]
        verbose_name = _("报送稿")

    def __str__(self) -> str:
        return f"{self.entry_id} #{self.number}"


class Evidence(StoredFile):
    """A file that supports an entry; once submitted it never changes.

    A `stamped` one is the scan of the form with the unit's seal (盖章件).
    """

    class Purpose(models.TextChoices):
        EVIDENCE = "evidence", _("佐证材料")
        STAMPED = "stamped", _("盖章件")

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="evidence")
    purpose = models.CharField(_("用途"), max_length=8, choices=Purpose, default=Purpose.EVIDENCE)
    removed_at = models.DateTimeField(null=True)

    objects = OfEntryQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="tasks_evidence_once",
            )
        ]
        verbose_name = _("佐证材料")


class Transition(AppendOnly):
    """One step of an entry: the verb, by whom and as whom, and the reasons given per field."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="transitions")
    verb = models.CharField(max_length=12)
    from_state = models.CharField(max_length=18)
    to_state = models.CharField(max_length=18)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    # The approved revision that an approval replaced: an undone approval puts it back.
    previous = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting_as = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=500, blank=True)
    reasons = models.JSONField(default=dict)
    rating = models.CharField(_("核对评定"), max_length=10, choices=Rating, blank=True)

    objects = OfEntryQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "id"]
        verbose_name = _("流转记录")

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.verb}"


class Consultation(AppendOnly):
    """Says that the 汇总单位 asked a unit without an account about its part (已征求意见)."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="consultations")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("征求日期"))
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfEntryQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "id"]
        verbose_name = _("征求意见")

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.department_id}"


class Judgement(AppendOnly):
    """The office's own 综合判定 of a task where no 汇总单位 reports it, with the reason."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="judgements")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="judgements")
    percent = models.DecimalField(_("完成比例"), max_digits=5, decimal_places=2)
    reason = models.CharField(_("理由"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["task", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="tasks_judgement_percent"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="tasks_judgement_has_reason"),
        ]
        verbose_name = _("综合判定")

    def __str__(self) -> str:
        return f"{self.task_id}: {self.percent}"
