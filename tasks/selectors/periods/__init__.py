"""Reporting periods: the calendar, what opening causes, who owes and is reminded, what it costs."""
