"""Scorecards that wait for somebody: a unit's to be rated, the office's to be checked."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.models import ScoreCard
from reports.selectors.todo import SHOWN, Group, Item, group

State = ScoreCard.State
# Cards under a scheme that was sent back wait for nobody until the units are asked again.
RUNNING = Q(scheme__plan__settings__ranking=True, scheme__rate_until__isnull=False)


def of_department(user: Any, today: date) -> list[Group]:
    """Return the cards that the unit was asked to rate (one query)."""
    rows = ScoreCard.objects.visible_to(user).filter(RUNNING, state=State.DRAFT)
    cards = rows.select_related("scheme").order_by("scheme__rate_until", "id")
    items = [
        Item(
            "scorecard",
            one.pk,
            _("%(year)s 年度考核自评") % {"year": one.scheme.year},
            _until(one.scheme.rate_until, today),
        )
        for one in cards
    ]
    return [group("scores", _("待自评的考核评分表"), _("去自评"), items)]


def _until(day: date | None, today: date) -> str:
    if day is None:
        return ""
    words = _("应于 %(day)s 前报送，已过期") if day < today else _("请在 %(day)s 前报送")
    return words % {"day": day.isoformat()}


def of_office(user: Any) -> list[Group]:
    """Return the cards that the office has to check (two queries)."""
    rows = ScoreCard.objects.visible_to(user).filter(RUNNING, state=State.SELF_RATED)
    cards = rows.select_related("scheme", "department").order_by("rated_at", "id")[:SHOWN]
    items = [
        Item(
            "scorecard",
            one.pk,
            _("%(unit)s %(year)s 年度考核自评")
            % {"unit": one.department.name, "year": one.scheme.year},
            _("%(day)s 报来") % {"day": timezone.localdate(one.rated_at).isoformat()},
        )
        for one in cards
    ]
    return [group("scores", _("待审核的考核自评"), _("审核下一份"), items, rows.count())]


def counted(regions: Iterable[int], units: Iterable[int]) -> tuple[Counter[int], Counter[int]]:
    """Return how many cards wait for each office and for each unit (one query)."""
    of_offices: Counter[int] = Counter()
    of_units: Counter[int] = Counter()
    rows = ScoreCard.objects.filter(RUNNING, state__in=(State.DRAFT, State.SELF_RATED))
    wanted = rows.filter(Q(scheme__plan__region__in=regions) | Q(department__in=units))
    for region, unit, state, count in (
        wanted.values_list("scheme__plan__region", "department", "state")
        .annotate(Count("pk"))
        .order_by()
    ):
        if state == State.SELF_RATED:
            of_offices[region] += count
        else:
            of_units[unit] += count
    return of_offices, of_units
