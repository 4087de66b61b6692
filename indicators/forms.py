"""The shape of an observed value as it is handed in; what it may be is the service's rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Indicator, Observation

NUMBERS = ("value", "numerator", "denominator")
WHOLE = gettext_lazy("请只填整数。")
NUMBER = gettext_lazy("请只填数字，例如 8.47。")


def _decimal(label: Any, digits: int, places: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=digits,
        decimal_places=places,
        error_messages={"invalid": NUMBER},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "in-n"}),
    )


class ObservationForm(forms.Form):
    """A value, or numerator and denominator, or the word 未测, with where it comes from.

    Ratios ask for their two parts only where the indicator names them; surveys for sample and
    margin.
    """

    year = forms.IntegerField(
        label=gettext_lazy("年份"),
        error_messages={"required": gettext_lazy("请填写年份。"), "invalid": WHOLE},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in-n"}),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("测量情况"),
        choices=Observation.Status.choices,
        initial=Observation.Status.MEASURED,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择测量情况。")},
    )
    value = _decimal(gettext_lazy("数值"), 20, 6)
    numerator = _decimal(gettext_lazy("分子"), 20, 4)
    denominator = _decimal(gettext_lazy("分母"), 20, 4)
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
    margin = _decimal(gettext_lazy("公布的误差（百分点）"), 8, 4)
    source = forms.CharField(label=gettext_lazy("数据来源"), required=False, max_length=300)
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=300)

    def __init__(self, indicator: Indicator, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = indicator.unit
        self.fields["value"].label = _("数值（%(unit)s）") % {"unit": unit} if unit else _("数值")
        if indicator.numerator_label:
            self.fields["numerator"].label = indicator.numerator_label
            self.fields["denominator"].label = indicator.denominator_label
            self.fields["value"].help_text = _("填了下面两项，就由系统算出，这里不用填。")
        else:
            del self.fields["numerator"], self.fields["denominator"]
        if indicator.kind == Indicator.Kind.SURVEY:
            del self.fields["basis"]
        else:
            del self.fields["sample_size"], self.fields["margin"]

    def clean(self) -> dict[str, Any]:
        """Refuse a number beside 未测: one of the two is a mistake, and only a person knows."""
        data = super().clean() or {}
        if data.get("status") in (None, Observation.Status.MEASURED):
            return data
        for name in NUMBERS:
            if data.get(name) is not None:
                self.add_error(name, _("选了“未测”或“不适用”，就不要填数值。"))
        return data
