"""The shape of what people hand in about plans: a document, and the fields of a draft."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput
from departments.models import Department, Region
from plans.models import Action, Draft, DraftItem, PlanSettings, Responsibility
from plans.models.words import IndicatorKind, Operator, Rhythm, Scope

YEARS = range(1990, 2101)


class PlanUpload(forms.Form):
    """A plan's official document, as text, Word or PDF."""

    file = forms.FileField(
        label=_("方案文件"),
        help_text=_("文本（.txt）、Word（.docx）或带文字的 PDF，不超过 20 MB。请勿上传涉密文件。"),
        error_messages={
            "required": _("请选择方案文件。"),
            "empty": _("文件里没有文字，请检查后再上传。"),
            "missing": _("请选择方案文件。"),
        },
    )

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large before it is read into memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB，请拆分或去掉图片后再上传。"))
        return file


class ItemForm(forms.Form):
    """The fields of one kind of item; `data` gives them as plain JSON."""

    def data_of(self) -> dict[str, Any]:
        """Return the cleaned fields: empty ones as null, dates and decimals as strings."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}


def _plain(value: Any) -> Any:
    if value in ("", None):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    # Browsers send the ends of lines as two characters; a text that nobody changed is the same.
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _asked(label: Any) -> dict[str, Any]:
    return {"required": format_lazy("{}{}{}", _("请填写"), label, _("。"))}


def _words(label: Any, length: int, *, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, required=required, error_messages=_asked(label), **more
    )


def _long(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20000,
        required=required,
        error_messages=_asked(label),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def _in_range(value: date) -> None:
    if value.year not in YEARS:
        raise forms.ValidationError(_("日期应在 1990 年到 2100 年之间。"))


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        error_messages=_asked(label),
        validators=[_in_range],
        # Browsers take the value of a date input in this form only.
        widget=DateInput(),
    )


def _year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=YEARS[0],
        max_value=YEARS[-1],
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class ActionForm(ItemForm):
    kind = forms.ChoiceField(label=_("类别"), choices=Action.Kind.choices)
    number = _words(_("序号"), 12)
    title = _words(_("名称"), 200, required=True)
    text = _long(_("正文"))


class MeasureForm(ItemForm):
    number = _words(_("序号"), 12)
    title = _words(_("名称"), 300, required=True)
    text = _long(_("正文"))


class UnitForm(ItemForm):
    role = forms.ChoiceField(label=_("职责"), choices=Responsibility.Role.choices)
    name = _words(_("单位名称（按原文）"), 120, required=True)


class TargetForm(ItemForm):
    """A target as printed; the value is left out where the text gives none (全国平均水平)."""

    label = _words(_("目标名称"), 120, required=True)
    indicator = forms.RegexField(
        label=_("指标代码"),
        regex=r"^[a-z][a-z0-9_]{1,59}$",
        error_messages={
            "invalid": _("指标代码用小写英文字母、数字和下划线，例如 literacy_ratio。")
        },
    )
    kind = forms.ChoiceField(label=_("性质"), choices=IndicatorKind.choices)
    operator = forms.ChoiceField(label=_("要求"), choices=Operator.choices)
    value = forms.DecimalField(label=_("目标值"), required=False, max_digits=18, decimal_places=4)
    unit = _words(_("单位"), 20)
    year = forms.RegexField(
        label=_("年度"),
        regex=r"^(19\d\d|20\d\d|every)$",
        required=False,
        help_text=_("到哪一年，例如 2020；每年都要达到的填 every。"),
        error_messages={"invalid": _("请填写四位年份，或 every（每年）。")},
    )
    scope = forms.ChoiceField(label=_("范围"), choices=Scope.choices)
    stretch_operator = forms.ChoiceField(
        label=_("争取目标的要求"), required=False, choices=[("", _("没有")), *Operator.choices]
    )
    stretch_value = forms.DecimalField(
        label=_("争取目标值"), required=False, max_digits=18, decimal_places=4
    )
    quote = _long(_("原文"))

    def clean_year(self) -> int | str | None:
        year = self.cleaned_data["year"]
        return year if year in ("", "every") else int(year)

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if bool(fields.get("stretch_operator")) != (fields.get("stretch_value") is not None):
            self.add_error("stretch_value", _("争取目标的要求和数值要同时填写，或都不填。"))
        return fields


class DutyForm(ItemForm):
    who = _words(_("责任方"), 200)
    every = forms.ChoiceField(
        label=_("周期"), required=False, choices=[("", _("没有写明")), *Rhythm.choices]
    )
    due = _day(_("时限"))
    proof = _words(_("凭证"), 200)
    quote = _long(_("原文"), required=True)


class PhaseForm(ItemForm):
    name = _words(_("阶段"), 200, required=True)
    start = _day(_("开始"), required=True)
    end = _day(_("结束"), required=True)

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if fields.get("start") and fields.get("end") and fields["end"] < fields["start"]:
            self.add_error("end", _("结束日期不能早于开始日期。"))
        return fields


ITEM_FORMS: dict[str, type[ItemForm]] = {
    DraftItem.Kind.ACTION: ActionForm,
    DraftItem.Kind.MEASURE: MeasureForm,
    DraftItem.Kind.UNIT: UnitForm,
    DraftItem.Kind.TARGET: TargetForm,
    DraftItem.Kind.DUTY: DutyForm,
    DraftItem.Kind.PHASE: PhaseForm,
}


class Lines(forms.CharField):
    """A list of words, one a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 3}), **options)

    def run_validators(self, value: Any) -> None:
        """Check the words themselves, not how Python writes a list of them."""
        super().run_validators("\n".join(value))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class HeaderForm(forms.ModelForm):
    """The header of a draft; what no plan can be without is refused on confirming, not here."""

    start_year = _year(_("起始年"))
    end_year = _year(_("结束年"))
    issued_on = _day(_("印发日期"))
    basis = Lines(label=_("依据文件"), help_text=_("每行一份。"))
    recipients = Lines(label=_("主送"), help_text=_("每行一个。"))
    copies = Lines(label=_("抄送"), help_text=_("每行一个。"))

    class Meta:
        model = Draft
        fields = [
            "title",
            "issuer",
            "kind",
            "region_name",
            "document_number",
            "issued_on",
            "start_year",
            "end_year",
            "basis",
            "recipients",
            "copies",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "region_name", "document_number", "issuer"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        first, last = fields.get("start_year"), fields.get("end_year")
        if first and last and last < first:
            self.add_error("end_year", _("结束年不能早于起始年。"))
        return fields


class NameForm(forms.Form):
    """What a printed unit means: a department that is there, else a new one of this name."""

    department = forms.ModelChoiceField(
        label=_("已有的单位"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("不在其中，新建单位"),
    )
    new_name = _words(_("新单位的名称"), 120)
    new_kind = forms.ChoiceField(label=_("类别"), choices=Department.Kind.choices, required=False)
    new_region = forms.ModelChoiceField(
        label=_("所在地区"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("按原文推定"),
    )

    def __init__(
        self, *args: Any, region: Region, also: Iterable[Department] = (), **kwargs: Any
    ) -> None:
        """Offer the region's own departments, and those that the name may mean elsewhere."""
        super().__init__(*args, **kwargs)
        own = Q(region=region, valid_to=None) | Q(pk__in=[one.pk for one in also])
        here = Q(path__startswith=region.path) | Q(children=region)
        places = Region.objects.filter(here).distinct().order_by("path")
        self.fields["department"].queryset = Department.objects.filter(own)  # type: ignore[attr-defined]
        self.fields["new_region"].queryset = places  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if not fields.get("department") and not fields.get("new_name"):
            self.add_error("new_name", _("请选择已有的单位，或填写新单位的名称。"))
        return fields


class SettingsForm(forms.ModelForm):
    """What a plan's office decides for it."""

    class Meta:
        model = PlanSettings
        fields = [
            "group_name", "office_name", "signature_name", "behind_points", "far_behind_points",
            "schedule_from", "needs_signoff", "ranking", "units_on_screen", "annual_draft_on",
        ]  # fmt: skip
        widgets = {"schedule_from": forms.RadioSelect()}
        help_texts = {
            "group_name": _("方案没有领导小组的，写实际的名称。"),
            "office_name": _("出现在页面上，例如“等纲要办核对”。"),
            "signature_name": _("报告和公文的落款。"),
            "behind_points": _("完成比例落后序时超过这么多，显示“滞后”。"),
            "far_behind_points": _("落后超过这么多，显示“严重滞后”。"),
            "needs_signoff": _("联络员报送后先由本单位负责人审签，再到纲要办。"),
            "ranking": _("另须当年经批准的考核办法；从不公开。"),
            "annual_draft_on": _(
                "写“月-日”，例如 01-15。1 至 6 月生成上一年度的报告，7 至 12 月生成本年度的。"
            ),
            "units_on_screen": _("不勾选时，大屏只显示行动，不显示单位。"),
        }

    def _post_clean(self) -> None:
        """Leave the instance alone: the service checks and changes it."""
