"""What leaders ask for, and the 督办件 that follow from it (`domain.md` §3, table D)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly, Row, StoredFile
from departments.models import Department, Region
from plans.models import Plan
from tasks.models.work import Task
from tasks.querysets import InstructionQuerySet, OfItemQuerySet, SupervisionQuerySet


class Instruction(Row):
    """A leader's requirement on a figure, or a 批示 that the office registered.

    `subject_view` and `subject_id` name the page of the figure, `subject` says it in words.
    """

    class Kind(models.TextChoices):
        DEMAND = "demand", _("领导要求")
        WRITTEN = "written", _("批示登记")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="instructions")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    leader = models.CharField(_("领导"), max_length=60)
    on = models.DateField(_("日期"))
    words = models.TextField(_("内容"))
    subject = models.CharField(_("针对"), max_length=300, blank=True)
    subject_view = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)  # passed on, or noted without a 督办件
    settled_note = models.CharField(_("处理"), max_length=300, blank=True)
    # Comes with the form, so that sending it twice makes one row.
    token = models.UUIDField(null=True, unique=True, editable=False)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="tasks_instruction_has_words")
        ]
        verbose_name = _("领导要求")

    def __str__(self) -> str:
        return self.words[:40]


class SupervisionItem(Row):
    """A 督办件: numbered, with a basis, handed to one unit, followed until it is struck off.

    Without `due` it is 长期坚持 and never overdue. Its basis is an instruction or a decision.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("待签收")
        WORKING = "working", _("办理中")
        REVIEWING = "reviewing", _("待审核")
        SETTLED = "settled", _("已办结")
        STRUCK = "struck", _("已销号")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="supervision")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="supervision")
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveSmallIntegerField(_("序号"))
    instruction = models.ForeignKey(
        Instruction, on_delete=models.PROTECT, null=True, related_name="items"
    )
    decision = models.CharField(_("其他依据"), max_length=300, blank=True)
    title = models.CharField(_("督办事项"), max_length=300)
    requirement = models.TextField(_("办理要求"), blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="supervision")
    helpers: "models.ManyToManyField[Department, Department]" = models.ManyToManyField(
        Department, related_name="supervision_helped", blank=True
    )
    assigned_on = models.DateField(_("交办日期"))
    due = models.DateField(_("办理时限"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    settled_on = models.DateField(_("办结日期"), null=True)
    opinion = models.CharField(_("销号意见"), max_length=300, blank=True)
    # Comes with the form, so that sending it twice makes one row.
    token = models.UUIDField(null=True, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        ordering = ["region", "-year", "-serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "serial"], name="tasks_supervision_number"
            ),
            models.CheckConstraint(
                condition=Q(instruction__isnull=False) | ~Q(decision=""),
                name="tasks_supervision_has_basis",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["settled", "struck"]) | Q(settled_on__isnull=False),
                name="tasks_supervision_settled_on",
            ),
            models.CheckConstraint(
                condition=~Q(state="struck") | ~Q(opinion=""),
                name="tasks_supervision_struck_has_opinion",
            ),
        ]
        indexes = [models.Index(fields=["department", "state"])]
        verbose_name = _("督办件")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """Return the number in the register, unique in its region: 2018-003."""
        return f"{self.year}-{self.serial:03}"


class SupervisionStep(AppendOnly):
    """One step of a 督办件: the verb, by whom and as whom, what was said."""

    item = models.ForeignKey(SupervisionItem, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=16)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting_as = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_index=True)
    text = models.TextField(blank=True)

    objects = OfItemQuerySet.as_manager()

    class Meta:
        ordering = ["item", "id"]
        verbose_name = _("督办流转")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.verb}"


class ExtensionRequest(Row):
    """延期: asked before the deadline, with a reason and a new date; at most one waits."""

    class Answer(models.TextChoices):
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")

    item = models.ForeignKey(SupervisionItem, on_delete=models.PROTECT, related_name="extensions")
    before = models.DateField(_("原时限"))
    until = models.DateField(_("申请延至"))
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(_("答复"), max_length=8, choices=Answer, blank=True)
    answer_note = models.CharField(_("说明"), max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = OfItemQuerySet.as_manager()

    class Meta:
        ordering = ["item", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(answer=""), name="tasks_extension_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("before")), name="tasks_extension_request_later"
            ),
        ]
        verbose_name = _("延期申请")

    def __str__(self) -> str:
        return f"{self.item_id} → {self.until}"


class SupervisionFile(StoredFile):
    """Evidence of a feedback, or the scan of a 批示; kept for ever."""

    item = models.ForeignKey(
        SupervisionItem, on_delete=models.PROTECT, null=True, related_name="files"
    )
    step = models.ForeignKey(
        SupervisionStep, on_delete=models.PROTECT, null=True, related_name="files"
    )
    instruction = models.ForeignKey(
        Instruction, on_delete=models.PROTECT, null=True, related_name="files"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, instruction__isnull=True)
                | Q(item__isnull=True, step__isnull=True, instruction__isnull=False),
                name="tasks_supervision_file_one_place",
            )
        ]
        verbose_name = _("督办材料")
