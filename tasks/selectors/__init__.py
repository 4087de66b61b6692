"""Reads about tasks: how a plan's year stands (`standings`), and one module for each page."""

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
