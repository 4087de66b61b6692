"""保障措施落实情况: what was reported and recorded of each safeguard, and the money."""

from collections.abc import Callable

from reports.compose.frame import events_sentence
from reports.compose.wording import Frozen, Runs, figure, joined, names, quoted, told_of_work
from reports.rendering.document import Block, Heading, Paragraph, Run, paragraphs
from reports.rendering.draft import numeral

SILENT = "没有核对通过的填报，台账中也没有记录。"
RECORDED = (
    "{quote}，台账记录",
    "关于{quote}，登记的活动为",
    "对照{quote}，可查的台账有",
)


def safeguards(frozen: Frozen) -> list[Block]:
    """Go through the safeguards of the plan, then the money and the register of events."""
    found = _all(frozen, lambda at, title: Heading(2, f"（{numeral(at)}）{title}"))
    return found or [Paragraph("方案没有单列保障措施，系统中也没有固定任务和活动的记录。")]


def under_work(frozen: Frozen, number: int) -> list[Block]:
    """Say the same as the last part (of this number) of the work of a year."""
    found = _all(frozen, lambda at, title: Heading(3, f"{at}. {title}"))
    return [Heading(2, f"（{numeral(number)}）保障措施"), *found] if found else []


def _all(frozen: Frozen, heading: Callable[[int, str], Heading]) -> list[Block]:
    found: list[Block] = []
    titled = [one for one in frozen["safeguards"] if one["title"]]
    told = [(one["title"], _duties(frozen, one["duties"])) for one in titled]
    shown = [(title, said) for title, said in told if said]
    for at, (title, said) in enumerate(shown, 1):
        found.extend((heading(at, title), *said))
    rest = [duty for one in frozen["safeguards"] if not one["title"] for duty in one["duties"]]
    more = [*_duties(frozen, rest), *_money(frozen)]
    events = events_sentence(frozen, "活动台账登记")
    if events:
        more.append(Paragraph(events))
    if more and shown:
        found.append(heading(len(shown) + 1, "其他固定任务、经费和活动"))
    found.extend(more)
    silent = [title for title, said in told if not said]
    if silent:
        found.append(Paragraph(f"{names(silent)}{SILENT}"))
    return found


def _duties(frozen: Frozen, duties: list[Frozen]) -> list[Block]:
    """Give the units' words on each duty, and what the register holds of it, year by year."""
    found: list[Block] = []
    shown = 0
    for duty in duties:
        for entry in duty["entries"]:
            if entry["done"]:
                dated = len(duty["years"]) > 1
                found.extend(paragraphs(told_of_work(entry, dated=dated)))
        if any(year["count"] for year in duty["years"]):
            found.append(Paragraph(_recorded(frozen, duty, shown)))
            shown += 1
    return found


def _recorded(frozen: Frozen, duty: Frozen, turn: int) -> Runs:
    quote = quoted(duty["quote"].rstrip("。；"))
    head = RECORDED[turn % len(RECORDED)].replace("{quote}", quote)
    several = len(duty["years"]) > 1
    parts = [
        (
            Run(f"{year['year']}年" if several else ""),
            figure(frozen["figures"], year["figure"]),
            Run("条"),
        )
        for year in duty["years"]
        if year["count"]
    ]
    rest = "，其他年份没有记录" if len(parts) < len(duty["years"]) else ""
    return (Run(head), *joined(parts, "、"), Run(f"{rest}。"))


MONEY = ("经费方面，{name}的要求是", "方案另有一项经费要求，{name}")


def _money(frozen: Frozen) -> list[Block]:
    """Give the values of each target that speaks of money, year by year."""
    told = [
        (one, values)
        for one in frozen["targets"]
        if one["money"] and (values := [value for value in one["values"] if value["figure"]])
    ]
    return [Paragraph(_paid(frozen, one, values, at)) for at, (one, values) in enumerate(told)]


def _paid(frozen: Frozen, one: Frozen, values: list[Frozen], turn: int) -> Runs:
    figures = frozen["figures"]
    head = Run(MONEY[min(turn, 1)].replace("{name}", one["name"]))
    asked: Runs = (head, figure(figures, one["goal"]), Run("。"))
    parts: list[Runs]
    if one["of_places"]:
        parts = [
            (Run(f"{value['year']}年"), figure(figures, value["kept"]), Run("个达到"))
            for value in values
        ]
        asked += (figure(figures, one["of_places"]), Run(f"个{one['places']}中，"))
    else:
        parts = [
            (Run(f"{value['year']}年为"), figure(figures, value["figure"], unit=True))
            for value in values
        ]
    return (*asked, *joined(parts, "，"), Run("。"))
