"""Reads about tasks: how a year stands (`standings`), and one folder for each kind of page."""

from tasks.selectors.standings import (
    ActionStanding,
    Board,
    MeasureStanding,
    TaskStanding,
    board,
    known_on,
    newest_day,
    percent_of,
    task_standings,
    thresholds,
)

__all__ = [
    "ActionStanding",
    "Board",
    "MeasureStanding",
    "TaskStanding",
    "board",
    "known_on",
    "newest_day",
    "percent_of",
    "task_standings",
    "thresholds",
]
