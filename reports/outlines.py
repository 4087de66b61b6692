"""The outlines of reports as data: which sections and attachments each kind has, in which order.

An office may switch them off, rename and reorder them for its plan (`Outline`); the opening and
the notes on the data stay. Source: the outlines of annual and five-year reports in use by offices.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A section (or `annex`) of a report: what `reports.compose` writes for it, and its title.

    A `fixed` part can be renamed at most.
    """

    key: str
    title: str
    annex: bool = False
    fixed: bool = False
    on: bool = True


OPENING = Part("opening", "", fixed=True)
NOTES = Part("notes", "数据来源和编制说明", annex=True, fixed=True)
TRACE = Part("trace", "数字来源索引", annex=True)
ASSIGNED = Part("table_a", "重点任务分工表", annex=True)
PROGRESS = Part("table_b", "工作进展情况表", annex=True)
SUPERVISED = Part("table_d", "督办台账", annex=True, on=False)

OUTLINES: dict[str, tuple[Part, ...]] = {
    "annual": (
        OPENING,
        Part("work", "主要工作及成效"),
        Part("targets", "目标指标完成情况"),
        Part("problems", "存在问题"),
        Part("next_steps", "下一年度工作打算"),
        replace(ASSIGNED, on=False),
        PROGRESS,
        SUPERVISED,
        NOTES,
        TRACE,
    ),
    "biennial": (
        OPENING,
        Part("work", "主要工作及成效"),
        Part("trend", "两年进展对比"),
        Part("targets", "目标指标完成情况"),
        Part("safeguards", "保障措施落实情况"),
        Part("problems", "存在问题"),
        Part("next_steps", "下一步工作打算"),
        PROGRESS,
        SUPERVISED,
        NOTES,
        TRACE,
    ),
    "midterm": (
        OPENING,
        Part("background", "基本情况"),
        Part("targets", "目标完成情况"),
        Part("work", "重点任务实施情况"),
        Part("trend", "各年进展"),
        Part("safeguards", "保障措施落实情况"),
        Part("problems", "问题和差距"),
        Part("next_steps", "下一阶段工作打算"),
        ASSIGNED,
        PROGRESS,
        SUPERVISED,
        NOTES,
        TRACE,
    ),
    "five_year": (
        OPENING,
        Part("background", "基本情况"),
        Part("targets", "目标完成情况"),
        Part("work", "重点任务实施情况"),
        Part("trend", "五年进展"),
        Part("safeguards", "保障措施落实情况"),
        Part("experience", "主要经验"),
        Part("problems", "问题和差距"),
        Part("proposals", "下一个五年的建议"),
        ASSIGNED,
        PROGRESS,
        SUPERVISED,
        NOTES,
        TRACE,
    ),
    "department": (
        OPENING,
        Part("work", "承担任务完成情况"),
        Part("problems", "存在问题"),
        Part("next_steps", "下一步工作打算"),
        PROGRESS,
        NOTES,
        TRACE,
    ),
    "bulletin": (
        OPENING,
        Part("work", "总体进展"),
        Part("returns", "填报情况"),
        Part("problems", "需要关注的问题"),
        Part("next_steps", "下一步工作要求"),
        PROGRESS,
        NOTES,
        TRACE,
    ),
}


def parts_of(kind: str, chosen: Iterable[dict[str, Any]] | None = None) -> list[Part]:
    """Return the parts of a kind in order, as an office chose them (`[{key, title, on}]`).

    Parts that the choice does not know (added by a later release) come at the end, switched as
    they are by default; keys that no outline has any more are passed over.
    """
    known = {one.key: one for one in OUTLINES[kind]}
    listed = []
    for row in chosen or ():
        part = known.pop(row["key"], None)
        if part is not None:
            on = part.fixed or bool(row["on"])
            title = row["title"] if part.title else ""
            listed.append(Part(part.key, title or part.title, part.annex, part.fixed, on))
    return [*listed, *known.values()]
