"""The shape of what people hand in on pages of reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import Plan
from reports.models import Report


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
        choices=Report.Kind.choices,
        error_messages={"invalid_choice": _("请选报告种类。")},
    )

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["plan"]
        chosen.queryset = Plan.objects.filter(pk__in=[plan.pk for plan in plans])
