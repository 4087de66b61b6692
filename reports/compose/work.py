"""主要工作及成效: action by action, the figures by rule and the units' own approved words."""

from core.charts import render_svg
from reports.compose import chart
from reports.compose.safeguards import under_work
from reports.compose.spans import action_over_years, newest_words, outcomes_sentence
from reports.compose.wording import (
    Frozen,
    Runs,
    action_sentences,
    entries_of,
    groups,
    joined,
    lights_sentence,
    number,
    phrase,
    returns_sentence,
    told_of_work,
    whole_sentence,
)
from reports.facts.others import BASES, KEY
from reports.facts.scope import SPANS
from reports.rendering.document import Block, Figure, Heading, Paragraph, Run, paragraphs
from reports.rendering.draft import numeral

NO_TASKS = "系统中没有本年度的任务，以下各项不评价进度。"


def work(frozen: Frozen) -> list[Block]:
    """Say what was done in a year, in several, by one unit or in a period."""
    if frozen["kind"] in SPANS:
        return _of_years(frozen)
    if frozen["kind"] == "department":
        return _of_unit(frozen)
    found = _whole(frozen)
    for turn, action in enumerate(frozen["actions"]):
        found.append(Heading(2, f"（{numeral(turn + 1)}）{action['title']}"))
        found.append(Paragraph(action_sentences(frozen, action, turn)))
        found.extend(measures(action))
    found.extend(_others(frozen))
    if frozen["kind"] == "annual":
        found.extend(under_work(frozen, len(groups(frozen)) + 1))
    return found


def _whole(frozen: Frozen) -> list[Block]:
    found: list[Block] = []
    if frozen["figures"]["plan.tasks"]["value"] == "0":
        found.append(Paragraph(NO_TASKS))
    else:
        found.append(Paragraph(_arranged(frozen) + whole_sentence(frozen)))
        found.append(Paragraph(returns_sentence(frozen) + lights_sentence(frozen)))
    picture = _chart(frozen)
    if picture is not None:
        found.append(Paragraph("各项重点任务的完成比例与序时进度见图1。"))
        found.append(picture)
    return found


def _arranged(frozen: Frozen) -> Runs:
    """Say how many tasks the year has, what they carry out, and what has none."""
    figures = frozen["figures"]
    said: Runs
    if figures["plan.planned"]["value"] == "0":
        said = phrase(frozen, "本年度安排任务{plan.tasks}项，都不属于方案的具体措施：")
        return (*said, *_by_basis(frozen), Run("。"))
    busy = "方案的{plan.tasked_actions}项重点任务、{plan.tasked_measures}条具体措施"
    if frozen.get("others"):
        text = f"本年度安排任务{{plan.tasks}}项，其中{{plan.planned}}项落实{busy}，其余是"
        said = (*phrase(frozen, text), *_by_basis(frozen), Run("。"))
    else:
        said = phrase(frozen, f"本年度安排任务{{plan.tasks}}项，落实{busy}。")
    if figures["plan.idle_measures"]["value"] != "0":
        said += phrase(frozen, "没有安排年度任务的具体措施有{plan.idle_measures}条。")
    return said


def _by_basis(frozen: Frozen) -> Runs:
    """Count the tasks of no measure by what they rest on: 上级交办任务3项、固定任务2项."""
    parts = [
        phrase(frozen, f"{label}{{{KEY}.{basis}}}项")
        for basis, label in BASES.items()
        if f"{KEY}.{basis}" in frozen["figures"]
    ]
    return joined(parts, "、")


def _others(frozen: Frozen) -> list[Block]:
    """Tell of the tasks of no measure: how they ended, and the units' own words.

    What is said of duties stands with the safeguards, in reports that have them.
    """
    group = frozen.get("others")
    if not group:
        return []
    own = frozen["kind"] == "department"  # without means
    stay_out = "" if own else "，不计入各项重点任务的平均完成比例"
    said = (*_by_basis(frozen), Run(f"{stay_out}。"))
    value = {name: frozen["figures"][f"{KEY}.{name}"]["value"] for name in ("tasks", "unknown")}
    if value["unknown"] == value["tasks"]:
        said += (Run("目前都没有可以采用的完成比例。"),)
    else:
        said += outcomes_sentence(frozen, KEY)
    told = group["measures"]
    if frozen["kind"] not in ("department", "bulletin"):
        told = [one for one in told if one["basis"] != "duty"]
        if len(told) < len(group["measures"]):
            said += (Run("固定任务的落实情况在保障措施中说明。"),)
    kept = newest_words(frozen, {**group, "measures": told})
    found = measures(kept, dated=frozen["kind"] in SPANS, named=not own)
    head = Heading(2, f"（{numeral(len(frozen['actions']) + 1)}）{group['title']}")
    return [head, Paragraph(said), *found]


def measures(action: Frozen, *, dated: bool = False, named: bool = True) -> list[Block]:
    """Give the units' own words on the measures of an action, with their year or name."""
    found: list[Block] = []
    spoken = [measure for measure in action["measures"] if entries_of(measure)]
    for at, measure in enumerate(spoken, 1):
        mark = f"{at}. " if len(spoken) > 1 else ""
        found.append(Heading(3, f"{mark}{measure['title']}"))
        for entry in entries_of(measure):
            found.extend(paragraphs(told_of_work(entry, dated=dated, named=named)))
    return found


def _chart(frozen: Frozen) -> Figure | None:
    actions = [one for one in frozen["actions"] if one["total"]]
    if not actions:
        return None
    bars = [(one["title"], number(one["percent"]), number(one["schedule"]) or 0) for one in actions]
    drawn = chart.action_bars(bars)
    keys = [f"{one['key']}.{name}" for one in actions for name in ("percent", "schedule")]
    return Figure(
        svg=render_svg(
            drawn.option,
            width=chart.WIDTH,
            height=chart.FRAME + chart.ROW * len(actions),
            palette="print",
        ),
        alt=drawn.sentence,
        caption="图1　各项重点任务完成比例与序时进度",
        facts=tuple(key for key in keys if key in frozen["figures"]),
    )


# --- Several years, one unit ---------------------------------------------------------------
def _of_years(frozen: Frozen) -> list[Block]:
    found: list[Block] = []
    if frozen["figures"]["span.tasks"]["value"] == "0":
        found.append(Paragraph("系统中没有这些年的年度任务，以下各项只列重点任务，不作评价。"))
    else:
        years = f"{frozen['first_year']}年至{frozen['year']}年"
        said = phrase(frozen, "{years}共安排任务{span.tasks}项。", years=years)
        found.append(Paragraph(said + outcomes_sentence(frozen, "span")))
    for turn, action in enumerate(frozen["actions"]):
        found.append(Heading(2, f"（{numeral(turn + 1)}）{action['title']}"))
        found.append(Paragraph(action_over_years(frozen, action, turn)))
        found.extend(measures(newest_words(frozen, action), dated=True))
    return found + _others(frozen)


def _of_unit(frozen: Frozen) -> list[Block]:
    found: list[Block] = [Paragraph(outcomes_sentence(frozen, "plan", "承担的任务已完成"))]
    for turn, action in enumerate(frozen["actions"]):
        found.append(Heading(2, f"（{numeral(turn + 1)}）{action['title']}"))
        said = measures(action, named=False)
        found.extend(said or [Paragraph("本项没有核对通过的填报。")])
    return found + _others(frozen)
