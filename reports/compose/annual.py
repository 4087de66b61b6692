"""Write a report from its frozen facts alone: 导语, work done, targets, problems, next steps.

Texts are rules over figures and the units' own approved words. What nobody reported is said to
be so. The same facts give the same document.
"""

from core import words
from core.charts import render_svg
from reports.compose import chart
from reports.compose.tables import target_table
from reports.compose.wording import (
    Frozen,
    Runs,
    action_sentences,
    attributed,
    entries_of,
    figure,
    joined,
    lights_sentence,
    names,
    number,
    phrase,
    quoted,
    returns_sentence,
    whole_sentence,
)
from reports.rendering.document import (
    Block,
    Figure,
    Heading,
    Paragraph,
    Run,
    paragraphs,
)
from reports.rendering.draft import numeral
from tasks.progress import BEHIND, FAR_BEHIND, OVERDUE

NOTHING = "各单位核对通过的填报中没有写明"


def title(frozen: Frozen) -> tuple[str, ...]:
    return (f"关于{frozen['year']}年度全民科学素质行动", "工作情况的报告")


def recipient(frozen: Frozen) -> str:
    return _of_region(frozen["plan"], frozen["plan"]["group"])


def signature(frozen: Frozen) -> str:
    return _of_region(frozen["plan"], frozen["plan"]["office"])


def _of_region(plan: Frozen, name: str) -> str:
    """Return a body's name with its region in front, once."""
    return name if name.startswith(plan["region"]) else f"{plan['region']}{name}"


def opening(frozen: Frozen) -> list[Block]:
    plan, year = frozen["plan"], frozen["year"]
    title = plan["title"] if plan["title"].startswith("《") else f"《{plan['title']}》"
    number = f"（{plan['document_number']}）" if plan["document_number"] else ""
    return [
        Paragraph(
            f"{year}年，{_of_region(plan, plan['group'])}按照{title}{number}的部署，"
            "组织各承担单位推进年度任务。现将工作情况报告如下。"
        )
    ]


# --- 一、主要工作及成效 ---------------------------------------------------------------------
def work(frozen: Frozen) -> list[Block]:
    found: list[Block] = []
    if frozen["figures"]["plan.tasks"]["value"] == "0":
        found.append(Paragraph("系统中没有本年度的任务，以下各项不评价进度。"))
    else:
        found.append(
            Paragraph(
                phrase(
                    frozen,
                    "本年度安排任务{plan.tasks}项，落实方案的{plan.actions}项重点任务、"
                    "{plan.measures}条具体措施。",
                )
                + whole_sentence(frozen)
            )
        )
        found.append(Paragraph(returns_sentence(frozen) + lights_sentence(frozen)))
    picture = _chart(frozen)
    if picture is not None:
        found.append(Paragraph("各项重点任务的完成比例与序时进度见图1。"))
        found.append(picture)
    for turn, action in enumerate(frozen["actions"]):
        found.append(Heading(2, f"（{numeral(turn + 1)}）{action['title']}"))
        found.append(Paragraph(action_sentences(frozen, action, turn)))
        found.extend(_measures(action))
    return found


def _measures(action: Frozen) -> list[Block]:
    """Give the units' own words on the measures of an action."""
    found: list[Block] = []
    spoken = [measure for measure in action["measures"] if entries_of(measure)]
    for at, measure in enumerate(spoken, 1):
        found.append(Heading(3, f"{at}. {measure['title']}"))
        for entry in entries_of(measure):
            found.extend(paragraphs(attributed(entry["done"], entry)))
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


# --- 二、目标指标完成情况 -------------------------------------------------------------------
def targets(frozen: Frozen) -> list[Block]:
    targets = frozen["targets"]
    if not targets:
        return [Paragraph("方案没有提出可以列表的目标指标。")]
    counted = [
        (Run(str(word)), figure(frozen["figures"], f"targets.{code}"), Run("项"))
        for code, word in words.ATTAINMENT.items()
        if f"targets.{code}" in frozen["figures"]
    ]
    found: list[Block] = [
        Paragraph(
            phrase(frozen, "方案提出的目标共{targets.total}项，")
            + joined(counted, "，")
            + (Run("。没有经过核对的数值的年份记为未测，不以零计，也不推算。"),)
        )
    ]
    found += [Paragraph(_target(frozen, at, one)) for at, one in enumerate(targets, 1)]
    found.append(target_table(frozen))
    return found


