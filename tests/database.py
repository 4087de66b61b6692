"""One empty SQLite database with every migration, made once for all workers of a test run."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def migrated() -> Path:
    """Return the file to copy; the first who asks makes it, and the others wait for that."""
    folder = Path(os.environ["TEST_RUN"])
    done, making = folder / "migrated.sqlite3", folder / "migrating.sqlite3"
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            subprocess.run(
                [sys.executable, ROOT / "manage.py", "migrate", "-v", "0"],
                env={**os.environ, "DATABASE_URL": f"sqlite:///{making}"},
                check=True,
            )
            making.rename(done)
    return done
