"""How `/api/v1/` answers: rendering, pages, filters and errors (named in the settings)."""

import base64
import binascii
import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import orjson
from django import forms
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db.models import Model, Q
from django.http import Http404
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from django_filters.utils import translate_validation
from rest_framework import exceptions, parsers, renderers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core import audit
from core.errors import Conflict, DomainError

# Query parameters that belong to every list and to no FilterSet.
COMMON_PARAMETERS = frozenset({"cursor", "page_size", "format", "updated_since"})
# What a spreadsheet takes for the beginning of a formula, in either width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LARGEST_ID = 2**63 - 1
YEARS = range(1900, 3000)  # the databases cannot reckon with times at either end of the calendar


class JSONRenderer(renderers.JSONRenderer):
    """Render with orjson: decimals as strings, times in ISO 8601."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str)


class JSONParser(parsers.JSONParser):
    """Read JSON; what is nested too deep to be read is no JSON to us."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise exceptions.ParseError(_("JSON 嵌套太深，读不出来。")) from error


class CSVRenderer(JSONRenderer):
    """Let lists be asked for as CSV; the view streams them, and errors stay JSON."""

    media_type = "text/csv"
    format = "csv"


def cell(value: Any) -> str:
    """Return a value as the text of a CSV cell; text never begins like a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return orjson.dumps(value, default=str).decode()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def csv_lines(names: list[str], rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Yield a CSV file line by line: UTF-8 with BOM, a header, CRLF."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(names)
    for row in rows:
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([cell(row[name]) for name in names])
    yield buffer.getvalue().encode()


def invalid(name: str, sentence: str) -> exceptions.ValidationError:
    """Return the error (422) of one wrong parameter."""
    return exceptions.ValidationError({name: [sentence]})


class UnknownParameter(exceptions.APIException):
    """Refuse a request with a parameter that nobody reads, instead of ignoring it."""

    status_code = 400
    default_code = "unknown_parameter"

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(names)
        super().__init__(_("不认识的参数：%(names)s。") % {"names": "、".join(self.names)})


def know(request: Request, names: Iterable[str]) -> None:
    """Raise UnknownParameter unless every query parameter is among the names."""
    unknown = set(request.query_params) - set(names)
    if unknown:
        raise UnknownParameter(unknown)


def moment(name: str, text: str) -> datetime:
    """Read an ISO 8601 time with its zone; a «+» that became a blank is put back."""
    try:
        found = parse_datetime(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year not in YEARS:
        raise invalid(name, _("请用 ISO 8601 时间，例如 2018-10-10T08:00:00+08:00。"))
    return found


def day(name: str, text: str | None, default: date) -> date:
    """Read an ISO 8601 date, or return the default where none is given."""
    if text is None:
        return default
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise invalid(name, _("请用 ISO 8601 日期，例如 2018-10-10。"))
    return found


class CursorPages(BasePagination):
    """Cursor pages of `?page_size=` up to 1000, oldest first; by time of change when following.

    A cursor holds the place of a row, (id) or (updated_at, id), and the direction; so pages stay
    right however many rows share a time of change.
    """

    page_size = 100
    max_page_size = 1000

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        keys = ordering(request)
        size = self._size(request)
        backwards, place = self._read(request.query_params.get("cursor"), keys)
        rows = queryset.order_by(*(f"-{key}" for key in keys) if backwards else keys)
        if place is not None:
            rows = rows.filter(_beyond(keys, place, "lt" if backwards else "gt"))
        found = list(rows[: size + 1])
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        self.next = self._link("n", keys, found[-1:]) if more or backwards else None
        before = more if backwards else place is not None
        self.previous = self._link("p", keys, found[:1]) if before else None
        return found

    def _size(self, request: Request) -> int:
        text = request.query_params.get("page_size")
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):
            raise invalid("page_size", _("请填 1 到 1000 之间的整数。"))
        return min(int(text), self.max_page_size)

    def _read(self, text: str | None, keys: tuple[str, ...]) -> tuple[bool, list[Any] | None]:
        if text is None:
            return False, None
        try:
            direction, *place = orjson.loads(base64.urlsafe_b64decode(text.encode("ascii")))
            if len(keys) == 2:
                place[0] = moment("cursor", place[0])
            fits = len(place) == len(keys) and 0 < place[-1] <= LARGEST_ID
        except (ValueError, TypeError, AttributeError, IndexError, binascii.Error):
            fits = False
        if not fits or direction not in ("n", "p") or type(place[-1]) is not int:
            raise invalid("cursor", _("翻页标记无效，请从第一页重新读取。"))
        return direction == "p", place

    def _link(self, direction: str, keys: tuple[str, ...], row: list[Model]) -> str | None:
        if not row:
            return None
        place = orjson.dumps([direction, *(getattr(row[0], key) for key in keys)])
        cursor = base64.urlsafe_b64encode(place).decode()
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.next, "previous": self.previous})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "default": self.page_size}
        told = {
            "cursor": ({"type": "string"}, "From `next` or `previous` of an answer, as it is."),
            "page_size": (size, "Rows of a page; more than 1000 gives 1000."),
            "updated_since": (
                {"type": "string", "format": "date-time"},
                "Only rows changed at or after this time, ordered by (updated_at, id).",
            ),
        }
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": text}
            for name, (schema, text) in told.items()
        ]


def ordering(request: Request) -> tuple[str, ...]:
    """Return the fields that order a list: by change when the client follows changes."""
    return ("updated_at", "id") if "updated_since" in request.query_params else ("id",)


def _beyond(keys: tuple[str, ...], place: list[Any], side: str) -> Q:
    """Match the rows on one side (`gt`, `lt`) of a place in the order of the keys."""
    if len(keys) == 1:
        return Q(**{f"{keys[0]}__{side}": place[0]})
    first, second = keys
    tie = Q(**{first: place[0], f"{second}__{side}": place[1]})
    return Q(**{f"{first}__{side}": place[0]}) | tie


class IdFilter(filters.NumberFilter):
    """Match an id; asks no database, and the id of something invisible matches nothing."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=LARGEST_ID, **kwargs)

    def get_max_validator(self) -> None:
        """Leave the limit to `max_value`."""


