"""Sentences on several years: what became of the tasks, by rules from frozen figures."""

from reports.compose.wording import Frozen, Runs, entries_of, joined, names, phrase
from reports.facts.scope import SPANS
from reports.rendering.document import Run

# What may be said of an action over the years: of those with tasks, by how its tasks ended.
ALL_DONE = (
    "{%span.tasks}项任务全部完成。",
    "先后安排的{%span.tasks}项任务都已办结。",
    "列入各年计划的{%span.tasks}项任务均按要求完成。",
)
MIXED = (
    "先后安排任务{%span.tasks}项，完成{%span.done}项；{%span.tasked}条措施中，"
    "各年任务都完成的有{%span.completed}条。",
    "{%span.tasks}项任务完成了{%span.done}项，各年任务都完成的措施是{%span.completed}条，"
    "全项共{%span.tasked}条。",
    "各年任务合计{%span.tasks}项，已完成{%span.done}项；{%span.tasked}条措施中，"
    "逐年完成的为{%span.completed}条。",
)
NONE_THROUGHOUT = (
    "先后安排任务{%span.tasks}项，完成{%span.done}项，{%span.tasked}条措施都没有做到逐年完成。",
    "{%span.tasks}项任务完成了{%span.done}项；{%span.tasked}条措施各有未完成的年度任务。",
    "完成的任务有{%span.done}项，各年合计{%span.tasks}项，"
    "{%span.tasked}条措施中还没有各年任务都完成的。",
)
NONE_TOLD = (
    "先后安排任务{%span.tasks}项，都没有可以采用的完成比例，此处不作评价。",
    "{%span.tasks}项任务没有报送可以采用的完成比例，实施情况暂不评价。",
    "因没有可以采用的完成比例，这里只列任务数（{%span.tasks}项），不作判断。",
)
NO_TASKS = (
    "方案列有本项，但各年都没有安排任务。",
    "各年的任务中没有列入本项内容。",
    "本项在实施期内没有分解为年度任务。",
)
LATE = (
    "到期没有完成的{%span.short}项任务涉及{names}。",
    "{names}有任务到期没有完成，共{%span.short}项。",
    "另有{%span.short}项任务逾期，出在{names}。",
)
GOING_ON = (
    "尚未到期、仍在推进的任务有{%span.running}项。",
    "另有{%span.running}项任务没有到期，仍在推进。",
    "还有{%span.running}项任务时限未到，正在推进。",
)
IDLE = (
    "各年都没有安排任务的措施有{%span.idle}条。",
    "另有{%span.idle}条措施没有分解为年度任务。",
    "还有{%span.idle}条措施在各年都没有任务。",
)
UNHEARD = (
    "{names}在各年都没有核对通过的填报，情况从缺。",
    "没有核对通过的填报的措施有{%silent}条：{names}。",
    "未见{names}的核对通过的填报（共{%silent}条措施）。",
)


def newest_words(frozen: Frozen, action: Frozen) -> Frozen:
    """Keep of each measure the words of the newest year that has any, but both of two years.

    The earlier years stand in the table of the annex. A report of one year keeps all.
    """
    if frozen["kind"] not in SPANS or frozen["kind"] == "biennial":
        return action
    kept = []
    for measure in action["measures"]:
        years = [task["year"] for task in measure["tasks"] if task["entries"]]
        tasks = [one for one in measure["tasks"] if years and one["year"] == max(years)]
        kept.append({**measure, "tasks": tasks})
    return {**action, "measures": kept}


def outcomes_sentence(frozen: Frozen, key: str, head: str = "其中完成") -> Runs:
    """Count tasks by what became of them: 完成3项，到期没有完成1项，没有完成比例的2项."""
    parts: list[Runs] = [
        phrase(frozen, f"{word}{{{key}.{name}}}项")
        for name, word in (
            ("done", head),
            ("short", "到期没有完成"),
            ("running", "尚未到期、仍在推进的"),
            ("unknown", "没有可以采用的完成比例的有"),
        )
        if name == "done" or frozen["figures"][f"{key}.{name}"]["value"] != "0"
    ]
    return (*joined(parts, "，"), Run("。"))


def action_over_years(frozen: Frozen, action: Frozen, turn: int) -> Runs:
    """Say how an action was carried out over the years; `turn` chooses among the frames."""
    said = phrase(frozen, _frames(frozen, action)[turn % 3], action["key"])
    value = {
        name: frozen["figures"][f"{action['key']}.span.{name}"]["value"]
        for name in ("running", "tasked", "idle")
    }
    if "0" not in (value["tasked"], value["idle"]):
        said += phrase(frozen, IDLE[turn % 3], action["key"])
    late = [
        measure["title"]
        for measure in action["measures"]
        if any(task["outcome"] == "short" for task in measure["tasks"])
    ]
    if late:
        said += phrase(frozen, LATE[turn % 3], action["key"], names=names(late))
    if value["running"] != "0":
        said += phrase(frozen, GOING_ON[turn % 3], action["key"])
    silent = [
        measure["title"]
        for measure in action["measures"]
        if measure["tasks"] and not entries_of(measure)
    ]
    if silent:
        said += phrase(frozen, UNHEARD[turn % 3], action["key"], names=names(silent))
    return said


def _frames(frozen: Frozen, action: Frozen) -> tuple[str, ...]:
    value = {
        name: int(frozen["figures"][f"{action['key']}.span.{name}"]["value"])
        for name in ("tasks", "done", "unknown", "completed")
    }
    if not value["tasks"]:
        return NO_TASKS
    if value["unknown"] == value["tasks"]:
        return NONE_TOLD
    if value["done"] == value["tasks"]:
        return ALL_DONE
    return MIXED if value["completed"] else NONE_THROUGHOUT
