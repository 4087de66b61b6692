"""Pages of indicators: targets and values (`pages`)."""
