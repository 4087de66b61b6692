"""Let real workers compile the annual reports of many plans, in an environment made for it.

`python -m tests.bench._report_workers PLANS` is run with DATABASE_URL (an empty database with all
migrations), BROKER_URL and DATA_DIR of its own. It prints, as JSON, the seconds in which one and
two worker processes compiled all reports, from the first request until the last draft.
Workers are started as `run.py up` does. The order is one, two, two, one, each with half of the
plans, so that what else the machine does meets both alike. Each round begins with a few reports
that are not counted: the workers are warm then.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import run

if TYPE_CHECKING:
    from tests.bench._report_plan import Place

ROUNDS = ((1, 0), (2, 0), (2, 1), (1, 1))  # workers, which half
WARMING = 4
PATIENCE, A_REPORT = 120, 30  # seconds: at least, and for each report
STOPPING = 20


def compiled(plans: int) -> dict[int, float]:
    """Return the seconds for so many reports by how many workers there were."""
    import django

    django.setup()
    from tests.bench._country import settled
    from tests.bench._report_plan import SMALL, Place

    places = [Place(SMALL) for _plan in range(plans + WARMING)]
    settled()
    warming, counted = places[:WARMING], places[WARMING:]
    halves = counted[: plans // 2], counted[plans // 2 :]
    seconds = {1: 0.0, 2: 0.0}
    for workers, half in ROUNDS:
        _forget()
        with _workers(workers) as process:
            _compile(warming, process)
            seconds[workers] += _compile(halves[half], process)
    return seconds


@contextmanager
def _workers(count: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker service with so many processes that compile."""
    line = run.SERVICES["worker"].replace("--concurrency 1", f"--concurrency {count}")
    process = run.start("worker", run.program(line), dict(os.environ))
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOPPING)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _compile(places: Sequence[Place], worker: subprocess.Popen[bytes]) -> float:
    """Ask for the annual report of each plan; return the seconds until all are drafts."""
    from reports import services
    from reports.models import Report
    from tests.bench._country import YEAR

    began = time.perf_counter()
    for place in places:
        services.request_report(place.plan, "annual", YEAR, by=place.office)
    mine = Report.objects.filter(plan__in=[place.plan for place in places])
    while (drafts := mine.filter(state="draft").count()) < len(places):
        if failed := mine.filter(state="failed").first():
            raise RuntimeError(f"a report failed: {failed.error}")
        if worker.poll() is not None:
            log = (run.DATA / "log" / "worker.log").read_text("utf-8", "replace")
            raise RuntimeError(f"the worker ended ({worker.returncode}):\n{log[-2000:]}")
        if time.perf_counter() - began > PATIENCE + A_REPORT * len(places):
            raise RuntimeError(f"{drafts} of {len(places)} reports, and no patience left")
        time.sleep(0.1)
    return time.perf_counter() - began


def _forget() -> None:
    """Forget all reports: the same plans are written up again."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reports_report, core_job CASCADE")


def in_process(plans: int, broker: str) -> dict[int, float]:
    """Return what `compiled` gives, from a process that begins with this broker."""
    told: Any = subprocess.run(
        [sys.executable, "-m", "tests.bench._report_workers", str(plans)],
        cwd=run.ROOT,
        env={**os.environ, "BROKER_URL": broker},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    return {int(workers): seconds for workers, seconds in json.loads(told).items()}


@contextmanager
def own_broker() -> Iterator[str]:
    """Give the address of an empty number of Redis, emptied again at the end, else of the folder.

    Redis is that of BROKER_URL, else the one of this machine.
    """
    import redis

    given = os.environ.get("BROKER_URL", "")
    server = given.rpartition("/")[0] if given.startswith("redis") else "redis://127.0.0.1:6379"
    for number in range(15, 0, -1):
        client = redis.Redis.from_url(f"{server}/{number}", socket_connect_timeout=5)
        try:
            if client.dbsize() or not client.set("gangyao-bench", os.getpid(), nx=True):
                continue
        except redis.RedisError:
            break
        try:
            yield f"{server}/{number}"
        finally:
            client.flushdb()
        return
    yield "filesystem://localhost"


if __name__ == "__main__":
    print(json.dumps(compiled(int(sys.argv[1]))))
