"""The calendar of a whole year, scheduled in one step."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, NotAllowed
from departments.models import Region
from departments.policies import is_office_of
from tasks.fields import clean
from tasks.models import Period
from tasks.services.periods.dates import Dates, faults, is_covered, stored, taken, uncovered


@transaction.atomic
def schedule_year(
    region: Region, year: int, rows: dict[str, Dates], *, by: Any, days_off: bool = False
) -> list[Period]:
    """Put several periods of a year into the calendar, all or none; return them.

    `rows` maps a row's prefix to its dates; what is wrong is told as `prefix-field`. Days on
    which nobody works are refused, with the next working day, unless `days_off` accepts them.
    """
    if not is_office_of(by, region):
        raise NotAllowed(_("填报期由本地区纲要办管理。"))
    if not rows:
        raise DomainError(_("请至少选一期。"), code="empty")
    wrong: dict[str, list[str]] = {} if is_covered(region, year) else {"year": [uncovered(year)]}
    seen: dict[object, str] = {}
    for prefix, dates in rows.items():
        found = taken(region, dates) | faults(dates, days_off=days_off)
        for key, field in ((dates.name.strip(), "name"), ((dates.starts, dates.ends), "ends")):
            if key in seen:
                found.setdefault(field, []).append(_("和表中另一期相同。"))
            seen[key] = prefix
        wrong |= {f"{prefix}-{field}": said for field, said in found.items()}
    if wrong:
        raise DomainError(_("有内容不符合要求，一期都没有排入。"), fields=wrong)
    made = [
        Period(
            region=region,
            year=year,
            **(asdict(dates) | {"name": clean(dates.name).strip()[:40]}),
        )
        for dates in rows.values()
    ]
    stored(made)
    audit.record(
        "tasks.period.schedule_year",
        region,
        by=by,
        detail={"year": year, "periods": [one.pk for one in made]},
        region_path=region.path,
    )
    return made
