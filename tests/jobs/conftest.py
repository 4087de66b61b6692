"""Real workers: Celery processes on the tests' own database and broker, that can be killed.

Without DATABASE_URL and BROKER_URL they run on a SQLite file and a folder as broker.
"""

from __future__ import annotations  # loaded before Django has its models

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEARTBEAT, STALE, RECONCILE = 0.2, 3.0, 0.5  # seconds
PATIENCE = 240.0  # seconds until a test gives up; a busy machine needs them


def wait_for(what: str, true: Callable[[], object], pause: float = 0.05) -> None:
    """Wait until something is true, or fail saying what was waited for."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, f"waited in vain: {what}"
        time.sleep(pause)


def database_url() -> str:
    """Return the address of the database that this test runs on."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


class Worker:
    """A Celery worker with one child process, and a beat if asked for, each in its own group."""

    def __init__(self, queue: str, folder: Path, beat: bool) -> None:
        from django.conf import settings

        self.environment = os.environ | {
            "DATABASE_URL": database_url(),
            "BROKER_URL": settings.BROKER_URL,
            "DATA_DIR": str(settings.DATA_DIR),
            "TEST_QUEUE": queue,
            "HEARTBEAT_SECONDS": str(HEARTBEAT),
            "STALE_SECONDS": str(STALE),
            "RECONCILE_SECONDS": str(RECONCILE),
        }
        self.log = folder / f"worker-{uuid.uuid4().hex}.log"
        self.processes = [
            self._start(self.log, "worker", "-c", "1", "--without-gossip", "--without-mingle")
        ]
        if beat:
            schedule = str(folder / f"schedule-{uuid.uuid4().hex}")
            output = self.log.with_suffix(".beat")
            self.processes.append(self._start(output, "beat", "--pidfile=", "--schedule", schedule))
        wait_for("the worker is ready", self._ready)

    def _start(self, output: Path, *words: str) -> subprocess.Popen[bytes]:
        with output.open("wb") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tests.jobs.app", *words, "-l", "INFO"],
                cwd=ROOT,
                env=self.environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _ready(self) -> bool:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        assert self.processes[0].poll() is None, f"the worker did not start:\n{text[-3000:]}"
        return " ready." in text

    def kill(self) -> None:
        """Kill the worker with all its processes, as a power cut does."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def kill_child(self) -> None:
        """Kill only the process that works on jobs; the worker starts another one."""
        pid = self.processes[0].pid
        (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(int(child), signal.SIGKILL)

    def stop(self) -> None:
        """End the processes as a service manager does, and make sure of it."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        try:
            for process in self.processes:
                process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Send the jobs of this test to a queue of its own; forget it afterwards."""
    from django.conf import settings

    from config.celery import app
    from core import dispatch

    name = f"test-{uuid.uuid4().hex}"
    monkeypatch.setattr(dispatch, "_senders", [])
    dispatch.register_sender(lambda kind, pk: app.send_task(kind, args=[pk], queue=name))
    yield name
    if settings.BROKER_URL.startswith("redis"):
        import redis

        bindings = (f"_kombu.binding{kind}.{name}" for kind in ("", "_permanent"))
        redis.Redis.from_url(settings.BROKER_URL).delete(name, *bindings)


@pytest.fixture
def start_worker(queue: str, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Return a function that starts a worker (with `beat=True` also the beat)."""
    started: list[Worker] = []

    def start(*, beat: bool = False) -> Worker:
        started.append(Worker(queue, tmp_path, beat))
        return started[-1]

    yield start
    for worker in started:
        worker.stop()
