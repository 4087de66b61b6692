"""What the walks share: the static files, collected once, and patience on a busy machine."""

from __future__ import annotations  # loaded before Django has its models

from pathlib import Path

import pytest
from playwright.sync_api import expect

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of static files; the first portal fills it."""
    return tmp_path_factory.mktemp("static") / "collected"
