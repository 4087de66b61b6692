"""The secret of an embedded portal: made once, kept with its data."""

import os
import secrets
from pathlib import Path


def embedded_secret(path: Path) -> str:
    """Return the secret stored at `path`, making it on first use (mode 0600)."""
    if not path.exists():
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of the same start was quicker
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()
