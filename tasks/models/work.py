"""Yearly tasks, who carries them, and the periods in which they report."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.querysets import BaseQuerySet
from departments.models import Department, Region
from plans.models import Duty, Measure, Plan
from tasks.querysets import (
    AssignmentQuerySet,
    PeriodQuerySet,
    TaskQuerySet,
)


def default_remind_days() -> list[int]:
    """Return the working days ahead of the due date on which units are reminded."""
    return [7, 3, 1]


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
    evidence_required = models.BooleanField(_("须附佐证材料"), default=False)
    note = models.CharField(_("备注"), max_length=300, blank=True)
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
            models.CheckConstraint(
                condition=Q(measure__isnull=False)
                | Q(duty__isnull=False)
                | Q(parent__isnull=False),
                name="tasks_task_has_basis",
            ),
            models.UniqueConstraint(
                fields=["plan", "year", "duty", "title"], name="tasks_task_duty_once_a_year"
            ),
            # The year's tasks are made from measures in one step; doing it twice makes none.
            models.UniqueConstraint(
                fields=["plan", "year", "measure", "title"], name="tasks_task_once_a_year"
            ),
            # What was handed down is broken down into parts of different titles.
            models.UniqueConstraint(
                fields=["plan", "year", "parent", "title"],
                condition=Q(measure__isnull=True),
                name="tasks_task_handed_down_once",
            ),
        ]
        indexes = [models.Index(fields=["plan", "year"])]
        verbose_name = _("年度任务")

    def __str__(self) -> str:
        return self.title


class Assignment(Row):
    """A department's part in a task; at most one of a task is its 汇总单位 (`lead`).

    `group` is the printed group (各成员单位) in whose place the office named this department.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("汇总")
        RESPONSIBLE = "responsible", _("负责")
        COOPERATE = "cooperate", _("配合")

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(_("职责"), max_length=12, choices=Role)
    group = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

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

    All active plans of the region report in it, side by side.
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
    closed_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    # The beat opens and closes it on its days; else only a person does.
    by_calendar = models.BooleanField(_("按日期自动启动和截止"), default=True)
    # Entered after the fact, for years before the portal: nobody is reminded, nothing is late.
    retrospective = models.BooleanField(_("补录"), default=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["region", "-ends", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="tasks_period_once"),
            models.UniqueConstraint(
                fields=["region", "starts", "ends"], name="tasks_period_days_once"
            ),
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


class ReportingRules(models.Model):
    """How a region reports: its rhythm, how much time is given, when and how often it reminds.

    Counts of days are working days. A region without a row has the defaults.
    """

    class Rhythm(models.TextChoices):
        MONTHLY = "monthly", _("每月")
        QUARTERLY = "quarterly", _("每季度")
        HALF_YEARLY = "half_yearly", _("每半年")
        YEARLY = "yearly", _("每年")

    region = models.OneToOneField(Region, on_delete=models.CASCADE, related_name="reporting_rules")
    rhythm = models.CharField(
        _("填报周期"), max_length=12, choices=Rhythm, default=Rhythm.HALF_YEARLY
    )
    fill_days = models.PositiveSmallIntegerField(_("填报时间（工作日）"), default=15)
    grace_days = models.PositiveSmallIntegerField(_("补报时间（工作日）"), default=10)
    check_days = models.PositiveSmallIntegerField(_("核对时间（工作日）"), default=5)
    remind_days = models.JSONField(_("提前提醒（工作日）"), default=default_remind_days)
    # Automatic reminders of one person in one period; a nudge by hand is not counted.
    most_reminders = models.PositiveSmallIntegerField(_("每期最多自动提醒次数"), default=6)
    supervision_soon_days = models.PositiveSmallIntegerField(_("督办临期提醒（工作日）"), default=5)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fill_days__gte=1, check_days__gte=1), name="tasks_rules_days"
            )
        ]
        verbose_name = _("填报规则")

    def __str__(self) -> str:
        return f"{self.region_id}"


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
