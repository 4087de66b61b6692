"""How often each page asks the database, page by page, held to `queries.txt`.

A number that changed on purpose is written anew by `GOLDEN=write python3 run.py test tests/pages`.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast

GOLDEN = Path(__file__).with_name("queries.txt")


def rows() -> list[tuple[str, str, int]]:
    """Return (person, address, number of queries) of each line."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    split = [line.split() for line in lines if line and not line.startswith("#")]
    return [(person, address, int(count)) for person, address, count in split]


def place(cast: Cast, address: str) -> str:
    """Return an address with the ids of the cast's rows in it."""
    names = ("plan", "draft", "entry_draft", "entry_submitted", "task_1", "task_4", "period")
    names += ("education", "report_draft", "value_sheet", "observed", "literacy")
    names += ("scheme", "card", "card_draft")
    return address.format(**{name: getattr(cast, name).pk for name in names})


def asked(browser: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        answer = browser.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return [one["sql"] for one in caught.captured_queries]


@pytest.mark.parametrize(("person", "address", "count"), rows())
def test_a_page_asks_as_often_as_it_did(
    cast: Cast, browse: Callable[..., Client], person: str, address: str, count: int
) -> None:
    browser = browse(getattr(cast, person) if person != "nobody" else None)
    asked(browser, place(cast, address))  # the first page of a session also stores it
    sql = asked(browser, place(cast, address))
    assert len(sql) == count, f"{len(sql)} instead of {count}:\n" + "\n".join(sql)


def write(cast: Cast, browse: Callable[..., Client]) -> None:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            person, address, _count = line.split()
            browser = browse(getattr(cast, person) if person != "nobody" else None)
            asked(browser, place(cast, address))
            lines[number] = (
                f"{person:<10} {address:<44} {len(asked(browser, place(cast, address)))}"
            )
    GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")


if os.environ.get("GOLDEN") == "write":
    test_write = write
    del test_a_page_asks_as_often_as_it_did
