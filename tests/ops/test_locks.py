"""Locks: the same everywhere, by hash, and no registry named."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


def pinned(name: str) -> dict[str, str]:
    """Return the packages of a lock file with their versions."""
    return dict(re.findall(r"^([\w.-]+)==([\w.!+-]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json"])
def test_a_lock_names_no_registry(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_locked_by_hash(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 30
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_tests_run_with_the_versions_that_are_deployed() -> None:
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()
