"""The Celery application: brokers, the beat, and the sender that core.dispatch calls.

Embedded, the broker is a folder; beyond one machine it is Redis. Both are set so that a worker
killed in the middle loses nothing: one job at a time, acknowledged late, and a reconciler
(`config.jobs.reconcile`) that sends again what has no heartbeat.
"""

import os
from pathlib import Path
from typing import Any

from celery import Celery, signals
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

from config.collector import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("gangyao")
TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"


def _transport_options() -> dict[str, Any]:
    """Return what the broker in use needs beside its address."""
    if settings.BROKER_URL.startswith("filesystem"):
        folder = Path(settings.DATA_DIR) / "broker"
        for name in ("queue", "control"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(folder / "queue"),
            "data_folder_out": str(folder / "queue"),
            "control_folder": str(folder / "control"),
            "store_processed": False,
            "polling_interval": 0.1,
        }
    return {
        # Longer than any job may take: a running job is never handed out twice by Redis itself.
        "visibility_timeout": 3 * 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }


app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_transport_options=_transport_options(),
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=1,
    # A killed child is replaced at once: results, for which Celery would wait 10 s, are not kept.
    worker_lost_wait=1.0,
    task_acks_late=True,
    task_ignore_result=True,
    task_default_queue="gangyao",
    worker_hijack_root_logger=False,
    timezone=settings.TIME_ZONE,
    beat_schedule_filename=str(Path(settings.DATA_DIR) / "beat-schedule"),
    beat_schedule={
        "reconcile": {"task": "config.reconcile", "schedule": settings.RECONCILE_SECONDS},
        "seal": {"task": "config.seal_audit", "schedule": 60.0},
        "forget-keys": {"task": "config.forget_keys", "schedule": 3600.0},
        "mail": {"task": "config.send_mail", "schedule": settings.MAIL_SECONDS},
        "remind": {"task": "tasks.remind", "schedule": 900.0},
        "periods": {"task": "tasks.move_periods", "schedule": 300.0},
        "grace": {"task": "tasks.turn_grace", "schedule": 300.0},
        "drafts": {"task": "reports.request_due", "schedule": 3600.0},
    },
)
app.autodiscover_tasks(related_name="jobs")
app.autodiscover_tasks(["config"], related_name="jobs")
signals.worker_process_init.connect(settle, weak=False)
