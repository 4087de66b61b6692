"""Golden numbers of queries: the same for two rows and for twenty.

Three queries belong to the token (the key, its owner's other keys, the membership).
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast

TOKEN = 3
GOLDEN = {
    "regions": TOKEN + 1,
    "departments": TOKEN + 3,  # names, members of groups
    "plans": TOKEN + 2,  # phases
    "actions": TOKEN + 2,  # responsibilities
    "measures": TOKEN + 2,  # responsibilities
    "duties": TOKEN + 1,
    "tasks": TOKEN + 2,  # assignments
    "periods": TOKEN + 1,
    "entries": TOKEN + 3,  # evidence of what was submitted and of what was approved
    "events": TOKEN + 2,  # files
    "supervision": TOKEN + 3,  # the region's rules, helpers
    "indicators": TOKEN + 1,
    "targets": TOKEN + 1,
    "observations": TOKEN + 2,  # questions
    "reports": TOKEN + 2,  # versions
}


def _sql(client: Client, address: str, expected: int) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == expected
    return [query["sql"] for query in caught.captured_queries]


@pytest.mark.parametrize("name", GOLDEN)
def test_a_list_asks_as_often_for_two_rows_as_for_twenty(
    name: str, many: Cast, call: Callable[..., Client]
) -> None:
    client = call(many.office)
    # The newest rows: those that have every relation.
    start = f"/api/v1/{name}/?updated_since=2020-01-01T00:00:00Z&page_size="
    for size in (2, 20):
        asked = _sql(client, f"{start}{size}", size)
        assert len(asked) == GOLDEN[name], "\n".join([f"{size} rows:", *asked])


@pytest.mark.parametrize("name", GOLDEN)
def test_a_csv_answer_asks_as_often_as_a_page(
    name: str, many: Cast, call: Callable[..., Client]
) -> None:
    client = call(many.office)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(f"/api/v1/{name}/?format=csv")
        lines = b"".join(answer.streaming_content).decode().count("\r\n")  # type: ignore[attr-defined]
    selects = [query["sql"] for query in caught if query["sql"].startswith("SELECT")]
    assert lines > 20
    # PostgreSQL reads the rows through a cursor of its own, which is not among the captured.
    hidden = 1 if connection.vendor == "postgresql" else 0
    assert len(selects) == GOLDEN[name] - hidden, "\n".join(selects)
