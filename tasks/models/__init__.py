"""Yearly tasks and their periods (`work`), and what is reported (`entries`)."""

from tasks.models.entries import FIELDS, Entry, Evidence, Judgement, Revision, Transition
from tasks.models.work import Assignment, Extension, Period, Task

__all__ = [
    "FIELDS",
    "Assignment",
    "Entry",
    "Evidence",
    "Extension",
    "Judgement",
    "Period",
    "Revision",
    "Task",
    "Transition",
]
