"""Plans as issued (`issued`), and drafts of them that wait for a person's check (`drafts`)."""

from plans.models.drafts import Draft, DraftItem, DraftName, DraftWarning
from plans.models.issued import (
    Action,
    Amendment,
    Duty,
    Measure,
    Parsed,
    Phase,
    Plan,
    PlanSettings,
    Responsibility,
    SourceDocument,
)

__all__ = [
    "Action",
    "Amendment",
    "Draft",
    "DraftItem",
    "DraftName",
    "DraftWarning",
    "Duty",
    "Measure",
    "Parsed",
    "Phase",
    "Plan",
    "PlanSettings",
    "Responsibility",
    "SourceDocument",
]
