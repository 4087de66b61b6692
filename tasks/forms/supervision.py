"""The forms of 领导要求, 批示 and 督办件; `step_form` gives the one of a step."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, FilesField, RowsField
from tasks.models import Instruction, Reminder
from tasks.policies.nudging import CHANNELS
from tasks.services.supervision.steps import MOST_WORDS

FILE_HINT = _("PDF、Word、Excel 或图片，可选多个。请勿上传涉密材料。")
MISSING = _("请填写这一栏。")
WORDS_HINT = _("请勿填写涉密内容。")


def _words(label: Any, *, hint: Any = WORDS_HINT, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        error_messages={"required": MISSING},
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _line(label: Any, *, hint: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        error_messages={"required": MISSING},
        max_length=300,
    )


class OnceForm(forms.Form):
    """A form that makes one row however often it is sent."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid4())


class DemandForm(OnceForm):
    """What a leader asks for."""

    words = _words(
        _("您的要求"), hint=_("纲要办会收到通知，处理结果显示在您的总览里。请勿填写涉密内容。")
    )


class RegisterForm(OnceForm):
    """A 批示 on paper: who, when, the words, the scan."""

    leader = forms.CharField(label=_("批示领导"), max_length=60, help_text=_("例如：王副市长。"))
    on = forms.DateField(label=_("批示日期"), widget=DateInput())
    words = _words(_("批示内容"), hint=_("照原文录入。请勿录入涉密批示。"))
    attachments = FilesField(label=_("批示扫描件"), required=False, help_text=FILE_HINT)


class NoteForm(forms.Form):
    """How an instruction was dealt with, without a 督办件."""

    note = _line(_("怎样处理的"), hint=_("例如：已在工作例会上部署。领导会看到。"))


class ItemForm(OnceForm):
    """A new 督办件."""

    instruction = forms.ModelChoiceField(
        Instruction.objects.none(),
        label=_("领导要求"),
        required=False,
        empty_label=_("没有，另写依据"),
    )
    decision = _line(
        _("其他依据"), hint=_("会议决定、文件等。没有选领导要求时必须写明。"), required=False
    )
    title = _line(_("督办事项"))
    requirement = _words(_("办理要求"), required=False)
    department = forms.ModelChoiceField(
        Instruction.objects.none(), label=_("承办单位"), empty_label=_("请选择")
    )
    helpers = RowsField(
        Instruction.objects.none(),
        label=_("协办单位"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due = forms.DateField(label=_("办理时限"), widget=DateInput(), required=False)
    long_term = forms.BooleanField(label=_("长期坚持，没有办结时限"), required=False)

    def __init__(self, *args: Any, instructions: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("instruction", instructions),
            ("department", units),
            ("helpers", units),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a due date, or for the word that there is none."""
        given = super().clean() or {}
        due, long_term = given.get("due"), given.pop("long_term", False)
        if due and long_term:
            self.add_error("due", _("填了时限就不要勾选“长期坚持”。"))
        elif not due and not long_term and "due" not in self.errors:
            self.add_error("due", _("请填办理时限；没有时限的请勾选“长期坚持”。"))
        return given


class Empty(forms.Form):
    """A step that needs no words."""


class FeedbackForm(forms.Form):
    text = _words(_("办理情况"), hint=_("做了什么、结果如何、还差什么。请勿填写涉密内容。"))
    attachments = FilesField(label=_("佐证材料"), required=False, help_text=FILE_HINT)


class RemarkForm(forms.Form):
    text = _words(_("说明"))
    attachments = FilesField(label=_("附件"), required=False, help_text=FILE_HINT)


class SettleForm(forms.Form):
    note = _words(_("审核意见"), required=False)


class ReturnForm(forms.Form):
    reason = _words(_("退回理由"), hint=_("一次写全。承办单位会看到。"))


class StrikeForm(forms.Form):
    opinion = _line(_("销号意见"))


class ChangeUnitForm(forms.Form):
    department = forms.ModelChoiceField(
        Instruction.objects.none(), label=_("新的承办单位"), empty_label=_("请选择")
    )
    reason = _line(_("变更理由"), hint=_("两个单位都会看到。"))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = units  # type: ignore[attr-defined]


class AskExtensionForm(forms.Form):
    until = forms.DateField(label=_("申请延至"), widget=DateInput())
    reason = _line(_("延期理由"))


class GrantForm(forms.Form):
    note = _line(_("说明"), required=False)


class RefuseForm(forms.Form):
    note = _line(_("不同意的理由"))


class NudgeForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("催办方式"),
        help_text=_("站内通知按各人的设置同时发邮件；电话、当面催办记在这里。"),
        choices=[(one.value, one.label) for one in CHANNELS],
        initial=Reminder.Channel.NOTICE,
        widget=forms.RadioSelect,
    )
    words = _line(_("补充的话"), required=False)


FORMS: dict[str, type[forms.Form]] = {
    "sign": Empty,
    "withdraw": Empty,
    "feedback": FeedbackForm,
    "remark": RemarkForm,
    "settle": SettleForm,
    "return": ReturnForm,
    "strike": StrikeForm,
    "change_unit": ChangeUnitForm,
    "ask_extension": AskExtensionForm,
    "grant": GrantForm,
    "refuse": RefuseForm,
    "nudge": NudgeForm,
}


def step_form(verb: str, units: Any, data: Any = None, files: Any = None) -> forms.Form:
    """Return the form of a step; ids begin with the verb, for a page shows several forms."""
    more = {"units": units} if verb == "change_unit" else {}
    return FORMS[verb](data, files, auto_id=f"{verb}-%s", **more)
