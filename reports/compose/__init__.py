"""Write reports from frozen facts: which parts, and what each of them says."""

from reports.compose.assembly import PartFailed, compose
from reports.compose.trace import order, traced

__all__ = ["PartFailed", "compose", "order", "traced"]
