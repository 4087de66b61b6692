"""What the pages of an entry send: typed fields, reasons of a return, who was asked."""

from typing import Any

from django import forms

from core.params import whole
from departments.models import Department
from tasks.fields import fields_of
from tasks.models import FIELDS, Task
from tasks.services.entries.filling import Typed


def typed_fields(task: Task, data: Any) -> dict[str, Typed]:
    """Return the fields that a form sent, each with the version that was seen."""
    fields = fields_of(task)
    # No radio chosen sends nothing at all: where the form was sent, that is an empty answer.
    sent = any(name in data for name in fields)
    return {
        name: Typed(str(data.get(name, "")), whole(data.get(f"version-{name}")))
        for name in fields
        if sent
    }


def reasons(data: Any) -> dict[str, str]:
    """Return the reasons of a return per field: the ready ones ticked, then the sentence."""
    found = {}
    for name in (*FIELDS, "evidence"):
        parts = [*data.getlist(f"ready-{name}"), data.get(f"reason-{name}", "")]
        said = [part.strip() for part in parts if part.strip()]
        if said:
            found[name] = "；".join(said)
    return found


class ReopenForm(forms.Form):
    """Why a checked entry is opened again, and until when."""

    reason = forms.CharField(max_length=300, required=False)
    until = forms.DateField(required=False)


class ConsultForm(forms.Form):
    """Which unit without an account was asked, when, and what it answered."""

    asked = forms.ModelChoiceField(Department.objects.none())
    asked_on = forms.DateField()
    answer = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, units: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Department.objects.filter(pk__in=[one.pk for one in units])
        self.fields["asked"].queryset = known  # type: ignore[attr-defined]
