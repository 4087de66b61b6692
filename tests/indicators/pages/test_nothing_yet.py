"""Pages for those who see no values, and where there is no plan and no value yet."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from departments.models import Membership, User
from indicators.models import Target
from tests.cast import Cast

Browse = Callable[[Any], Client]


@pytest.mark.parametrize("address", ["/indicators/", "/observations/"])
@pytest.mark.parametrize("who", ["auditor", None])
def test_who_sees_no_values_is_told_so(
    cast: Cast, browse: Browse, address: str, who: str | None
) -> None:
    person = getattr(cast, who) if who else User.objects.create(username="newcomer")
    page = browse(person).get(address).content.decode()
    assert "这里没有您可以看的内容" in page
    assert "在指标页面上填报" not in page


def test_an_office_without_a_plan_is_shown_where_to_begin(cast: Cast, browse: Browse) -> None:
    office = User.objects.create(username="newcomer")
    Membership.objects.create(user=office, role="office", region=cast.city_b)
    Target.objects.all().delete()
    cast.plan_b.delete()
    page = browse(office).get("/indicators/").content.decode()
    assert "还没有启用的方案" in page
    assert "导入实施方案" in page
    assert "导入实施方案" not in browse(cast.liaison_b).get("/indicators/").content.decode()


def test_an_indicator_without_any_value_says_so(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.office).get("/indicators/stat_full_time_staff/?region=980101")
    assert "还没有数值" in answer.content.decode()
