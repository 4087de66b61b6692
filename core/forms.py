"""What forms of every floor share: a day to pick, files to send, and errors where people look."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core import validators
from django.utils.translation import gettext_lazy as _

# What the fields say where a form says nothing of its own: sentences that tell what to do.
SENTENCES: Mapping[type[forms.Field], Mapping[str, Any]] = {
    forms.Field: {"required": _("请填写这一栏。")},
    forms.ChoiceField: {
        "required": _("请选择一项。"),
        "invalid_choice": _("没有“%(value)s”这个选项，请重新选择。"),
    },
    forms.ModelChoiceField: {"invalid_choice": _("没有这个选项，请重新选择。")},
    forms.ModelMultipleChoiceField: {"invalid_pk_value": _("没有这个选项，请重新选择。")},
    forms.DateField: {
        "required": _("请填写日期。"),
        "invalid": _("请按 2018-06-03 的样子填写日期。"),
    },
    forms.IntegerField: {"invalid": _("请填写整数，例如 15。")},
    forms.DecimalField: {"invalid": _("请填写数字，例如 1.5。")},
    forms.SlugField: {"invalid": _("只能用字母、数字、连字符和下划线。")},
    forms.FileField: {"required": _("请选择文件。")},
}
LIMITS: Mapping[type[Any], Any] = {
    validators.MinValueValidator: _("不能小于 %(limit_value)s。"),
    validators.MaxValueValidator: _("不能大于 %(limit_value)s。"),
    validators.MaxLengthValidator: _("最多 %(limit_value)d 字，现有 %(show_value)d 字。"),
    validators.ProhibitNullCharactersValidator: _("有不能保存的字符，请删去再填。"),
}


def speak_plainly() -> None:
    """Let every field and limit of forms speak in the sentences above (once, at the start)."""
    for kind, said in SENTENCES.items():
        kind.default_error_messages = {**kind.default_error_messages, **said}
    for limit, sentence in LIMITS.items():
        limit.message = sentence


class DateInput(forms.DateInput):
    """A day, as browsers of today let people pick it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, read as names and contents; what they may be is the service's affair.

    Of each no more is read than one byte beyond the limit: enough to be refused.
    """

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        most = settings.UPLOAD_MAX_BYTES + 1
        return [(one.name, one.read(most)) for one in data or [] if one.name]


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by their ids; one that is too long for a database is one that does not exist."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if len(str(one)) > 18:
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(one)[:20]},
                )
        return super().clean(value)


def put_errors(form: forms.BaseForm, fields: Mapping[str, list[str]]) -> None:
    """Show what a service refused at the form's fields; what has no field stands above all."""
    for name, sentences in fields.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def error_rows(form: forms.BaseForm) -> list[tuple[str, str, str]]:
    """Return a form's errors as parts/error_summary.html wants them."""
    rows = []
    for name, sentences in form.errors.items():
        field = form[name] if name in form.fields else None
        for sentence in sentences:
            rows.append(
                (field.id_for_label or field.auto_id, str(field.label), str(sentence))
                if field
                else ("", "", str(sentence))
            )
    return rows