def _target(frozen: Frozen, number: int, one: Frozen) -> Runs:
    """Say what was promised and how it stands; a promise without a number in its own words."""
    if one["verdict"] == "relative":
        quote = one["quote"].strip().rstrip("。；")
        return (Run(f"{number}. {one['name']}。方案的表述是{quoted(quote)}，不作数值比较。"),)
    return (
        Run(f"{number}. {one['name']}。目标："),
        figure(frozen["figures"], one["goal"]),
        Run("。"),
        figure(frozen["figures"], one["sentence"]),
    )


# --- 三、存在问题 --------------------------------------------------------------------------
def problems(frozen: Frozen) -> list[Block]:
    said = _listed(frozen, "problems", level=3)
    sections = [
        ("进度方面", _slow(frozen)),
        ("指标方面", _missed(frozen)),
        ("各单位反映的问题", said),
    ]
    found: list[Block] = []
    filled = [(title, blocks) for title, blocks in sections if blocks]
    for at, (title, blocks) in enumerate(filled, 1):
        found.append(Heading(2, f"（{numeral(at)}）{title}"))
        found.extend(blocks)
    if not said:
        found.append(Paragraph(f"{NOTHING}存在的问题。"))
    return found


def _slow(frozen: Frozen) -> list[Block]:
    """Name the measures behind their schedule, worst first."""
    measures = [one for action in frozen["actions"] for one in action["measures"]]
    found: Runs = ()
    for light, template in (
        (OVERDUE, "超过时限没有完成的措施{n}条：{names}。"),
        (FAR_BEHIND, "严重滞后的有{n}条，分别是{names}。"),
        (BEHIND, "进度滞后{n}条，为{names}。"),
    ):
        late = [one["title"] for one in measures if one["light"] == light]
        if late:
            found += phrase(
                frozen, template.replace("{n}", f"{{plan.light.{light}}}"), names=names(late)
            )
    if frozen["figures"]["plan.silent"]["value"] != "0":
        found += phrase(frozen, "{plan.silent}条措施没有核对通过的填报，实际进展尚不掌握。")
    return [Paragraph(found)] if found else []


def _missed(frozen: Frozen) -> list[Block]:
    """Name the targets that are not met or not known."""
    found: Runs = ()
    for codes, template in (
        (("behind", "far_behind"), "落后于要求的指标是{names}。"),
        (("not_measured", "stale"), "{names}没有可用的新数值，是否达标还不能判断。"),
    ):
        listed = [one["name"] for one in frozen["targets"] if one["verdict"] in codes]
        if listed:
            found += phrase(frozen, template, names=names(list(dict.fromkeys(listed))))
    return [Paragraph(found)] if found else []


def _listed(frozen: Frozen, field: str, level: int) -> list[Block]:
    """List the units' own words of one field under the actions they belong to, none twice."""
    found: list[Block] = []
    seen: set[tuple[str, str]] = set()
    count = 0
    for action in frozen["actions"]:
        said: list[Block] = []
        for entry in (
            entry
            for measure in action["measures"]
            for task in measure["tasks"]
            for entry in task["entries"]
        ):
            if entry[field] and (entry["unit"], entry[field]) not in seen:
                seen.add((entry["unit"], entry[field]))
                said.extend(paragraphs(attributed(entry[field], entry)))
        if said:
            count += 1
            mark = f"（{numeral(count)}）" if level == 2 else f"{count}. "
            found.extend((Heading(level, f"{mark}{action['title']}"), *said))
    return found


# --- 四、下一年度工作打算 -------------------------------------------------------------------
def next_steps(frozen: Frozen) -> list[Block]:
    plan, year = frozen["plan"], frozen["year"]
    if year >= plan["end_year"]:
        opening = f"{year}年是方案实施的最后一年。"
    else:
        opening = f"方案实施到{plan['end_year']}年，"
        opening += f"{year + 1}年继续按方案安排推进。"
    waiting = [
        one["name"]
        for one in frozen["targets"]
        if one["verdict"] not in ("met", "met_uncertain", "relative")
    ]
    if waiting:
        opening += f"尚未确认达标的指标有{names(list(dict.fromkeys(waiting)))}。"
    said = _listed(frozen, "next_steps", level=2)
    if not said:
        return [Paragraph(f"{opening}{NOTHING}下一步打算。")]
    return [Paragraph(f"{opening}各单位的打算如下。"), *said]
