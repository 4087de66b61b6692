"""The tables of a report, and its notes on where the numbers come from."""

from typing import Any

from reports.compose.frame import judged
from reports.compose.wording import Frozen, Runs, attributed, day, ended, figure, joined
from reports.rendering.document import Block, Column, Paragraph, Run, Table, Text
from reports.rendering.tables import FILLED_ON, SEAL

PLACE_COLUMNS = 5  # indicators that fit beside the names of the places
BEHIND = ("behind", "far_behind")  # verdicts that ask for a reason
DEMO = "本报告的部分指标数值是演示数据，不是真实统计或调查结果。"


def target_table(frozen: Frozen) -> Table:
    return Table(
        columns=(
            Column("序号", 2.2, "center"),
            Column("指标", 6),
            Column("单位", 2.4, "center"),
            Column("属性", 3, "center"),
            Column("基期值", 4),
            Column("目标值", 5.6),
            Column("各年实际值", 8),
            Column("完成率", 3.4, "center"),
            Column("完成情况", 4.2, "center"),
            Column("数据来源", 5.6),
            Column("责任单位", 14),
            Column("未完成原因", 5),
        ),
        rows=tuple(
            _target_row(frozen, number, one) for number, one in enumerate(frozen["targets"], 1)
        ),
        caption="表1　目标指标完成情况",
        note=sealed(_target_note(frozen)),
        wide=True,
    )


def _target_row(frozen: Frozen, number: int, one: Frozen) -> tuple[Text, ...]:
    figures = frozen["figures"]
    base = [value for value in one["values"] if value["year"] == one["base_year"]]
    years = [value for value in one["values"] if value["year"] >= frozen["plan"]["start_year"]]
    return (
        str(number),
        one["name"],
        one["unit"] or "—",
        one["basis"],
        joined([_year(figures, value) for value in base], "\n") or "未测",
        (figure(figures, one["goal"]),),
        joined([_year(figures, value) for value in years], "\n") or "未测",
        (figure(figures, one["rate"]),) if one["rate"] else "—",
        (figure(figures, one["word"]),),
        one["source"] or "未注明",
        one["units"] or "未注明",
        _reason(frozen, one),
    )


def _reason(frozen: Frozen, one: Frozen) -> str:
    """Return why a target is behind or was missed, or what was noted of one that is not known.

    A dash stands where there is nothing to explain.
    """
    if one["final"] in ("nearly", "missed") if judged(frozen) else one["verdict"] in BEHIND:
        return "\n".join(reasons(frozen, one)) or "未填写"
    return "".join(_noted(one)) or "—" if one["verdict"] in ("not_measured", "stale") else "—"


def _noted(one: Frozen) -> list[str]:
    """Return what was noted beside the newest value, if anything was."""
    return [ended(value["note"]) for value in one["values"] if value["note"]][-1:]


def reasons(frozen: Frozen, one: Frozen) -> list[str]:
    """Return why a target falls short, for table and text alike; empty where nobody wrote it.

    It is what was noted beside the newest value, and the problems that the units reported of the
    target's measure in the report's year.
    """
    told = [
        attributed(entry["problems"], entry)
        for action in frozen["actions"]
        for measure in action["measures"]
        if measure["id"] == one["measure"]
        for task in measure["tasks"]
        for entry in task["entries"]
        if entry["problems"] and entry["year"] == frozen["year"]
    ]
    return [*_noted(one), *told]


def _year(figures: dict[str, Any], value: Frozen) -> Runs:
    """Return a year and its value, with what must be known of it."""
    known = [
        mark
        for mark, said in (("本单位自核", value["own_check"]), ("演示数据", value["is_demo"]))
        if said
    ]
    text = figure(figures, value["figure"]) if value["figure"] else Run(value["text"])
    return (
        Run(f"{value['year']}年 "),
        text,
        *((Run(f"（{'、'.join(known)}）"),) if known else ()),
    )


def _target_note(frozen: Frozen) -> str:
    rules = dict.fromkeys(one["rule"] for one in frozen["targets"] if one["rule"])
    parts = ["注：实际值只取已核对的数值。", *rules]
    if frozen["demo"]:
        parts.append(DEMO)
    return "".join(ended(part) for part in parts)


def places_table(frozen: Frozen) -> Table:
    """Set the places below against the indicators of the targets: the newest value of each."""
    figures, shown = frozen["figures"], frozen["places"][:PLACE_COLUMNS]
    rows = []
    for at, first in enumerate(shown[0]["rows"]):
        cells = [one["rows"][at] for one in shown]
        rows.append((str(at + 1), first["region"], *(_place(figures, cell) for cell in cells)))
    left = [one["name"] for one in frozen["places"][PLACE_COLUMNS:]]
    note = "注：列最近一次已核对的数值和年份。"
    if left:
        note += f"因篇幅没有列出：{'、'.join(left)}。"
    return Table(
        columns=(
            Column("序号", 1.4, "center"),
            Column("县（市、区）", 4),
            *(Column(_headed(one), 4, "right") for one in shown),
        ),
        rows=tuple(rows),
        caption="表2　各县（市、区）指标情况",
        note=note,
    )


def _headed(one: Frozen) -> str:
    return f"{one['name']}（{one['unit']}）" if one["unit"] else one["name"]


def _place(figures: dict[str, Any], cell: Frozen) -> Text:
    if not cell["figure"]:
        return "未测"
    return (figure(figures, cell["figure"]), Run(f"（{cell['year']}年）"))


def sealed(note: str = "") -> str:
    """Return a table's note with the line for seal and date below it, left blank for hand."""
    line = f"{SEAL}{'　' * 16}{FILLED_ON}　　　　年　　月　　日"
    return f"{note}\n{line}" if note else line


def explanations(frozen: Frozen) -> tuple[Block, ...]:
    plan = frozen["plan"]
    said = [
        f"本报告由系统按截至{day(frozen['as_of'])}的数据编制，只采用核对通过的填报、综合判定和已核对"
        "的指标数值；草稿、待核对和退回的内容没有采用。",
        "任务的完成比例取汇总单位最近一次核对通过的填报；各单位分别报送的任务取综合判定。重点任务"
        "的完成比例是所属任务的加权平均，未填报的不以零计。序时进度是任务实施期已经过去的份额。",
        f"完成比例低于序时进度超过{plan['behind_points']}个百分点的记为滞后，超过"
        f"{plan['far_behind_points']}个百分点的记为严重滞后。",
        "“迟报”指报送时已过时限；“本单位自核”指填报与核对由同一单位的同一人完成。",
    ]
    if frozen["demo"]:
        said.append(DEMO)
    if frozen.get("substituted"):
        said.append(f"PDF文件使用了替代字体：{'；'.join(frozen['substituted'])}。")
    return tuple(Paragraph(f"{number}. {text}") for number, text in enumerate(said, 1))
