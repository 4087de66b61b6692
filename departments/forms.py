"""The shape of what is typed about people and units."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput
from core.mail import DEFAULTS
from core.models import MailPreference, Notice
from departments.models import Department, Membership, Region, Seat, Succession, User
from departments.names import MAX_LENGTH
from departments.services import password_changed


class PersonForm(forms.Form):
    """A new account and its first role."""

    username = forms.SlugField(
        label=_("用户名"), max_length=60, help_text=_("只用字母、数字、连字符和下划线。")
    )
    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    email = forms.CharField(
        label=_("邮箱"), max_length=120, required=False, help_text=_("用来发提醒邮件。")
    )
    role = forms.ChoiceField(label=_("角色"), choices=Membership.Role.choices)
    region = forms.ModelChoiceField(
        label=_("地区"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("不选"),
        help_text=_("联络员和部门负责人不用选，由单位决定。"),
    )
    department = forms.ModelChoiceField(
        label=_("单位"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("不选"),
        help_text=_("只有联络员和部门负责人要选。"),
    )

    def __init__(self, *args: Any, here: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions: Any = self.fields["region"]
        departments: Any = self.fields["department"]
        regions.queryset = Region.objects.within(here)
        departments.queryset = Department.objects.filter(
            region__path__startswith=here.path
        ).exclude(kind=Department.Kind.GROUP)


class SeatForm(forms.Form):
    """A row of the 成员单位名册; of a standing row, what may change from a day on."""

    kind = forms.ChoiceField(label=_("职责"), choices=Seat.Kind.choices)
    department = forms.ModelChoiceField(
        label=_("单位"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("不属于单位"),
        help_text=_("分管领导和联络员须选。"),
    )
    name = forms.CharField(label=_("姓名"), max_length=40)
    post = forms.CharField(label=_("职务"), max_length=80, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    user = forms.ModelChoiceField(
        label=_("账号"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("没有账号"),
        help_text=_("名册不给权限，只说明谁有账号。"),
    )
    on = forms.DateField(
        label=_("起"),
        widget=DateInput(),
        help_text=_("从这一天起如此；原来的一行到前一天为止，仍可按日期查到。"),
    )

    def __init__(self, *args: Any, here: Region, seat: Seat | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["department"]
        units.queryset = Department.objects.filter(region=here).exclude(kind="group")
        accounts: Any = self.fields["user"]
        accounts.label_from_instance = lambda one: f"{one}（{one.username}）"
        people = User.objects.filter(memberships__department__region=here)
        if seat is not None:
            for name in ("kind", "department"):
                self.fields[name].disabled = True
            if seat.department_id:
                people = User.objects.filter(memberships__department=seat.department_id)
        accounts.queryset = people.distinct().order_by("pk")


class ListForm(forms.Form):
    """A filled-in Excel table."""

    file = forms.FileField(label=_("填好的表（.xlsx）"), help_text=_("请在下载的空表上填写。"))


class AccountForm(forms.Form):
    """What an administrator may correct of a person."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    email = forms.CharField(label=_("邮箱"), max_length=120, required=False)


