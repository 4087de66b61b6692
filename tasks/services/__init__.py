"""What is done to tasks, periods and entries: one verb each, checked and recorded."""
