"""REST: yearly tasks and periods (`work`), entries and their steps (`entries`), events."""

from tasks.api.entries import Entries
from tasks.api.events import Events
from tasks.api.work import Periods, Tasks

__all__ = ["Entries", "Events", "Periods", "Tasks"]
