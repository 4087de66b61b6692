"""Tables of reports as files, in and out."""
