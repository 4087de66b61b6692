"""What the template tags draw."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory


def render(text: str, **context: Any) -> str:
    return Template(text).render(Context(context))


def test_a_bar_says_both_numbers_and_draws_them_as_attributes() -> None:
    html = render('{% bar 58 55 "on_track" %}')
    assert 'role="img" aria-label="完成 58%，序时 55%"' in html
    assert 'class="pb c-g"' in html
    assert 'class="pb-f" y="4" width="58%"' in html
    assert 'x="55%"' in html


def test_an_unreported_bar_has_no_fill_and_says_so() -> None:
    html = render('{% bar percent 55 "unreported" %}', percent=None)
    assert "未填报，序时 55%" in html
    assert "pb-f" not in html


@pytest.mark.parametrize(("percent", "width"), [(140, "100%"), (-5, None), (0, None)])
def test_a_bar_never_leaves_its_track_but_tells_the_true_number(
    percent: int, width: str | None
) -> None:
    html = render("{% bar percent 50 'behind' %}", percent=percent)
    found = re.search(r'class="pb-f" y="4" width="([^"]+)"', html)
    assert (found.group(1) if found else None) == width
    assert f"完成 {str(percent).replace('-', '−')}%" in html


def test_a_distribution_keeps_its_order_and_fills_the_whole_width() -> None:
    html = render("{% dist counts '项措施' %}", counts={"unreported": 1, "on_track": 2, "done": 1})
    assert 'aria-label="4 项措施：2 项达到序时，1 项已完成，1 项未填报"' in html
    assert re.findall(r'class="(d-\w+)" x="([\d.]+)%" width="([\d.]+)%"', html) == [
        ("d-g", "0.0000", "50.0000"),
        ("d-b", "50.0000", "25.0000"),
        ("d-hatch", "75.0000", "25.0000"),
    ]


def test_a_distribution_of_nothing_is_said_in_words() -> None:
    assert "没有数据" in render("{% dist counts %}", counts={})


def test_each_count_of_a_legend_leads_to_its_list() -> None:
    html = render("{% legend counts url %}", counts={"behind": 6}, url="?year=2018&status=")
    assert 'href="?year=2018&amp;status=behind"' in html
    assert "滞后 <b>6</b>" in html
    assert "href" not in render("{% legend counts %}", counts={"behind": 6}).replace("use href", "")


def test_only_a_returned_entry_is_filled() -> None:
    assert "wf-back" in render("{% workflow 'returned' %}")
    assert "wf-back" not in render("{% workflow 'submitted' %}")
    assert "待核对" in render("{% workflow 'submitted' %}")


def test_an_icon_is_silent_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in render("{% icon 'bell' %}")
    assert 'role="img" aria-label="通知"' in render("{% icon 'bell' label='通知' %}")
    assert "#f-circle-check" in render("{% icon 'circle-check' filled=True %}")


def test_what_people_typed_is_escaped_everywhere() -> None:
    evil = '"><script>x</script>'
    html = render("{% cell 'done' url name %}{% status 'done' text=name %}", url=evil, name=evil)
    assert "<script>" not in html


def test_times_are_told_on_the_clock_of_the_office() -> None:
    late = datetime(2018, 10, 6, 16, 40, tzinfo=UTC)  # 00:40 of the next day in Shanghai
    html = render(
        '{{ at|zh_date }} {{ at|zh_date:"year" }} {{ at|zh_date:"time" }} {{ at|zh_time }}'
        " {{ at|iso_date }}",
        at=late,
    )
    assert html == "10 月 7 日 2018 年 10 月 7 日 10 月 7 日 00:40 00:40 2018-10-07"


def test_a_block_of_a_child_page_marks_the_entry_of_the_menu() -> None:
    request = RequestFactory().get("/plans/")
    context = {
        "request": request,
        "user": AnonymousUser(),
        "nav": [("/", "待办", "home"), ("/plans/", "实施方案", "plans")],
        "nav_key": "plans",
    }
    html = render_to_string("base.html", context)
    assert html.count('<a href="/plans/" aria-current="page">') == 1
    assert "本系统不处理涉密信息" in html
    assert "csrf-token" not in html  # a public page sets no cookie


def test_errors_of_the_server_need_neither_request_nor_database() -> None:
    for name in ("400.html", "403.html", "404.html", "500.html", "errors/csrf.html"):
        html = render_to_string(name)
        assert html.count("<h1>") == 1
        assert 'href="/"' in html
    assert "30 分钟后再试" in render_to_string("registration/locked.html", {"failure_limit": 5})


def test_a_form_field_ties_hint_and_error_to_its_input() -> None:
    from django import forms

    class One(forms.Form):
        count = forms.IntegerField(label="数量", help_text="累计数")

    html = render_to_string("parts/field.html", {"field": One({"count": "x"})["count"]})
    assert 'aria-describedby="id_count-hint id_count-error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("id_count-hint") < html.index("id_count-error") < html.index("<input")


def test_a_pager_keeps_the_filters_of_the_list() -> None:
    from django.core.paginator import Paginator

    request = RequestFactory().get("/tasks/?status=behind&page=2")
    page = Paginator(range(120), 50).page(2)
    html = render_to_string("parts/pager.html", {"page": page}, request)
    assert "第 51—100 项，共 120 项" in html
    assert "status=behind&amp;page=3" in html


def test_a_period_is_named_by_its_ends() -> None:
    from datetime import date

    period = SimpleNamespace(start=date(2018, 7, 1), end=date(2018, 9, 30))
    assert render("{{ p|zh_period }}", p=period) == "2018 年第三季度"
