"""Published survey values, which orient every plan: they come with the portal, as verified."""

from datetime import datetime

from django.db import transaction

from core import audit
from departments.services import region_of_code
from indicators.catalogue import LITERACY
from indicators.models import Observation
from indicators.published import SOURCE, literacy
from indicators.services.catalogue import ensure_catalogue


@transaction.atomic
def load_published(now: datetime) -> int:
    """Store the published survey values that are missing, as verified; return how many.

    They come with the portal and its source, so no person enters or checks them.
    """
    indicator = ensure_catalogue()[LITERACY]
    regions = {code: region_of_code(code) for code in {one.code for one in literacy()}}
    have = set(
        Observation.objects.counting()
        .of_whole_region()
        .filter(indicator=indicator)
        .values_list("region__code", "year")
    )
    rows = Observation.objects.bulk_create(
        Observation(
            indicator=indicator,
            region=regions[one.code],
            year=one.year,
            value=one.percent,
            source=SOURCE,
            note=one.note,
            series=one.series,
            state=Observation.State.VERIFIED,
            verified_at=now,
        )
        for one in literacy()
        if (one.code, one.year) not in have
    )
    if rows:
        audit.record("indicators.observation.publish", indicator, detail={"rows": len(rows)})
    return len(rows)
