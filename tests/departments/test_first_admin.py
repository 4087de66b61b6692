"""The first account of a region, made by the operator of the machine."""

from io import StringIO

import pytest
from django.core.management import call_command

from departments.models import Membership, Region, User

pytestmark = pytest.mark.django_db


def first_admin(**options: str) -> tuple[str, str, int]:
    """Run the command; return what it printed, its complaint, and its exit code."""
    out, err = StringIO(), StringIO()
    try:
        call_command("first_admin", **options, stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), int(end.code or 0)
    return out.getvalue(), err.getvalue(), 0


def test_it_makes_an_administrator_who_must_change_the_password():
    printed, _complaint, code = first_admin(region="370300", username="first")
    user = User.objects.get(username="first")
    password = printed.split("初始密码 ")[1].split("（")[0]
    assert code == 0
    assert user.must_change_password
    assert user.check_password(password)
    assert Membership.objects.get(user=user).role == "admin"


def test_places_above_are_made_too():
    first_admin(region="370303", username="first")
    assert list(Region.objects.order_by("path").values_list("code", flat=True)) == [
        "100000", "370000", "370300", "370303",
    ]  # fmt: skip


def test_a_place_that_the_table_lacks_is_named():
    assert first_admin(region="341822", username="first")[2] == 2
    assert first_admin(region="341822", username="first", place="广德市")[2] == 0
    assert Region.objects.get(code="341822").parent.code == "340000"


def test_a_region_has_its_first_administrator_once():
    first_admin(region="370300", username="first")
    _printed, complaint, code = first_admin(region="370300", username="second")
    assert code == 2
    assert "已有系统管理员" in complaint
    assert not User.objects.filter(username="second").exists()


def test_a_name_in_use_is_refused_and_nothing_is_written():
    User.objects.create(username="first")
    _printed, complaint, code = first_admin(region="370300", username="first")
    assert (code, "已被使用" in complaint) == (2, True)
    assert not Membership.objects.exists()
