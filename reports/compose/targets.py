"""目标指标完成情况: each target, its verdict, table C, and what the places below show."""

from core import words
from reports.compose.frame import judged
from reports.compose.tables import places_table, reasons, target_table
from reports.compose.wording import Frozen, Runs, figure, joined, phrase, quoted
from reports.facts.promises import FINAL
from reports.rendering.document import Block, Heading, Paragraph, Run, paragraphs


def targets(frozen: Frozen) -> list[Block]:
    """Say how the targets stand; at the end of a plan, whether each was reached and why not."""
    if not frozen["targets"]:
        return [Paragraph("方案没有提出可以列表的目标指标。")]
    found: list[Block] = [Paragraph(_counted(frozen))]
    for at, one in enumerate(frozen["targets"], 1):
        found.extend(_judged(frozen, at, one) if judged(frozen) else [_told(frozen, at, one)])
    found.append(target_table(frozen))
    if frozen["places"]:
        found.append(Paragraph("各县（市、区）的情况见表2，没有经过核对的数值的记为未测。"))
        found.append(places_table(frozen))
    return found


def _counted(frozen: Frozen) -> Runs:
    """Count the targets by their verdicts."""
    figures = frozen["figures"]
    known = FINAL if judged(frozen) else words.ATTAINMENT
    prefix = "targets.final" if judged(frozen) else "targets"
    parts = [
        (Run(str(word)), figure(figures, f"{prefix}.{code}"), Run("项"))
        for code, word in known.items()
        if f"{prefix}.{code}" in figures
    ]
    return (
        phrase(frozen, "方案提出的目标共{targets.total}项，")
        + joined(parts, "，")
        + (Run("。没有经过核对的数值的年份记为未测，不以零计，也不推算。"),)
    )


def _told(frozen: Frozen, number: int, one: Frozen) -> Paragraph:
    """Say what was promised and how it stands; a promise without a number in its own words."""
    if one["verdict"] == "relative":
        return Paragraph((Run(f"{number}. {one['name']}。"), _relative(one)))
    return Paragraph(
        (
            Run(f"{number}. {one['name']}。目标："),
            figure(frozen["figures"], one["goal"]),
            Run("。"),
            figure(frozen["figures"], one["sentence"]),
        )
    )


def _relative(one: Frozen) -> Run:
    quote = one["quote"].strip().rstrip("。；")
    return Run(f"方案的表述是{quoted(quote)}，不作数值比较。")


# --- At the end of a plan ------------------------------------------------------------------
NOT_SAID = (
    "没有全部达到的原因，指标数值和核对通过的填报中都没有写明。",
    "为什么没有达到，指标数值和承担单位的填报都未作说明。",
    "核对过的数值和填报里都查不到未达到的原因。",
)
CHANGED = ("末期比基期", "与基期相比，末期", "从基期到末期，")


def _judged(frozen: Frozen, number: int, one: Frozen) -> list[Block]:
    """Say what was promised, what came of it from the baseline to the end, and why not more."""
    head = Heading(3, f"{number}. {one['name']}")
    if one["final"] == "relative":
        return [head, Paragraph((_relative(one),))]
    figures = frozen["figures"]
    said: Runs = (Run("方案目标："), figure(figures, one["goal"]), Run("。"))
    measured = [value for value in one["values"] if value["figure"]]
    if one["base_year"] is not None:
        base = measured[0]
        said += (
            Run(f"基期（{base['year']}年）为"),
            figure(figures, base["figure"], unit=True),
            Run("。"),
        )
    said += (figure(figures, one["sentence"]),)
    if one["change"] and not one["turned"]:
        said += (Run("末期与基期持平。"),)
    elif one["change"]:
        said += (
            Run(f"{CHANGED[number % len(CHANGED)]}{one['turned']}"),
            figure(figures, one["change"], unit=True),
            Run("。"),
        )
    said += (Run(f"评价：{FINAL[one['final']]}。"),)
    found: list[Block] = [head, Paragraph(said)]
    return found + (_reasons(frozen, one, number) if one["final"] in ("nearly", "missed") else [])


def _reasons(frozen: Frozen, one: Frozen, turn: int) -> list[Block]:
    """Say why a target was not reached, as far as anybody wrote it."""
    told = reasons(frozen, one)
    if not told:
        return [Paragraph(NOT_SAID[turn % len(NOT_SAID)])]
    found: list[Block] = [Paragraph("没有达到的原因，据填报：")]
    for text in told:
        found.extend(paragraphs(text))
    return found
