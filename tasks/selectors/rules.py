"""How a region reports: its own rules, or the defaults where it has set none."""

from departments.models import Region
from tasks.models import ReportingRules


def rules_of(region: Region) -> ReportingRules:
    """Return the region's rules; an unsaved row with the defaults where there is none."""
    return ReportingRules.objects.filter(region=region).first() or ReportingRules(region=region)
