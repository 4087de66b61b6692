"""What is done to tasks, periods, entries, 督办件, events: one verb each, checked and recorded."""
