"""Values of indicators in files: table C and the tidy list, out and in."""
