"""What a report says, frozen before a word is written: plain JSON, every figure with its rows."""

from reports.facts.freezing import (
    Frozen,
    encoded,
    freeze,
    has_anything,
    last_reported_day,
    one_view,
    rank,
    sha256,
)

__all__ = [
    "Frozen",
    "encoded",
    "freeze",
    "has_anything",
    "last_reported_day",
    "one_view",
    "rank",
    "sha256",
]
