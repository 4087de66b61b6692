"""Yearly tasks, who carries them, the periods in which they report, and what they report."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly, Row
from core.querysets import BaseQuerySet
from departments.models import Department, Region
from plans.models import Duty, Measure, Plan
from tasks.querysets import (
    AssignmentQuerySet,
    EntryQuerySet,
    OfEntryQuerySet,
    PeriodQuerySet,
    RevisionQuerySet,
    TaskQuerySet,
)

# The fields of an entry that a person fills in, in the order of the form.
FIELDS = ("percent", "quantity", "self_rating", "done", "problems", "next_steps")


class Task(Row):
    """What is to be done in a year for a measure, a duty or an item of an annual plan.

    `gathering` says how far the 汇总单位 is settled: proposed from the printed leads, confirmed by
    the office, or none (each responsible unit then reports its own part to the office, and the
    percent of the task is the office's judgement). `due` is the last day of the task's window.
    """

    class Kind(models.TextChoices):
        QUANTITY = "quantity", _("数量")
        MILESTONE = "milestone", _("节点")
        ROUTINE = "routine", _("常态")

    class Gathering(models.TextChoices):
        PROPOSED = "proposed", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        NONE = "none", _("各单位分别报送")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks")
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    duty = models.ForeignKey(
        Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("任务"), max_length=300)
    deliverable = models.CharField(_("成果形式"), max_length=300, blank=True)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind, default=Kind.MILESTONE)
    starts = models.DateField(_("开始"))
    due = models.DateField(_("完成时限"))
    weight = models.DecimalField(_("权重"), max_digits=6, decimal_places=2, default=Decimal(1))
    quantity = models.DecimalField(
        _("目标数量"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField(_("计量单位"), max_length=20, blank=True)
    gathering = models.CharField(
        _("汇总单位"), max_length=10, choices=Gathering, default=Gathering.PROPOSED
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="handed_down"
    )
    continues = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(_("取消理由"), max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "year", "measure__action__position", "measure__position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(due__gte=F("starts")), name="tasks_task_window"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="tasks_task_weight"),
            models.CheckConstraint(
                condition=~Q(kind="quantity") | Q(quantity__gt=0), name="tasks_task_quantity"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_reason=""),
                name="tasks_task_cancel_has_reason",
            ),
            # The year's tasks are made from measures in one step; doing it twice makes none.
            models.UniqueConstraint(
                fields=["plan", "year", "measure", "title"], name="tasks_task_once_a_year"
            ),
        ]
        indexes = [models.Index(fields=["plan", "year"])]
        verbose_name = _("年度任务")

    def __str__(self) -> str:
        return self.title


class Assignment(Row):
    """A department's part in a task; at most one of a task is its 汇总单位 (`lead`)."""

    class Role(models.TextChoices):
        LEAD = "lead", _("汇总")
        RESPONSIBLE = "responsible", _("负责")
        COOPERATE = "cooperate", _("配合")

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(_("职责"), max_length=12, choices=Role)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["task", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "department"], name="tasks_assignment_once"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(role="lead"), name="tasks_assignment_one_lead"
            ),
        ]
        verbose_name = _("承办")

    def __str__(self) -> str:
        return f"{self.department_id} {self.role} {self.task_id}"


class Period(Row):
    """A reporting period of a region: the time it covers, and when it opens, is due and closes.

    `starts` and `ends` are the days reported on; `opens_on`, `due_on` and `closes_on` say when
    departments report (from the day after `due_on` on, what comes in is late).
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("未启动")
        OPEN = "open", _("填报中")
        GRACE = "grace", _("已过期，仍可补报")
        CLOSED = "closed", _("已截止")
        FROZEN = "frozen", _("已归档")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="periods")
    name = models.CharField(_("名称"), max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"))
    starts = models.DateField(_("报告期始"))
    ends = models.DateField(_("报告期止"))
    opens_on = models.DateField(_("启动日期"))
    due_on = models.DateField(_("报送时限"))
    closes_on = models.DateField(_("截止日期"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SCHEDULED)
    opened_at = models.DateTimeField(null=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["region", "-ends", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="tasks_period_once"),
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts"))
                & Q(due_on__gte=F("opens_on"))
                & Q(closes_on__gte=F("due_on")),
                name="tasks_period_dates",
            ),
        ]
        verbose_name = _("填报期")

    def __str__(self) -> str:
        return self.name


class Extension(Row):
    """More time for one department in one period, given by the office."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="extensions")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(_("延至"))
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = BaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "department"], name="tasks_extension_once")
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.department_id} → {self.until}"


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

    class SelfRating(models.TextChoices):
        BEHIND = "behind", _("欠进度")
        ON_TRACK = "on_track", _("达进度")
        AHEAD = "ahead", _("超进度")
        DONE = "done", _("已完成")

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


class Evidence(models.Model):
    """A file that supports an entry; once submitted it never changes."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="evidence")
    file = models.FileField(upload_to="evidence/")
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("大小"))
    media_type = models.CharField(max_length=100)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
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

    def __str__(self) -> str:
        return self.name


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

    objects = OfEntryQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "id"]
        verbose_name = _("流转记录")

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.verb}"


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
