"""REST: yearly tasks and periods (`work`), entries and their steps (`entries`), events, 督办件."""

from tasks.api.entries import Entries
from tasks.api.events import Events
from tasks.api.supervision import Supervision
from tasks.api.work import Periods, Tasks

__all__ = ["Entries", "Events", "Periods", "Supervision", "Tasks"]
