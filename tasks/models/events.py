"""Meetings, activities, trainings, visits and information items (活动／会议台账)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Row, StoredFile
from departments.models import Department, Region
from plans.models import Duty, Measure
from tasks.models.work import Task
from tasks.querysets import EventQuerySet


class Event(Row):
    """Something that a unit held, on a day, in a place; it counts towards the duty it names.

    `token` comes with the form, so that tapping twice records one event. `people` is how many
    took part. A mistaken event is struck out, with a reason, and stays on record.
    """

    class Kind(models.TextChoices):
        MEETING = "meeting", _("会议")
        ACTIVITY = "activity", _("活动")
        TRAINING = "training", _("培训")
        VISIT = "visit", _("调研督导")
        INFORMATION = "information", _("信息")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="events")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    title = models.CharField(_("名称"), max_length=200)
    on = models.DateField(_("日期"))
    ends = models.DateField(_("结束日期"), null=True, blank=True)
    town = models.ForeignKey(
        Region,
        verbose_name=_("镇（街道）或县（市、区）"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    place = models.CharField(_("地点"), max_length=120, blank=True)
    people = models.PositiveIntegerField(_("参加人数"), null=True, blank=True)
    summary = models.TextField(_("内容"), blank=True)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    duty = models.ForeignKey(
        Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True)
    struck_reason = models.CharField(_("删除理由"), max_length=300, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("on")), name="tasks_event_days"
            ),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | ~Q(struck_reason=""),
                name="tasks_event_struck_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "on"]),
            models.Index(fields=["department", "on"]),
            models.Index(fields=["duty", "on"]),
        ]
        verbose_name = _("活动台账")

    def __str__(self) -> str:
        return self.title


class EventFile(StoredFile):
    """A file of an event; never required."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="files")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "sha256"], name="tasks_event_file_once")
        ]
        verbose_name = _("活动材料")
