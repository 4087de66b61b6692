"""存在问题: what is behind, what was not reached or not measured, and what the units say."""

from reports.compose.spans import newest_words
from reports.compose.wording import Frozen, Runs, attributed, groups, names, phrase
from reports.facts.scope import SPANS
from reports.rendering.document import Block, Heading, Paragraph, paragraphs
from reports.rendering.draft import numeral
from tasks.progress import BEHIND, FAR_BEHIND, OVERDUE

NOTHING = "各单位核对通过的填报中没有写明"
OWN_NOTHING = "核对通过的填报中没有写明"


def problems(frozen: Frozen) -> list[Block]:
    own = frozen["kind"] == "department"
    said = listed(frozen, "problems", level=3)
    sections = [
        ("进度方面", _progress(frozen)),
        ("指标方面", _missed(frozen)),
        ("反映的问题" if own else "各单位反映的问题", said),
    ]
    found: list[Block] = []
    filled = [(title, blocks) for title, blocks in sections if blocks]
    for at, (title, blocks) in enumerate(filled, 1):
        found.append(Heading(2, f"（{numeral(at)}）{title}"))
        found.extend(blocks)
    if not said:
        found.append(Paragraph(f"{OWN_NOTHING if own else NOTHING}存在的问题。"))
    return found


def _slow(frozen: Frozen) -> list[Block]:
    """Name the measures behind their schedule, worst first."""
    measures = [one for action in frozen["actions"] for one in action["measures"]]
    found: Runs = ()
    for light, template in (
        (OVERDUE, "超过时限没有完成的措施{n}条：{names}。"),
        (FAR_BEHIND, "严重滞后的措施有{n}条，包括{names}。"),
        (BEHIND, "滞后的措施有{n}条，即{names}。"),
    ):
        late = [one["title"] for one in measures if one["light"] == light]
        if late:
            found += phrase(
                frozen, template.replace("{n}", f"{{plan.light.{light}}}"), names=names(late)
            )
    if frozen["figures"]["plan.silent"]["value"] != "0":
        found += phrase(frozen, "{plan.silent}条措施没有核对通过的填报，实际进展尚不掌握。")
    found += _slow_others(frozen)
    return [Paragraph(found)] if found else []


def _slow_others(frozen: Frozen) -> Runs:
    """Name the tasks of no measure whose time is over, and count those without a percent."""
    group = frozen.get("others")
    if not group:
        return ()
    found: Runs = ()
    late = [
        one["title"]
        for one in group["measures"]
        if any(task["outcome"] == "short" for task in one["tasks"])
    ]
    if late:
        said = "其他任务中到期没有完成的有{action.other.short}项：{names}。"
        found += phrase(frozen, said, names=names(late))
    if frozen["figures"]["action.other.unknown"]["value"] != "0":
        found += phrase(frozen, "其他任务中{action.other.unknown}项没有可以采用的完成比例。")
    return found


def _progress(frozen: Frozen) -> list[Block]:
    if frozen["kind"] in SPANS:
        return _late(frozen, "span")
    return _late(frozen, "plan") if frozen["kind"] == "department" else _slow(frozen)


def _late(frozen: Frozen, key: str) -> list[Block]:
    """Name the measures of which a task was not completed in time, in any of the years."""
    measures = [one for action in groups(frozen) for one in action["measures"]]
    late = [
        one["title"] for one in measures if any(task["outcome"] == "short" for task in one["tasks"])
    ]
    found: Runs = ()
    if late:
        found += phrase(
            frozen, f"到期没有完成的任务共{{{key}.short}}项，涉及{{names}}。", names=names(late)
        )
    if frozen["figures"][f"{key}.unknown"]["value"] != "0":
        found += phrase(
            frozen, f"{{{key}.unknown}}项任务没有可以采用的完成比例，完成与否尚不掌握。"
        )
    return [Paragraph(found)] if found else []


def _missed(frozen: Frozen) -> list[Block]:
    """Name the targets that are not met or not known."""
    found: Runs = ()
    for codes, template in (
        (("behind", "far_behind"), "落后于要求的指标是{names}。"),
        (("not_measured", "stale"), "{names}没有可用的新数值，是否达标还不能判断。"),
    ):
        some = [one["name"] for one in frozen["targets"] if one["verdict"] in codes]
        if some:
            found += phrase(frozen, template, names=names(list(dict.fromkeys(some))))
    return [Paragraph(found)] if found else []


def listed(frozen: Frozen, field: str, level: int) -> list[Block]:
    """List the units' own words of one field under the actions they belong to, none twice.

    Of several years they are the newest of each measure, or those of both of two years.
    """
    dated, named = frozen["kind"] in SPANS, frozen["kind"] != "department"
    found: list[Block] = []
    seen: set[tuple[str, str]] = set()
    count = 0
    for action in groups(frozen):
        said: list[Block] = []
        for entry in _entries(newest_words(frozen, action)):
            if entry[field] and (entry["unit"], entry[field]) not in seen:
                seen.add((entry["unit"], entry[field]))
                said.extend(paragraphs(attributed(entry[field], entry, dated=dated, named=named)))
        if said:
            count += 1
            mark = f"（{numeral(count)}）" if level == 2 else f"{count}. "
            found.extend((Heading(level, f"{mark}{action['title']}"), *said))
    return found


def _entries(action: Frozen) -> list[Frozen]:
    return [
        entry
        for measure in action["measures"]
        for task in measure["tasks"]
        for entry in task["entries"]
    ]
