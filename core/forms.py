"""What forms of every floor share: a day to pick, files to send, and errors where people look."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings


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
