"""What is done with an entry: `reporting` by its unit, `decisions` of others, and around them.

`steps` is what every step shares: its lock, its transition, its notices.
"""

from tasks.services.entries.reporting import (
    Receipt,
    Saved,
    hand_back,
    mark_ready,
    save_field,
    sign,
    submit,
    withdraw,
)

__all__ = [
    "Receipt",
    "Saved",
    "hand_back",
    "mark_ready",
    "save_field",
    "sign",
    "submit",
    "withdraw",
]
