"""The folder that serves as broker: nobody ever sees a message or a table that is half written."""

import json
import threading
import time
from pathlib import Path

import pytest
from kombu import Connection

from config.celery import app  # registers the transport


@pytest.fixture
def link(tmp_path: Path) -> Connection:
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
    }
    (tmp_path / "queue").mkdir()
    assert app.main == "gangyao"
    return Connection("filesystem://localhost", transport_options=options)


def test_a_reader_never_meets_an_empty_message(link: Connection, tmp_path: Path) -> None:
    faults: list[str] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            for file in (tmp_path / "queue").glob("*.msg"):
                try:
                    json.loads(file.read_text())
                except ValueError:
                    faults.append(file.name)

    reader = threading.Thread(target=look)
    reader.start()
    with link, link.SimpleQueue("q") as queue:
        for number in range(300):
            queue.put({"number": number})
    stop.set()
    reader.join()
    assert not faults, f"{len(faults)} messages were seen before they were written"
    assert len(list((tmp_path / "queue").glob("*.q.msg"))) == 300


def test_messages_come_in_the_order_in_which_they_were_sent(
    link: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock passes a power of ten; kombu's own names would sort wrongly then.
    ticks = iter([999, 1000, 1001])
    monkeypatch.setattr(time, "time_ns", lambda: next(ticks))
    with link:
        channel = link.default_channel
        for number in range(3):
            channel._put("q", {"number": number})
        assert [channel._get("q")["number"] for _ in range(3)] == [0, 1, 2]


def test_an_exchange_being_bound_is_never_read_half(link: Connection) -> None:
    faults: list[Exception] = []
    channel = link.default_channel

    def bind(number: int) -> None:
        try:
            channel._queue_bind("exchange", "key", "", f"queue{number}")
            channel.get_table("exchange")
        except Exception as problem:
            faults.append(problem)

    threads = [threading.Thread(target=bind, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    assert {row.queue for row in channel.get_table("exchange")} == {f"queue{n}" for n in range(30)}
