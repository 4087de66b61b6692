"""The years of a report side by side: a chart, a sentence, and a table action by action."""

from core.charts import render_svg
from reports.compose import chart
from reports.compose.wording import Frozen, Runs, day, figure, joined, number
from reports.rendering.document import Block, Column, Figure, Paragraph, Run, Table, Text


def trend(frozen: Frozen) -> list[Block]:
    """Compare the years; a year in which nothing was reported is said to be so, never 0."""
    years = frozen["years"]
    if not any(one["tasks"] for one in years):
        return [Paragraph("系统中没有这些年的年度任务，不能比较。")]
    found: list[Block] = [Paragraph(_percents(frozen))]
    picture = _chart(frozen)
    if picture is not None:
        found.append(picture)
    return [*found, _of_years(frozen), _of_actions(frozen)]


def _percents(frozen: Frozen) -> Runs:
    parts: list[Runs] = []
    for one in frozen["years"]:
        key = f"{one['key']}.percent"
        shown = figure(frozen["figures"], key) if key in frozen["figures"] else Run(_unknown(one))
        parts.append((Run(f"{one['year']}年{_measured(one)}"), shown))
    said: Runs = (Run("各项重点任务的平均完成比例："), *joined(parts, "，"), Run("。"))
    said += (Run("平均数只按有完成比例的任务计算，"),)
    if any(one["percent"] is None for one in frozen["years"]):
        return (*said, Run("没有完成比例的年份不以零计，也不由前后年推算。"))
    return (*said, Run("其余任务不以零计。"))


def _measured(year: Frozen) -> str:
    """Say on which day a year's percent was measured: 末, or （截至6月30日）."""
    if year["percent"] is None:
        return ""
    shown = day(year["as_of"]).removeprefix(f"{year['year']}年")
    return "末" if shown == "12月31日" else f"（截至{shown}）"


def _unknown(year: Frozen) -> str:
    """Say why a year has no percent."""
    return "未填报" if year["total"] else "没有安排任务"


def _chart(frozen: Frozen) -> Figure | None:
    bars = [
        (f"{one['year']}年", number(one["percent"]), number(one["schedule"]) or 0)
        for one in frozen["years"]
        if one["total"]
    ]
    if all(percent is None for _title, percent, _schedule in bars):
        return None
    drawn = chart.action_bars(bars, of="各年", heading="年度")
    keys = [f"{one['key']}.percent" for one in frozen["years"]]
    return Figure(
        svg=render_svg(
            drawn.option,
            width=chart.WIDTH,
            height=chart.FRAME + chart.ROW * len(bars),
            palette="print",
        ),
        alt=drawn.sentence,
        caption="图1　各年平均完成比例与序时进度",
        facts=tuple(key for key in keys if key in frozen["figures"]),
    )


def _of_years(frozen: Frozen) -> Table:
    def row(one: Frozen) -> tuple[Text, ...]:
        shown = [
            (figure(frozen["figures"], f"{one['key']}.{name}"),)
            for name in ("tasks", "done", "short", "running", "unknown")
        ]
        return (f"{one['year']}年", *shown, _percent(frozen, f"{one['key']}.percent"))

    return Table(
        columns=(
            Column("年度", 2, "center"),
            Column("任务项数", 2, "right"),
            Column("完成", 2, "right"),
            Column("到期没有完成", 2.4, "right"),
            Column("仍在推进", 2, "right"),
            Column("没有完成比例", 2.4, "right"),
            Column("平均完成比例", 2.4, "right"),
        ),
        rows=tuple(row(one) for one in frozen["years"]),
        caption="各年任务完成情况",
        note="注：“仍在推进”指有完成比例、时限还没有到的任务。"
        + ("平均完成比例不含其他任务。" if frozen.get("others") else ""),
    )


def _of_actions(frozen: Frozen) -> Table:
    years = frozen["years"]
    rows = []
    for at, action in enumerate(frozen["actions"]):
        cells = [_percent(frozen, f"{action['key']}.{one['year']}.percent") for one in years]
        rows.append((str(at + 1), action["title"], *cells))
    return Table(
        columns=(
            Column("序号", 1.4, "center"),
            Column("重点任务", 6),
            *(Column(f"{one['year']}年", 2, "right") for one in years),
        ),
        rows=tuple(rows),
        caption="各项重点任务各年平均完成比例",
        note="注：“—”指没有可以采用的完成比例，或者当年没有安排任务。",
    )


def _percent(frozen: Frozen, key: str) -> Text:
    return (figure(frozen["figures"], key),) if key in frozen["figures"] else "—"
