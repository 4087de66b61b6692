"""What every endpoint of `/api/v1/` has in common: visibility, tokens, rows, CSV, ETags."""

import hashlib
from collections.abc import Callable, Iterator
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import Model
from django.http import StreamingHttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import audit
from core.rest import CSVRenderer, JSONRenderer, csv_lines, moment, ordering

CHUNK = 1000  # rows of a CSV answer that are in memory at a time


class ScopeAllows(BasePermission):
    """Let a token change things only when it was made for writing."""

    message = gettext_lazy("此令牌只能读取。")

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or getattr(request.auth, "scope", "") == "write"


class Problem(serializers.Serializer[Any]):
    """An error: a stable code, a sentence for people, and sentences per field."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )


class Schema(AutoSchema):
    """Describe errors and, for lists, the CSV answer too."""

    ERRORS = {
        "400": "A query parameter that is not known.",
        "401": "No token, or one that is no longer valid.",
        "404": "There is no such thing, or it is not visible to this token.",
        "422": "A value that cannot be right; `fields` says which.",
    }

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code, text in self.ERRORS.items():
            if code not in bodies:  # an endpoint may say more of its own errors
                bodies[code] = self._get_response_for_code(OpenApiResponse(Problem, text), code)
        if getattr(self.view, "action", "") == "list":
            bodies["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}
        bodies["304"] = {"description": "Nothing changed since the given ETag."}
        return bodies

    def map_renderers(self, attribute: str) -> list[Any]:
        found = super().map_renderers(attribute)
        return [one for one in found if attribute == "format" or one != CSVRenderer.media_type]


class RowSerializer(serializers.ModelSerializer[Any]):
    """Read rows straight from their attributes: what is shown is what the row holds.

    Fields are declared as ever (they make the schema), but nothing is validated or converted on
    the way out: dates, times and decimals are the renderer's affair. Foreign keys are ids.
    """

    def get_extra_kwargs(self) -> dict[str, Any]:
        return {name: {"read_only": True} for name in self.Meta.fields}

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Show a choice that was not made as null."""
        kind, options = super().build_standard_field(field_name, model_field)
        if model_field.choices and model_field.blank:
            options["allow_null"] = True
        return kind, options

    @cached_property
    def _readers(self) -> list[tuple[str, Callable[[Any], Any]]]:
        return [(name, self._reader(field)) for name, field in self.fields.items()]

    def _reader(self, field: Any) -> Callable[[Any], Any]:
        if isinstance(field, serializers.SerializerMethodField):
            method: Callable[[Any], Any] = getattr(self, field.method_name or "")
            return method
        if isinstance(field, serializers.ListSerializer):
            child: Any = field.child
            rows, shown = attrgetter(f"{field.source}.all"), child.to_representation
            return lambda row: [shown(one) for one in rows(row)()]
        if isinstance(field, serializers.PrimaryKeyRelatedField):
            return attrgetter(f"{field.source}_id")
        read = attrgetter(str(field.source))
        if isinstance(field, serializers.ChoiceField) and field.allow_null:
            return lambda row: read(row) or None
        return read

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {name: read(instance) for name, read in self._readers}


class Answers(APIView):
    """Answer holders of a token; GET answers carry an ETag of their body, or are 304."""

    permission_classes = [IsAuthenticated, ScopeAllows]
    schema = Schema()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(response, "exception", False):  # errors are JSON, whatever was asked for
            request.accepted_renderer = JSONRenderer()
            request.accepted_media_type = JSONRenderer.media_type
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        if request.method in SAFE_METHODS and isinstance(answer, Response):
            answer.render()
            if answer.status_code == 200:
                etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
                answer["ETag"] = etag
                if etag in _known(request.headers.get("If-None-Match", "")):
                    answer.status_code = 304
                    answer.content = b""
        return answer


def _known(header: str) -> set[str]:
    """Return the ETags that a client has, weak ones as strong (bodies are compared bytewise)."""
    return {one.removeprefix("W/") for one in parse_etags(header)}


class ReadViewSet(
    Answers, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]
):
    """List and show what the caller may see: `queryset` narrowed by `visible_to`.

    Subclasses name `queryset`, `serializer_class`, `filterset_class` and load all relations in
    `queryset`, so that the number of queries does not depend on the number of rows.
    """

    lookup_value_regex = r"[0-9]{1,18}"

    def get_renderers(self) -> list[Any]:
        found = list(super().get_renderers())
        return [*found, CSVRenderer()] if self.action == "list" else found

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return rows.visible_to(self.request.user)

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        since = self.request.query_params.get("updated_since")
        if since is None or self.action != "list":
            return rows
        return rows.filter(updated_at__gte=moment("updated_since", since))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.accepted_renderer.format == CSVRenderer.format:
            return self._streamed(self.filter_queryset(self.get_queryset()))
        return super().list(request, *args, **kwargs)

    def _streamed(self, rows: Any) -> StreamingHttpResponse:
        """Send every filtered row as CSV, and note in the audit record that it was taken."""
        told: Any = self.get_serializer()
        audit.record(
            "api.export",
            None,
            by=self.request.user,
            detail={"resource": self.basename, "query": self.request.query_params.dict()},
        )
        lines = csv_lines(list(told.fields), _shown(rows.order_by(*ordering(self.request)), told))
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{self.basename}.csv"'},
        )


def _shown(rows: Any, told: RowSerializer) -> Iterator[dict[str, Any]]:
    for row in rows.iterator(chunk_size=CHUNK):
        yield told.to_representation(row)


def by_code_or_id(rows: Any, text: str, field: str = "code") -> Model:
    """Return the visible row of this code, else of this id; raises NotFound."""
    found: Model | None = None
    if "\0" not in text:  # PostgreSQL knows no such character
        found = rows.filter(**{field: text}).first()
    if found is None and text.isascii() and text.isdigit() and len(text) < 19:
        found = rows.filter(pk=int(text)).first()
    if found is None:
        raise NotFound(_("没有找到，或者您不能查看。"))
    return found


class Unknown(Answers):
    """Answer addresses below `/api/` that do not exist, as JSON like every other answer."""

    schema = None  # type: ignore[assignment]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise NotFound
