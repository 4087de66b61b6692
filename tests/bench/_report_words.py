"""What stands in the rows of the plan for the benchmark of reports: words and days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from tasks.models import Entry

FIRST = 2021  # the plan's first year


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def words(number: int, entry: Entry) -> dict[str, Any]:
    """Return what a unit hands in: some 150 characters, as long as offices really write."""
    end = entry.period.ends
    last = end.month > 6
    percent = (88 + number % 13) if last else (38 + number % 17)
    return {
        "number": 1,
        "of_version": 1,
        "percent": percent,
        "quantity": percent * 2 // 5 if entry.task.kind == "quantity" else None,
        "self_rating": "on_track" if number % 6 else "behind",
        "done": f"组织科普进校园、进社区、进农村活动{6 + number % 23}场，覆盖{320 + number}人次；"
        f"培训基层科普人员{40 + number % 61}人，发放科普读物{800 + number % 701}册；"
        f"新建科普长廊{1 + number % 5}处，联合成员单位举办全国科普日主场活动，"
        f"线上直播观看量{12 + number % 40}万人次，完成全年任务的{percent}%。",
        "problems": "无"
        if number % 3
        else f"第{number % 97 + 1}号点位专职人员不足，经费落实不平衡。",
        "next_steps": f"下一期再安排{3 + number % 9}场活动，对进展偏慢的区逐一督导，推广好的做法。",
        "is_late": number % 17 == 0,
        "submitted_at": at(end + timedelta(5 + number % 5)),
        "sha256": f"{number:064x}",
    }
