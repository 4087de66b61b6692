"""What was sent, said or noted to make somebody report: one row each, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly, AppendOnlyQuerySet
from departments.models import Department
from tasks.models.supervision import SupervisionItem
from tasks.models.work import Period


class Reminder(AppendOnly):
    """A reminder by the calendar, or a 催办 by hand, of a unit about a period or a 督办件.

    `person` is whom it reached (none where a unit was told by telephone); `stage` is the number
    of working days left to the due date, negative when overdue. `entries` counts what was owed.
    A calendar's reminder is there once for a unit, person, channel and day.
    """

    class Kind(models.TextChoices):
        CALENDAR = "calendar", _("到期提醒")
        NUDGE = "nudge", _("催办")

    class Channel(models.TextChoices):
        NOTICE = "notice", _("站内通知")
        MAIL = "mail", _("邮件")
        PHONE = "phone", _("电话")
        IN_PERSON = "in_person", _("当面")

    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, related_name="reminders"
    )
    item = models.ForeignKey(
        SupervisionItem, on_delete=models.PROTECT, null=True, related_name="reminders"
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="reminders")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("时间"))
    stage = models.SmallIntegerField(_("距时限工作日"), null=True)
    entries = models.PositiveIntegerField(_("未报项数"), default=0)
    words = models.CharField(_("内容"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isnull=False, item__isnull=True)
                | Q(period__isnull=True, item__isnull=False),
                name="tasks_reminder_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(kind="calendar", by__isnull=True) | Q(kind="nudge", by__isnull=False),
                name="tasks_reminder_by",
            ),
            models.UniqueConstraint(
                fields=["period", "department", "person", "channel", "on"],
                condition=Q(kind="calendar", period__isnull=False),
                name="tasks_reminder_period_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["item", "department", "person", "channel", "on"],
                condition=Q(kind="calendar", item__isnull=False),
                name="tasks_reminder_item_once_a_day",
            ),
            # The office tells a unit by notice once a day; calls and visits may be several.
            models.UniqueConstraint(
                fields=["period", "department", "on"],
                condition=Q(kind="nudge", channel="notice", period__isnull=False),
                name="tasks_reminder_nudge_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["item", "department", "person", "on"],
                condition=Q(kind="nudge", channel="notice", item__isnull=False),
                name="tasks_reminder_item_nudge_once_a_day",
            ),
        ]
        indexes = [models.Index(fields=["period", "department", "on"])]
        verbose_name = _("催办记录")

    def __str__(self) -> str:
        return f"{self.kind} {self.department_id} {self.on}"
