"""Sentences of a report, by rules from frozen figures; every number keeps the key of its figure.

A template names figures in braces: «{plan.percent}» becomes 58%, tied to the figure. Sections of
the same kind take turns with their frames, so that neighbours do not repeat each other.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from core import words
from reports.rendering.document import Run, chinese_date
from tasks.progress import BEHIND, DONE, FAR_BEHIND, ON_TRACK, OVERDUE, UNREPORTED

Frozen = dict[str, Any]
Runs = tuple[Run, ...]
_SLOT = re.compile(r"\{([^{}]+)\}")
_ENDS = "。！？；…：”）"
LISTED = 8  # names that a sentence lists before it says 等

# What may be said of an action, by its light; `ahead` is on schedule or better.
FRAMES: dict[str, tuple[str, ...]] = {
    "ahead": (
        "本项安排任务{%total}项，平均完成{%percent}，不低于{%schedule}的序时进度。",
        "进度达到时序要求：{%total}项任务平均完成{%percent}，序时为{%schedule}。",
        "平均完成比例为{%percent}，跟上了{%schedule}的序时进度，共有任务{%total}项。",
    ),
    "near": (
        "{%total}项任务平均完成{%percent}，比{%schedule}的序时进度略低，总体正常。",
        "平均完成{%percent}，与序时进度（{%schedule}）相差不大，涉及任务{%total}项。",
        "进展总体平稳，{%total}项任务完成{%percent}，序时应为{%schedule}。",
    ),
    BEHIND: (
        "进度偏慢：{%total}项任务平均完成{%percent}，落后序时进度{%gap}个百分点。",
        "平均完成{%percent}，而序时进度为{%schedule}，{%total}项任务需要加快。",
        "{%total}项任务的平均完成比例为{%percent}，距序时要求还差{%gap}个百分点。",
    ),
    FAR_BEHIND: (
        "进度明显滞后，{%total}项任务平均只完成{%percent}，与序时进度相差{%gap}个百分点。",
        "平均完成{%percent}，远低于{%schedule}的序时进度，涉及任务{%total}项。",
        "{%total}项任务大幅落后：序时应达到{%schedule}，实际平均完成{%percent}。",
    ),
    DONE: (
        "{%tasks}项任务全部完成。",
        "列入本年度的任务已经完成，共{%tasks}项。",
        "年度任务{%tasks}项均已办结。",
    ),
    "settled": (  # but for routine tasks
        "计入平均数的{%total}项任务已经完成。",
        "除常态任务外，列入本年度的{%total}项任务已经完成。",
        "常态任务以外的年度任务{%total}项均已办结。",
    ),
    OVERDUE: (
        "{%total}项任务的时限已过，平均完成{%percent}，尚未办结。",
        "规定时限已到，平均完成{%percent}，{%total}项任务没有全部完成。",
    ),
    "silent": (
        "{%total}项任务还没有可以采用的完成比例，进度暂不评价。",
        "涉及任务{%total}项，目前都没有报送可以采用的完成比例，此处不作判断。",
        "因没有可以采用的完成比例，这里只列任务{%total}项，不评价进度。",
    ),
    "none": ("本年度没有安排任务。", "年度任务中没有列入本项内容。", "本项没有年度任务。"),
}
ROUTINE = (
    "另有常态任务{%routine}项，完成{%routine_done}项，不计入平均完成比例。",
    "常态任务{%routine}项没有计入平均数，其中完成{%routine_done}项。",
    "此外还有常态任务{%routine}项，不计入平均数，已完成{%routine_done}项。",
)
PARTLY = (
    "其中{%reported}项有完成比例，平均数只按这些任务计算。",
    "平均数取自有完成比例的{%reported}项，其余不以零计。",
    "有完成比例的是{%reported}项，未报的没有计入平均数。",
)
UNHEARD = (
    "尚无核对通过的填报的措施有{%silent}条：{names}。",
    "{names}共{%silent}条措施没有核对通过的填报，情况从缺。",
    "另有{%silent}条措施未见核对通过的填报，即{names}。",
)


def phrase(frozen: Frozen, template: str, key: str = "", **plain: str) -> Runs:
    """Fill a template: figures by their keys (`%` stands for `key.`), plain words by name."""
    figures = frozen["figures"]
    found: list[Run] = []
    end = 0
    for slot in _SLOT.finditer(template):
        if slot.start() > end:
            found.append(Run(template[end : slot.start()]))
        end = slot.end()
        name = slot[1]
        if name in plain:
            found.append(Run(plain[name]))
            continue
        name = f"{key}.{name[1:]}" if name.startswith("%") else name
        found.append(figure(figures, name))
    if end < len(template):
        found.append(Run(template[end:]))
    return tuple(found)


def figure(figures: dict[str, dict[str, Any]], key: str, unit: bool = False) -> Run:
    """Return a figure as text tied to its key; percent signs always go with their numbers."""
    row = figures[key]
    shown = row["unit"] if unit or row["unit"] == "%" else ""
    return Run(f"{row['value']}{shown}", key)


def day(iso: str) -> str:
    return chinese_date(date.fromisoformat(iso))


def ended(text: str) -> str:
    """Close a text with a full stop where it has no end mark."""
    plain = text.rstrip()
    if not plain or plain[-1] in _ENDS:
        return plain
    return plain.rstrip("，、,;:. ") + "。"


def quoted(text: str) -> str:
    """Return a text in quotation marks; marks inside it become single ones."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def names(titles: Sequence[str]) -> str:
    """List titles in quotation marks: “甲”“乙”, and 等 where there are too many."""
    shown = "".join(quoted(title) for title in titles[:LISTED])
    return shown + ("等" if len(titles) > LISTED else "")


