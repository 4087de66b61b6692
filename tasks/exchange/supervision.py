"""Table D, the register of 督办件 (督办台账), as Excel and as Word."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import words
from core.sheets import Column as SheetColumn
from core.sheets import write
from core.word_table import Column, word_table
from tasks.selectors.supervision.items import source_of

# key, label, width in characters, centred
COLUMNS = (
    ("number", gettext_lazy("编号"), 15, True),
    ("source", gettext_lazy("来源"), 18, False),
    ("title", gettext_lazy("督办事项"), 24, False),
    ("department", gettext_lazy("承办单位"), 14, False),
    ("helpers", gettext_lazy("协办单位"), 13, False),
    ("assigned_on", gettext_lazy("交办日期"), 18, True),
    ("due", gettext_lazy("办理时限"), 18, True),
    ("feedback", gettext_lazy("反馈情况"), 30, False),
    ("light", gettext_lazy("亮灯"), 11, True),
    ("nudges", gettext_lazy("催办次数"), 8, True),
    ("extension", gettext_lazy("延期"), 9, False),
    ("settled_on", gettext_lazy("办结日期"), 18, True),
    ("opinion", gettext_lazy("销号意见"), 16, False),
)


def _feedback(item: Any) -> str:
    """Return where the item stands, and the last words of the unit."""
    state = str(item.get_state_display())
    if not item.told:
        return state
    day = timezone.localdate(item.told_at).isoformat()
    return f"{state}。{day}：{item.told}"


def _extension(item: Any) -> str:
    parts = [_("%(n)s 次") % {"n": item.granted}] if item.granted else []
    if item.asking:
        parts.append(_("待答复"))
    return "，".join(parts)


def line(item: Any) -> dict[str, str]:
    """Return a registered item (`selectors.supervision.register`) as a line of table D."""
    settled = item.settled_on.isoformat() if item.settled_on else ""
    if item.own_check:
        settled += _("（本单位自核）")
    return {
        "number": item.number,
        "source": source_of(item),
        "title": item.title,
        "department": item.department.name,
        "helpers": "、".join(one.name for one in item.helpers.all()),
        "assigned_on": item.assigned_on.isoformat(),
        "due": item.due.isoformat() if item.due else _("长期坚持"),
        "feedback": _feedback(item),
        "light": str(words.word(item.light, "supervision")),
        "nudges": str(item.nudges),
        "extension": _extension(item),
        "settled_on": settled,
        "opinion": item.opinion,
    }


def _lead(on: date) -> str:
    return _("截至 %(day)s") % {"day": on.isoformat()}


def as_word(items: Iterable[Any], on: date) -> bytes:
    """Return table D as a Word document, as of a day."""
    columns = [Column(str(label), weight, centred) for _key, label, weight, centred in COLUMNS]
    rows = [[line(item)[key] for key, *_rest in COLUMNS] for item in items]
    return word_table(_("督办台账"), columns, rows, lead=_lead(on), foot=_("单位（盖章）："))


def as_excel(items: Iterable[Any], on: date) -> bytes:
    """Return table D as an Excel file, as of a day."""
    columns = [SheetColumn(key, str(label), width=width) for key, label, width, _c in COLUMNS]
    return write(
        _("督办台账"),
        columns,
        [line(item) for item in items],
        notes=(_lead(on),),
        foot=(_("单位（盖章）："),),
        freeze=1,
    )
