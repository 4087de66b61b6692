"""Tables A, B and D in the columns that offices use, each with the line for its seal below."""

from collections.abc import Iterable

from core import words
from plans.models import Action
from reports.compose.tables import sealed
from reports.compose.wording import (
    Frozen,
    attributed,
    day,
    ended,
    figure,
    groups,
    marks,
    told_of_work,
)
from reports.facts.others import BASES
from reports.facts.scope import SPANS
from reports.rendering.document import Column, Run, Table, Text

SEVERAL = "各单位分别报送"


# --- A 重点任务分工表 -------------------------------------------------------------------------
def assigned_table(frozen: Frozen) -> Table:
    """Say who carries what until when; work that several years list alike stands once."""
    rows: dict[tuple[int | str, str], tuple[Frozen, Frozen, Frozen | None]] = {}
    for action in groups(frozen):
        for measure in action["measures"]:
            for task in measure["tasks"] or [None]:
                of = measure["id"] or measure["basis"]
                rows[of, task["title"] if task else ""] = (action, measure, task)
    return Table(
        columns=(
            Column("序号", 2.2, "center"),
            Column("类别", 3, "center"),
            Column("重点任务", 7),
            Column("具体措施", 15),
            Column("牵头单位", 8),
            Column("配合单位", 10),
            Column("完成时限", 5.4, "center"),
            Column("备注", 7),
        ),
        rows=tuple(_assigned_row(number, *row) for number, row in enumerate(rows.values(), 1)),
        note=sealed(),
        wide=True,
    )


def _assigned_row(
    number: int, action: Frozen, measure: Frozen, task: Frozen | None
) -> tuple[Text, ...]:
    head = (str(number), _category(action, measure), action["title"], _work(measure, task))
    if task is None:
        return (*head, "", "", "", "本年度没有安排任务")
    return (*head, leads(task), helpers(task), broken(task["due"]), task["note"])


def _category(action: Frozen, measure: Frozen) -> str:
    if "basis" in measure:
        return BASES[measure["basis"]]
    return str(Action.Kind(action["kind"]).label)


def _work(measure: Frozen, task: Frozen | None) -> str:
    """Return a measure with its number, and its task where that has a title of its own."""
    title = f"{measure['label']} {measure['title']}".strip()
    return (
        title if task is None or task["title"] == measure["title"] else f"{title}\n{task['title']}"
    )


def leads(task: Frozen) -> str:
    """Return the unit that gathers; without one, those that are responsible each for its part."""
    if task["gatherer"]:
        return str(task["gatherer"])
    return (
        "、".join(task["responsible"]) + "\n（按职责分工负责）" if task["responsible"] else SEVERAL
    )


def helpers(task: Frozen) -> str:
    named = task["responsible"] if task["gatherer"] else []
    return "、".join([*named, *task["cooperate"]])


def broken(iso: str) -> str:
    """Return a day that a narrow column breaks after its year."""
    return day(iso).replace("年", "年\n") if iso else ""


# --- B 工作进展情况表 -------------------------------------------------------------------------
def progress_table(frozen: Frozen) -> Table:
    """List every task with what was approved of it; telephone numbers are no business of print."""
    rows = [
        (action, measure, task)
        for action in groups(frozen)
        for measure in action["measures"]
        for task in measure["tasks"] or [None]
    ]
    return Table(
        columns=(
            Column("序号", 2, "center"),
            Column("重点任务", 4.7),
            Column("具体措施", 5.6),
            Column("牵头单位", 4.7),
            Column("配合单位", 7.4),
            Column("完成时限", 5, "center"),
            Column("本期目标", 4.7),
            Column("进展情况", 8.6),
            Column("完成比例/状态", 4.7, "center"),
            Column("存在问题", 4.7),
            Column("下一步打算", 5.7),
            Column("佐证材料", 2.7, "center"),
            Column("填报人", 3.7, "center"),
            Column("审核人", 3.7, "center"),
            Column("填报日期", 5, "center"),
        ),
        rows=tuple(_progress_row(frozen, number, *row) for number, row in enumerate(rows, 1)),
        note=sealed("注：只列核对通过的填报；“未填报”指没有可以采用的完成比例，不以零计。"),
        wide=True,
    )


