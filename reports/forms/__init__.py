"""The shape of what people hand in on pages of reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, RowsField
from departments.models import Department
from plans.models import Plan
from reports.models import Opinion, Report
from reports.selectors.report_page import OF_AN_OPINION, ReportPage
from tasks.models import Period

MOST_WORDS = 5000


class ReportForm(forms.Form):
    """Which plan, which kind, until which year; the unit or the period where the kind has one."""

    plan = forms.ModelChoiceField(label=_("方案"), queryset=Plan.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label=_("种类"),
        choices=Report.Kind.choices,
        help_text=_("写哪些章节，按“章节设置”。"),
        error_messages={"invalid_choice": _("请选报告种类。")},
    )
    year = forms.IntegerField(
        label=_("年度"),
        min_value=1990,
        max_value=2100,
        help_text=_("方案实施期内的一个年份；跨年的报告填最后一年。"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    department = forms.ModelChoiceField(
        label=_("单位"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("不选"),
        help_text=_("只有“单位年度小结”要选。"),
    )
    period = forms.ModelChoiceField(
        label=_("填报期"),
        queryset=Period.objects.none(),
        required=False,
        empty_label=_("不选"),
        help_text=_("只有“工作进展情况通报”要选。"),
    )

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        for name in ("department", "period"):
            chosen[name].needed = True  # parts/field.html: the hint says when, not 选填
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


# --- Steps ---------------------------------------------------------------------------------
def _line(label: Any, *, most: int = 300, hint: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, help_text=hint, required=required)


def _words(label: Any, hint: Any) -> forms.CharField:
    """Return a field for words that some choice beside it asks for."""
    words: Any = forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    words.needed = True  # parts/field.html: not said to be optional
    return words


class Empty(forms.Form):
    """A step that needs no words."""


class ConsultForm(forms.Form):
    until = forms.DateField(label=_("反馈截止日期"), widget=DateInput())
    units = RowsField(
        Department.objects.none(),
        label=_("另外征求意见的单位"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _verdict(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Opinion.SAID, widget=forms.RadioSelect)


class RespondForm(forms.Form):
    state = _verdict(_("您单位的意见"))
    text = _words(_("意见"), _("有意见的，写明哪一处、建议怎样改。请勿填写涉密内容。"))


class RecordForm(forms.Form):
    opinion = forms.IntegerField(widget=forms.HiddenInput)
    state = _verdict(_("这个单位的意见"))
    text = _words(_("意见"), _("有意见的，照单位的原话填写。请勿填写涉密内容。"))
    source = _line(_("反馈方式"), most=200, hint=_("例如：书面回复，2024年7月12日。"))


class AnswerForm(forms.Form):
    opinion = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("处理"), choices=Opinion.Answer.choices, widget=forms.RadioSelect
    )
    text = _words(_("说明"), _("部分采纳、不采纳的须说明理由，提出意见的单位会看到。"))


class RedraftForm(forms.Form):
    reason = _line(_("退回理由"), hint=_("纲要办和领导小组会看到。"))


class ApproveForm(forms.Form):
    basis = _line(_("审定依据"), hint=_("由谁审定，或者在哪次会议上审定。"))


class StampForm(forms.Form):
    issued_on = forms.DateField(label=_("成文日期"), widget=DateInput())
    document_number = _line(
        _("发文字号"),
        most=60,
        required=False,
        hint=_("照发文登记填写，例如：×科素办〔2024〕3号；没有编号的留空。"),
    )
    head_mark = _line(
        _("发文机关标志"), most=60, required=False, hint=_("用红头印发的才填，须有发文字号。")
    )


class SendUpForm(forms.Form):
    recipient = _line(_("报送给"), most=60)
    sent_on = forms.DateField(label=_("报送日期"), widget=DateInput())


class PublishForm(forms.Form):
    reviewer = _line(_("保密审查人"), most=60)
    reviewed_on = forms.DateField(label=_("审查日期"), widget=DateInput())
    opinion = _line(_("审查意见"))


class UnpublishForm(forms.Form):
    reason = _line(_("停止公开的理由"))


class WithdrawForm(forms.Form):
    reason = _line(_("撤回理由"), hint=_("报告保留，不会删除；撤回后可以重新生成。"))


FORMS: dict[str, type[forms.Form]] = {
    "consult": ConsultForm,
    "respond": RespondForm,
    "record": RecordForm,
    "answer": AnswerForm,
    "redraft": RedraftForm,
    "approve": ApproveForm,
    "stamp": StampForm,
    "issue": Empty,
    "send_up": SendUpForm,
    "publish": PublishForm,
    "unpublish": UnpublishForm,
    "withdraw": WithdrawForm,
    "typeset": Empty,
    "cancel": Empty,
}


def sent_form(verb: str, data: Any, report: Report) -> forms.Form:
    """Return the form of a step as it was sent; ids begin with the verb: a page shows several."""
    about = f"{verb}-{data.get('opinion', '')}" if verb in OF_AN_OPINION else verb
    form = FORMS[verb](data, auto_id=f"{about}-%s")
    if verb == "consult":
        _offer(form, Department.objects.filter(region=report.plan.region_id))
    return form


def _offer(form: forms.Form, units: Any) -> None:
    field: Any = form.fields["units"]
    field.queryset = units


def record_form(opinion: Opinion) -> forms.Form:
    """Return the form by which the office registers a unit's opinion, filled with what it has."""
    initial: dict[str, Any] = {"opinion": opinion.pk}
    if opinion.source:
        initial |= {name: getattr(opinion, name) for name in ("state", "text", "source")}
    return RecordForm(initial=initial, auto_id=f"record-{opinion.pk}-%s")


def answer_form(opinion: Opinion) -> forms.Form:
    """Return the form by which the office answers a unit's opinion, filled with what it said."""
    initial = {"opinion": opinion.pk, "answer": opinion.answer, "text": opinion.answer_text}
    return AnswerForm(initial=initial, auto_id=f"answer-{opinion.pk}-%s")


def first_form(verb: str, page: ReportPage) -> forms.Form:
    """Return the form of a step as it begins, from the page of a report."""
    initial: dict[str, Any] = {}
    if verb == "respond" and page.mine is not None and page.mine.text:
        initial = {"state": page.mine.state, "text": page.mine.text}
    if verb == "stamp":
        names = ("issued_on", "document_number", "head_mark")
        initial = {name: getattr(page.report, name) for name in names}
    form = FORMS[verb](initial=initial, auto_id=f"{verb}-%s")
    if verb == "consult":
        _offer(form, Department.objects.filter(pk__in=[one.pk for one in page.others]))
    return form
