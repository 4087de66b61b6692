"""REST: how a plan's year stands, and the reports compiled from it."""

from reports.api.compiled import Reports
from reports.api.progress import Progress

__all__ = ["Progress", "Reports"]
