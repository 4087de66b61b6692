"""REST: indicators, what is promised of them (`targets`), and what was observed."""

from indicators.api.indicators import Indicators
from indicators.api.observations import Observations
from indicators.api.targets import Targets

__all__ = ["Indicators", "Observations", "Targets"]
