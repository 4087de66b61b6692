"""The items of a scheme as an Excel table, there and back; table E of one card, Excel and Word."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.sheets import Column, Line, read, write
from core.word_table import Column as WordColumn
from core.word_table import word_table
from core.words import grouped
from reports.models import ScoreItem, ScoreScheme
from reports.scoring import RULES, read_points
from reports.selectors.scores import CardPage, Sum
from reports.selectors.scores import Line as CardLine

SPARE = 60  # empty lines for more items
MOST_POINTS, LEAST_POINTS = Decimal(999), Decimal("0.01")
TITLES = {
    "level1": gettext_lazy("一级指标"),
    "level2": gettext_lazy("二级指标"),
    "standard": gettext_lazy("评分标准"),
    "points": gettext_lazy("分值"),
    "rule": gettext_lazy("计分方式"),
}
LENGTHS = {"level1": 60, "level2": 120, "standard": 1000}
# key, label, width in characters, centred
TABLE_E = (
    ("level1", gettext_lazy("一级指标"), 14, False),
    ("level2", gettext_lazy("二级指标"), 18, False),
    ("standard", gettext_lazy("评分标准"), 36, False),
    ("full", gettext_lazy("分值"), 8, True),
    ("self_points", gettext_lazy("自评分"), 8, True),
    ("points", gettext_lazy("审核分"), 8, True),
    ("reason", gettext_lazy("扣分原因"), 24, False),
    ("evidence", gettext_lazy("佐证"), 36, False),
)


# --- Items ---------------------------------------------------------------------------------
def item_columns() -> tuple[Column, ...]:
    """Return the columns of the table of items."""
    names = tuple(str(rule.name) for rule in RULES.values())
    title = {key: str(words) for key, words in TITLES.items()}
    return (
        Column("level1", title["level1"], width=16, editable=True),
        Column("level2", title["level2"], width=22, editable=True),
        Column("standard", title["standard"], width=50, editable=True),
        Column("points", title["points"], width=8, kind="number", editable=True),
        Column(
            "rule",
            title["rule"],
            width=14,
            kind="choice",
            choices=names,
            editable=True,
            required=False,
        ),
    )


def items_table(scheme: ScoreScheme, items: Iterable[ScoreItem], made_at: datetime) -> bytes:
    """Return the table of items to be filled in, with those that are there."""
    rows = [
        {
            "level1": one.level1,
            "level2": one.level2,
            "standard": one.standard,
            "points": one.points,
            "rule": str(RULES[one.rule].name),
        }
        for one in items
    ]
    rules = "；".join(f"{rule.name}：{rule.words}" for rule in RULES.values())
    notes = (
        _("照批准的考核细则逐行填写，一行一项。一级指标与上一行相同的可以不填。"),
        _("计分方式不填的按人工评分。%(rules)s") % {"rules": rules},
        _("登录次数、照片数量、填报篇数不作考核项目。本系统不处理涉密信息，请勿填写涉密内容。"),
    )
    title = _("%(year)s 年考核项目") % {"year": scheme.year}
    return write(title, item_columns(), rows, notes=notes, spare=SPARE, made_at=made_at)


def read_items(content: bytes) -> list[Line]:
    """Return the lines of a filled-in table. Raises DomainError for what is no such table."""
    return read(content, item_columns())


def items_of(
    lines: Sequence[Line],
) -> tuple[list[dict[str, Any]], dict[int, dict[str, list[str]]]]:
    """Return what the lines say, and what is wrong with the others by number and column.

    An empty first column means the one above, as in tables with merged cells.
    """
    rows, wrong = [], {}
    above = ""
    codes = {str(rule.name): code for code, rule in RULES.items()}
    for number, line in enumerate(lines):
        values = {key: text.strip() for key, text in line.values.items()}
        values["level1"] = above = values["level1"] or above
        told = dict(line.problems) | _faults(values)
        points: Decimal | None = None
        try:
            points = read_points(values["points"], MOST_POINTS, least=LEAST_POINTS)
        except DomainError as problem:
            told.setdefault("points", problem.message)
        if points is None:
            told.setdefault("points", _("请填写分值。"))
        if values["rule"] not in (*codes, ""):
            told["rule"] = _("不认识“%(text)s”。可以填：%(words)s。") % {
                "text": values["rule"][:20],
                "words": "、".join(codes),
            }
        if told:
            wrong[number] = {name: [words] for name, words in told.items()}
        else:
            kept = {key: values[key] for key in LENGTHS}
            rows.append({**kept, "points": points, "rule": codes.get(values["rule"], "")})
    return rows, wrong


def _faults(values: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with the texts of a line, by column."""
    told = {}
    for key, most in LENGTHS.items():
        if not values[key]:
            told[key] = _("请填写%(title)s。") % {"title": TITLES[key]}
        elif len(values[key]) > most:
            told[key] = _("最多 %(most)s 字，现有 %(n)s 字。") % {
                "most": most,
                "n": len(values[key]),
            }
    return told


