"""Is a target met? The rules, pure: values in, a verdict with its arithmetic and criterion out.

All values are Decimals in the target's unit; years are calendar years. Nothing is interpolated:
a year without a value is a year without a value. Values of different series are never compared.
"""

from indicators.attainment.below import judge_children, judge_share
from indicators.attainment.conflicts import conflicts_among
from indicators.attainment.judging import judge
from indicators.attainment.rules import Attainment, Pace, Promise, meets
from indicators.attainment.wording import asked_words, places_of, value_words
from indicators.statistics import NoOutlook, Outlook, Point, outlook

__all__ = [
    "Attainment",
    "NoOutlook",
    "Outlook",
    "Pace",
    "Point",
    "Promise",
    "asked_words",
    "conflicts_among",
    "judge",
    "judge_children",
    "judge_share",
    "meets",
    "outlook",
    "places_of",
    "value_words",
]
