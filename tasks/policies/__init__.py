"""What a person may do, and why not; each function takes the day or moment it is asked for.

Rules of 督办件 are asked for by their own name: `from tasks.policies import supervision`.
"""

from tasks.policies.entries import (
    UNDO,
    accepts,
    can,
    can_copy,
    can_read_submitted,
    can_read_text,
    can_remove_evidence,
    can_write,
    deadline,
    gathers,
    is_late,
    of_unit,
    stands_behind,
    time_given,
    worked_on,
)
from tasks.policies.events import (
    can_edit_event,
    can_record_event,
)
from tasks.policies.periods import (
    can_extend,
    can_move_period,
    can_nudge,
    can_use_sheet,
    can_waive_in,
)
from tasks.policies.planning import (
    can_break_down,
    can_edit_task,
    can_judge,
    can_make_tasks,
    handed_to,
)

__all__ = [
    "UNDO",
    "accepts",
    "can",
    "can_break_down",
    "can_copy",
    "can_edit_event",
    "can_edit_task",
    "can_extend",
    "can_judge",
    "can_make_tasks",
    "can_move_period",
    "can_nudge",
    "can_read_submitted",
    "can_read_text",
    "can_record_event",
    "can_remove_evidence",
    "can_use_sheet",
    "can_waive_in",
    "can_write",
    "deadline",
    "gathers",
    "handed_to",
    "is_late",
    "of_unit",
    "stands_behind",
    "time_given",
    "worked_on",
]
