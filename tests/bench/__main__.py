"""Run the benchmarks of this folder: `python3 run.py bench [NAME…]`.

A benchmark is a file of its own beside this one, with a TITLE and a function `rows()` that
measures and returns a table, its head first. It measures its subject and its reference in the same
run and gives their ratio: seconds alone say as much about the machine.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path

from run import table
from tests.bench._country import NoDatabase

HERE = Path(__file__).parent.resolve()
NAMES = sorted(path.stem for path in HERE.glob("[!_]*.py"))


def main(wanted: list[str]) -> int:
    """Run the benchmarks named, or all; 2 for a name that there is none of."""
    if unknown := sorted(set(wanted) - set(NAMES)):
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
        return 2
    # This folder was put on the path, and a benchmark called like an app would hide the app.
    sys.path[:] = [one for one in sys.path if Path(one).resolve() != HERE]
    for name in wanted or NAMES:
        benchmark = import_module(f"tests.bench.{name}")
        began = time.monotonic()
        print(f"\n== {name}: {benchmark.TITLE}", flush=True)
        try:
            print(table(benchmark.rows()))
        except NoDatabase as reason:
            print(reason)
        print(f"== {name}: {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
