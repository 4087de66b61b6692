"""催办 by hand: who, how, once a day by notice, and what the unit sees of it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, Delivery, Notice
from departments.models import Membership
from tasks.models import Period, Reminder
from tasks.services.periods import nudging
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def nudge(cast: Cast, *units: Any, channel: str = "notice", **more: Any) -> nudging.Nudged:
    pks = [one.pk for one in units]
    return nudging.nudge(cast.period.pk, pks, channel, **{"by": cast.office, "now": NOW} | more)


def test_a_notice_goes_to_the_unit_that_owes_and_to_nobody_else(quiet: Cast) -> None:
    done = nudge(quiet, quiet.education, words="周五要开会。")
    assert (done.told, done.left_out) == (["市教育局"], [])
    told = Notice.objects.get()
    assert (told.person, told.reason, told.view) == (quiet.liaison, "nudge", "period")
    assert told.text == (
        "纲要办催办：市教育局2024 年上半年填报还有 3 项未报送，时限 2024-07-15，请尽快报送。"
        "周五要开会。"
    )
    assert Delivery.objects.get().address == "liaison@example.cn"
    row = Reminder.objects.get()
    assert (row.kind, row.channel, row.by, row.entries) == ("nudge", "notice", quiet.office, 3)
    assert AuditEvent.objects.filter(code="tasks.period.nudge").count() == 1


def test_some_or_all_at_once_and_those_that_owe_nothing_are_left_out(quiet: Cast) -> None:
    done = nudge(quiet, quiet.education, quiet.finance, quiet.association)
    assert done.told == ["市教育局", "市财政局"]
    assert done.left_out == ["1 个单位没有欠报的，未催办"]


def test_a_second_notice_waits_for_tomorrow(quiet: Cast) -> None:
    nudge(quiet, quiet.education)
    done = nudge(quiet, quiet.education, by=quiet.office_2)
    assert done.told == []
    assert "今天已经催办过" in done.left_out[0]
    nudge(quiet, quiet.education, now=NOW + dt.timedelta(days=1))
    assert Reminder.objects.count() == Notice.objects.count() == 2


def test_the_database_itself_takes_one_notice_a_day(quiet: Cast) -> None:
    nudge(quiet, quiet.education)
    row = Reminder.objects.get()
    row.pk = None
    row._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_unit_without_a_liaison_is_told_by_its_head(quiet: Cast) -> None:
    Membership.objects.filter(user=quiet.liaison).update(valid_to=dt.date(2024, 1, 1))
    nudge(quiet, quiet.education)
    assert Notice.objects.get().person == quiet.head


def test_a_unit_without_an_account_is_named(quiet: Cast) -> None:
    Membership.objects.filter(user=quiet.liaison_finance).update(valid_to=dt.date(2024, 1, 1))
    done = nudge(quiet, quiet.finance)
    assert "没有账号" in done.left_out[0]
    assert not Reminder.objects.exists()


def test_calls_and_visits_are_noted_with_who_and_what_as_often_as_they_happen(
    quiet: Cast,
) -> None:
    for channel in ("phone", "in_person", "phone"):
        nudge(quiet, quiet.finance, channel=channel, whom="张主任", words="答应周五报")
    rows = list(Reminder.objects.all())
    assert [one.channel for one in rows] == ["phone", "in_person", "phone"]
    assert rows[0].words == "张主任：答应周五报"
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"channel": "phone", "words": "好"}, "whom"),
        ({"channel": "in_person", "whom": "张"}, "words"),
        ({"channel": "mail"}, "channel"),
        ({"channel": "notice", "words": "长" * 201}, "words"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    quiet: Cast, more: dict[str, str], field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        nudge(quiet, quiet.finance, **more)
    assert field in caught.value.fields
    assert not Reminder.objects.exists()


def test_only_the_office_and_only_while_reports_are_taken(quiet: Cast) -> None:
    for person in (quiet.leader, quiet.liaison, quiet.office_b, quiet.office_province):
        with pytest.raises(NotAllowed):
            nudge(quiet, quiet.finance, by=person)
    Period.objects.filter(pk=quiet.period.pk).update(state="closed")
    with pytest.raises(NotAllowed, match="先延期或重新开放"):
        nudge(quiet, quiet.finance)


class TestPage:
    """The office's page, and what the unit sees afterwards."""

    @pytest.fixture
    def address(self, quiet: Cast) -> str:
        return f"/periods/{quiet.period.pk}/nudge/"

    def test_units_chosen_in_the_matrix_are_ticked_and_there_is_a_text_to_copy(
        self, quiet: Cast, browse: Callable[..., Client], address: str
    ) -> None:
        html = browse(quiet.office).get(f"{address}?unit={quiet.finance.pk}").content.decode()
        assert f'value="{quiet.finance.pk}" checked' in html
        assert f'value="{quiet.education.pk}" checked' not in html
        assert f'data-copy="copy-{quiet.finance.pk}"' in html
        assert "市财政局：您好！2024 年上半年填报还有 1 项未报送" in html

    def test_all_are_chased_with_one_button(
        self, quiet: Cast, browse: Callable[..., Client], address: str
    ) -> None:
        sent = {"channel": "notice", "all": "1"}
        html = browse(quiet.office).post(address, sent, follow=True).content.decode()
        assert "已催办 2 个单位：市教育局、市财政局" in html
        again = browse(quiet.office).post(address, sent, follow=True).content.decode()
        assert "市教育局今天已经催办过，明天可以再催；市财政局今天已经催办过" in again

    def test_nothing_typed_is_lost_when_something_is_missing(
        self, quiet: Cast, browse: Callable[..., Client], address: str
    ) -> None:
        sent = {"channel": "phone", "words": "答应周五报", "unit": quiet.finance.pk}
        answer = browse(quiet.office).post(address, sent)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert '<a href="#id_whom">' in html
        assert "答应周五报" in html
        assert f'value="{quiet.finance.pk}" checked' in html

    def test_the_unit_sees_how_often_it_was_chased_and_by_whom(
        self, quiet: Cast, browse: Callable[..., Client]
    ) -> None:
        nudge(quiet, quiet.finance, now=timezone.now())
        nudge(quiet, quiet.finance, channel="phone", whom="张主任", words="答应周五报")
        page = f"/periods/{quiet.period.pk}/"
        html = browse(quiet.liaison_finance).get(page).content.decode()
        assert "纲要办已催办 2 次" in html
        assert "电话，甲：张主任：答应周五报" in html
        assert "已催办" not in browse(quiet.liaison).get(page).content.decode()
