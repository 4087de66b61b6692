"""The inbox and its settings: grouped by thing, filtered, read one by one, mailed as wished."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import notices
from core.models import AuditEvent, MailPreference, Notice
from departments.models import User
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty(cast: Cast) -> None:
    Notice.objects.all().delete()


def tell(person: Any, event: str, text: str, reason: str = "returned", **more: Any) -> None:
    notices.tell([person.pk], event=event, reason=reason, text=text, after=NOW, **more)


def test_notices_of_one_entry_stand_together(cast: Cast, browse: Callable[..., Client]) -> None:
    for number in (1, 2, 3):
        tell(cast.liaison, f"a{number}", f"第{number}次", view="entry", subject=7)
    tell(cast.liaison, "b", "另一项", view="entry", subject=8)
    tell(cast.liaison, "c", "第一天", view="home")
    tell(cast.liaison, "d", "第二天", view="home")
    page = browse(cast.liaison).get("/notices/").context["page"]
    assert [[one.text for one in thread.notices] for thread in page] == [
        ["第二天"],
        ["第一天"],
        ["另一项"],
        ["第3次", "第2次", "第1次"],
    ]
    assert page.object_list[-1].unread == 3


def test_one_thing_or_one_reason_is_marked_as_read(
    cast: Cast, browse: Callable[..., Client]
) -> None:
    tell(cast.liaison, "a", "退回的", view="entry", subject=7)
    tell(cast.liaison, "b", "核对的", "approved", view="entry", subject=8)
    tell(cast.liaison, "c", "等我的", "waiting", view="entry", subject=9)
    tell(cast.head, "a", "别人的", view="entry", subject=7)
    browser = browse(cast.liaison)
    theirs = Notice.objects.get(person=cast.head).pk
    browser.post("/notices/read/", {"notice": [Notice.objects.get(event="b").pk, theirs]})
    browser.post("/notices/read/", {"reason": "waiting"})
    unread = Notice.objects.filter(read_at=None).values_list("event", "person__username")
    assert sorted(unread) == [("a", "head"), ("a", "liaison")]
    html = browser.get("/notices/?reason=approved").content.decode()
    assert "核对的" in html
    assert "退回的" not in html


def test_pages_of_the_inbox_ask_as_often_for_many_as_for_few(
    cast: Cast, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.liaison)
    counts = []
    for start, many in ((0, 5), (5, 80)):
        for number in range(start, start + many):
            tell(cast.liaison, f"e{number}", "一条", view="entry", subject=number)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/notices/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "第 31—60 项，共 85 项" in browser.get("/notices/?page=2").content.decode()


def test_what_is_not_yet_delivered_is_not_there(cast: Cast, browse: Callable[..., Client]) -> None:
    from django.utils import timezone

    later = timezone.now() + timedelta(minutes=1)
    notices.tell([cast.liaison.pk], event="x", reason="returned", text="还没到", after=later)
    assert "还没到" not in browse(cast.liaison).get("/notices/").content.decode()


WAYS = {f"how_{reason}": "digest" for reason in Notice.Reason.values}


def test_a_person_sets_address_and_ways(cast: Cast, browse: Callable[..., Client]) -> None:
    browser = browse(cast.liaison)
    sent = {**WAYS, "email": " gui@example.cn ", "how_approved": "none"}
    html = browser.post("/notices/preferences/", sent, follow=True).content.decode()
    assert "邮件提醒已保存" in html
    assert User.objects.get(pk=cast.liaison.pk).email == "gui@example.cn"
    said = dict(MailPreference.objects.filter(person=cast.liaison).values_list("reason", "how"))
    assert (said["approved"], said["returned"]) == ("none", "digest")
    browser.post("/notices/preferences/", {**sent, "how_approved": "at_once"})
    assert MailPreference.objects.get(person=cast.liaison, reason="approved").how == "at_once"
    events = AuditEvent.objects.filter(code="departments.user.set_mail")
    assert events.count() == 2
    assert "gui@example.cn" not in str(list(events.values("detail")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "gui"},
        {"email": "癸@例子.中国"},
        {"email": "a@example.cn\nBcc: b@example.cn"},
        {"how_returned": "sometimes"},
        {"how_returned": ""},
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
    cast: Cast, browse: Callable[..., Client], wrong: dict[str, str]
) -> None:
    sent = {**WAYS, "email": "gui@example.cn", **wrong}
    answer = browse(cast.liaison).post("/notices/preferences/", sent)
    assert answer.status_code == 422
    assert 'id="errors"' in answer.content.decode()
    assert not MailPreference.objects.exists()
    assert User.objects.get(pk=cast.liaison.pk).email == ""
