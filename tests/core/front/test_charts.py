"""Charts: honest pictures, fit for a strict content security policy."""

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings

from core import charts
from core.chart_options import (
    Ahead,
    Goal,
    Place,
    Point,
    Yearly,
    status_history,
    survey_points,
    yearly_bars,
)
from core.charts import Chart, ChartError, draw, render_svg

SURVEY = survey_points(
    "具备科学素质的比例",
    [
        Point(2015, Decimal("6.6"), Decimal("5.6"), Decimal("7.7")),
        Point(2018, Decimal("8.9")),
        Point(2019, Decimal("9.4")),
    ],
    range(2015, 2021),
    target=Goal(Decimal("10.5"), "目标：超过 10.5%"),
    stretch=Goal(Decimal("12"), "争取 12%"),
    projection=Ahead(2020, Decimal("10.4"), Decimal("8.1"), Decimal("12.7"), "一元线性回归"),
    comparison=[Place("全国", [Point(2015, Decimal("6.2")), Point(2020, Decimal("10.56"))])],
)
BARS = yearly_bars(
    "人均经费",
    [Yearly(2016, Decimal("0.86"), False), Yearly(2017, Decimal("1.08"), True), Yearly(2018, None)],
    unit="元",
    target=Goal(1, "目标 1 元"),
)
HISTORY = status_history(
    ["17Q4", "18Q1"],
    [{"on_track": 24, "overdue": 1, "far_behind": 2}, {"on_track": 25, "unreported": 3}],
)
ALL = pytest.mark.parametrize("chart", [SURVEY, BARS, HISTORY], ids=["survey", "bars", "history"])


def test_a_title_that_looks_like_a_price_is_no_colour() -> None:
    option = {"xAxis": {"type": "category", "data": ["$5 计划", "$"]}, "yAxis": {}, "series": []}
    assert "$5 计划" in render_svg(option, width=300, height=150, palette="print")


def series(chart: Chart, name: str) -> dict[str, Any]:
    return next(one for one in chart.option["series"] if one["name"] == name)


