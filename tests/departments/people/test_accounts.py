"""What administrators do to accounts, and where it ends: other regions, themselves, the last."""

from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent
from departments import services
from departments.models import Membership, User
from departments.services import appoint, end_membership
from tests.cast import Cast

Browse = Callable[[Any], Client]


def test_an_administrator_corrects_what_is_known_of_a_person(cast: Cast, browse: Browse) -> None:
    address = f"/people/accounts/{cast.liaison.pk}/"
    wrong = browse(cast.admin).post(address, {"name": "癸", "phone": "1x", "email": "@"})
    assert wrong.status_code == 422
    assert "11 位手机号" in wrong.content.decode()
    sent = {"name": "癸二", "phone": "１３９００００００００", "email": " a@b.cn "}
    assert browse(cast.admin).post(address, sent).status_code == 302
    cast.liaison.refresh_from_db()
    assert (cast.liaison.name, cast.liaison.phone, cast.liaison.email) == (
        "癸二", "13900000000", "a@b.cn",
    )  # fmt: skip
    (event,) = AuditEvent.objects.filter(code="departments.user.edit")
    assert set(event.detail["changed"]) == {"name", "phone", "email"}
    assert "13900000000" not in str(event.detail)


def test_a_new_first_password_ends_the_sessions_and_must_be_changed(
    cast: Cast, browse: Browse
) -> None:
    theirs = browse(cast.liaison)
    assert theirs.get("/notices/").status_code == 200
    page = browse(cast.admin).post(f"/people/accounts/{cast.liaison.pk}/password/").content.decode()
    cast.liaison.refresh_from_db()
    password = page.split("<code>")[2].split("</code>")[0]
    assert cast.liaison.check_password(password)
    assert cast.liaison.must_change_password
    assert theirs.get("/notices/").status_code == 302
    assert password not in str(list(AuditEvent.objects.values()))


def test_a_stopped_account_is_out_at_once_until_it_is_started_again(
    cast: Cast, browse: Browse
) -> None:
    theirs, admin = browse(cast.liaison), browse(cast.admin)
    admin.post(f"/people/accounts/{cast.liaison.pk}/deactivate/")
    assert theirs.get("/notices/").status_code == 302
    assert "已停用" in admin.get("/people/").content.decode()
    admin.post(f"/people/accounts/{cast.liaison.pk}/reactivate/")
    assert browse(User.objects.get(pk=cast.liaison.pk)).get("/notices/").status_code == 200


def test_an_administrator_opens_a_locked_account(cast: Cast, browse: Browse) -> None:
    AccessAttempt.objects.create(username="liaison", failures_since_start=5, ip_address="10.0.0.1")
    address = f"/people/accounts/{cast.liaison.pk}/"
    assert "被锁定" in browse(cast.admin).get(address).content.decode()
    browse(cast.admin).post(f"{address}unlock/")
    assert not AccessAttempt.objects.exists()
    assert "被锁定" not in browse(cast.admin).get(address).content.decode()


@pytest.mark.parametrize("verb", ["deactivate", "reactivate", "password", "unlock", "nothing"])
def test_no_account_of_another_region_is_touched(cast: Cast, browse: Browse, verb: str) -> None:
    assert (
        browse(cast.admin).post(f"/people/accounts/{cast.liaison_b.pk}/{verb}/").status_code == 404
    )
    answer = browse(cast.office).post(f"/people/accounts/{cast.liaison.pk}/{verb}/")
    assert answer.status_code == 404
    if verb != "nothing":
        refused = browse(cast.security).post(f"/people/accounts/{cast.liaison.pk}/{verb}/")
        assert refused.status_code == 403


def test_who_also_has_a_role_elsewhere_is_kept_above(cast: Cast, browse: Browse) -> None:
    appoint(cast.liaison, "office", region=cast.province)
    with pytest.raises(NotAllowed, match="上级地区"):
        services.reset_password(cast.liaison.pk, by=cast.admin, now=timezone.now())
    page = browse(cast.admin).get(f"/people/accounts/{cast.liaison.pk}/").content.decode()
    assert "上级地区" in page
    assert "重新发放" not in page


def test_nobody_stops_themselves(cast: Cast) -> None:
    for verb in (services.deactivate, services.reset_password):
        with pytest.raises(DomainError, match="自己的"):
            verb(cast.admin.pk, by=cast.admin, now=timezone.now())


@pytest.mark.services
def test_the_last_of_an_office_stays_until_there_is_another(cast: Cast) -> None:
    today = timezone.localdate()
    first, second = (one.memberships.get() for one in (cast.office, cast.office_2))
    end_membership(second, today, by=cast.admin)
    with pytest.raises(DomainError, match=r"甲是子市唯一的纲要办人员，请先任命接任者"):
        end_membership(first, today, by=cast.admin)
    with pytest.raises(DomainError, match="唯一的纲要办"):
        services.deactivate(cast.office.pk, by=cast.admin, now=timezone.now())
    with pytest.raises(DomainError, match="唯一的系统管理员"):
        end_membership(cast.admin.memberships.get(), today, by=cast.security)
    appoint(cast.liaison, "office", region=cast.city_a)
    end_membership(first, today, by=cast.admin)
    assert not Membership.objects.valid_on(today).filter(user=cast.office).exists()


def test_a_new_account_has_a_mail_address(cast: Cast, browse: Browse) -> None:
    sent = {"username": "neu", "name": "新", "role": "liaison", "department": cast.education.pk}
    wrong = browse(cast.admin).post("/people/", {**sent, "email": "x"})
    assert wrong.status_code == 422
    assert "邮箱的写法不对" in wrong.content.decode()
    browse(cast.admin).post("/people/", {**sent, "email": "x@y.cn", "phone": "0533-2345678"})
    assert User.objects.get(username="neu").email == "x@y.cn"
