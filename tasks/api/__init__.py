"""REST: yearly tasks and periods (`work`), entries and their steps (`entries`)."""

from tasks.api.entries import Entries
from tasks.api.work import Periods, Tasks

__all__ = ["Entries", "Periods", "Tasks"]