# --- Table E -------------------------------------------------------------------------------
def _points(value: Decimal | None) -> str:
    return "" if value is None else grouped(value)


def _evidence(line: CardLine) -> str:
    """Return what a line rests on: the rule's finding, the unit's words, its files by name."""
    told = [line.found.sentence] if line.found else []
    told += [line.score.self_note] if line.score.self_note else []
    told += [_("附件：%(names)s") % {"names": "、".join(one.name for one in line.files)}] * bool(
        line.files
    )
    return "\n".join(told)


def _line(line: CardLine, shown: bool) -> dict[str, str]:
    score = line.score
    checked = _("无依据") if score.no_basis else _points(score.points)
    return {
        "level1": line.item.level1,
        "level2": line.item.level2,
        "standard": line.item.standard,
        "full": _points(score.full),
        "self_points": _points(score.self_points),
        "points": checked if shown else "",
        "reason": score.reason if shown else "",
        "evidence": _evidence(line),
    }


def _total(page: CardPage) -> dict[str, str]:
    """Return the sum of the card's own items; what has no basis is neither got nor missed."""
    whole = sum((one.score.full for one in page.lines), Decimal(0))
    shown = page.checked_sum if page.points_shown else None
    return {
        "level1": _("合计"),
        "full": _points(whole),
        "self_points": _points(page.self_sum.points),
        "points": _points(shown.points) if shown else "",
        "reason": _left_out(shown) if shown else "",
    }


def _left_out(total: Sum) -> str:
    if not total.open:
        return ""
    told = {"n": total.open, "points": grouped(total.without)}
    return _("%(n)s 项共 %(points)s 分无依据或未评，不计入。") % told


def _lead(page: CardPage) -> str:
    card = page.card
    own = _("（本单位自核）") if card.own_check and page.points_shown else ""
    told = {
        "unit": card.department.name,
        "basis": f"{card.scheme.approving_body} {card.scheme.document_number}",
        "state": f"{card.get_state_display()}{own}",
    }
    return _("单位：%(unit)s　依据：%(basis)s　状态：%(state)s") % told


def _title(page: CardPage) -> str:
    return _("%(year)s 年度%(title)s评分表") % {
        "year": page.card.scheme.year,
        "title": page.card.scheme.title,
    }


def _rows(page: CardPage) -> list[dict[str, str]]:
    return [*(_line(one, page.points_shown) for one in page.lines), _total(page)]


def as_excel(page: CardPage, made_at: datetime) -> bytes:
    """Return table E of one card as an Excel file, with what this person may see."""
    kinds = {"full", "self_points", "points"}
    columns = [
        Column(key, str(label), width=width, kind="number" if key in kinds else "text")
        for key, label, width, _centred in TABLE_E
    ]
    return write(
        _title(page),
        columns,
        _rows(page),
        notes=(_lead(page),),
        foot=(_("单位（盖章）："),),
        freeze=2,
        made_at=made_at,
    )


def as_word(page: CardPage, made_at: datetime) -> bytes:
    """Return table E of one card as a Word document, with what this person may see."""
    columns = [WordColumn(str(label), weight, centred) for _key, label, weight, centred in TABLE_E]
    rows = [[row.get(key, "") for key, *_rest in TABLE_E] for row in _rows(page)]
    return word_table(_title(page), columns, rows, lead=_lead(page), foot=_("单位（盖章）："))
