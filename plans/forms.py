"""The shape of what people hand in about plans: a document, and the fields of a draft."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


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
