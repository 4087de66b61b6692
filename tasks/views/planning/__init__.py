"""The year's tasks: each, their units, and many at once."""
