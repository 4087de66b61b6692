"""The shape of what people hand in on pages of reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from plans.models import Plan
from reports.models import Report
from tasks.models import Period


class ReportForm(forms.Form):
    """Which plan, which kind, until which year; the unit or the period where the kind has one."""

    plan = forms.ModelChoiceField(label=_("方案"), queryset=Plan.objects.none(), empty_label=None)
    year = forms.IntegerField(
        label=_("年度"),
        min_value=1990,
        max_value=2100,
        help_text=_("方案实施期内的一个年份；跨年的报告填最后一年。"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    kind = forms.ChoiceField(
        label=_("种类"),
        choices=Report.Kind.choices,
        error_messages={"invalid_choice": _("请选报告种类。")},
    )

    department = forms.ModelChoiceField(
        label=_("单位"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("只有“单位年度小结”要选。"),
    )
    period = forms.ModelChoiceField(
        label=_("填报期"),
        queryset=Period.objects.none(),
        required=False,
        help_text=_("只有“工作进展情况通报”要选。"),
    )

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        regions = [plan.region_id for plan in plans]
        chosen["plan"].queryset = Plan.objects.filter(pk__in=[plan.pk for plan in plans])
        units = Department.objects.filter(region__in=regions).exclude(kind=Department.Kind.GROUP)
        chosen["department"].queryset = units.order_by("id")
        chosen["period"].queryset = Period.objects.filter(region__in=regions).exclude(
            state=Period.State.SCHEDULED
        )

    def clean(self) -> dict[str, Any]:
        """Leave out the unit and the period where the kind has none."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") != Report.Kind.DEPARTMENT:
            given["department"] = None
        if given.get("kind") != Report.Kind.BULLETIN:
            given["period"] = None
        return given
