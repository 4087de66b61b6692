"""The shape of a scheme and of a scorecard as they are typed; the rules are the services'."""

from abc import abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import DateInput, FilesField
from core.words import grouped
from plans.models import Plan
from reports.scoring import read_points
from reports.selectors.scores import Line
from reports.services.scores import Checked, Rated


class SchemeForm(forms.Form):
    """A new scheme: of which plan and year, and what it is called."""

    plan = forms.ModelChoiceField(label=_("方案"), queryset=Plan.objects.none(), empty_label=None)
    year = forms.IntegerField(
        label=_("年度"),
        min_value=1990,
        max_value=2100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    title = forms.CharField(
        label=_("名称"),
        max_length=120,
        help_text=_("照批准的文件写，例如：全民科学素质工作考核细则。"),
    )

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["plan"]
        chosen.queryset = Plan.objects.filter(pk__in=[plan.pk for plan in plans])


class ApprovalForm(forms.Form):
    """What the approving document says; each may come later, all are needed to confirm."""

    title = forms.CharField(label=_("名称"), max_length=120)
    document_number = forms.CharField(
        label=_("发文字号"),
        max_length=60,
        required=False,
        help_text=_("照批准文件填写，例如：×科素组〔2024〕3号。"),
    )
    approving_body = forms.CharField(label=_("批准机关"), max_length=120, required=False)
    approved_on = forms.DateField(label=_("批准日期"), required=False, widget=DateInput())
    document = FilesField(
        label=_("批准文件"),
        required=False,
        help_text=_("PDF、Word 或扫描图片，一个文件。请勿上传涉密文件。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.needed = True  # type: ignore[attr-defined]


class ItemsForm(forms.Form):
    """The table of items that comes back."""

    file = forms.FileField(label=_("考核项目表（.xlsx）"), help_text=_("会替换现在的全部项目。"))


class AskForm(forms.Form):
    """By when the units rate themselves."""

    until = forms.DateField(
        label=_("自评截止日期"),
        widget=DateInput(),
        help_text=_("请给各单位留足时间，最好十个工作日以上。"),
    )


class ReasonForm(forms.Form):
    """Why a card or a scheme goes back."""

    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class PointsField(forms.CharField):
    """Points of an item worth `full`, as people type them; empty is None."""

    def __init__(self, *, full: Decimal, **kwargs: Any) -> None:
        self.full = full
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "in-n"})
        super().__init__(max_length=20, required=False, widget=widget, **kwargs)
        self.needed = True

    def clean(self, value: Any) -> Any:
        try:
            return read_points(super().clean(value), self.full)
        except DomainError as problem:
            raise forms.ValidationError(problem.message) from None


def _label(words: Any, line: Line) -> SafeString:
    """Return a label whose item only screen readers need: it stands above for everybody else."""
    return format_html('{}<span class="sr">：{}</span>', words, line.item.level2)


class CardForm(forms.Form):
    """All items of a card at once; the fields of one are named by the id of its score."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, lines: Sequence[Line], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            for name, field in self.item_fields(line).items():
                self.fields[f"{name}_{line.score.pk}"] = field

    @abstractmethod
    def item_fields(self, line: Line) -> dict[str, forms.Field]:
        """Return the fields of one item by their short names."""

    def of(self, line: Line) -> dict[str, forms.BoundField]:
        """Return the fields of one item as they are drawn, by their short names."""
        ending = f"_{line.score.pk}"
        return {
            name.removesuffix(ending): self[name] for name in self.fields if name.endswith(ending)
        }

    def error_rows(self) -> list[tuple[str, str, str]]:
        """Return the errors as parts/error_summary.html wants them, each with its item."""
        about = {str(line.score.pk): line.item.level2 for line in self.lines}
        rows = []
        for name, sentences in self.errors.items():
            pk = name.rpartition("_")[2]
            field = self[name].id_for_label if pk in about else ""
            rows += [(field, about.get(pk, ""), str(sentence)) for sentence in sentences]
        return rows

    def said(self, line: Line, name: str) -> Any:
        """Return what was given at one item, None where it has no such field."""
        return self.cleaned_data.get(f"{name}_{line.score.pk}")


class RatingForm(CardForm):
    """What a unit says of itself; points that a rule counted are filled in to begin with."""

    def item_fields(self, line: Line) -> dict[str, forms.Field]:
        score = line.score
        untouched = score.self_points is None and not score.self_note
        points = line.counted if untouched else score.self_points
        fields: dict[str, forms.Field] = {
            "points": PointsField(
                full=score.full,
                label=_label(_("自评分"), line),
                help_text=_("满分 %(full)s 分。") % {"full": grouped(score.full)},
                initial="" if points is None else grouped(points),
            ),
            "note": forms.CharField(
                label=_label(_("自评说明"), line),
                max_length=500,
                required=False,
                initial=score.self_note,
                widget=forms.Textarea(attrs={"rows": 2, "class": "in-s"}),
            ),
            "files": FilesField(label=_label(_("佐证材料"), line), required=False),
        }
        if line.files:
            fields["remove"] = forms.TypedMultipleChoiceField(
                label=_label(_("去掉已传的文件"), line),
                choices=[(one.pk, one.name) for one in line.files],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        return fields

    def given(self) -> dict[int, Rated]:
        """Return what was typed, by the id of the score."""
        return {
            line.score.pk: Rated(
                self.said(line, "points"),
                self.said(line, "note") or "",
                self.said(line, "files") or (),
                self.said(line, "remove") or (),
            )
            for line in self.lines
        }


class CheckForm(CardForm):
    """What the office gives; it begins with what the rule counted, else with the self-rating."""

    def item_fields(self, line: Line) -> dict[str, forms.Field]:
        score = line.score
        points, reason, none = self._begun(line)
        return {
            "points": PointsField(
                full=score.full,
                label=_label(_("审核分"), line),
                help_text=_("满分 %(full)s 分。") % {"full": grouped(score.full)},
                initial="" if points is None else grouped(points),
            ),
            "none": forms.BooleanField(
                label=_label(_("无依据，不计分"), line),
                required=False,
                initial=none,
            ),
            "reason": forms.CharField(
                label=_label(_("扣分原因"), line),
                max_length=300,
                required=False,
                initial=reason,
                widget=forms.Textarea(attrs={"rows": 2, "class": "in-s"}),
            ),
        }

    @staticmethod
    def _begun(line: Line) -> tuple[Decimal | None, str, bool]:
        """Return points, reason and 无依据 to begin with."""
        score = line.score
        if score.points is not None or score.no_basis or score.reason:
            return score.points, score.reason, score.no_basis
        if line.found is None:
            return score.self_points, "", False
        counted = line.counted
        short = counted is not None and counted < score.full
        return counted, line.found.sentence if short else "", counted is None

    def given(self) -> dict[int, Checked]:
        """Return what was typed, by the id of the score."""
        return {
            line.score.pk: Checked(
                self.said(line, "points"),
                bool(self.said(line, "none")),
                self.said(line, "reason") or "",
            )
            for line in self.lines
        }
