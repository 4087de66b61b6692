"""Whatever stands in an address or is sent to it, the answer is never a server error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.security.addresses import Address, addresses

ADDRESSES = addresses()
HUGE = "9" * 20
VALUES = (
    "",
    "0",
    "-1",
    "²",
    "٣",
    "１",
    HUGE,
    "9" * 5000,
    "99999",
    "1e400",
    "NaN",
    "null",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+14:00",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "a\x00b",
    "\u202e倒",
    "😀" * 50,
    "%",
    "../../etc/passwd",
)
# Lists of the REST interface have many filters of few kinds, and tests of their own.
SHORT = ("", "-1", "²", "9" * 5000, "9999-12-31T23:59:59-23:59", "a\x00b")
PLACES: dict[str, tuple[Any, ...]] = {
    "IntConverter": (0, 1, 2**31, 2**63 - 1, 2**63, 10**30),
    "SlugConverter": ("x", "0", "save", "9" * 300),
    "StringConverter": ("pdf", "exe", "a\x00b", "..", "😀"),
    "lookup": ("0", "1", "9" * 18),
}
PEOPLE = ("office", "liaison", "auditor", "former", None)


@pytest.fixture
def knock(
    cast: Cast, former: Any, browse: Callable[..., Client], call: Callable[..., Client]
) -> Callable[..., list[str]]:
    """Return a function that sends one method to an address as everybody, and names failures."""

    def clients(address: Address) -> dict[str, Client]:
        if address.is_api:
            return {"office": call(cast.office)}
        return {
            str(name): browse(former if name == "former" else name and getattr(cast, name))
            for name in PEOPLE
        }

    def send(
        address: Address,
        requests: list[tuple[str, dict[str, str]]],
        method: str,
        together: list[tuple[str, dict[str, str]]] | None = None,
    ) -> list[str]:
        faults = []
        for place, (name, client) in enumerate(clients(address).items()):
            client.raise_request_exception = False
            # The office knows most pages and tries each text by itself; the others share half.
            for path, data in requests if not place else (together or requests)[place - 1 :: 8]:
                answer = getattr(client, method)(path, data)
                if answer.status_code == 405:
                    break  # no text is ever read there
                if answer.status_code >= 500 and address.name != "readyz":
                    faults.append(f"{name}: {method} {path[:80]} {str(data)[:80]}")
        return faults

    return send


def _own(address: Address, cast: Cast) -> dict[str, tuple[Any, ...]]:
    """Return arguments that exist, so that what is asked for is really looked at."""
    rows = {
        "department": cast.education,
        "evidence": cast.evidence,
        "period": cast.period,
        "report": cast.report_draft,
        "observation": cast.observed_submitted,
        "task": cast.task_1,
        "plan": cast.plan,
        "public": cast.plan,
        "entry": cast.entry_submitted,
        "event": cast.event,
        "review": cast.entry_submitted,
        "score": cast.scheme,
        "scorecard": cast.card,
    }
    kind = address.name.removeprefix("api-").split("-")[0].rstrip("s")
    row = rows.get(kind)
    return {
        "IntConverter": (row.pk if row else 1,),
        "SlugConverter": ("literacy_ratio" if kind == "indicator" else "submit",),
        "StringConverter": ("pdf",),
        "lookup": (row.pk if row else cast.city_a.pk,),
    }


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one.name)
def test_no_argument_or_parameter_makes_a_server_error(
    address: Address, cast: Cast, knock: Callable[..., list[str]]
) -> None:
    requests: list[tuple[str, dict[str, str]]] = [
        (path, {}) for path in address.odd_paths(PLACES, _own(address, cast))
    ]
    together = list(requests)
    for path in address.paths(_own(address, cast)):
        texts = SHORT if address.name.endswith("-list") else VALUES
        requests += [(path, {one: text}) for one in address.parameters for text in texts]
        # Every parameter at once, each with another text.
        together += [
            (path, {one: texts[(at + turn) % len(texts)] for at, one in enumerate(names)})
            for turn in range(len(texts))
            if (names := address.parameters)
        ]
    assert knock(address, requests, "get", together) == []


@pytest.mark.parametrize(
    "address", [one for one in ADDRESSES if not one.is_api], ids=lambda one: one.name
)
def test_no_posted_text_makes_a_server_error(
    address: Address, cast: Cast, knock: Callable[..., list[str]]
) -> None:
    fields = (
        "membership", "field", "value", "version", "act", "percent", "quantity", "self_rating",
        "done", "problems", "seen-evidence", "remove", "reason", "until", "next", "back", "entry",
        "plan", "year", "lead", "weight", "starts", "due", "kind", "period", "status", "numerator",
        "denominator", "username", "name", "region", "department", "public", "of", "title",
        "on", "ends", "people", "town", "about", "place", "summary", "token",
        f"lead-{cast.task_4.pk}", f"role-{cast.finance.pk}", "reason-done", "version-percent",
    )  # fmt: skip
    path = next(address.paths(_own(address, cast)))
    requests = [(path, dict.fromkeys(fields, text)) for text in VALUES]
    requests += [(one, {}) for one in address.odd_paths(PLACES, _own(address, cast))]
    assert knock(address, requests, "post") == []
