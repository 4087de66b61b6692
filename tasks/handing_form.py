"""The form in which a lower region breaks down a task from above."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import Plan
from tasks.forms import DateInput
from tasks.models import Task


class BreakDownForm(forms.Form):
    """A task of one's own region that carries out one from above; units by their names."""

    plan = forms.ChoiceField(label=_("放入方案"))
    title = forms.CharField(label=_("任务"), max_length=300)
    lead = forms.CharField(
        label=_("汇总单位"), required=False, help_text=_("写单位名称；可以稍后再确认。")
    )
    responsible = forms.CharField(
        label=_("负责单位"), required=False, help_text=_("几个单位之间用“、”分开。")
    )
    cooperate = forms.CharField(label=_("配合单位"), required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=Task.Kind.choices)
    quantity = forms.CharField(
        label=_("目标数量"), required=False, help_text=_("只有数量型任务需要。")
    )
    unit = forms.CharField(label=_("计量单位"), max_length=20, required=False)
    starts = forms.DateField(label=_("开始日期"), widget=DateInput())
    due = forms.DateField(label=_("完成时限"), widget=DateInput())

    def __init__(self, data: Any = None, *, task: Task, plans: list[Plan]) -> None:
        initial = {
            "title": task.title,
            "kind": task.kind,
            "unit": task.unit,
            "starts": task.starts,
            "due": task.due,
        }
        super().__init__(data, initial=initial)
        choice: Any = self.fields["plan"]
        choice.choices = [(str(one.pk), one.title) for one in plans]
        if len(plans) < 2:
            choice.widget = forms.HiddenInput()
            choice.initial = str(plans[0].pk) if plans else ""

    def texts(self) -> dict[str, str]:
        """Return the row that the form describes, as texts."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "plan"}
        return {name: "" if value is None else str(value) for name, value in given.items()}
