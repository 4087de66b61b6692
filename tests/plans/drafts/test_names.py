"""What printed names mean is decided by a person where the text cannot tell."""

from typing import Any

import pytest

from core.errors import DomainError
from departments.models import Department, DepartmentName
from plans.models import Draft, Plan, Responsibility
from plans.services import drafts
from plans.services.confirming import confirm
from plans.services.imports import open_document
from tests.cast import Cast
from tests.plans.drafts.conftest import TEXT

pytestmark = pytest.mark.services
DOUBT = TEXT.replace("（市总工会负责）", "（市教体局、市总工会负责）")


@pytest.fixture
def doubtful(cast: Cast) -> Draft:
    """A draft that names 市教体局, in a city that knows 市教育局."""
    (one,) = open_document("n.txt", DOUBT.encode(), DOUBT, by=cast.office, home=cast.city_a)
    return one


def unit_of(plan: Plan, printed: str) -> Department:
    row = Responsibility.objects.get(measure__action__plan=plan, printed_name=printed)
    assert row.department is not None
    return row.department


def test_a_name_in_doubt_is_not_guessed(cast: Cast, doubtful: Draft) -> None:
    with pytest.raises(DomainError, match="1 个单位名称要您决定：市教体局") as problem:
        confirm(doubtful, by=cast.office)
    assert problem.value.fields == {"names": ["市教体局"]}
    assert not Plan.objects.filter(draft=doubtful).exists()


def test_a_name_decided_as_a_known_unit_is_remembered_as_its_spelling(
    cast: Cast, doubtful: Draft
) -> None:
    drafts.decide(doubtful, ["市教体局"], department=cast.education, by=cast.office)
    plan = confirm(doubtful, by=cast.office)
    assert unit_of(plan, "市教体局") == cast.education
    assert (
        DepartmentName.objects.get(region=cast.city_a, name="市教体局").department == cast.education
    )


def test_a_name_decided_as_a_new_unit_makes_one(cast: Cast, doubtful: Draft) -> None:
    drafts.decide(
        doubtful, ["市教体局"], new_name="市教育和体育局", new_kind="government", by=cast.office
    )
    plan = confirm(doubtful, by=cast.office)
    unit = unit_of(plan, "市教体局")
    assert (unit.name, unit.kind, unit.region, unit.confirmed) == (
        "市教育和体育局", "government", cast.city_a, False,
    )  # fmt: skip
    assert unit != cast.education


def test_two_names_decided_as_one_new_unit_are_one(cast: Cast, doubtful: Draft) -> None:
    drafts.decide(doubtful, ["市教体局", "市总工会"], new_name="市教体局", by=cast.office)
    plan = confirm(doubtful, by=cast.office)
    assert unit_of(plan, "市教体局") == unit_of(plan, "市总工会")


def test_a_dropped_unit_needs_no_decision(cast: Cast, doubtful: Draft) -> None:
    (unit,) = [one for one in doubtful.items.filter(kind="unit") if one.data["name"] == "市教体局"]
    drafts.set_dropped(unit, True, by=cast.office)
    confirm(doubtful, by=cast.office)
    assert not Department.objects.filter(name="市教体局").exists()


def test_a_command_takes_names_as_they_are_printed(cast: Cast, doubtful: Draft) -> None:
    plan = confirm(doubtful, as_read=True)
    assert unit_of(plan, "市教体局").name == "市教体局"


def test_the_number_of_queries_does_not_grow_with_names(
    cast: Cast, doubtful: Draft, django_assert_max_num_queries: Any
) -> None:
    holder = doubtful.items.filter(kind="measure").first()
    for number in range(40):
        drafts.add(
            doubtful, "unit", {"role": "cooperate", "name": f"第{number}研究院"}, parent=holder,
            by=cast.office,
        )  # fmt: skip
    with django_assert_max_num_queries(60):
        confirm(doubtful, as_read=True)
