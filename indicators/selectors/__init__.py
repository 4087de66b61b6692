"""Reads about indicators: a plan's targets, their charts, and the page of one indicator."""

from indicators.attainment import value_words
from indicators.selectors.charts import plain_chart, target_chart
from indicators.selectors.page import newest_year, plan_of
from indicators.selectors.targets import plan_targets, series_of
from indicators.selectors.views import Child, Compared, TargetView, target_words

__all__ = [
    "Child",
    "Compared",
    "TargetView",
    "newest_year",
    "plain_chart",
    "plan_of",
    "plan_targets",
    "series_of",
    "target_chart",
    "target_words",
    "value_words",
]
