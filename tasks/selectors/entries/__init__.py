"""An entry as its unit fills it in, as others read it, as the office checks it, and as table B."""
