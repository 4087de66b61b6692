"""Read plan documents: file → text → outline → actions, targets, duties, phases.

This package knows no Django; it turns text into records and leaves saving to others. A new way
of printing things is added to `notations.py` first, with a case under tests/plans/importer/cases.
"""

from plans.importer.model import (
    ImportWarning,
    NotAPlan,
    ParsedAction,
    ParsedDuty,
    ParsedMeasure,
    ParsedPhase,
    ParsedPlan,
    ParsedTarget,
    UnreadableDocument,
)
from plans.importer.pipeline import parse_text
from plans.importer.reading import read_file
from plans.importer.result import to_json

__all__ = [
    "ImportWarning",
    "NotAPlan",
    "ParsedAction",
    "ParsedDuty",
    "ParsedMeasure",
    "ParsedPhase",
    "ParsedPlan",
    "ParsedTarget",
    "UnreadableDocument",
    "parse_text",
    "read_file",
    "to_json",
]
