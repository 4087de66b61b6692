"""Write reports from frozen facts: which parts, and what each of them says."""

from reports.compose.assembly import PartFailed, compose

__all__ = ["PartFailed", "compose"]
