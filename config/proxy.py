"""Who asks, behind the proxy of a production set-up."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse


class ClientAddress:
    """Take the client's address from the proxy, for the audit record and for lock-out.

    Only the last address of X-Forwarded-For counts: our proxy wrote it. Those before it are
    whatever the client sent. The portal must not be reachable past the proxy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        with suppress(ValueError):  # no proxy asked (a health check), or not an address
            request.META["REMOTE_ADDR"] = str(ip_address(last))
        return self.get_response(request)
