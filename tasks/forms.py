"""What pages send, read into values: shape only, the rules are the services'."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from tasks.fields import fields_of, people
from tasks.models import FIELDS, Event, Period, ReportingRules, Task
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
            "quantity": _("只有数量型任务需要。"),
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
    percent = forms.DecimalField(
        label=_("完成比例（%）"), max_digits=5, decimal_places=2, help_text=_("0 到 100 之间。")
    )
    reason = forms.CharField(
        label=_("判定理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, periods: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]


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


class ReopenForm(forms.Form):
    """Why a checked entry is opened again, and until when."""

    reason = forms.CharField(max_length=300, required=False)
    until = forms.DateField(required=False)


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


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files as they were sent; what they are is the service's affair."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data


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
    file = FilesField(
        label=_("照片或文件"),
        required=False,
        widget=FilesInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.doc,.docx,.xls,.xlsx"}),
    )

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


class ConsultForm(forms.Form):
    """Which unit without an account was asked, when, and what it answered."""

    asked = forms.ModelChoiceField(Department.objects.none())
    asked_on = forms.DateField()
    answer = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, units: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Department.objects.filter(pk__in=[one.pk for one in units])
        self.fields["asked"].queryset = known  # type: ignore[attr-defined]


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
                (field.id_for_label or field.auto_id, str(field.label), str(sentence))
                if field
                else ("", "", str(sentence))
            )
    return rows
