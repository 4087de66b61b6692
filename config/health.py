"""Health: `healthz` says that the process lives, `readyz` that it can do its work.

Both are open to everyone, so the answers name the parts and «ok» or «failed», nothing else; what
went wrong stands in the log.
"""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import app

log = logging.getLogger(__name__)
BROKER_SECONDS = 3


def database() -> None:
    """Raise unless the database answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def broker() -> None:
    """Raise unless jobs can be handed over: the server answers, or the folder takes a file."""
    options = app.conf.broker_transport_options
    if "data_folder_out" in options:
        writable(Path(options["data_folder_out"]).parent)
        return
    brief = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    with app.connection_for_write(transport_options={**options, **brief}) as link:
        link.connect()
        link.default_channel.client.ping()


def storage() -> None:
    """Raise unless evidence and reports can be stored."""
    writable(Path(settings.MEDIA_ROOT))


def writable(folder: Path) -> None:
    """Raise OSError unless a file can be written in the folder, made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"ok")


PARTS: dict[str, Callable[[], None]] = {
    "database": database,
    "broker": broker,
    "storage": storage,
}


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process answers at all."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker and storage work, else 503; name each part's state."""
    parts = {name: _state(name, check) for name, check in PARTS.items()}
    ready = all(state == "ok" for state in parts.values())
    status = "ok" if ready else "failed"
    return JsonResponse({"status": status, **parts}, status=200 if ready else 503)


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception:  # whatever it is, the part does not work
        log.exception("health: %s failed", name)
        return "failed"
    return "ok"
