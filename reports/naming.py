"""What the rows behind a report's figures are called, as its frozen facts know them."""

from collections.abc import Iterable, Iterator
from typing import Any

Names = dict[tuple[str, int], str]
NAMED = 3  # rows that a sentence calls by name
SHORT = 24  # characters of such a name
# What rows are called, and how they are counted.
KINDS = {
    "plans.action": ("重点任务", "项"),
    "plans.measure": ("措施", "条"),
    "plans.duty": ("固定任务", "项"),
    "tasks.task": ("任务", "项"),
    "tasks.revision": ("填报", "件"),
    "tasks.entry": ("应报的填报", "件"),
    "tasks.judgement": ("综合判定", "项"),
    "tasks.supervisionitem": ("督办件", "件"),
    "tasks.event": ("活动", "场"),
    "tasks.period": ("填报期", "个"),
    "indicators.target": ("目标", "项"),
    "indicators.observation": ("指标数值", "个"),
    "departments.department": ("单位", "个"),
    "departments.region": ("地区", "个"),
}
OTHER = ("记录", "条")


def sources_in_words(row: dict[str, Any], names: Names) -> str:
    """Say how many rows of which kind a figure came from, the first of them by name."""
    found: dict[str, list[int]] = {}
    for kind, pk in row["sources"]:
        found.setdefault(kind, []).append(pk)
    said = []
    for kind, ids in found.items():
        word, measure = KINDS.get(kind, OTHER)
        short = [name for pk in ids if 0 < len(name := names.get((kind, pk), "")) <= SHORT]
        shown = list(dict.fromkeys(short))[:NAMED]
        more = "等" if len(ids) > len(shown) else ""
        listed = f"（{'、'.join(shown)}{more}）" if shown else ""
        said.append(f"{word}{len(ids)}{measure}{listed}")
    return "；".join(said) or "没有对应的记录"


def names_of(frozen: dict[str, Any]) -> Names:
    """Return the names of the rows that frozen facts speak of."""
    return dict(_names(frozen))


_LISTS = {"actions": "plans.action", "measures": "plans.measure", "tasks": "tasks.task"}


def _names(found: Any) -> Iterator[tuple[tuple[str, int], str]]:
    """Walk through frozen facts and yield what the rows in them are called."""
    if isinstance(found, list):
        for one in found:
            yield from _names(one)
    if not isinstance(found, dict):
        return
    if "revision" in found and "unit" in found:
        yield ("tasks.revision", found["revision"]), f"{found['unit']}{found['period']}"
    for key, kind in _LISTS.items():
        yield from _titles(found.get(key), kind, "title")
    yield from _titles(found.get("targets"), "indicators.target", "name")
    yield from _titles(found.get("supervision"), "tasks.supervisionitem", "number")
    for key, value in found.items():
        if key != "figures" and isinstance(value, (dict, list)):
            yield from _names(value)


def _titles(rows: Any, kind: str, field: str) -> Iterable[tuple[tuple[str, int], str]]:
    listed = rows if isinstance(rows, list) else []
    return (
        ((kind, one["id"]), one[field])
        for one in listed
        if isinstance(one, dict) and "id" in one and field in one
    )
