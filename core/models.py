"""The ground floor: base classes, the audit record, background jobs and notices."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.querysets import BaseQuerySet


class Row(models.Model):
    """Give a row its times; lists for REST clients are ordered by (`updated_at`, `id`)."""

    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True, db_index=True)

    class Meta:
        abstract = True


class AppendOnly(models.Model):
    """A row that is written once; the database refuses later changes (see the migration)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"{type(self).__name__} rows are append-only")


class AppendOnlyQuerySet(BaseQuerySet):
    """Rows that are written once, for whole sets too: SQLite itself does not refuse to delete."""

    def update(self, **fields: Any) -> int:
        raise TypeError(f"{self.model.__name__} rows are append-only")

    def delete(self) -> Any:
        raise TypeError(f"{self.model.__name__} rows are append-only")


class AuditEventQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: Any) -> "AuditEventQuerySet":
        """Return the record of the region that an auditor acts for, and below it.

        What belongs to no region (a log-in under an unknown name) every auditor sees, or none
        would.
        """
        acting = getattr(user, "acting", None)
        if acting is None or not user.has_perm("core.view_auditevent"):
            return self.none()
        return self.filter(
            models.Q(region_path__startswith=acting.region_path) | models.Q(region_path="")
        )


class AuditEvent(AppendOnly):
    """One deed: who, as whom, when, from where, what, on what, and how it ended.

    `mac` is a keyed hash of the row's content; `AuditSeal` chains committed rows.
    """

    class Result(models.TextChoices):
        OK = "ok", _("成功")
        REFUSED = "refused", _("拒绝")
        FAILED = "failed", _("失败")

    at = models.DateTimeField(_("时间"), db_index=True)
    code = models.CharField(_("事件"), max_length=80, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    acting_as = models.CharField(_("身份"), max_length=200, blank=True)
    region_path = models.CharField(_("地区"), max_length=40, blank=True, db_index=True)
    subject_type = models.CharField(_("对象类型"), max_length=60, blank=True)
    subject_id = models.BigIntegerField(_("对象"), null=True)
    result = models.CharField(_("结果"), max_length=10, choices=Result, default=Result.OK)
    address = models.GenericIPAddressField(_("地址"), null=True)
    detail = models.JSONField(_("内容"), default=dict)
    mac = models.CharField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"])]
        verbose_name = _("审计记录")

    def __str__(self) -> str:
        return f"{self.code} {self.subject_type}:{self.subject_id}"


class AuditSeal(AppendOnly):
    """A link of the chain over committed audit rows: `digest` covers `previous` and the rows."""

    at = models.DateTimeField()
    previous = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="+")
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.pk}: {self.count}"


class AuditSealed(AppendOnly):
    """Says by which seal an audit row is covered."""

    event = models.OneToOneField(
        AuditEvent, on_delete=models.PROTECT, primary_key=True, related_name="sealed"
    )
    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="rows")

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.event_id} in {self.seal_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, force_insert=True, **kwargs)


class Job(Row):
    """A piece of background work: what, on which subject, how far, and who works on it.

    A worker claims a queued row by compare-and-set and writes its `claim`; whatever it stores at
    the end is conditional on that claim, so that a worker taken for dead can do no harm.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    ACTIVE = (State.QUEUED, State.RUNNING)

    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    claim = models.UUIDField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = BaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="core_job_one_active",
            ),
            models.CheckConstraint(
                condition=models.Q(progress__lte=100), name="core_job_progress_to_100"
            ),
        ]
        indexes = [models.Index(fields=["state", "heartbeat"])]

    def __str__(self) -> str:
        return f"{self.kind}({self.subject_id}) {self.state}"


class NoticeQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        return self.filter(person=user.pk)


class Notice(models.Model):
    """One message to one person about one event; shown from `deliver_after` on.

    `event` names what happened (a transition, say) so that nobody is told twice. A notice whose
    deed is undone within the delay is withdrawn (deleted) before anyone saw it.
    """

    class Reason(models.TextChoices):
        RETURNED = "returned", _("退回")
        APPROVED = "approved", _("已核对")
        WAITING = "waiting", _("待我处理")
        DUE = "due", _("将到期")
        NUDGE = "nudge", _("催办")
        INSTRUCTION = "instruction", _("要求")
        REPORT = "report", _("报告")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    reason = models.CharField(_("原因"), max_length=12, choices=Reason)
    event = models.CharField(max_length=120)
    text = models.CharField(_("内容"), max_length=300)
    # Where to go: the name of a page and its subject. Services know pages by name only.
    view = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deliver_after = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)
    # The day of the digest in which it went by mail.
    mailed_on = models.DateField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-deliver_after", "-id"]
        constraints = [models.UniqueConstraint(fields=["person", "event"], name="core_notice_once")]
        verbose_name = _("通知")

    def __str__(self) -> str:
        return self.text

    @property
    def url(self) -> str:
        """Return the address of the page that the notice leads to."""
        if not self.view:
            return ""
        return reverse(self.view, args=() if self.subject_id is None else (self.subject_id,))


class MailPreference(models.Model):
    """How a person wants the notices of one reason by mail; without a row, the default counts."""

    class How(models.TextChoices):
        NONE = "none", _("不发邮件")
        DIGEST = "digest", _("每日汇总")
        AT_ONCE = "at_once", _("立即发送")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_preferences"
    )
    reason = models.CharField(_("原因"), max_length=12, choices=Notice.Reason)
    how = models.CharField(_("邮件"), max_length=8, choices=How)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "reason"], name="core_mail_preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.reason}: {self.how}"


class DeliveryQuerySet(BaseQuerySet):
    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """Return the mails to people of the region that an administrator acts for, and below.

        Mails to people without a role belong to no region: every administrator sees those.
        """
        acting = getattr(user, "acting", None)
        if acting is None or not user.has_perm("core.view_delivery"):
            return self.none()
        return self.filter(
            models.Q(region_path__startswith=acting.region_path) | models.Q(region_path="")
        )


class Delivery(models.Model):
    """One mail to one person: written with the deed, sent by a worker, tried again when it fails.

    `key` names what it tells (a notice's event, or the digest of a day), so that nobody gets the
    same mail twice; its hash is the Message-ID. A row is claimed (`sending`) before it leaves.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        WITHDRAWN = "withdrawn", _("已撤回")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries"
    )
    key = models.CharField(max_length=120)
    reason = models.CharField(_("原因"), max_length=12, choices=Notice.Reason)
    address = models.EmailField(_("收件地址"))
    subject = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("正文"))
    region_path = models.CharField(max_length=40, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    error = models.CharField(_("失败原因"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    send_after = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="core_delivery_once")]
        indexes = [models.Index(fields=["state", "send_after"])]
        verbose_name = _("邮件")

    def __str__(self) -> str:
        return self.subject

    @property
    def masked(self) -> str:
        """Return the address as administrators see it: l***@example.cn."""
        name, at, host = self.address.partition("@")
        return f"{name[:1]}***{at}{host}" if at else "***"


class StoredFile(models.Model):
    """A file kept under the hash of its content (`core.files`): name, size, type by content."""

    file = models.FileField(upload_to="evidence/")
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("大小"))
    media_type = models.CharField(max_length=100)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """The first answer to a request that a client may send again within 24 hours."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "route", "key"], name="core_idempotency_once")
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


def new_claim() -> uuid.UUID:
    """Return a claim that no other worker has."""
    return uuid.uuid4()
