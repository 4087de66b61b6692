"""Behind a proxy the address of the client is the one that the proxy saw."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.proxy import ClientAddress

PROXY = "172.18.0.9"


def address_seen(forwarded: str | None) -> str:
    seen: list[str] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    ClientAddress(answer)(RequestFactory(REMOTE_ADDR=PROXY).get("/", headers=headers))
    return seen[0]


def test_the_address_is_the_one_that_the_proxy_saw() -> None:
    assert address_seen("203.0.113.7") == "203.0.113.7"


def test_an_address_made_up_by_the_client_does_not_count() -> None:
    assert address_seen("198.51.100.1, 203.0.113.7") == "203.0.113.7"


def test_addresses_of_ipv6_count_too() -> None:
    assert address_seen("2001:db8::7") == "2001:db8::7"


@pytest.mark.parametrize("forwarded", [None, "", "unknown", "<script>"])
def test_without_a_usable_header_the_connection_counts(forwarded: str | None) -> None:
    assert address_seen(forwarded) == PROXY