class YearFilter(IdFilter):
    """Match a calendar year."""


def _in_reach(value: datetime) -> None:
    if value.year not in YEARS:
        raise ValidationError(_("请填 1900 到 2999 年之间的时间。"))


class TimeFilter(filters.IsoDateTimeFilter):
    """Match a time, ISO 8601."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, validators=[_in_reach], **kwargs)


class StrictFilterBackend(filters.DjangoFilterBackend):
    """Filter lists by the view's FilterSet; a parameter that nobody knows is an error."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if view.action != "list":
            know(request, {"format"})
            return queryset
        filterset = self.get_filterset(request, queryset, view)
        known = set(filterset.filters) if filterset is not None else set()
        know(request, known | COMMON_PARAMETERS)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        return filterset.qs


def _refusal(context: dict[str, Any], reason: str) -> None:
    """Write down a deed that a known client was refused (after its rollback)."""
    request, view = context.get("request"), context.get("view")
    if request is not None and request.user.is_authenticated:
        deed = f"api.{getattr(view, 'basename', '') or ''}.{request.method.lower()}"
        audit.refused(deed[:80], None, by=request.user, reason=reason)


def _told(error: Exception) -> tuple[int, str, str, dict[str, list[str]]]:
    """Return status, code, message and fields of an error; raises those that are bugs."""
    match error:
        case Conflict():
            return 409, error.code, error.message, error.fields
        case DomainError():
            status = 403 if error.code == "not_allowed" else 422
            return status, error.code, error.message, error.fields
        case Http404() | exceptions.NotFound():
            return 404, "not_found", _("没有找到，或者您不能查看。"), {}
        case PermissionDenied() | exceptions.PermissionDenied():
            said = getattr(error, "detail", "") or _("您没有这项权限。")
            return 403, "not_allowed", str(said), {}
        case UnknownParameter():
            wrong = {name: [_("没有这个参数。")] for name in error.names}
            return 400, error.default_code, str(error.detail), wrong
        case exceptions.ValidationError():
            return 422, "invalid", _("有内容不符合要求。"), _fields(error.detail)
        case RequestDataTooBig():
            return 413, "too_large", _("请求内容太大，请分几次发送。"), {}
        case exceptions.APIException():
            return error.status_code, str(error.get_codes()), str(error.detail), {}
    raise error


def _fields(detail: Any) -> dict[str, list[str]]:
    """Return sentences per field; those about the whole stand under `non_field_errors`."""
    if not isinstance(detail, dict):
        detail = {"non_field_errors": detail}
    return {name: list(_sentences(told)) for name, told in detail.items()}


def _sentences(told: Any, place: str = "") -> Iterator[str]:
    """Yield what is said of a field; of a part of it (draft: done.text) with the part's name."""
    if isinstance(told, dict):
        for name, inner in told.items():
            part = "" if isinstance(name, int) else str(name)
            yield from _sentences(inner, ".".join(filter(None, (place, part))))
    elif isinstance(told, list):
        for inner in told:
            yield from _sentences(inner, place)
    else:
        yield f"{place}：{told}" if place else str(told)


def problem(error: Exception, context: dict[str, Any]) -> Response:
    """Answer every error as `{"code", "message", "fields"}`; a conflict also says `current`."""
    status, code, message, fields = _told(error)
    content: dict[str, Any] = {"code": code, "message": message, "fields": fields}
    if isinstance(error, Conflict):
        content["current"] = error.current
    if status == 403:
        _refusal(context, message)
    response = Response(content, status)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response["WWW-Authenticate"] = "Token"
    return response
