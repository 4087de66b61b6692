"""What comes next: intentions, demands of a bulletin, experience, proposals for the next plan."""

from reports.compose.problems import NOTHING, listed
from reports.compose.wording import Frozen, Runs, groups, names, phrase
from reports.rendering.document import Block, Heading, Paragraph, Run
from reports.rendering.draft import numeral
from tasks.progress import BEHIND, FAR_BEHIND, OVERDUE


def next_steps(frozen: Frozen) -> list[Block]:
    """Say what the units intend, under what the plan still asks for."""
    if frozen["kind"] == "department":
        return listed(frozen, "next_steps", level=2) or [
            Paragraph("核对通过的填报中没有写明下一步打算。")
        ]
    if frozen["kind"] == "bulletin":
        return _demands(frozen)
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
    said = listed(frozen, "next_steps", level=2)
    if not said:
        return [Paragraph(f"{opening}{NOTHING}下一步打算。")]
    return [Paragraph(f"{opening}各单位的打算如下。"), *said]


# --- A bulletin ----------------------------------------------------------------------------
def _demands(frozen: Frozen) -> list[Block]:
    """Ask for what is missing, then give the units' own intentions."""
    asked: list[Runs] = []
    owing = [one["name"] for one in frozen["units"] if one["owed"]]
    if owing:
        when = "补报" if frozen["period"]["closed"] else "抓紧报送"
        asked.append(
            phrase(frozen, "请{names}{when}本期进展情况。", names="、".join(owing), when=when)
        )
    slow = (BEHIND, FAR_BEHIND, OVERDUE)
    late = [
        one["title"]
        for action in groups(frozen)
        for one in action["measures"]
        if any(part["light"] in slow for part in ([one] if "light" in one else one["tasks"]))
    ]
    if late:
        asked.append(phrase(frozen, "{names}的承担单位要查明原因，加快进度。", names=names(late)))
    found: list[Block] = [Paragraph(one) for one in asked]
    said = listed(frozen, "next_steps", level=2)
    if said:
        found.append(Paragraph("各单位的打算如下。"))
        found.extend(said)
    return found or [Paragraph(f"{NOTHING}下一步打算。")]


def returns(frozen: Frozen) -> list[Block]:
    """Say who reported in a period, who was late, who did not, and what the office has to check."""
    if frozen["figures"]["units.asked"]["value"] == "0":
        return [Paragraph("本期没有需要填报的单位。")]
    said = phrase(
        frozen,
        "本期应填报的单位{units.asked}个，应报{returns.asked}件；"
        "有核对通过的填报的单位{units.heard}个，核对通过{returns.heard}件。",
    )
    found: list[Block] = [Paragraph(said)]
    late = [one["name"] for one in frozen["units"] if one["late"]]
    if late:
        found.append(Paragraph(f"迟报的单位：{'、'.join(late)}。"))
    for key, template in (
        ("waiting", "已报送、待核对的填报{returns.waiting}件，报送单位：{names}。"),
        ("owed", "没有报送或者退回后没有补正的填报{returns.owed}件，涉及单位：{names}。"),
    ):
        units = [one["name"] for one in frozen["units"] if one[key]]
        if units:
            found.append(Paragraph(phrase(frozen, template, names="、".join(units))))
    return found


# --- The end of a plan ---------------------------------------------------------------------
def experience(frozen: Frozen) -> list[Block]:
    """Name what worked, year after year or at times: the facts that experience can be drawn from.

    Nothing is praised that was not reported.
    """
    measures = [one for action in frozen["actions"] for one in action["measures"]]
    steady = [one["title"] for one in measures if one["outcome"] == "completed"]
    at_times = [one["title"] for one in measures if one["outcome"] == "partly"]
    kept = [
        one["quote"].strip().rstrip("。；")
        for safeguard in frozen["safeguards"]
        for one in safeguard["duties"]
        if one["years"] and all(year["count"] for year in one["years"])
    ]
    reached = [one["name"] for one in frozen["targets"] if one.get("final") == "achieved"]
    sections: list[tuple[str, Runs]] = []
    if steady:
        text = "{names}在安排任务的各年都按要求完成，做法可以总结推广。"
        sections.append(("逐年落实的措施", phrase(frozen, text, names=names(steady))))
    if at_times:
        text = (
            "各年按要求完成的任务共{span.done}项，其中{names}有的年份完成、有的年份没有完成，"
            "可以对照各年的做法总结。"
        )
        sections.append(("完成过的任务", phrase(frozen, text, names=names(at_times))))
    if kept:
        text = "{names}等固定任务每年都有台账记录。"
        sections.append(("坚持不断的制度", phrase(frozen, text, names=names(kept))))
    if reached:
        text = "方案提出的{names}已经实现，相关指标有已核对的数值可查。"
        sections.append(("见到实效的目标", phrase(frozen, text, names=names(reached))))
    if not sections:
        return [Paragraph("现有的填报、台账和指标还不足以归纳出可以推广的经验。")]
    found: list[Block] = []
    for at, (title, said) in enumerate(sections, 1):
        found.extend((Heading(2, f"（{numeral(at)}）{title}"), Paragraph(said)))
    return found


def proposals(frozen: Frozen) -> list[Block]:
    """Carry into the next plan what this one leaves open: targets, measures, units' wishes."""
    measures = [one for action in frozen["actions"] for one in action["measures"]]
    rules = (
        (
            "没有实现的目标建议转入下一个五年，并逐年分解：{names}。",
            [one["name"] for one in frozen["targets"] if one["final"] in ("missed", "nearly")],
        ),
        (
            "{names}缺少可用的数值，建议在新方案起草前先行测评，取得基期值。",
            [one["name"] for one in frozen["targets"] if one["final"] == "unknown"],
        ),
        (
            "为了便于考核，{names}这类表述宜改成可以测量的目标。",
            [one["name"] for one in frozen["targets"] if one["final"] == "relative"],
        ),
        (
            "尚未全部完成的措施要接续安排，明确汇总单位和时限：{names}。",
            [one["title"] for one in measures if one["outcome"] in ("partly", "not_completed")],
        ),
        (
            "{names}没有报送过完成比例，新方案中是否保留，应先与承担单位核实。",
            [one["title"] for one in measures if one["outcome"] == "unknown"],
        ),
        (
            "{names}没有分解成年度任务，建议合并或者落实到单位。",
            [
                one["title"]
                for one in measures
                if one["outcome"] == "no_tasks" and frozen["figures"]["span.tasks"]["value"] != "0"
            ],
        ),
    )
    found: list[Block] = []
    for text, some in rules:
        if some:
            said = phrase(frozen, text, names=names(list(dict.fromkeys(some))))
            found.append(Paragraph((Run(f"{len(found) + 1}. "), *said)))
    said_by_units = listed(frozen, "next_steps", level=3)
    if said_by_units:
        found.append(Paragraph("各单位在填报中提出的打算，可供新方案参考。"))
        found.extend(said_by_units)
    return found or [Paragraph(f"{NOTHING}对下一个五年的建议。")]
