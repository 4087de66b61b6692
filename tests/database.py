"""One empty database with every migration, made once for a test run and copied by all its workers.

A SQLite file is copied as one; PostgreSQL copies a template.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]


def on_postgres() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def migrated() -> str:
    """Return the path of the file or the name of the template to copy.

    The first who asks makes it, and the others wait for that.
    """
    folder = Path(os.environ["TEST_RUN"])
    made = folder / "migrated"
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_text(_make(folder))
        return made.read_text()


def _make(folder: Path) -> str:
    if on_postgres():
        given = os.environ["DATABASE_URL"]
        name = f"{urlsplit(given).path.lstrip('/')}_{folder.name}".lower()
        _tell_server("CREATE DATABASE {} TEMPLATE template0", name)
        url = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    else:
        name = str(folder / "migrated.sqlite3")
        url = f"sqlite:///{name}"
    subprocess.run(
        [sys.executable, ROOT / "manage.py", "migrate", "-v", "0"],
        env={**os.environ, "DATABASE_URL": url},
        check=True,
    )
    return name


def forget(folder: Path) -> None:
    """Drop the template of a run, at its end; a file goes with its folder."""
    made = folder / "migrated"
    if on_postgres() and made.exists():
        _tell_server("DROP DATABASE {} WITH (FORCE)", made.read_text())


def _tell_server(statement: str, name: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(sql.SQL(statement).format(sql.Identifier(name)))
