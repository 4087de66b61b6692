"""Tables of the daily work as files, out and in."""
