"""Drafts: what the importer read from a document, until a person has checked and confirmed it.

A draft is a tree of items of one shape, so that moving, splitting and dropping are the same for
all. What an item says (`data`) is checked by the form of its kind (`plans.forms`), not here: a
draft may hold what is not right yet.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from departments.models import Department, Region
from plans.models.issued import Parsed, Plan, SourceDocument
from plans.querysets import DraftQuerySet, OfDraftQuerySet


class Draft(Row):
    """One plan read from a document: its header. `plan` is what it became once confirmed."""

    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="drafts")
    part = models.PositiveSmallIntegerField(default=0)
    # Whose office checks it; the region of the plan is part of what is checked.
    home = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, null=True, related_name="draft")
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)

    kind = models.CharField(
        _("类型"), max_length=10, choices=Plan.Kind, default=Plan.Kind.FIVE_YEAR
    )
    title = models.CharField(_("标题"), max_length=200, null=True)
    region_name = models.CharField(_("地区"), max_length=60, null=True)
    document_number = models.CharField(_("发文字号"), max_length=60, null=True)
    issuer = models.CharField(_("印发机关"), max_length=120, null=True)
    issued_on = models.DateField(_("印发日期"), null=True)
    start_year = models.PositiveSmallIntegerField(_("起始年"), null=True)
    end_year = models.PositiveSmallIntegerField(_("结束年"), null=True)
    # Lists of words as printed: 《…》 that the plan rests on, 主送, 抄送.
    basis = models.JSONField(_("依据文件"), default=list)
    recipients = models.JSONField(_("主送"), default=list)
    copies = models.JSONField(_("抄送"), default=list)
    # Field name → [start, end] in `text`.
    header_spans = models.JSONField(default=dict)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "part"], name="plans_draft_once_per_source")
        ]
        verbose_name = _("待核对的方案")

    def __str__(self) -> str:
        return self.title or self.source.name


# Without these fields no plan can be made of an item.
NEEDED: dict[str, tuple[str, ...]] = {
    "action": ("title",),
    "measure": ("title",),
    "unit": ("name",),
    "target": ("label", "indicator"),
    "duty": ("quote",),
    "phase": ("name", "start", "end"),
}


class DraftItem(Row, Parsed):
    """One thing found in the text, or added by a person; `data` holds its fields by kind.

    action: kind number title text · measure: number title text · unit: role name
    target: indicator label kind operator value unit year scope stretch_operator stretch_value quote
    duty: who every due proof quote · phase: name start end
    A measure hangs on its action, a unit on its action or measure, a duty on its measure or none.
    """

    class Kind(models.TextChoices):
        ACTION = "action", _("重点任务")
        MEASURE = "measure", _("措施")
        UNIT = "unit", _("责任单位")
        TARGET = "target", _("目标")
        DUTY = "duty", _("固定任务")
        PHASE = "phase", _("阶段")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    kind = models.CharField(max_length=8, choices=Kind)
    position = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    dropped = models.BooleanField(default=False)
    # What a person has entered or changed.
    edited = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["draft", "kind", "position"])]

    @property
    def complete(self) -> bool:
        """Tell whether the item says all that a plan needs of it."""
        return all(self.data.get(name) for name in NEEDED[self.kind])

    def __str__(self) -> str:
        said = self.data.get("title") or self.data.get("name") or self.data.get("quote") or ""
        return str(said)[:60]


class DraftName(models.Model):
    """What a person decided that a printed unit means: a department, or a new one."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="names")
    printed = models.CharField(max_length=120)
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # Of a new department.
    new_name = models.CharField(_("名称"), max_length=120, blank=True)
    new_kind = models.CharField(_("类别"), max_length=20, blank=True)
    new_region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "printed"], name="plans_draft_name_once"),
            models.CheckConstraint(
                condition=models.Q(department__isnull=False, new_name="")
                | (models.Q(department__isnull=True) & ~models.Q(new_name="")),
                name="plans_draft_name_decides",
            ),
        ]

    def __str__(self) -> str:
        return self.printed


class DraftWarning(Parsed):
    """Something that the importer wants a person to look at; ticked off when it was."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="warnings")
    code = models.CharField(max_length=40)
    message = models.TextField()
    line = models.PositiveIntegerField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["line", "id"]

    def __str__(self) -> str:
        return self.message
