"""What pages send, read into values: shape only, the rules are the services'."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.fields import fields_of
from tasks.models import FIELDS, Period, Task
from tasks.services.filling import Typed


def number(text: Any) -> int:
    """Read a whole number that a page of ours sent; anything else is 0."""
    digits = str(text or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else 0


def numbers(texts: list[str]) -> list[int]:
    return [one for one in map(number, texts) if one]


def typed_fields(task: Task, data: Any) -> dict[str, Typed]:
    """Return the fields that a form sent, each with the version that was seen."""
    fields = fields_of(task)
    # No radio chosen sends nothing at all: where the form was sent, that is an empty answer.
    sent = any(name in data for name in fields)
    return {
        name: Typed(str(data.get(name, "")), number(data.get(f"version-{name}")))
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


class DateInput(forms.DateInput):
    """A day, as browsers of today let people pick it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TaskForm(forms.ModelForm):
    """The parts of a task that the office may change."""

    class Meta:
        model = Task
        fields = ["title", "deliverable", "kind", "quantity", "unit", "starts", "due", "weight"]
        widgets = {"starts": DateInput(), "due": DateInput()}
        help_texts = {
            "deliverable": _("例如：培训 2 期、印发文件、建成场馆。"),
            "kind": _("数量型按完成数量计算比例；常态型只记做了没有，不计入平均。"),
            "quantity": _("只有数量型任务需要。"),
            "unit": _("例如：人次、所、场。"),
            "weight": _("计算行动的完成比例时用，一般为 1。"),
        }

    def clean_title(self) -> str:
        """Refuse a title that another task of the same measure and year bears."""
        title = self.cleaned_data["title"]
        same = Task.objects.filter(
            plan=self.instance.plan_id,
            year=self.instance.year,
            measure=self.instance.measure_id,
            title=title,
        )
        if self.instance.measure_id and same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("这条措施下已有同名的任务。"))
        return str(title)

    def _post_clean(self) -> None:
        """Leave the instance alone: the service checks and changes it."""


class JudgeForm(forms.Form):
    """The office's judgement of how far a task is, and why."""

    period = forms.ModelChoiceField(
        Period.objects.none(), label=_("填报期"), empty_label=None, widget=forms.Select
    )
    percent = forms.DecimalField(
        label=_("完成比例（%）"), max_digits=5, decimal_places=2, help_text=_("0 到 100 之间。")
    )
    reason = forms.CharField(
        label=_("判定理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, periods: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """A reporting period: what it covers, and when departments report."""

    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("例如“2018 年上半年”。"))
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    starts = forms.DateField(label=_("报告期始"), widget=DateInput())
    ends = forms.DateField(label=_("报告期止"), widget=DateInput())
    opens_on = forms.DateField(label=_("启动日期"), widget=DateInput())
    due_on = forms.DateField(
        label=_("报送时限"),
        widget=DateInput(),
        help_text=_("给各单位留出时间；过了这一天报的记为迟报。"),
    )
    closes_on = forms.DateField(
        label=_("截止日期"), widget=DateInput(), help_text=_("过了这一天不再接收补报。")
    )


class ReopenForm(forms.Form):
    """Why a checked entry is opened again, and until when."""

    reason = forms.CharField(max_length=300, required=False)
    until = forms.DateField(required=False)


def put_errors(form: forms.Form | forms.ModelForm, fields: Mapping[str, list[str]]) -> None:
    """Show what a service refused at the form's fields."""
    for name, sentences in fields.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def summary(form: forms.Form | forms.ModelForm) -> list[tuple[str, str, str]]:
    """Return a form's errors as parts/error_summary.html wants them."""
    rows = []
    for name, sentences in form.errors.items():
        field = form[name] if name in form.fields else None
        for sentence in sentences:
            rows.append(
                (field.id_for_label, str(field.label), str(sentence))
                if field
                else ("", "", str(sentence))
            )
    return rows
