"""A whole portal for a test: server, worker and beat as processes on a fresh database.

It runs on the server of DATABASE_URL and on BROKER_URL where they are set (a database and a queue
of its own there), else on a SQLite file and a folder as broker.
"""

from __future__ import annotations  # loaded before Django has its models

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.database import migrated, on_postgres

DATABASE = "portal.sqlite3"
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds until a service that does not answer fails the test
SERVER = "gunicorn tests.browser.served --worker-class gthread --threads 4 --no-control-socket"
# manage.py, with jobs sent to the queue of the test
MANAGE = """
import sys, tests.jobs.app
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
WORKER = "celery -A tests.jobs.app worker -c 1 -l INFO --without-gossip --without-mingle"
BEAT = "celery -A tests.jobs.app beat --pidfile= -l INFO"


@dataclass(slots=True)
class Portal:
    """A running portal: its address, its folder of data, and the environment of its processes."""

    url: str
    folder: Path
    environment: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def manage(self, *words: str) -> str:
        """Run a command of manage.py on this portal's data; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", MANAGE, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        said = f"manage.py {words[0]} failed:\n{done.stdout}{done.stderr}"
        if done.returncode and "worker" in self.running:
            said += f"the worker:\n{self.log('worker').read_text(errors='replace')[-3000:]}"
        assert done.returncode == 0, said
        return done.stdout

    def start(self, name: str, line: str) -> None:
        """Start a service; its output goes to NAME.log in the folder."""
        with self.log(name).open("wb") as file:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *line.split()],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def answers(self) -> bool:
        """Tell whether the server answers; a service that ended fails the test with its words."""
        for name, process in self.running.items():
            said = self.log(name).read_text(errors="replace")[-3000:]
            assert process.poll() is None, f"{name} ended:\n{said}"
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """End every service as a service manager does, and make sure of it."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def portal(folder: Path, static: Path) -> Iterator[Portal]:
    """Serve a portal on an empty database for the length of a `with`."""
    with database(folder) as url:
        one = Portal(f"http://127.0.0.1:{_free_port()}", folder, _environment(folder, static, url))
        if not static.exists():
            one.manage("collectstatic", "--noinput", "-v", "0")
        try:
            one.start("server", f"{SERVER} --bind {urlsplit(one.url).netloc}")
            one.start("worker", WORKER)
            one.start("beat", BEAT)
            until = time.monotonic() + PATIENCE
            while not one.answers():
                assert time.monotonic() < until, one.log("server").read_text(errors="replace")
                time.sleep(0.1)
            yield one
        finally:
            one.stop()
            _forget_queue(one.environment)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path, static: Path, database_url: str) -> dict[str, str]:
    own = {
        "DATA_DIR": str(folder),
        "STATIC_ROOT": str(static),
        "DATABASE_URL": database_url,
        "BROKER_URL": os.environ.get("BROKER_URL", "filesystem://"),
        "TEST_QUEUE": f"test-{uuid.uuid4().hex}",
        "RECONCILE_SECONDS": "1",
    }
    left_out = {"CACHE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return {key: value for key, value in os.environ.items() if key not in left_out} | own


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Give the address of a migrated database: beside the one of DATABASE_URL, else a file."""
    if not on_postgres():
        shutil.copyfile(migrated(), folder / DATABASE)
        yield f"sqlite:///{folder / DATABASE}"
        return
    given = os.environ["DATABASE_URL"]
    import psycopg
    from psycopg import sql

    name = f"{urlsplit(given).path.lstrip('/')}_walk_{uuid.uuid4().hex[:8]}"
    named = sql.Identifier(name)
    with psycopg.connect(given, autocommit=True) as link:
        source = sql.Identifier(migrated())
        link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(named, source))
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


def _forget_queue(environment: dict[str, str]) -> None:
    if environment["BROKER_URL"].startswith("redis"):
        import redis

        queue = environment["TEST_QUEUE"]
        bindings = (f"_kombu.binding{kind}.{queue}" for kind in ("", "_permanent"))
        redis.Redis.from_url(environment["BROKER_URL"]).delete(queue, *bindings)