def marks(entry: Frozen, *, dated: bool = False, named: bool = True) -> str:
    """Say whose words these are, and what must be known of them: （市教育局，2017年，迟报）."""
    parts = [entry["unit"]] if named else []
    since = entry["since"].replace(" ", "") if "since" in entry else ""
    if dated and not since.startswith(f"{entry['year']}年"):
        parts.append(f"{entry['year']}年")
    if since:
        parts.append(f"{since}填报，此后无变化")
    if entry["late"]:
        parts.append("迟报")
    if entry["own_check"]:
        parts.append("本单位自核")
    return f"（{'，'.join(parts)}）" if parts else ""


def told_of_work(entry: Frozen, *, dated: bool = False, named: bool = True) -> str:
    """Return what a unit says it did; words of an earlier period say which, and bear its marks."""
    before = entry.get("earlier")
    source = {**entry, **before, "since": before["period"]} if before else entry
    return attributed(entry["done"], source, dated=dated, named=named)


def attributed(text: str, entry: Frozen, *, dated: bool = False, named: bool = True) -> str:
    """Return a unit's own words with its name behind them, before the last full stop."""
    closed, mark = ended(text), marks(entry, dated=dated, named=named)
    return f"{closed[:-1]}{mark}。" if closed.endswith("。") else f"{closed}{mark}"


def frame_of(action: Frozen) -> str:
    """Return which frames speak of an action as it stands."""
    if not action["total"]:
        return "none"
    if action["percent"] is None:
        return "silent"
    if action["light"] == ON_TRACK:
        return "ahead" if _gap(action) <= 0 else "near"
    if action["light"] == DONE and not all_done(action):
        return "settled"
    return "silent" if action["light"] == UNREPORTED else str(action["light"])


def all_done(action: Frozen) -> bool:
    """Tell whether all tasks of an action were completed, those that enter no mean too."""
    return all(
        task["outcome"] == "done" for measure in action["measures"] for task in measure["tasks"]
    )


def number(text: str | None) -> float | None:
    """Return a frozen number for drawing and comparing; None where it is unknown."""
    return None if text is None else float(text.replace("−", "-"))


def _gap(standing: Frozen) -> float:
    """Return by how many points something is behind its schedule (negative: ahead)."""
    return (number(standing["schedule"]) or 0.0) - (number(standing["percent"]) or 0.0)


