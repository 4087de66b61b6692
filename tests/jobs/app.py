"""The portal's Celery application for tests: a queue of its own, and a job that is deadly."""

import os
import signal

from config.celery import app

# Tests that run side by side may share one broker: none may take another's messages.
app.conf.task_default_queue = os.environ["TEST_QUEUE"]


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
    from tasks.services import reminding
    from tests.cast_story import NOW

    reminding.remind(NOW)
