"""What a report says, frozen before a word is written: plain JSON, every figure with its rows."""

from reports.facts.freezing import Frozen, encoded, freeze, one_view, rank, sha256
from reports.facts.scope import Scope
from reports.facts.spoken import has_anything

__all__ = [
    "Frozen",
    "Scope",
    "encoded",
    "freeze",
    "has_anything",
    "one_view",
    "rank",
    "sha256",
]
