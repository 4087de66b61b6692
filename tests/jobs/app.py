"""The portal's Celery application for tests: a queue of its own, deadly jobs, and a place to stop.

Where TEST_HOLD names a function (`package.module:function`), a worker that comes to it leaves a
note in the file TEST_HOLD_NOTE and stays there for good: whoever waits for the note can kill it in
the middle of its work.
"""

import os
import signal
from importlib import import_module
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init

from config.celery import app

# Tests that run side by side may share one broker: none may take another's messages.
app.conf.task_default_queue = os.environ["TEST_QUEUE"]


@worker_process_init.connect
def hold(**_told: Any) -> None:
    """Put the place to stop into this worker, if it is asked for one."""
    name, _colon, function = os.environ.get("TEST_HOLD", "").partition(":")
    if not name:
        return

    def stop(*_args: Any, **_kwargs: Any) -> None:
        Path(os.environ["TEST_HOLD_NOTE"]).touch()
        signal.pause()

    setattr(import_module(name), function, stop)


@app.task(name="tests.deadly")
def deadly(job_id: int) -> None:
    """Kill the process that works on the job, every time."""
    from core.work import claimed  # the worker loads this file before Django has its models

    with claimed(job_id) as work:
        if work is not None:
            os.kill(os.getpid(), signal.SIGKILL)


@app.task(name="tests.remind")
def remind() -> None:
    """Run the reminders of the morning on which the cast lives."""
    from tasks.services.periods import reminding
    from tests.cast_story import NOW

    reminding.remind(NOW)
