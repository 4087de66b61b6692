"""A line of the register of events, as it is typed."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, FilesField
from tasks.fields import people
from tasks.models import Event


class DayField(forms.DateField):
    """A day as people type it too: 2018.6.3, ２０１８年６月３日."""

    FORMATS = ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d")

    def __init__(self, **kwargs: Any) -> None:
        wrong = {
            "invalid": _("请按 2018-06-03 的样子填写日期。"),
            "required": _("请填日期。"),
        }
        super().__init__(
            widget=DateInput(), input_formats=self.FORMATS, error_messages=wrong, **kwargs
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(" ", "")
        return super().to_python(value)


class EventForm(forms.Form):
    """A line of the register of events, so short that half a minute is enough on a phone."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    on = DayField(label=_("日期"))
    people = forms.CharField(
        label=_("参加人数"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=Event.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选类型。"), "invalid_choice": _("没有这个类型，请重选。")},
    )
    title = forms.CharField(
        label=_("名称"),
        error_messages={"required": _("请填写名称，例如“科普大集”。")},
    )
    department = forms.ChoiceField(
        label=_("单位"),
        error_messages={"required": _("请选单位。"), "invalid_choice": _("没有这个单位，请重选。")},
    )
    town = forms.ChoiceField(
        label=_("地点"),
        required=False,
        error_messages={"invalid_choice": _("没有这个地方，请重选。")},
    )
    about = forms.ChoiceField(
        label=_("对应的任务"),
        required=False,
        error_messages={"invalid_choice": _("没有这项任务，或者不是您单位的，请重选。")},
    )
    ends = DayField(label=_("结束日期"), required=False)
    place = forms.CharField(label=_("具体地点"), required=False)
    summary = forms.CharField(label=_("内容"), required=False, widget=forms.Textarea)
    file = FilesField(label=_("照片或文件"), required=False)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices.fixed:
            del self.fields["department"]
        else:
            self.fields["department"].choices = choices.departments  # type: ignore[attr-defined]
        self.fields["town"].choices = [("", _("本级，或不分镇")), *choices.towns]  # type: ignore[attr-defined]
        self.fields["about"].choices = [("", _("不对应")), *choices.about]  # type: ignore[attr-defined]

    def clean_people(self) -> int | None:
        """Read a number as people type it: １２０, 1.2万, 350余人."""
        told = people(self.cleaned_data["people"])
        if told.problem:
            raise forms.ValidationError(told.problem)
        return told.value
