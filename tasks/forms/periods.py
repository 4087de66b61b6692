"""The forms of reporting periods, of how a region reports, and of chasing who has not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput
from departments.models import Department
from tasks.models import ReportingRules


class DatesForm(forms.Form):
    """What a period covers, and when departments report."""

    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("例如“2018 年上半年”。"))
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


class PeriodForm(DatesForm):
    """A new reporting period: also its year, and who opens it."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    by_calendar = forms.BooleanField(label=_("按日期自动启动和截止"), required=False, initial=True)
    days_off = forms.BooleanField(label=_("就用这些日期，休息日也可以"), required=False)


class ChangeForm(DatesForm):
    """A period that has not been opened, to be changed."""

    by_calendar = forms.BooleanField(label=_("按日期自动启动和截止"), required=False)
    days_off = forms.BooleanField(label=_("就用这些日期，休息日也可以"), required=False)


class PastForm(forms.Form):
    """A period of years before the portal: what it covers is all that there is to say."""

    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("例如“2016 年全年”。"))
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    starts = forms.DateField(label=_("报告期始"), widget=DateInput())
    ends = forms.DateField(label=_("报告期止"), widget=DateInput())


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ProlongForm(ReasonForm):
    """More time for all: the due date and the last day, later than before."""

    due_on = forms.DateField(label=_("报送时限"), widget=DateInput())
    closes_on = forms.DateField(label=_("截止日期"), widget=DateInput())
    days_off = forms.BooleanField(label=_("就用这些日期，休息日也可以"), required=False)
    field_order: tuple[str, ...] = ("due_on", "closes_on", "reason", "days_off")


class UntilForm(ReasonForm):
    """Until when, and why."""

    until = forms.DateField(label=_("延至"), widget=DateInput())
    days_off = forms.BooleanField(label=_("就用这个日期，休息日也可以"), required=False)
    field_order: tuple[str, ...] = ("until", "reason", "days_off")


class ExtendForm(UntilForm):
    """More time for one unit."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("单位"), empty_label=_("请选择")
    )
    field_order: tuple[str, ...] = ("department", "until", "reason", "days_off")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = units  # type: ignore[attr-defined]


class RulesForm(forms.ModelForm):
    """How a region reports; days are working days."""

    remind_days = forms.CharField(
        label=_("提前提醒（工作日）"),
        max_length=60,
        help_text=_("时限前第几个工作日提醒，用顿号隔开，例如“7、3、1”；不提醒就写 0。"),
    )

    class Meta:
        model = ReportingRules
        fields = [
            "rhythm", "fill_days", "grace_days", "check_days", "remind_days", "most_reminders",
            "supervision_soon_days",
        ]  # fmt: skip
        widgets = {"rhythm": forms.RadioSelect()}
        help_texts = {
            "fill_days": _("从启动到报送时限。"),
            "grace_days": _("时限过后还收多少天，收到的记为迟报。"),
            "check_days": _("纲要办收到后多少天内核对完。"),
            "most_reminders": _("每人每期，人工催办不算。"),
        }

    def _post_clean(self) -> None:
        """Leave the instance alone: the service checks and changes it."""


class NudgeForm(forms.Form):
    """How units are chased: by notice, or noted as a call or a visit, with who and words."""

    channel = forms.ChoiceField(
        label=_("方式"),
        choices=[
            ("notice", _("站内通知，有邮箱的同时发邮件")),
            ("phone", _("已打电话，记录下来")),
            ("in_person", _("已当面说，记录下来")),
        ],
        initial="notice",
        widget=forms.RadioSelect,
    )
    whom = forms.CharField(
        label=_("联系了谁"), required=False, help_text=_("电话、当面须填，例如：办公室张主任。")
    )
    words = forms.CharField(
        label=_("说明"),
        required=False,
        help_text=_("通知时附在后面；电话、当面须写说了什么、对方怎么答复。最多 200 字。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
