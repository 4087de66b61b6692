"""`run.py up`: one command from a checkout to a portal, and nothing left of it afterwards."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 240  # three workers share two cores with it


@dataclass
class Portal:
    """A running `run.py up` and the file that takes what it prints."""

    process: subprocess.Popen[bytes]
    output: Path

    def said(self, word: str) -> str:
        """Return what was printed, as soon as `word` is in it."""
        until = time.monotonic() + START_SECONDS
        while word not in (printed := self.output.read_text()):
            assert self.process.poll() is None, printed
            assert time.monotonic() < until, f"no «{word}» within {START_SECONDS} s:\n{printed}"
            time.sleep(0.1)
        return printed


Up = Callable[[int], Portal]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of all portals here; the first one that starts fills it."""
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture
def up(tmp_path: Path, data: Path) -> Iterator[Up]:
    """Return a starter of `run.py up`."""
    started: list[subprocess.Popen[bytes]] = []

    def start(port: int) -> Portal:
        output = tmp_path / f"output-{len(started)}"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, ROOT / "run.py", "up", "--port", str(port)],
                env={**os.environ, "DATA_DIR": str(data)},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        return Portal(process, output)

    yield start
    for process in started:
        process.terminate()
        process.wait(60)


def services_of(data: Path) -> dict[int, str]:
    """Return the processes that work on a data folder, by pid, with their command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            words = (folder / "environ").read_bytes().split(b"\0")
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # ended meanwhile, or not ours
            continue
        if f"DATA_DIR={data}".encode() in words and re.search(r"gunicorn|celery", line):
            found[int(folder.name)] = line
    return found


def test_it_serves_shows_accounts_keeps_a_second_one_away_and_leaves_nothing(
    up: Up, data: Path, unused_port: int
) -> None:
    portal = up(unused_port)
    printed = portal.said("用户名")
    assert f"http://127.0.0.1:{unused_port}/" in printed
    with urllib.request.urlopen(f"http://127.0.0.1:{unused_port}/readyz", timeout=10) as answer:
        assert json.load(answer)["status"] == "ok"
    accounts = json.loads((data / "demo.json").read_text())
    assert accounts
    for account in accounts:
        row = rf"{re.escape(account['username'])}\s+{re.escape(account['password'])}"
        assert re.search(row, portal.output.read_text())

    same_port = up(unused_port)
    assert same_port.process.wait(60) == 2
    assert re.fullmatch(rf"Port {unused_port} is taken.*\n", same_port.output.read_text())
    same_data = up(unused_port - 1)
    assert same_data.process.wait(60) == 2
    assert re.fullmatch(r"A portal already runs on .*\n", same_data.output.read_text())

    assert len(services_of(data)) >= 3
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(60) == 0
    assert services_of(data) == {}


def test_when_a_service_ends_everything_stops_and_its_log_is_named(
    up: Up, data: Path, unused_port: int
) -> None:
    portal = up(unused_port)
    portal.said("用户名")
    worker = min(pid for pid, line in services_of(data).items() if " worker" in line)
    os.kill(worker, signal.SIGKILL)
    assert portal.process.wait(60) == 1
    assert f"worker ended (exit code -9); see {data}/log/worker.log" in portal.said("ended")
    assert services_of(data) == {}


def test_an_older_python_is_told_so_in_one_line(tmp_path: Path) -> None:
    # The version is looked at before anything else; pretend to be an older one.
    script = (
        "import sys, runpy; sys.version_info = (3, 9, 2); sys.version = '3.9.2 (main)'; "
        f"runpy.run_path({str(ROOT / 'run.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "Needs Python 3.11 or newer; this is 3.9.2\n"


@pytest.mark.parametrize("words", [["fly"], ["up", "--port", "x"], ["up", "--fast"], []])
def test_a_call_that_makes_no_sense_is_refused_before_anything_happens(words: list[str]) -> None:
    done = subprocess.run([sys.executable, ROOT / "run.py", *words], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
