"""What frames a report: title, addressee, signature, opening, and 基本情况 of a plan."""

from core import words
from reports.compose.wording import (
    Frozen,
    Runs,
    day,
    figure,
    joined,
    phrase,
)
from reports.facts.promises import FINAL, JUDGED, NEARLY
from reports.rendering.document import Block, Heading, Paragraph, Run

MEMBERS = "各成员单位"


def title(frozen: Frozen) -> tuple[str, ...]:
    """Return the lines of the title, each short enough for a line of 2号."""
    plan, year = frozen["plan"], frozen["year"]
    years = f"{plan['start_year']}—{plan['end_year']}年"
    match frozen["kind"]:
        case "biennial":
            head = f"关于{frozen['first_year']}—{year}年全民科学素质行动"
            return (head, "工作情况的总结")
        case "midterm":
            return (f"{plan['region']}全民科学素质行动", f"{years}实施方案中期评估报告")
        case "five_year":
            return (f"{plan['region']}全民科学素质行动", f"{years}实施方案总结评估报告")
        case "department":
            return (signature(frozen), f"{year}年度全民科学素质工作小结")
        case "bulletin":
            return (f"关于{frozen['period']['name']}全民科学素质行动", "工作进展情况的通报")
    return (f"关于{year}年度全民科学素质行动", "工作情况的报告")


def recipient(frozen: Frozen) -> str:
    plan = frozen["plan"]
    match frozen["kind"]:
        case "department":
            return of_region(plan, plan["office"])
        case "bulletin":
            return MEMBERS
    return of_region(plan, plan["group"])


def signature(frozen: Frozen) -> str:
    """Return who signs: the office, or the unit by its full name (市教育局 is 淄博市教育局)."""
    plan, unit = frozen["plan"], frozen["department"]
    if not unit:
        return of_region(plan, plan["office"])
    return f"{plan['region']}{unit[1:]}" if unit[0] == plan["region"][-1] else str(unit)


def of_region(plan: Frozen, name: str) -> str:
    """Return a body's name with its region in front, once."""
    return name if name.startswith(plan["region"]) else f"{plan['region']}{name}"


def _named(plan: Frozen) -> str:
    """Return the plan as documents cite it: 《title》（number）."""
    shown = plan["title"] if plan["title"].startswith("《") else f"《{plan['title']}》"
    return shown + (f"（{plan['document_number']}）" if plan["document_number"] else "")


# --- 导语 ----------------------------------------------------------------------------------
def opening(frozen: Frozen) -> list[Block]:
    plan, year, cited = frozen["plan"], frozen["year"], _named(frozen["plan"])
    group = of_region(plan, plan["group"])
    match frozen["kind"]:
        case "biennial":
            text = (
                f"{frozen['first_year']}年至{year}年，{group}按照{cited}的部署，"
                "组织各承担单位推进各项任务。现将两年来的工作情况总结如下。"
            )
        case "midterm":
            text = (
                f"{cited}自{plan['start_year']}年起实施。按照方案关于监测评估的要求，"
                f"现将截至{day(frozen['as_of'])}的实施情况评估如下。"
            )
        case "five_year":
            text = (
                f"{plan['start_year']}年以来，{group}按照{cited}的部署，组织各承担单位实施重点任务。"
                f"现将{plan['start_year']}年至{plan['end_year']}年的实施情况总结评估如下。"
            )
        case "department":
            return [
                Paragraph(
                    phrase(
                        frozen,
                        "按照{cited}的分工，{unit}{year}年度承担任务{plan.tasks}项。"
                        "现将完成情况小结如下。",
                        cited=cited,
                        unit=frozen["department"],
                        year=str(year),
                    )
                )
            ]
        case "bulletin":
            one = frozen["period"]
            text = (
                f"现将{one['name']}（{day(one['starts'])}至{day(one['ends'])}）"
                f"各单位落实{cited}的进展情况通报如下。"
            )
        case _:
            text = (
                f"{year}年，{group}按照{cited}的部署，"
                "组织各承担单位推进年度任务。现将工作情况报告如下。"
            )
    return [Paragraph(text)]


# --- 基本情况 ------------------------------------------------------------------------------
def background(frozen: Frozen) -> list[Block]:
    """Say what the plan asks for, how it was organised, and how this report judges."""
    return [
        Heading(2, "（一）方案概况"),
        Paragraph(_plan_in_short(frozen)),
        Heading(2, "（二）组织实施"),
        Paragraph(_organised(frozen)),
        Heading(2, "（三）评估方法和数据来源"),
        Paragraph(_method(frozen)),
    ]


def _plan_in_short(frozen: Frozen) -> Runs:
    plan = frozen["plan"]
    issued = ""
    if plan["issued_on"]:
        by = f"由{plan['issuer']}" if plan["issuer"] else ""
        issued = f"方案{by}于{day(plan['issued_on'])}印发，"
    span = f"{issued or '方案'}实施期为{plan['start_year']}年至{plan['end_year']}年，"
    said: Runs = phrase(
        frozen,
        "{span}安排重点任务{plan.actions}项、具体措施{plan.measures}条，提出目标{targets.total}项。",
        span=span,
    )
    safeguards = [one["title"] for one in frozen["safeguards"] if one["title"]]
    if safeguards:
        said += (Run(f"保障措施包括{'、'.join(safeguards)}。"),)
    return said


def _organised(frozen: Frozen) -> Runs:
    if frozen["figures"]["returns.asked"]["value"] == "0":
        return (Run("系统中没有各年的填报。"), *events_sentence(frozen, "活动台账登记"))
    said = phrase(
        frozen,
        "各年任务合计{span.tasks}项，由{units.asked}个单位填报，应报{returns.asked}件，"
        "核对通过{returns.heard}件；同一任务取各单位最近一次的填报，本报告采用{entries.used}件。",
    )
    if frozen["figures"]["units.silent"]["value"] != "0":
        said += phrase(frozen, "始终没有核对通过的填报的单位有{units.silent}个。")
    return said + events_sentence(frozen, "活动台账登记")


def events_sentence(frozen: Frozen, head: str) -> Runs:
    """Count what the register holds: 会议3场、培训5场（参加210人次）; nothing where it is empty."""
    figures = frozen["figures"]
    parts: list[Runs] = []
    for one in frozen["events"]:
        number = figure(figures, one["count"])
        heads: Runs = ()
        if one["people"]:
            heads = (Run("（参加"), figure(figures, one["people"]), Run("人次）"))
        measure = "条" if one["kind"] == "信息" else "场次"
        parts.append((Run(one["kind"]), number, Run(measure), *heads))
    return (Run(head), *joined(parts, "、"), Run("。")) if parts else ()


def _method(frozen: Frozen) -> Runs:
    text = (
        "目标按方案原文逐项对照，只采用已核对的指标数值；任务按各单位经核对的填报和综合判定统计。"
    )
    if not judged(frozen):
        return (Run(f"{text}没有到期的目标按进度评为正常或者滞后，没有可用数值的不作推算。"),)
    share = words.decimal_text(NEARLY * 100, 0)
    text += (
        f"达到目标的评为{FINAL['achieved']}，完成目标值{share}%以上的评为{FINAL['nearly']}，"
        f"其余评为{FINAL['missed']}；没有可用数值的无法评价，也不推算。"
    )
    return (Run(text),)


def judged(frozen: Frozen) -> bool:
    """Tell whether the report gives each target a final verdict."""
    return frozen["kind"] in JUDGED
