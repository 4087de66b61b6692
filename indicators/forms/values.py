"""The shape of an observed value as it is handed in; what it may be is the service's rule."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.words import decimal_text
from departments.models import Department, Region
from indicators.models import Indicator, Observation
from indicators.models.observations import PopulationBasis
from indicators.numbers import Reading, part_unit, read_number, read_yes_no

WHOLE = gettext_lazy("请只填整数。")


def told(reading: Reading) -> str:
    """Return what a person is told of a text that is no number, or could be two."""
    if reading.choices:
        return _("可以是 %(one)s，也可以是 %(two)s，请写上百分号。") % {
            "one": f"{decimal_text(reading.choices[0], 6)}%",
            "two": f"{decimal_text(reading.choices[1], 6)}%",
        }
    if reading.word:
        return _("“未测”“不适用”请在“测量情况”里选。")
    return reading.problem


class NumberField(forms.CharField):
    """A number as people type it: 8.47, 8.47%, 120,000, 12 万; asked about where it could be two.

    Empty is None. `unit` is the unit that the number is wanted in; `needed` says that it is empty
    only where nothing was measured.
    """

    def __init__(
        self,
        *,
        unit: str = "",
        highest: Decimal | None = None,
        places: int = 6,
        needed: bool = False,
        **kwargs: Any,
    ) -> None:
        self.unit, self.highest, self.places, self.needed = unit, highest, places, needed
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "in-n"})
        )
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        reading = read_number(super().clean(value), self.unit, highest=self.highest)
        if sentence := told(reading):
            raise forms.ValidationError(sentence, code="number")
        number = reading.value
        if number is not None and -int(number.as_tuple().exponent) > self.places:
            number = round(number, self.places)
        return number


class ObservationForm(forms.Form):
    """A value, or numerator and denominator, or the word 未测, with where it comes from.

    Ratios ask for their two parts, surveys for sample and margin, places of which a share is
    counted for a yes or no; time of the year, group of people and unit (`units`, for the office)
    are asked where the indicator knows them.
    """

    year = forms.IntegerField(
        label=gettext_lazy("年份"),
        error_messages={"required": gettext_lazy("请填写年份。"), "invalid": WHOLE},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in-n"}),
    )
    part = forms.ChoiceField(required=False)
    population_group = forms.ChoiceField(
        label=gettext_lazy("人群"), choices=Observation.Group.choices, required=False
    )
    department = forms.ModelChoiceField(Department.objects.none(), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("测量情况"),
        choices=Observation.Status.choices,
        initial=Observation.Status.MEASURED,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择测量情况。")},
    )
    value = NumberField(label=gettext_lazy("数值"))
    numerator = NumberField(label=gettext_lazy("分子"), places=4)
    denominator = NumberField(label=gettext_lazy("分母"), places=4)
    denominator_basis = forms.ChoiceField(
        label=gettext_lazy("人口口径"),
        choices=PopulationBasis.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    denominator_year = forms.IntegerField(
        label=gettext_lazy("人口是哪一年的"),
        required=False,
        min_value=1990,
        max_value=2100,
        error_messages={"invalid": WHOLE},
        help_text=gettext_lazy("与数值同一年的不用填。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in-n"}),
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("预算或决算"),
        choices=Observation.Basis.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    sample_size = forms.IntegerField(
        label=gettext_lazy("样本量"),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        error_messages={"invalid": WHOLE},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in-n"}),
    )
    design_effect = NumberField(
        label=gettext_lazy("设计效应"),
        places=3,
        help_text=gettext_lazy("调查报告给出的才填；没有就不画区间。"),
    )
    margin = NumberField(label=gettext_lazy("公布的误差（百分点）"), places=4)
    series = forms.CharField(
        label=gettext_lazy("数列"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("统计口径与其他年份不同才填，例如“普查修订数”。"),
    )
    source = forms.CharField(label=gettext_lazy("数据来源"), required=False, max_length=300)
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("未测、不适用的请写明原因。"),
    )
    correction_reason = forms.CharField(
        label=gettext_lazy("更正理由"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("这一年已有核对过的数值时才填。"),
    )

    def __init__(
        self, indicator: Indicator, region: Region, *args: Any, units: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        parts = {"half": ("", "H1", "H2"), "quarter": ("", "Q1", "Q2", "Q3", "Q4")}
        if wanted := parts.get(indicator.frequency):
            words = dict(Observation.Part.choices)
            self.fields["part"] = forms.ChoiceField(
                label=_("时段"), choices=[(one, words[one]) for one in wanted], required=False
            )
        else:
            del self.fields["part"]
        if units is not None and indicator.by_department:
            self.fields["department"] = forms.ModelChoiceField(
                units, label=_("单位"), required=False, empty_label=_("全地区")
            )
        else:
            del self.fields["department"]
        unit = indicator.unit
        self.fields["value"] = NumberField(
            label=_("数值（%(unit)s）") % {"unit": unit} if unit else _("数值"),
            unit=unit,
            highest=indicator.highest,
            needed=True,
        )
        if indicator.is_ratio:
            for name in ("numerator", "denominator"):
                label = getattr(indicator, f"{name}_label")
                self.fields[name] = NumberField(
                    label=label, unit=part_unit(label), places=4, needed=True
                )
        for name in _unasked(indicator, region):
            del self.fields[name]
        if indicator.is_yes_no and "value" in self.fields:
            self.fields["value"] = YesNoField(label=indicator.name)


def started_from(row: Observation) -> dict[str, Any]:
    """Return a row as the form begins with it: numbers without needless noughts, 是 or 否."""
    found: dict[str, Any] = {}
    for name in ObservationForm.base_fields:
        value = row.department_id if name == "department" else getattr(row, name)
        found[name] = f"{value.normalize():f}" if isinstance(value, Decimal) else value
    if row.indicator.is_yes_no and row.value is not None:
        found["value"] = "是" if row.value else "否"
    if row.state == Observation.State.VERIFIED:
        found["correction_reason"] = ""
    return found


def _unasked(indicator: Indicator, region: Region) -> set[str]:
    """Return the fields that an indicator of this kind does not have in a region."""
    answers = indicator.is_answered_in(region)
    unasked = set() if indicator.by_group else {"population_group"}
    if not indicator.is_ratio or answers:
        unasked |= {"numerator", "denominator"}
    else:
        unasked.add("value")  # follows from its parts
    if not indicator.denominator_is_population or answers:
        unasked |= {"denominator_basis", "denominator_year"}
    if not indicator.money:
        unasked.add("basis")
    if indicator.kind != Indicator.Kind.SURVEY:
        unasked |= {"sample_size", "design_effect", "margin"}
    return unasked


class YesNoField(forms.ChoiceField):
    """A yes (100) or no (0) of a place of which a share is counted above it."""

    needed = True

    def __init__(self, **kwargs: Any) -> None:
        choices = [("是", _("是")), ("否", _("否"))]
        super().__init__(choices=choices, required=False, widget=forms.RadioSelect, **kwargs)

    def clean(self, value: Any) -> Any:
        return read_yes_no(super().clean(value)).value
