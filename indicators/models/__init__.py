"""Indicators, what the plans promise of them, and what was observed."""

from indicators.models.catalogue import Indicator
from indicators.models.observations import Observation, Population, Question
from indicators.models.sheets import ObservationSheet
from indicators.models.targets import Target

__all__ = ["Indicator", "Observation", "ObservationSheet", "Population", "Question", "Target"]
