"""How a region reports: its own rules, or the defaults where it has set none."""

from collections.abc import Iterable

from departments.models import Region
from tasks.models import ReportingRules


def rules_of(region: Region) -> ReportingRules:
    """Return the region's rules; an unsaved row with the defaults where there is none."""
    return ReportingRules.objects.filter(region=region).first() or ReportingRules(region=region)


def rules_by_region(regions: Iterable[Region]) -> dict[int, ReportingRules]:
    """Return the rules of several regions by the region's id (one query)."""
    asked = {one.pk: one for one in regions}
    own = {one.region_id: one for one in ReportingRules.objects.filter(region__in=asked)}
    return {pk: own.get(pk) or ReportingRules(region=one) for pk, one in asked.items()}