def _progress_row(
    frozen: Frozen, number: int, action: Frozen, measure: Frozen, task: Frozen | None
) -> tuple[Text, ...]:
    group = (
        f"{action['title']}\n（{BASES[measure['basis']]}）"
        if "basis" in measure
        else action["title"]
    )
    head = (str(number), group, _work(measure, task))
    if task is None:
        return (*head, *[""] * 4, "本年度没有安排任务", *[""] * 7)
    entries = task["entries"]
    nothing = "无" if entries else ""
    files = sum(entry["evidence"] for entry in entries)
    return (
        *head,
        leads(task),
        helpers(task),
        broken(task["due"]),
        _goal(frozen, task),
        _said(task, "done") or "未填报",
        (*_completion(frozen, task), Run(f"\n{_state(frozen, task)}")),
        _said(task, "problems") or _unsaid(task, "problems"),
        _said(task, "next_steps") or _unsaid(task, "next_steps"),
        f"{files}件" if files else nothing,
        _each(entry["reporter"] for entry in entries),
        _each(entry["signer"] for entry in entries),
        _each(broken(entry["submitted_on"]) for entry in entries),
    )


def _each(named: Iterable[str]) -> str:
    """Return names or days under each other, none twice, none empty."""
    return "\n".join(dict.fromkeys(one for one in named if one))


def _goal(frozen: Frozen, task: Frozen) -> Text:
    parts: list[Run] = []
    if task["target"]:
        parts.append(figure(frozen["figures"], task["target"], unit=True))
    if task["deliverable"]:
        parts.append(Run(("；" if parts else "") + task["deliverable"]))
    return tuple(parts)


def _state(frozen: Frozen, task: Frozen) -> str:
    """Return how a task stands; past its time it is short where the text counts it among those."""
    if task["outcome"] == "short" and frozen["kind"] in (*SPANS, "department"):
        return "到期没有完成"
    return str(words.word(task["light"])) if task["figure"] or not task["entries"] else "未判定"


def _said(task: Frozen, field: str) -> str:
    """Return what the units wrote; with several units, or a mark to make, each with its name."""
    entries = [one for one in task["entries"] if one[field]]
    if field == "done" and any("earlier" in one for one in entries):
        return "\n".join(told_of_work(one) for one in entries)
    if len(entries) == 1 and marks(entries[0]) == f"（{task['gatherer']}）":
        return ended(entries[0][field])
    return "\n".join(attributed(one[field], one) for one in entries)


def _unsaid(task: Frozen, field: str) -> str:
    """Tell 无, which a unit wrote, from a field that it left empty; both may be on one task."""
    words = [("无" if field in one["nothing"] else "未填写", one) for one in task["entries"]]
    if len({word for word, _entry in words}) > 1:
        return "\n".join(attributed(word, entry) for word, entry in words)
    return words[0][0] if words else ""


def _completion(frozen: Frozen, task: Frozen) -> tuple[Run, ...]:
    figures = frozen["figures"]
    if not task["figure"]:
        return (Run("未作综合判定" if task["entries"] else "未填报"),)
    share = figure(figures, task["figure"])
    if task["quantity"]:
        goal = figure(figures, task["target"], unit=True)
        return (share, Run("\n（"), figure(figures, task["quantity"]), Run("/"), goal, Run("）"))
    return (share, Run("\n（综合判定）")) if task["judged"] else (share,)


# --- D 督办台账 -------------------------------------------------------------------------------
def supervised_table(frozen: Frozen) -> Table:
    """List the 督办件 of the report's years by number, colours as words."""
    return Table(
        columns=(
            Column("编号", 5, "center"),
            Column("来源", 6.4),
            Column("督办事项", 8),
            Column("承办单位", 4.7),
            Column("协办单位", 4.7),
            Column("交办日期", 5, "center"),
            Column("办理时限", 5, "center"),
            Column("反馈情况", 10),
            Column("亮灯", 3.4, "center"),
            Column("催办次数", 2.7, "center"),
            Column("延期", 3.4, "center"),
            Column("办结日期", 5, "center"),
            Column("销号意见", 6),
        ),
        rows=tuple(_supervised_row(frozen, one) for one in frozen["supervision"]),
        note=sealed(
            "注：亮灯按截至"
            f"{day(frozen['as_of'])}的时限判断。"
            + ("" if frozen["supervision"] else "本报告年度没有立项的督办件。")
        ),
        wide=True,
    )


def _supervised_row(frozen: Frozen, one: Frozen) -> tuple[Text, ...]:
    settled = broken(one["settled_on"])
    return (
        one["number"],
        one["source"],
        one["title"],
        one["department"],
        one["helpers"],
        broken(one["assigned_on"]),
        broken(one["due"]) or "长期坚持",
        one["feedback"],
        one["light"],
        (figure(frozen["figures"], one["nudges"]),),
        one["extension"],
        f"{settled}\n（本单位自核）" if one["own_check"] else settled,
        one["opinion"],
    )
