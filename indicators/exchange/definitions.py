"""Definitions of indicators as an Excel table: an empty one to fill in, and what it says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.sheets import Column, Line, read, write
from departments.models import Region
from indicators.models import Indicator

SPARE = 200  # empty lines: a whole form of the yearly statistic fits
CHOICES: Mapping[str, Any] = {
    "kind": Indicator.Kind.choices,
    "direction": Indicator.Direction.choices,
    "frequency": Indicator.Frequency.choices,
    "roll_up": Indicator.RollUp.choices,
    "reported_at": Region.Level.choices,
}
FLAGS = ("denominator_is_population", "money", "by_department", "by_group")
YES, NO = "是", "否"
# The fields in the order of the columns; those without a width are words to choose from.
_TITLES = (
    ("name", "名称", 30),
    ("code", "代码", 24),
    ("group", "类别", 10),
    ("official_code", "科普统计代码", 12),
    ("unit", "单位", 8),
    ("kind", "类型", 0),
    ("direction", "方向", 0),
    ("frequency", "填报频率", 0),
    ("decimals", "小数位", 8),
    ("roll_up", "汇总方式", 0),
    ("reported_at", "从哪一级汇总", 0),
    ("formula", "计算方法", 30),
    ("numerator_label", "分子", 16),
    ("denominator_label", "分母", 16),
    ("denominator_is_population", "分母是人口", 0),
    ("scale", "倍数", 8),
    ("lowest", "可能的最小值", 10),
    ("highest", "可能的最大值", 10),
    ("jump_percent", "变动超过多少（%）要说明", 12),
    ("money", "是金额", 0),
    ("by_department", "分部门填报", 0),
    ("by_group", "分人群填报", 0),
    ("source", "数据来源", 20),
    ("reporter", "填报单位", 16),
    ("basis", "依据", 24),
)
TITLES = {key: title for key, title, _width in _TITLES}
NEEDED = ("name", "code")


def _words(key: str) -> tuple[str, ...]:
    return (YES, NO) if key in FLAGS else tuple(str(word) for _code, word in CHOICES[key])


def _columns() -> tuple[Column, ...]:
    return tuple(
        Column(key, title, width=width, editable=True, required=key in NEEDED)
        if width
        else Column(
            key,
            title,
            width=12,
            kind="choice",
            choices=_words(key),
            editable=True,
            required=False,
        )
        for key, title, width in _TITLES
    )


def template(made_at: datetime) -> bytes:
    """Return the empty table with its drop-downs."""
    notes = (
        _("一行一个指标。名称和代码必填；其他不填的，按“添加指标”页面上的初始选择。"),
        _("代码用小写字母、数字和下划线，定了就不能改。科普统计的项目请照调查表填类别和代码。"),
        _("本系统不处理涉密信息，请勿填写涉密内容。"),
    )
    return write(_("指标目录"), _columns(), [], notes=notes, spare=SPARE, freeze=1, made_at=made_at)


def read_definitions(content: bytes) -> list[Line]:
    """Return the lines of a filled-in table, words turned into codes.

    A word that is none of those to choose from stands in the problems of its line. Raises
    DomainError for what is no such table.
    """
    lines = read(content, _columns())
    for line in lines:
        for key in CHOICES:
            line.values[key] = _code(line, key)
        for key in FLAGS:
            text = line.values[key].strip()
            if text not in (YES, NO, ""):
                line.problems[key] = _unknown(text, key)
            line.values[key] = "on" if text == YES else ""
    return lines


def _code(line: Line, key: str) -> str:
    text = line.values[key].strip()
    known = {str(word): str(code) for code, word in CHOICES[key]}
    if text and text not in known:
        line.problems[key] = _unknown(text, key)
    return known.get(text, "")


def _unknown(text: str, key: str) -> str:
    return _("不认识“%(text)s”。可以填：%(words)s。") % {
        "text": text[:20],
        "words": "、".join(_words(key)),
    }
