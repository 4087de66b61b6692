"""The shape of what people hand in on pages of plans and reports."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from plans.models import Plan
from reports.models import Report


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


class ReportForm(forms.Form):
    """Which plan, which year, which kind; only what can be compiled today is offered."""

    plan = forms.ModelChoiceField(label=_("方案"), queryset=Plan.objects.none(), empty_label=None)
    year = forms.IntegerField(
        label=_("年度"),
        min_value=1990,
        max_value=2100,
        help_text=_("方案实施期内的一个年份。"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    kind = forms.ChoiceField(
        label=_("种类"),
        choices=[(Report.Kind.ANNUAL.value, Report.Kind.ANNUAL.label)],
        error_messages={"invalid_choice": _("目前只能生成年度报告。")},
    )

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["plan"]
        chosen.queryset = Plan.objects.filter(pk__in=[plan.pk for plan in plans])
