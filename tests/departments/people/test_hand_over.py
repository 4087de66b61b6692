"""A role of a unit passes from one person to another on a day; the work stays with the unit."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, Notice
from departments.models import HandOver, Membership, Seat, User
from departments.services import Newcomer, appoint, cancel_hand_over, hand_over
from reports.selectors.handover import hand_over_page, taken_over
from tasks.models import Entry, Revision
from tasks.services import entries
from tests.cast import Cast

Browse = Callable[[Any], Client]
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


def of(person: User, role: str = "liaison") -> Membership:
    return person.memberships.get(role=role)


def passed(cast: Cast, by: Any = None, on: dt.date = TODAY, **other: Any) -> Any:
    """Hand the work of 市教育局's liaison to a new person unless said otherwise."""
    given = {"newcomer": Newcomer("新人", "139 0000 0001", "xin@example.com"), **other}
    membership = given.pop("membership", None) or of(cast.liaison)
    now = given.pop("now", timezone.now())
    return hand_over(membership.pk, on=on, by=by or cast.head, now=now, **given)


def test_the_one_role_ends_the_day_before_the_other_begins(cast: Cast) -> None:
    done = passed(cast, on=TODAY + 10 * DAY, note="下周有检查。")
    new = done.hand_over.incoming
    assert of(cast.liaison).valid_to == TODAY + 9 * DAY
    assert of(new).valid_from == TODAY + 10 * DAY
    assert (new.phone, new.email, new.must_change_password) == (
        "13900000001", "xin@example.com", True,
    )  # fmt: skip
    assert new.check_password(done.password)
    assert new.username == "980100-001"
    assert done.hand_over.outgoing == cast.liaison
    (event,) = AuditEvent.objects.filter(code="departments.membership.hand_over")
    assert event.detail["incoming"] == new.pk
    assert done.password not in str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert not AuditEvent.objects.filter(code="departments.membership.appoint", detail__user=new.pk)


def test_both_the_head_and_the_office_are_told_each_once(cast: Cast) -> None:
    done = passed(cast, by=cast.office)
    event = f"handover:{done.hand_over.pk}"
    told = set(Notice.objects.filter(event=event).values_list("person", flat=True))
    expected = (done.hand_over.incoming, cast.liaison, cast.head, cast.office_2, cast.admin)
    assert told == {one.pk for one in expected}, "not who did it"


def test_a_name_and_number_that_are_known_are_that_account(cast: Cast) -> None:
    done = passed(cast, newcomer=Newcomer("丑", "13800000000"))
    assert done.hand_over.incoming == cast.liaison_finance
    assert done.password == ""
    assert cast.liaison_finance.memberships.count() == 2


def test_the_liaison_of_the_roster_changes_where_it_was_the_outgoing_person(cast: Cast) -> None:
    seat = Seat(region=cast.city_a, kind="liaison", department=cast.education, name="癸")
    seat.save()
    other = Seat.objects.create(
        region=cast.city_a, kind="liaison", department=cast.finance, name="癸"
    )
    passed(cast)
    seat.refresh_from_db()
    other.refresh_from_db()
    assert seat.valid_to == TODAY - DAY
    assert other.valid_to is None
    new = Seat.objects.get(department=cast.education, valid_to=None)
    assert (new.name, new.valid_from, new.user.name) == ("新人", TODAY, "新人")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: {"newcomer": None, "incoming": c.liaison}, "本人"),
        (lambda c: {"newcomer": None, "incoming": c.head, "role": True}, "已经是市教育局的联络员"),
        (
            lambda c: {"membership": c.office_2.memberships.get()},
            "只有单位的联络员和负责人可以交接",
        ),
        (lambda c: {"newcomer": Newcomer("")}, "请填写接任人的姓名"),
        (lambda c: {"newcomer": Newcomer("新", phone="12")}, "11 位手机号"),
        (lambda c: {"newcomer": Newcomer("新", email="a@b")}, "邮箱的写法不对"),
        (lambda c: {"newcomer": None}, "请选择接任人"),
        (lambda c: {"on": TODAY - 40 * DAY}, "前一个月到后一年"),
        (lambda c: {"on": TODAY + 800 * DAY}, "前一个月到后一年"),
        (lambda c: {"newcomer": None, "incoming": c.double, "stopped": True}, "已停用"),
    ],
)
def test_what_cannot_be_is_said(cast: Cast, change: Any, words: str) -> None:
    options = change(cast)
    if options.pop("role", False):
        appoint(cast.head, "liaison", department=cast.education)
    if options.pop("stopped", False):
        User.objects.filter(pk=cast.double.pk).update(is_active=False)
        options["incoming"].refresh_from_db()
    before = Membership.objects.count(), User.objects.count()
    with pytest.raises(DomainError) as refused:
        passed(cast, by=cast.office, **options)
    texts = [
        refused.value.message,
        *(one for all_ in refused.value.fields.values() for one in all_),
    ]
    assert any(words in one for one in texts), texts
    assert (Membership.objects.count(), User.objects.count()) == before
    assert of(cast.liaison).valid_to is None