def action_sentences(frozen: Frozen, action: Frozen, turn: int) -> Runs:
    """Say how an action stands; `turn` chooses among the frames."""
    kind = frame_of(action)
    said = phrase(frozen, FRAMES[kind][turn % len(FRAMES[kind])], action["key"])
    if action["percent"] is not None and action["reported"] < action["total"]:
        said += phrase(frozen, PARTLY[turn % len(PARTLY)], action["key"])
    if kind != DONE and f"{action['key']}.routine" in frozen["figures"]:
        said += phrase(frozen, ROUTINE[turn % len(ROUTINE)], action["key"])
    silent = [
        measure["title"]
        for measure in action["measures"]
        if measure["tasks"] and not entries_of(measure)
    ]
    if silent:
        template = UNHEARD[turn % len(UNHEARD)]
        said += phrase(frozen, template, action["key"], names=names(silent))
    return said


def groups(frozen: Frozen) -> list[Frozen]:
    """Return the actions, and the tasks of no measure as one more where there are any."""
    others = frozen.get("others")
    return [*frozen["actions"], *([others] if others else [])]


def entries_of(measure: Frozen) -> list[Frozen]:
    """Return the approved words on a measure, task by task."""
    return [one for task in measure["tasks"] for one in task["entries"] if one["done"]]


def whole_sentence(frozen: Frozen) -> Runs:
    """Say how the year as a whole stands against its schedule."""
    standing, when = frozen["standing"], day(frozen["as_of"])
    if standing["percent"] is None:
        none = frozen["figures"]["plan.reported"]["value"] == "0"
        said = (
            "截至{when}，{plan.tasks}项任务都没有可以采用的完成比例，总体进度暂不评价。"
            if none
            else "截至{when}，有可以采用的完成比例的{plan.reported}项任务都不计入各项重点任务的"
            "平均完成比例，总体进度暂不评价。"
        )
        return phrase(frozen, said, when=when)
    gap = _gap(standing)
    verdict = {
        ON_TRACK: "总体达到序时进度" if gap <= 0 else "总体与序时进度相当",
        BEHIND: "总体落后{plan.gap}个百分点",
        FAR_BEHIND: "总体明显滞后，差{plan.gap}个百分点",
        DONE: "年度任务全部完成"
        if all(all_done(one) for one in groups(frozen))
        else "计入平均数的任务全部完成",
        OVERDUE: "部分任务已经逾期",
    }.get(standing["light"], "")
    return phrase(
        frozen,
        "截至{when}，{plan.reported}项任务有可以采用的完成比例，各项重点任务平均完成"
        "{plan.percent}，同期序时进度为{plan.schedule}" + (f"，{verdict}。" if verdict else "。"),
        when=when,
    )


def returns_sentence(frozen: Frozen) -> Runs:
    """Say how many units were heard, and which entries came late or were checked by their own."""
    figures = frozen["figures"]
    if figures["units.asked"]["value"] == "0":
        return (Run("本年度还没有启动填报。"),)
    if figures["units.heard"]["value"] == figures["units.asked"]["value"]:
        heard = "承担填报的{units.asked}个单位都有核对通过的填报，"
    else:
        heard = "承担填报的{units.asked}个单位中，{units.heard}个单位有核对通过的填报，"
    said = phrase(frozen, f"{heard}本报告采用其中{{entries.used}}件。")
    marked = [
        phrase(frozen, f"{word}{{entries.{name}}}件")
        for name, word in (("late", "迟报"), ("own_check", "本单位自核"))
        if figures[f"entries.{name}"]["value"] != "0"
    ]
    if marked:
        said += (Run("采用的填报中，"), *joined(marked, "，"), Run("，文中分别注明。"))
    return said


def lights_sentence(frozen: Frozen) -> Runs:
    """Count the measures by their lights."""
    parts = [
        (Run(str(word)), figure(frozen["figures"], f"plan.light.{code}"), Run("条"))
        for code, word in words.STATUS.items()
        if frozen["counts"].get(code)
    ]
    if not parts:
        return ()
    return (Run("按具体措施统计，"), *joined(parts, "，"), Run("。"))


def joined(parts: Sequence[Runs], mark: str) -> Runs:
    """Return parts one after the other with a mark between them."""
    found: list[Run] = []
    for at, part in enumerate(parts):
        if at:
            found.append(Run(mark))
        found.extend(part)
    return tuple(found)
