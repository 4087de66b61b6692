"""The shape of a definition and of a target as they are typed; the rules are the services'."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from departments.models import Region
from indicators.forms.values import NumberField
from indicators.models import Indicator, Target

_NUMBER = {"inputmode": "numeric", "class": "in-n"}


class IndicatorForm(forms.Form):
    """A definition: what is counted, in which unit, and how values behave and add up."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    code = forms.SlugField(
        label=gettext_lazy("代码"),
        max_length=60,
        help_text=gettext_lazy("用小写字母、数字和下划线，定了就不能改，例如 science_lectures。"),
    )
    group = forms.CharField(
        label=gettext_lazy("类别"),
        max_length=12,
        required=False,
        help_text=gettext_lazy(
            "科普统计的项目填人员、场地、经费、传媒、活动或科学教育，方案的目标填目标。"
        ),
    )
    official_code = forms.CharField(
        label=gettext_lazy("科普统计代码"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("调查表上印的代码，例如 KJ121。"),
    )
    unit = forms.CharField(label=gettext_lazy("单位"), max_length=20, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Indicator.Kind.choices)
    direction = forms.ChoiceField(
        label=gettext_lazy("方向"), choices=Indicator.Direction.choices, widget=forms.RadioSelect
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("填报频率"),
        choices=Indicator.Frequency.choices,
        widget=forms.RadioSelect,
    )
    formula = forms.CharField(
        label=gettext_lazy("计算方法"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    numerator_label = forms.CharField(
        label=gettext_lazy("分子"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("比值由分子和分母算出，从不直接填；不是比值的两栏都不填。"),
    )
    denominator_label = forms.CharField(label=gettext_lazy("分母"), max_length=80, required=False)
    denominator_is_population = forms.BooleanField(label=gettext_lazy("分母是人口"), required=False)
    scale = forms.IntegerField(
        label=gettext_lazy("倍数"),
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("百分比填 100，每万人填 10000，其他填 1。"),
        widget=forms.TextInput(attrs=_NUMBER),
    )
    roll_up = forms.ChoiceField(label=gettext_lazy("汇总方式"), choices=Indicator.RollUp.choices)
    reported_at = forms.ChoiceField(
        label=gettext_lazy("从哪一级汇总"),
        choices=[("", gettext_lazy("不汇总")), *Region.Level.choices],
        required=False,
    )
    lowest = NumberField(label=gettext_lazy("可能的最小值"), places=4)
    highest = NumberField(
        label=gettext_lazy("可能的最大值"), places=4, help_text=gettext_lazy("没有上限的不填。")
    )
    jump_percent = forms.IntegerField(
        label=gettext_lazy("比上年变动超过多少（%）要说明"),
        min_value=1,
        max_value=10_000,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    decimals = forms.IntegerField(
        label=gettext_lazy("小数位"),
        min_value=0,
        max_value=6,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    money = forms.BooleanField(label=gettext_lazy("是金额，分预算数和决算数"), required=False)
    by_department = forms.BooleanField(label=gettext_lazy("可以分部门填报"), required=False)
    by_group = forms.BooleanField(label=gettext_lazy("可以分人群填报"), required=False)
    source = forms.CharField(label=gettext_lazy("数据来源"), max_length=200, required=False)
    reporter = forms.CharField(label=gettext_lazy("填报单位"), max_length=120, required=False)
    basis = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("定义这个指标的文件或制度。"),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("在用"),
        required=False,
        help_text=gettext_lazy("停用后不能再填新的数值，已有的都保留。"),
    )

    def __init__(self, data: Any = None, *, instance: Indicator | None = None) -> None:
        shown = instance or Indicator(kind=Indicator.Kind.LEVEL)
        initial = {name: getattr(shown, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        for name in ("lowest", "highest"):
            if initial[name] is not None:
                self.initial[name] = f"{initial[name].normalize():f}" if instance else initial[name]
        if instance is not None:
            self.fields["code"].disabled = True


def definition_of(cells: Mapping[str, str]) -> IndicatorForm:
    """Return the form of a line of a table: what is empty there is as on the page of a new one."""
    blank = IndicatorForm()
    begins = {name: blank.get_initial_for_field(one, name) for name, one in blank.fields.items()}
    return IndicatorForm(begins | {name: text for name, text in cells.items() if text})


class DefinitionsForm(forms.Form):
    """A table of definitions that was filled in."""

    file = forms.FileField(
        label=gettext_lazy("填好的表（.xlsx）"),
        help_text=gettext_lazy("请在下载的空表上填写。有一行不对，就一行也不添加。"),
        error_messages={"required": gettext_lazy("请选择文件。")},
    )


class TargetForm(forms.Form):
    """What a plan asks of an indicator: operator, value, stretch, when, of whom, and the words."""

    operator = forms.ChoiceField(
        label=gettext_lazy("要求"), choices=Target.Operator.choices, widget=forms.RadioSelect
    )
    value = NumberField(
        label=gettext_lazy("目标值"),
        places=4,
        help_text=gettext_lazy("原文没有给出数值的不填。"),
    )
    unit = forms.CharField(label=gettext_lazy("单位"), max_length=20, required=False)
    stretch_operator = forms.ChoiceField(
        label=gettext_lazy("争取的要求"),
        choices=[("", gettext_lazy("没有")), *Target.Operator.choices],
        required=False,
    )
    stretch_value = NumberField(label=gettext_lazy("争取的目标值"), places=4)
    every_year = forms.BooleanField(label=gettext_lazy("每年都要达到"), required=False)
    year = forms.IntegerField(
        label=gettext_lazy("目标年"),
        required=False,
        min_value=1990,
        max_value=2100,
        help_text=gettext_lazy("不填就是到方案结束。"),
        widget=forms.TextInput(attrs=_NUMBER),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("范围"), choices=Target.Scope.choices, widget=forms.RadioSelect
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("属性"), choices=Target.Basis.choices, widget=forms.RadioSelect
    )
    quote = forms.CharField(
        label=gettext_lazy("原文"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    reason = forms.CharField(
        label=gettext_lazy("调整理由和依据"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写明依据的文件。原来的目标保留，随时可查。"),
    )

    def __init__(self, data: Any = None, *, target: Target | None = None) -> None:
        initial: dict[str, Any] = {"operator": "gte", "scope": "self", "basis": "expected"}
        if target is not None:
            initial = {name: getattr(target, name) for name in self.base_fields if name != "reason"}
        for name in ("value", "stretch_value"):
            if initial.get(name) is not None:
                initial[name] = f"{initial[name].normalize():f}"
        super().__init__(data, initial=initial)
        unit = str(self.data.get("unit") or initial.get("unit") or "")
        for name in ("value", "stretch_value"):
            self.fields[name] = NumberField(
                unit=unit,
                places=4,
                label=self.fields[name].label,
                help_text=self.fields[name].help_text,
            )
        if target is None:
            del self.fields["reason"]
            self.fields["indicator"] = forms.ModelChoiceField(
                Indicator.objects.filter(is_active=True).order_by("id"),
                label=_("指标"),
                to_field_name="code",
                empty_label=_("请选择"),
            )
            self.order_fields(["indicator"])

    def fields_of_target(self) -> dict[str, Any]:
        """Return what the service wants, without the reason and the indicator."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("reason", "indicator")
        }