class HandOverForm(forms.Form):
    """Who hands over which role of a unit, to whom, from which day."""

    membership = forms.ModelChoiceField(
        label=_("由谁交出"), queryset=Membership.objects.none(), empty_label=_("请选择")
    )
    incoming = forms.ModelChoiceField(
        label=_("由谁接任"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("没有账号，在下面填写"),
        help_text=_("没有账号的，在下面填写姓名，系统同时建立账号。"),
    )
    name = forms.CharField(label=_("接任人姓名"), max_length=40, required=False)
    phone = forms.CharField(label=_("接任人电话"), max_length=40, required=False)
    email = forms.CharField(label=_("接任人邮箱"), max_length=120, required=False)
    on = forms.DateField(
        label=_("接任日期"),
        widget=DateInput(),
        help_text=_("从这一天起由接任人办理，原任职到前一天为止。可以填以后的日期。"),
    )
    note = forms.CharField(
        label=_("交接说明"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("办到哪一步、找谁联系、注意什么。请勿填写涉密内容。"),
    )

    def __init__(self, *args: Any, standing: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        membership: Any = self.fields["membership"]
        membership.queryset = standing
        membership.label_from_instance = lambda one: f"{one.user}（{one.get_role_display()}）"
        incoming: Any = self.fields["incoming"]
        incoming.queryset = people
        incoming.label_from_instance = lambda one: f"{one}（{one.username}）"

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two: an account, or the name of who has none."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("incoming") and data.get("name"):
            self.add_error("name", _("已经选了接任人，这一栏请留空。"))
        elif not data.get("incoming") and not data.get("name") and "incoming" in data:
            self.add_error("incoming", _("请选择接任人，或者在下面填写姓名。"))
        return data


class MailForm(forms.Form):
    """A person's address, and for each reason of a notice how it comes by mail."""

    email = forms.CharField(
        label=_("邮箱"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("不填就不发邮件，站内通知照常。"),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = person.email
        said = dict(MailPreference.objects.filter(person=person).values_list("reason", "how"))
        for reason, word in Notice.Reason.choices:
            self.fields[f"how_{reason}"] = forms.ChoiceField(
                label=word,
                choices=MailPreference.How.choices,
                initial=said.get(reason, DEFAULTS[reason]),
                widget=forms.RadioSelect,
            )

    def ways(self) -> dict[str, str]:
        return {reason: self.cleaned_data[f"how_{reason}"] for reason in Notice.Reason.values}

    def reasons(self) -> list[forms.BoundField]:
        return [self[f"how_{reason}"] for reason in Notice.Reason.values]


class RenameForm(forms.Form):
    """The right name and kind of a unit that a plan proposed."""

    name = forms.CharField(label=_("单位名称"), max_length=MAX_LENGTH)
    kind = forms.ChoiceField(label=_("类别"), choices=Department.Kind.choices)


class SuccessionForm(forms.Form):
    """What became of a unit: renamed, merged or split, into a known unit or a new one."""

    old = forms.ModelChoiceField(label=_("原单位"), queryset=Department.objects.none())
    kind = forms.ChoiceField(label=_("方式"), choices=Succession.Kind.choices)
    new = forms.ModelChoiceField(
        label=_("变动后的单位"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("名录里还没有的，在下一栏填写名称。"),
    )
    name = forms.CharField(label=_("新单位名称"), max_length=MAX_LENGTH, required=False)
    on = forms.DateField(label=_("变动日期"), widget=DateInput())
    scope = forms.CharField(
        label=_("划转的职责"),
        max_length=200,
        required=False,
        help_text=_("拆分时写明各部分承接哪些职责，一个部分登记一次。"),
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Department.objects.filter(region=region).exclude(kind=Department.Kind.GROUP)
        for name in ("old", "new"):
            field: Any = self.fields[name]
            field.queryset = units
            field.empty_label = _("请选择")


class PasswordChangeForm(DjangoPasswordChangeForm):
    """Django's form; the new password is another one, and the change is recorded."""

    error_messages = {
        **DjangoPasswordChangeForm.error_messages,
        "password_incorrect": _("旧密码不对，请重新输入。"),
        "password_mismatch": _("两次输入的新密码不一样，请重新输入。"),
    }

    def clean(self) -> dict[str, Any]:
        """Refuse the old password as the new one: a first password is known to who issued it."""
        data: dict[str, Any] = super().clean() or {}
        new = data.get("new_password1")
        if new and new == data.get("old_password"):
            self.add_error("new_password1", _("新密码不能与原密码相同。"))
        return data

    def save(self, commit: bool = True) -> Any:
        self.user.set_password(self.cleaned_data["new_password1"])
        return password_changed(self.user)
