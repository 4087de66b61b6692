"""Yearly tasks and their periods (`work`), what is reported (`entries`), and what goes with it.

`reminders` (催办), `supervision` (领导要求、督办件), `events` (活动台账), `sheets` (Excel 回填).
"""

from tasks.models.entries import (
    FIELDS,
    Consultation,
    Entry,
    Evidence,
    Judgement,
    Rating,
    Revision,
    Transition,
)
from tasks.models.events import Event, EventFile
from tasks.models.reminders import Reminder
from tasks.models.sheets import Sheet
from tasks.models.supervision import (
    ExtensionRequest,
    Instruction,
    SupervisionFile,
    SupervisionItem,
    SupervisionStep,
)
from tasks.models.work import Assignment, Extension, Period, ReportingRules, Task

__all__ = [
    "FIELDS",
    "Assignment",
    "Consultation",
    "Entry",
    "Event",
    "EventFile",
    "Evidence",
    "Extension",
    "ExtensionRequest",
    "Instruction",
    "Judgement",
    "Period",
    "Rating",
    "Reminder",
    "ReportingRules",
    "Revision",
    "Sheet",
    "SupervisionFile",
    "SupervisionItem",
    "SupervisionStep",
    "Task",
    "Transition",
]
