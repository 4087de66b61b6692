"""Compiled reports and what people do with them."""

from reports.models.compiled import Fact, FailedAttempt, Report, ReportVersion
from reports.models.scores import (
    Score,
    ScoreCard,
    ScoreDocument,
    ScoreEvidence,
    ScoreItem,
    ScoreScheme,
    ScoreStep,
)
from reports.models.steps import Opinion, Publication, ReportTransition
from reports.models.texts import Outline, SectionText

__all__ = [
    "Fact",
    "FailedAttempt",
    "Opinion",
    "Outline",
    "Publication",
    "Report",
    "ReportTransition",
    "ReportVersion",
    "Score",
    "ScoreCard",
    "ScoreDocument",
    "ScoreEvidence",
    "ScoreItem",
    "ScoreScheme",
    "ScoreStep",
    "SectionText",
]
