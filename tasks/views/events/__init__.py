"""The register of events, and the standing duties that are counted from it."""
