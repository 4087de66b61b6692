"""A stage for the front end: every component on one page, and a server side that misbehaves."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.http import require_POST

from core import words
from core.chart_options import (
    Ahead,
    Goal,
    Point,
    Yearly,
    status_history,
    survey_points,
    yearly_bars,
)
from core.charts import draw

PAGE = (Path(__file__).parent / "stage.html").read_text(encoding="utf-8")
COUNTS = {
    "unreported": 1,
    "on_track": 26,
    "done": 3,
    "behind": 6,
    "far_behind": 2,
    "overdue": 1,
}
ROWS = [
    ("一", "青少年行动", 58, "on_track", 4),
    ("八", "基础设施工程", 34, "behind", 1),
    ("九", "产业助力工程", 22, "far_behind", 0),
    ("十", "人才建设工程", None, "unreported", None),
    ("七", "信息化工程", 100, "done", -3),
]
saved: dict[str, tuple[int, str]] = {}  # what the pretended server holds: version, text
posted: list[dict[str, str]] = []
asked: list[str] = []


class EntryForm(forms.Form):
    """The fields of an entry, as pages draw them."""

    quantity = forms.CharField(label="完成数量", help_text="累计数", initial="262")
    rating = forms.ChoiceField(
        label="本单位自评",
        choices=[("behind", "欠进度"), ("on", "达进度")],
        widget=forms.RadioSelect,
        initial="on",
    )
    problems = forms.CharField(label="存在问题", widget=forms.Textarea, required=False)
    signed = forms.BooleanField(label="已由本单位领导审定", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("a", "行动"), ("b", "工程")])


def charts() -> dict[str, Any]:
    """Return one chart of each kind."""
    survey = survey_points(
        "公民具备科学素质的比例",
        [
            Point(2015, Decimal("6.6"), Decimal("5.6"), Decimal("7.7")),
            Point(2018, Decimal("8.9"), Decimal("7.7"), Decimal("10.3")),
        ],
        range(2015, 2021),
        target=Goal(Decimal("10.5"), "目标：超过 10.5%"),
        projection=Ahead(2020, Decimal("10.4"), Decimal("8.1"), Decimal("12.7"), "一元线性回归"),
    )
    bars = yearly_bars(
        "人均科普专项经费",
        [
            Yearly(2016, Decimal("0.86"), False),
            Yearly(2017, Decimal("1.08"), True),
            Yearly(2018, None),
        ],
        unit="元",
        target=Goal(1, "目标 1 元"),
    )
    history = status_history(["17Q4", "18Q1"], [COUNTS, COUNTS | {"unreported": 0}])
    return {
        "survey": draw(survey, key="survey"),
        "bars": draw(bars, key="bars"),
        "history": draw(history, key="history", height=200),
    }


def page(request: HttpRequest) -> HttpResponse:
    """Show every component once; ?bad=1 with errors."""
    initial = {name: text for name, (_version, text) in saved.items()}
    form = EntryForm({"quantity": ""}) if "bad" in request.GET else EntryForm(initial=initial)
    if "said" in request.GET:
        messages.success(request, "已提交 4 项。")
        messages.warning(request, "有 1 项没有提交：缺少数量。")
    context = charts() | {
        "counts": COUNTS,
        "form": form,
        "rows": ROWS,
        "codes": words.STATUS,
        "attainments": words.ATTAINMENT,
        "states": words.WORKFLOW,
        "nav": [("/", "待办", "home"), ("/dashboard/", "总览", "dashboard")],
        "demo": True,
        "day": date(2018, 10, 10),
        "versions": {name: version for name, (version, _text) in saved.items()},
        "banner": {"text": "本期 10 月 10 日截止。"} if "banner" in request.GET else None,
        "errors": [("id_quantity", "完成数量", "请填数量。")] if "bad" in request.GET else [],
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Save one field by its version, or answer 409 with both texts."""
    field, value = request.POST["field"], request.POST["value"]
    asked.append(f"{field}={value}")
    version, text = saved.get(field, (0, ""))
    if int(request.POST["version"]) != version:
        clash = {"code": "conflict", "mine": value, "theirs": text, "version": version}
        return JsonResponse(clash, status=409)
    saved[field] = (version + 1, value)
    fine = field != "quantity" or value.isdigit()
    return JsonResponse(
        {
            "version": version + 1,
            "saved_at": "2018-10-06T06:32:00Z",
            "state": "saved" if fine else "invalid",
            "message": "" if fine else "请填整数。",
        }
    )


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take a plain form."""
    posted.append(request.POST.dict())
    return HttpResponse("收到了")


def progress(request: HttpRequest) -> HttpResponse:
    """Tell how far a job is: done at the third asking."""
    asked.append("progress")
    done = asked.count("progress") >= 3
    return JsonResponse(
        {
            "state": "done" if done else "running",
            "progress": 100 if done else 40,
            "message": "编制完成" if done else "正在编制",
            "url": "/dashboard/",
        }
    )


urlpatterns = [
    path("", include("departments.urls")),
    path("", page, name="home"),
    path("dashboard/", page, name="dashboard"),
    path("search/", page, name="search"),
    path("autosave/", autosave),
    path("send/", send),
    path("progress/", progress),
]