def test_a_second_time_names_who_has_taken_over(cast: Cast) -> None:
    passed(cast, on=TODAY + DAY)
    with pytest.raises(DomainError, match=r"已经办理交接：.*新人接任"):
        passed(cast)
    assert HandOver.objects.count() == 1


def test_a_role_that_ended_is_not_handed_over(cast: Cast) -> None:
    Membership.objects.filter(user=cast.liaison).update(valid_to=TODAY - DAY)
    with pytest.raises(DomainError, match="不能再交接"):
        passed(cast)


def test_a_role_is_not_handed_over_before_it_began(cast: Cast) -> None:
    Membership.objects.filter(user=cast.liaison).update(valid_from=TODAY)
    with pytest.raises(DomainError, match="须在此之后"):
        passed(cast)


@pytest.mark.parametrize("who", ["liaison", "liaison_finance", "office_b", "security", "leader"])
def test_others_may_not(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        passed(cast, by=getattr(cast, who))


def test_the_incoming_liaison_goes_on_with_the_draft_and_the_first_name_stays(cast: Cast) -> None:
    typed = cast.entry_draft.draft["done"]
    new = passed(cast).hand_over.incoming
    new = User.objects.get(pk=new.pk)
    entry = cast.entry_draft
    entries.save_field(
        entry.pk, "percent", "66", entry.field_version("percent"), by=new, now=timezone.now()
    )
    entry.refresh_from_db()
    assert entry.draft["done"] == typed, "the text of the predecessor, under their name"
    assert entry.draft["percent"]["by"] == new.pk
    revision = Revision.objects.filter(entry=cast.entry_submitted).earliest("pk")
    assert revision.submitted_by == cast.liaison


def test_the_outgoing_person_opens_nothing_from_the_day_on(cast: Cast, browse: Browse) -> None:
    address = f"/entries/{cast.entry_draft.pk}/"
    passed(cast, on=TODAY + DAY)
    assert browse(cast.liaison).get(address).status_code == 200
    Membership.objects.filter(user=cast.liaison).update(valid_to=TODAY - DAY)
    assert browse(cast.liaison).get(address).status_code == 404


def test_what_was_owed_is_computed_of_that_day(cast: Cast) -> None:
    now = dt.datetime(2024, 7, 12, 2, tzinfo=dt.UTC)
    Entry.objects.update(created_at=dt.datetime(2024, 7, 1, tzinfo=dt.UTC))
    row = passed(cast, on=dt.date(2024, 7, 11), now=now).hand_over
    new = User.objects.get(pk=row.incoming_id)
    Membership.objects.filter(user=new).update(valid_from=None)
    owed = {cast.entry_draft.pk, cast.part_blank.pk, cast.entry_returned.pk}
    page = hand_over_page(new, row, now)
    assert {one.pk for one in page.entries} == owed
    assert page.open == 3
    Entry.objects.filter(pk=cast.part_blank.pk).update(state="waived", waive_reason="无")
    taken = taken_over(new, now, dt.date(2024, 7, 12))
    assert taken is not None
    assert {one.pk for one in taken.entries} == owed, "what became of it later does not matter"
    assert taken.open == 2
    assert taken_over(new, now, dt.date(2024, 12, 12)) is None
    assert taken_over(cast.head, now, dt.date(2024, 7, 12)) is None


def test_the_pages_show_both_names(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.head)
    address = f"/departments/{cast.education.pk}/hand-over/"
    assert "癸（联络员）" in browser.get(address).content.decode()
    sent = {
        "membership": of(cast.liaison).pk,
        "name": "新人",
        "on": TODAY,
        "note": "钥匙在传达室。",
    }
    done = browser.post(address, sent).content.decode()
    new = User.objects.get(name="新人")
    assert f"<code>{new.username}</code>" in done
    unit = browser.get(f"/departments/{cast.education.pk}/").content.decode()
    assert "癸 → 新人" in unit
    User.objects.filter(pk=new.pk).update(must_change_password=False)
    home = browse(new).get("/").content.decode()
    assert "交接：" in home
    assert "钥匙在传达室。" in home
    again = browser.post(address, sent)
    assert again.status_code == 422
    assert "已经办理交接" in again.content.decode()
    assert "钥匙在传达室。" in again.content.decode(), "nothing typed is lost"


def test_a_hand_over_that_was_planned_ahead_is_called_off_as_if_it_had_not_been(
    cast: Cast, browse: Browse
) -> None:
    seat = Seat.objects.create(
        region=cast.city_a, kind="liaison", department=cast.education, name="癸"
    )
    done = passed(cast, on=TODAY + 10 * DAY)
    new = done.hand_over.incoming
    Notice.objects.filter(person=cast.office).update(read_at=timezone.now())
    head = browse(cast.head)
    address = f"/departments/hand-overs/{done.hand_over.pk}/"
    assert "取消这次交接" in head.get(address).content.decode()
    said = head.post(f"{address}cancel/", follow=True)
    assert said.request["PATH_INFO"] == f"/departments/{cast.education.pk}/"
    assert "癸继续担任市教育局联络员" in said.content.decode()
    assert of(cast.liaison).valid_to is None
    assert not new.memberships.exists()
    assert User.objects.filter(pk=new.pk).exists(), "the account stays, without a role"
    seat.refresh_from_db()
    assert seat.valid_to is None
    assert Seat.objects.filter(department=cast.education).count() == 1
    assert not HandOver.objects.exists()
    (event,) = AuditEvent.objects.filter(code="departments.membership.cancel_hand_over")
    assert (event.detail["outgoing"], event.detail["incoming"]) == (cast.liaison.pk, new.pk)
    told = Notice.objects.filter(event=f"handover:{done.hand_over.pk}:cancel")
    assert set(told.values_list("person", flat=True)) == {cast.liaison.pk, cast.office.pk}
    left = Notice.objects.filter(event=f"handover:{done.hand_over.pk}")
    assert set(left.values_list("person", flat=True)) == {cast.office.pk}, "unread ones are gone"
    assert passed(cast, on=TODAY + 5 * DAY).hand_over.pk, "it can be handed over again"


def test_a_hand_over_whose_day_has_come_stands(cast: Cast, browse: Browse) -> None:
    done = passed(cast)
    with pytest.raises(NotAllowed, match="已经生效"):
        cancel_hand_over(done.hand_over.pk, by=cast.head, now=timezone.now())
    page = browse(cast.head).get(f"/departments/hand-overs/{done.hand_over.pk}/")
    assert "取消这次交接" not in page.content.decode()
    assert of(cast.liaison).valid_to == TODAY - DAY


def test_only_who_may_hand_over_calls_it_off(cast: Cast, browse: Browse) -> None:
    done = passed(cast, on=TODAY + 10 * DAY)
    for person in (cast.liaison, cast.liaison_finance, cast.office_b, cast.auditor):
        answer = browse(person).post(f"/departments/hand-overs/{done.hand_over.pk}/cancel/")
        assert answer.status_code == 404
        with pytest.raises(NotAllowed):
            cancel_hand_over(done.hand_over.pk, by=person, now=timezone.now())
    assert HandOver.objects.count() == 1


def test_what_was_handed_on_since_is_called_off_first(cast: Cast) -> None:
    first = passed(cast, on=TODAY + 10 * DAY)
    second = passed(
        cast,
        membership=of(first.hand_over.incoming),
        newcomer=Newcomer("再新", "139 0000 0002"),
        on=TODAY + 20 * DAY,
    )
    with pytest.raises(DomainError, match="先取消后来的交接"):
        cancel_hand_over(first.hand_over.pk, by=cast.head, now=timezone.now())
    for done in (second, first):
        cancel_hand_over(done.hand_over.pk, by=cast.head, now=timezone.now())
    assert of(cast.liaison).valid_to is None


def test_a_head_chooses_among_the_own_unit_only(cast: Cast, browse: Browse) -> None:
    sent = {"membership": of(cast.liaison).pk, "incoming": cast.liaison_finance.pk, "on": TODAY}
    address = f"/departments/{cast.education.pk}/hand-over/"
    assert browse(cast.head).post(address, sent).status_code == 422
    assert browse(cast.office).post(address, sent).status_code == 302
    both = {**sent, "name": "某人"}
    assert "请留空" in browse(cast.office).post(address, both).content.decode()
