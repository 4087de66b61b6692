"""Pages of indicators: targets and values, what waits, the catalogue, tables and files."""
