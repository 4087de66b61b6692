"""The tables of a report, and its notes on where the numbers come from."""

from typing import Any

from core import words
from reports.compose.wording import Frozen, Runs, attributed, day, ended, figure, joined, marks
from reports.rendering.document import Block, Column, Paragraph, Run, Table, Text

DEMO = "本报告的部分指标数值是演示数据，不是真实统计或调查结果。"


def target_table(frozen: Frozen) -> Table:
    return Table(
        columns=(
            Column("序号", 2, "center"),
            Column("指标", 6),
            Column("单位", 2.4, "center"),
            Column("属性", 3, "center"),
            Column("基期值", 4.4),
            Column("目标值", 6),
            Column("各年实际值", 7),
            Column("完成情况", 4.2, "center"),
            Column("数据来源", 6),
        ),
        rows=tuple(
            _target_row(frozen, number, one) for number, one in enumerate(frozen["targets"], 1)
        ),
        caption="表1　目标指标完成情况",
        note=_target_note(frozen),
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
        (figure(figures, one["word"]),),
        one["source"] or "未注明",
    )


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


def progress_table(frozen: Frozen) -> Table:
    rows = [
        (action, measure, task)
        for action in frozen["actions"]
        for measure in action["measures"]
        for task in measure["tasks"] or [None]
    ]
    return Table(
        columns=(
            Column("序号", 1.6, "center"),
            Column("重点任务", 4),
            Column("具体措施", 5),
            Column("汇总单位", 3.4),
            Column("完成时限", 3.2),
            Column("进展情况", 12),
            Column("完成比例", 3, "right"),
            Column("状态", 2.8, "center"),
            Column("存在问题", 6),
            Column("下一步打算", 6),
        ),
        rows=tuple(_progress_row(frozen, number, *row) for number, row in enumerate(rows, 1)),
        note="注：只列核对通过的填报；“未填报”指没有可以采用的完成比例，不以零计。",
        wide=True,
    )


def _progress_row(
    frozen: Frozen, number: int, action: Frozen, measure: Frozen, task: Frozen | None
) -> tuple[Text, ...]:
    title = f"{measure['label']} {measure['title']}"
    if task is None:
        return (str(number), action["title"], title, "", "", "本年度没有安排任务", "", "", "", "")
    if task["title"] != measure["title"]:
        title += f"\n{task['title']}"
    return (
        str(number),
        action["title"],
        title,
        task["gatherer"] or "各单位分别报送",
        day(task["due"]),
        _said(task, "done") or "未填报",
        _completion(frozen, task),
        str(words.word(task["light"])) if task["figure"] or not task["entries"] else "未判定",
        _said(task, "problems") or ("无" if task["entries"] else ""),
        _said(task, "next_steps") or ("无" if task["entries"] else ""),
    )


def _said(task: Frozen, field: str) -> str:
    """Return what the units wrote; with several units, or a mark to make, each with its name."""
    entries = [one for one in task["entries"] if one[field]]
    if len(entries) == 1 and marks(entries[0]) == f"（{task['gatherer']}）":
        return ended(entries[0][field])
    return "\n".join(attributed(one[field], one) for one in entries)


def _completion(frozen: Frozen, task: Frozen) -> Text:
    figures = frozen["figures"]
    if not task["figure"]:
        return "未作综合判定" if task["entries"] else "未填报"
    share = figure(figures, task["figure"])
    if task["quantity"]:
        goal = figure(figures, f"task.{task['id']}.target", unit=True)
        return (share, Run("\n（"), figure(figures, task["quantity"]), Run("/"), goal, Run("）"))
    return (share, Run("\n（综合判定）")) if task["judged"] else (share,)


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
