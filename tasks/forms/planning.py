"""The forms of the year's tasks: change one, judge how far it is, break down one from above."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput
from plans.models import Plan
from tasks.fields import read
from tasks.models import Period, Task


class NumberField(forms.CharField):
    """A number as people type it (full-width digits, 万, 亿), read as a field of an entry is."""

    def __init__(self, reads_as: str, **kwargs: Any) -> None:
        typed = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=typed, **kwargs)
        self.reads_as = reads_as

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        told = read(self.reads_as, text)
        if told.problem:
            raise forms.ValidationError(told.problem)
        return told.value


class TaskForm(forms.ModelForm):
    """The parts of a task that the office may change."""

    quantity = NumberField(
        "quantity",
        label=Task._meta.get_field("quantity").verbose_name,
        required=False,
        help_text=_("只有数量型任务需要。可以写 1.2万。"),
    )

    class Meta:
        model = Task
        fields = [
            "title",
            "deliverable",
            "kind",
            "quantity",
            "unit",
            "starts",
            "due",
            "weight",
            "evidence_required",
            "note",
        ]
        widgets = {"starts": DateInput(), "due": DateInput()}
        help_texts = {
            "deliverable": _("例如：培训 2 期、印发文件、建成场馆。"),
            "kind": _("数量型按完成数量计算比例；常态型只记做了没有，不计入平均。"),
            "unit": _("例如：人次、所、场。"),
            "weight": _("计算行动的完成比例时用，一般为 1。"),
            "evidence_required": _("一般不要求；要求了，报送时才须附材料。"),
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
    percent = NumberField("percent", label=_("完成比例（%）"), help_text=_("0 到 100 之间。"))
    reason = forms.CharField(
        label=_("判定理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, periods: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]


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
