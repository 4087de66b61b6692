"""Reporting periods: their calendar, one of them, who has not reported, what it all costs."""
