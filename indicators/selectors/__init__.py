"""Reads about indicators: a plan's targets, their charts, and the page of one indicator."""

from indicators.selectors.charts import target_chart
from indicators.selectors.page import newest_year, plan_of
from indicators.selectors.targets import (
    Child,
    Compared,
    TargetView,
    plan_targets,
    series_of,
    target_words,
    value_words,
)

__all__ = [
    "Child",
    "Compared",
    "TargetView",
    "newest_year",
    "plan_of",
    "plan_targets",
    "series_of",
    "target_chart",
    "target_words",
    "value_words",
]