@ALL
@pytest.mark.parametrize("palette", ["screen", "print"])
def test_a_drawing_holds_no_style_and_no_script(chart: Chart, palette: Any) -> None:
    svg = render_svg(chart.option, width=420, height=200, palette=palette)
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        assert element.tag.rpartition("}")[2] not in {"style", "script", "foreignObject"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
    assert root.get("role") == "img"
    assert root.get("aria-label") == chart.sentence


@ALL
def test_a_page_gets_variables_and_a_document_real_colours_and_a_font(chart: Chart) -> None:
    page = render_svg(chart.option, width=420, height=200, palette="screen")
    document = render_svg(chart.option, width=420, height=200, palette="print")
    assert "var(--" in page
    assert "font-family" not in page
    assert "var(--" not in document
    assert 'font-family="Noto Sans SC"' in document


@ALL
def test_the_same_chart_is_drawn_to_the_same_text_by_a_new_engine(chart: Chart) -> None:
    first = render_svg(chart.option, width=300, height=150, palette="screen")
    charts._rendered.cache_clear()
    charts._thread().submit(charts._close).result()
    assert render_svg(chart.option, width=300, height=150, palette="screen") == first


def test_no_line_runs_through_years_without_a_survey() -> None:
    measured = series(SURVEY, "调查值")
    assert [one and one["value"] for one in measured["data"]] == [6.6, None, None, 8.9, 9.4, None]
    assert measured["connectNulls"] is False
    assert "2016、2017 年没有调查" in SURVEY.sentence
    assert [row[1] for row in SURVEY.rows][1:3] == ["未测", "未测"]


def test_an_interval_is_drawn_only_where_one_is_known() -> None:
    assert series(SURVEY, "95% 区间")["data"] == [[0, 5.6, 7.7, 2]]
    bare = survey_points("比例", [Point(2018, 8.9)], [2018, 2020])
    assert [one["name"] for one in bare.option["series"]] == ["调查值"]


def test_a_projection_starts_at_the_last_survey_and_is_called_one() -> None:
    dotted = series(SURVEY, "推算")
    assert [one and one["value"] for one in dotted["data"]] == [None, None, None, None, 9.4, 10.4]
    assert SURVEY.rows[-1][1:3] == ["约 10.4%（推算）", "8.1—12.7%"]
    assert "推算 2020 年约 10.4%，区间 8.1—12.7%（一元线性回归）" in SURVEY.sentence


def test_a_projection_is_drawn_dotted_and_hollow_with_its_band() -> None:
    dotted = series(SURVEY, "推算")
    assert dotted["lineStyle"]["type"] == [3, 4]
    assert dotted["itemStyle"]["color"] == "$surface"
    assert series(SURVEY, "推算的区间")["data"] == [[5, 8.1, 12.7, 1]]


def test_values_counted_in_two_ways_are_never_one_line() -> None:
    chart = survey_points(
        "比例",
        [Point(2017, 3.3, series="旧办法"), Point(2018, 8.9), Point(2019, 9.4)],
        range(2017, 2020),
    )
    lines = [one["data"] for one in chart.option["series"] if one["name"] == "调查值"]
    shown = [[one and one["value"] for one in data] for data in lines]
    assert shown == [[None, 8.9, 9.4], [3.3, None, None]]
    assert chart.rows[0][1] == "3.3%（旧办法）"


def test_a_band_too_wide_for_the_chart_does_not_flatten_it() -> None:
    wide = survey_points(
        "比例",
        [Point(2015, 6), Point(2016, 7), Point(2018, 8)],
        range(2015, 2021),
        projection=Ahead(2020, 9, 0, 60, "一元线性回归"),
    )
    assert wide.option["yAxis"]["max"] < 20
    assert "区间 0—60%" in wide.sentence


def test_a_survey_without_any_value_says_so() -> None:
    empty = survey_points("比例", [], range(2016, 2021), target=Goal(10, "目标 10%"))
    assert "没有调查值" in empty.sentence
    assert "<svg" in render_svg(empty.option, width=300, height=150, palette="screen")


def test_bars_start_at_nought_and_a_missing_year_is_no_bar() -> None:
    bars = series(BARS, "人均经费")
    assert BARS.option["yAxis"]["min"] == 0
    assert bars["data"][2] is None
    colours = [one["itemStyle"]["color"] for one in bars["data"][:2]]
    assert colours == ["$ink-3", "$b-fill"]
    assert BARS.rows == [
        ["2016", "0.86", "未达到"],
        ["2017", "1.08", "达到"],
        ["2018", "未测", "—"],
    ]


def test_statuses_keep_their_order_their_patterns_and_their_sum() -> None:
    names = [one["name"] for one in HISTORY.option["series"]]
    assert names == ["达到序时", "已完成", "滞后", "严重滞后或逾期", "未填报"]
    assert [one["value"] for one in series(HISTORY, "严重滞后或逾期")["data"]] == [3, 0]
    decals = HISTORY.option["aria"]["decal"]["decals"]
    assert [one.get("symbol") for one in decals] == [None, None, "rect", "circle", "rect"]
    assert "18Q1：达到序时 25 项" in HISTORY.sentence


def test_two_charts_on_a_page_share_no_identifier() -> None:
    other = status_history(["甲"], [{"behind": 1, "unreported": 1}])
    found = [
        set(
            re.findall(
                r'id="([^"]+)"', render_svg(one.option, width=300, height=150, palette="screen")
            )
        )
        for one in (HISTORY, other)
    ]
    assert found[0]
    assert not found[0] & found[1]


def test_names_from_data_cannot_break_out_of_the_picture_or_its_data() -> None:
    evil = '</script><img src=x onerror=alert(1)> & "甲"'
    chart = yearly_bars(evil, [Yearly(2016, 1, True)], unit=evil)
    drawn = draw(chart, key="evil")
    ElementTree.fromstring(drawn.svg)
    assert "<img" not in drawn.svg
    assert "<" not in drawn.data
    assert json.loads(drawn.data)["series"][0]["name"] == evil


def test_an_unknown_colour_is_an_error_and_the_next_chart_is_drawn() -> None:
    broken = {"xAxis": {}, "yAxis": {}, "backgroundColor": "$pink", "series": []}
    with pytest.raises(ChartError, match="pink"):
        render_svg(broken, width=100, height=100, palette="screen")
    assert "<svg" in render_svg(BARS.option, width=101, height=100, palette="screen")


def test_a_process_forked_after_a_chart_is_refused_instead_of_dying() -> None:
    render_svg(BARS.option, width=222, height=100, palette="screen")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            render_svg(BARS.option, width=223, height=100, palette="screen")
        except ChartError:
            os.write(writer, b"refused")
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    assert os.read(reader, 10) == b"refused"


def test_documents_use_the_colours_of_the_light_theme() -> None:
    css = (Path(settings.BASE_DIR) / "static" / "app.css").read_text(encoding="utf-8")
    light = css[css.index(":root{") : css.index("[data-bs-theme=dark]{")]
    for name, colour in charts.PRINT_COLOURS.items():
        stated = re.search(rf"--{name}:([^;]+);", light)
        assert stated, name
        shade = stated.group(1)
        assert (shade if len(shade) != 4 else "#" + shade[1:] * 2) == colour, name
