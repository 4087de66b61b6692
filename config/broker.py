"""The folder that serves as broker on one machine: kombu's, without two of its races.

kombu's own transport shows a message, and the table of an exchange, before it is written. A worker
that looks in that moment reads an empty file and ends (celery/kombu issue 1551).
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Queues as folders of files; a file is complete as soon as it is there."""

    def _put(  # type: ignore[override]  # the names of kombu's own subclass
        self, queue: str, payload: Any, **kwargs: Any
    ) -> None:
        # By the clock, with a fixed width: names sort in the order of sending, restarts included.
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        file = Path(self.data_folder_out) / name
        part = file.with_name(f"{name}.part")
        try:
            part.write_text(dumps(payload))
            part.rename(file)
        except OSError as problem:
            raise ChannelError(f"cannot write {file}") from problem

    def _queue_bind(self, *args: Any) -> None:
        with self._alone():
            super()._queue_bind(*args)

    def get_table(self, exchange: str) -> Any:
        with self._alone():
            return super().get_table(exchange)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from the tables of exchanges for the length of a `with`."""
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with (self.control_folder / "lock").open("w") as file:
            filesystem.lock(file, filesystem.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """What BROKER_URL=filesystem://localhost stands for (config.celery)."""

    Channel = Channel
