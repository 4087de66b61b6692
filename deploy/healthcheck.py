"""Tell the container engine whether a service works: `healthcheck.py web PORT | worker | beat`.

Exit code 0 when it does. Standard library only for `web` and `beat`, so that asking costs little.
"""

import http.client
import os
import socket
import sys
import time
from pathlib import Path

# Celery writes the schedule of the beat every three minutes.
BEAT_SECONDS = 600


def web(port: int) -> bool:
    """Ask /readyz under a name that the portal accepts."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").partition(",")[0]
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        link.request("GET", "/readyz", headers={"Host": host})
        return link.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def worker() -> bool:
    """Ask the worker of this machine through the broker."""
    from config.celery import app

    name = f"celery@{socket.gethostname()}"
    return bool(app.control.inspect(destination=[name], timeout=10).ping())


def beat(now: float) -> bool:
    """Look whether the schedule was written lately."""
    written = [path.stat().st_mtime for path in Path(os.environ["DATA_DIR"]).glob("beat-schedule*")]
    return bool(written) and now - max(written) < BEAT_SECONDS


def main(service: str, *options: str) -> bool:
    match service:
        case "web":
            return web(int(options[0]))
        case "worker":
            sys.path.insert(0, os.getcwd())
            return worker()
        case "beat":
            return beat(time.time())
    raise SystemExit(f"unknown service: {service}")


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
