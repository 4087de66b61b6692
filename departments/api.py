"""REST: regions and departments."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers

from core.api import ReadViewSet, RowSerializer, by_code_or_id
from departments.filters import DepartmentFilter, RegionFilter
from departments.models import Department, DepartmentName, GroupMember, Region


class TokenScheme(OpenApiAuthenticationExtension):
    """Describe the key of a client in the schema."""

    target_class = "departments.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <key>`; a key acts as one role of its owner, and no further.",
        }


class RegionRow(RowSerializer):
    parent_code = serializers.SerializerMethodField()

    class Meta:
        model = Region
        fields = (
            "id", "code", "name", "level", "parent", "parent_code", "confirmed", "created_at",
            "updated_at",
        )  # fmt: skip

    def get_parent_code(self, row: Region) -> str | None:
        return row.parent.code if row.parent else None


class SpellingRow(RowSerializer):
    class Meta:
        model = DepartmentName
        fields = ("name",)


class MemberRow(RowSerializer):
    class Meta:
        model = GroupMember
        fields = ("member", "valid_from", "valid_to")


class DepartmentRow(RowSerializer):
    code = serializers.SerializerMethodField(help_text="Region code and name, joined by «-».")
    region_code = serializers.CharField(source="region.code")
    names = SpellingRow(many=True, help_text="Every spelling that is known.")
    members = MemberRow(many=True, source="group_members", help_text="Of a group: its members.")

    class Meta:
        model = Department
        fields = (
            "id", "code", "region", "region_code", "name", "kind", "valid_from", "valid_to",
            "confirmed", "names", "members", "created_at", "updated_at",
        )  # fmt: skip

    def get_code(self, row: Department) -> str:
        return f"{row.region.code}-{row.name}"


CODE = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, description="Id or code.")


@extend_schema_view(retrieve=extend_schema(parameters=[CODE]))
class Regions(ReadViewSet):
    """Places with a government of their own."""

    queryset = Region.objects.select_related("parent")
    serializer_class = RegionRow
    filterset_class = RegionFilter
    lookup_value_regex = r"[0-9]{1,18}"

    def get_object(self) -> Any:
        return by_code_or_id(self.filter_queryset(self.get_queryset()), self.kwargs["pk"])


@extend_schema_view(retrieve=extend_schema(parameters=[CODE]))
class Departments(ReadViewSet):
    """Units of a region, and groups of units."""

    queryset = Department.objects.select_related("region").prefetch_related(
        "names", "group_members"
    )
    serializer_class = DepartmentRow
    filterset_class = DepartmentFilter
    lookup_value_regex = r"[^/]+"

    def get_object(self) -> Any:
        rows = self.filter_queryset(self.get_queryset())
        place, _dash, name = self.kwargs["pk"].partition("-")
        return by_code_or_id(
            rows.filter(region__code=place) if name else rows, name or place, "name"
        )
