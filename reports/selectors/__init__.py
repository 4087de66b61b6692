"""Page-shaped reads that mix floors: plans with their tasks, targets, units and periods."""
