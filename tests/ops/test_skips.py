"""REQUIRE_ALL=1: where everything is installed, nothing may be left out in silence."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPS = {
    "in a test": "import pytest\ndef test_it(): pytest.skip('no such thing here')\n",
    "by a mark": (
        "import pytest\n@pytest.mark.skip(reason='no such thing here')\ndef test_it(): pass\n"
    ),
    "in a fixture": (
        "import pytest\n@pytest.fixture\ndef thing(): pytest.skip('no such thing here')\n"
        "def test_it(thing): pass\n"
    ),
    "of a whole module": (
        "import pytest\npytest.skip('no such thing here', allow_module_level=True)\n"
    ),
}


def run_pytest(folder: Path, require_all: str) -> str:
    """Run one passing test and every kind of skip with our hooks, apart from this run."""
    texts = [*SKIPS.values(), "def test_it(): pass\n"]
    for number, text in enumerate(texts):
        (folder / f"test_{number}.py").write_text(text)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    options = (
        "-p tests.conftest -p no:cacheprovider -rs -c pytest.ini --continue-on-collection-errors"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options.split(), f"--rootdir={folder}", folder],
        cwd=folder,
        env={**kept, "REQUIRE_ALL": require_all, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode != 0) == bool(require_all), done.stdout
    return done.stdout


def test_every_kind_of_skip_fails_with_its_reason_where_all_is_required(tmp_path: Path) -> None:
    said = run_pytest(tmp_path, require_all="1")
    assert said.count("REQUIRE_ALL=1 allows no skip. Skipped: no such thing here") == len(SKIPS)
    assert "1 passed" in said.splitlines()[-1]
    assert "skipped" not in said.splitlines()[-1]


def test_skips_are_told_with_their_reason_elsewhere(tmp_path: Path) -> None:
    said = run_pytest(tmp_path, require_all="")
    assert len(re.findall(r"SKIPPED \[1\] .*no such thing here", said)) == len(SKIPS)
    assert "1 passed, 4 skipped" in said.splitlines()[-1]
