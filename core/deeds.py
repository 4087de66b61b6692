"""Writing over REST: verbs of a row, new rows, changes; once for each `Idempotency-Key`."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import ReadViewSet
from core.idempotency import once
from core.rest import invalid, know

LONGEST_KEY = 100
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key within 24 hours gives the same answer; the deed is done once.",
)


class Nothing(serializers.Serializer[Any]):
    """A verb that needs nothing but the row."""


class ReasonNeeds(serializers.Serializer[Any]):
    """A verb that asks why."""

    reason = serializers.CharField(max_length=300)


def _key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise invalid(
            "Idempotency-Key", _("Idempotency-Key 最多 %(most)s 个字符。") % {"most": LONGEST_KEY}
        )
    return key


def answered(request: Request, deed: Callable[[], tuple[int, Any]]) -> Response:
    """Do the deed, once where the request bears a key; errors leave no trace of the key.

    `deed` returns status and content of the answer.
    """
    key = _key(request)
    if not key:
        status, content = deed()
        return Response(content, status)
    # The body as it was read: what differs in blanks or order alone is the same request. (orjson
    # refuses numbers and characters that may stand in parts of a body that nobody reads.)
    body = json.dumps(request.data, sort_keys=True, default=str).encode()
    route = request.path if request.method == "POST" else f"{request.method} {request.path}"
    status, content = once(request.user, route[:200], key, body, deed, timezone.now())
    return Response(content, status)


def deed(needs: type[serializers.Serializer[Any]] = Nothing, verb: str = "") -> Any:
    """Make `method(self, row, data, now)` of a viewset the address `POST …/{id}/{verb}/`.

    `needs` checks the body (422); the method calls one service. The answer is the row as it
    stands afterwards, or that which the method returns where another one takes its place. `verb`
    is the method's name unless given (`return` is a word of Python).
    """

    def decorate(method: Callable[..., Any]) -> Any:
        name = verb or method.__name__

        @extend_schema(
            operation_id=f"{method.__qualname__.split('.')[0].lower()}_{name}",
            description=method.__doc__,
            request=None if needs is Nothing else needs,
            parameters=[KEY],
        )
        @action(detail=True, methods=["post"], url_path=name, url_name=name)
        @wraps(method)
        def view(self: "DeedViewSet", request: Request, pk: str | None = None) -> Response:
            row = self.get_object()
            data = read(needs, request)

            def act() -> tuple[int, Any]:
                stands = method(self, row, data, timezone.now()) or row
                return 200, self.shown(stands.pk)

            return answered(request, act)

        return view

    return decorate


def read(
    needs: type[serializers.BaseSerializer[Any]], request: Request, *, partial: bool = False
) -> dict[str, Any]:
    """Return what the body says, checked by `needs`; `partial` lets every field be left out."""
    told = needs(data=request.data, partial=partial)
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


class DeedViewSet(ReadViewSet):
    """Rows that can be read and on which verbs are done (methods decorated with `deed`)."""

    def shown(self, pk: int) -> Any:
        """Return a row afresh as clients read it; None where it is no longer theirs to see."""
        row = self.get_queryset().filter(pk=pk).first()
        return None if row is None else self.get_serializer().to_representation(row)

    def create_row(
        self, request: Request, needs: type[serializers.BaseSerializer[Any]]
    ) -> Response:
        """Answer `POST …/`: check the body, call `made(data, now)`, show the new row (201)."""
        know(request, {"format"})
        data = read(needs, request)
        return answered(request, lambda: (201, self.shown(self.made(data, timezone.now()).pk)))

    def made(self, data: dict[str, Any], now: Any) -> Any:
        """Make a row by one service call and return it."""
        raise TypeError(f"{type(self).__name__} makes no rows")
