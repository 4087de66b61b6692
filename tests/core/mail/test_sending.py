"""Mails leave over a real SMTP server: once, in words people can read, again after a failure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from config.celery import app
from core import dispatch, mail, notices, sending
from core.models import AuditEvent, Delivery, Job, MailPreference, Notice
from tests.cast import Cast
from tests.cast_story import NOW
from tests.smtp import Post, serving

pytestmark = pytest.mark.django_db
TITLE = "“办好科学课”\r\nBcc: everybody@example.cn\n被退回"


def tell(*people: Any, event: str = "entry:1:1", reason: str = "returned", **more: Any) -> None:
    more = {"text": "“办好科学课”被退回，请修改 2 处。", "view": "entry", "subject": 1} | more
    notices.tell([one.pk for one in people], event=event, reason=reason, after=NOW, **more)


def at(moment: datetime = NOW) -> Callable[[], datetime]:
    return lambda: moment


def row(person: Any) -> Delivery:
    return Delivery.objects.get(person=person)


def test_a_mail_says_what_happened_to_whom_and_where_to_go(addressed: Cast, post: Post) -> None:
    tell(addressed.liaison)
    assert sending.send_due(at()) == 1
    (sent,) = post.mails
    assert sent["To"] == "liaison@example.cn"
    assert str(sent["Subject"]).strip() == "【纲要通】“办好科学课”被退回，请修改 2 处。"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content_type() == "text/plain"
    text = sent.get_content()
    assert text.startswith("癸，您好：")
    assert "https://gy.example.cn/entries/1/" in text
    assert "https://gy.example.cn/notices/preferences/" in text
    assert row(addressed.liaison).state == "sent"
    assert sending.send_due(at()) == 0


def test_a_title_cannot_add_a_line_to_the_head(addressed: Cast, post: Post) -> None:
    tell(addressed.liaison, text=TITLE)
    sending.send_due(at())
    (sent,) = post.mails
    assert sent["Bcc"] is None
    assert str(sent["Subject"]).strip() == "【纲要通】“办好科学课” Bcc: everybody@example.cn 被退回"


def test_a_run_goes_over_one_connection(addressed: Cast, post: Post) -> None:
    tell(addressed.liaison, addressed.head, addressed.office)
    assert sending.send_due(at()) == 3
    assert post.connections == 1
    assert len(set(post.ids)) == 3


@pytest.mark.parametrize(
    ("reason", "said", "state"),
    [
        ("returned", None, "queued"),
        ("nudge", None, "queued"),
        ("instruction", None, "queued"),
        ("approved", None, None),
        ("waiting", None, None),
        ("report", None, None),
        ("approved", "at_once", "queued"),
        ("returned", "digest", None),
        ("returned", "none", None),
    ],
)
def test_who_gets_a_mail_at_once(
    addressed: Cast, reason: str, said: str | None, state: str | None
) -> None:
    if said:
        MailPreference.objects.create(person=addressed.liaison, reason=reason, how=said)
    tell(addressed.liaison, reason=reason)
    found = Delivery.objects.filter(person=addressed.liaison).first()
    assert (found.state if found else None) == state
    assert Notice.objects.filter(person=addressed.liaison, event="entry:1:1").exists()


def test_without_an_address_or_with_a_closed_account_there_is_only_the_notice(
    addressed: Cast,
) -> None:
    addressed.liaison.email = ""
    addressed.liaison.save()
    addressed.head.is_active = False
    addressed.head.save()
    tell(addressed.liaison, addressed.head)
    assert not Delivery.objects.exists()


def test_the_same_event_is_mailed_once_and_one_undone_in_time_never(
    addressed: Cast, post: Post
) -> None:
    tell(addressed.liaison)
    tell(addressed.liaison)
    tell(addressed.liaison, event="entry:1:2")
    notices.withdraw("entry:1:2")
    assert sending.send_due(at()) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent", "withdrawn"}


def test_a_mail_waits_for_the_moment_of_its_notice(addressed: Cast, post: Post) -> None:
    later = NOW + timedelta(seconds=10)
    notices.tell([addressed.liaison.pk], event="e", reason="returned", text="文", after=later)
    assert sending.send_due(at()) == 0
    assert sending.send_due(at(later)) == 1


def test_the_region_of_the_person_is_kept_with_the_mail(addressed: Cast) -> None:
    tell(addressed.liaison, addressed.office_b)
    assert row(addressed.liaison).region_path == addressed.city_a.path
    assert row(addressed.office_b).region_path == addressed.city_b.path


def test_a_refusal_for_now_is_tried_again_ever_later_and_at_last_given_up(
    addressed: Cast, post: Post
) -> None:
    post.answers["liaison@example.cn"] = "451 Try again later"
    tell(addressed.liaison)
    moment = NOW
    for number, minutes in enumerate(sending.DELAYS, 1):
        assert sending.send_due(at(moment)) == 0
        found = row(addressed.liaison)
        assert (found.state, found.attempts) == ("queued", number)
        assert found.send_after == moment + timedelta(minutes=minutes)
        assert "451 Try again later" in found.error
        moment = found.send_after
    sending.send_due(at(moment))
    assert row(addressed.liaison).state == "failed"
    post.answers.clear()
    assert sending.send_due(at(moment + timedelta(days=9))) == 0


def test_what_was_refused_for_now_leaves_when_the_server_takes_it(
    addressed: Cast, post: Post
) -> None:
    post.closing["liaison@example.cn"] = "452 Full"
    tell(addressed.liaison)
    sending.send_due(at())
    post.closing.clear()
    assert sending.send_due(at(NOW + timedelta(minutes=1))) == 1
    assert (row(addressed.liaison).state, row(addressed.liaison).error) == ("sent", "")


@pytest.mark.parametrize("stage", ["answers", "closing"])
def test_a_refusal_for_good_fails_at_once_and_holds_up_nobody(
    addressed: Cast, post: Post, stage: str
) -> None:
    getattr(post, stage)["liaison@example.cn"] = "550 No such user"
    tell(addressed.liaison, addressed.head)
    assert sending.send_due(at()) == 1
    assert (row(addressed.liaison).state, row(addressed.head).state) == ("failed", "sent")
    assert "550 No such user" in row(addressed.liaison).error


def test_an_address_that_no_server_could_take_fails_in_words(addressed: Cast, post: Post) -> None:
    addressed.liaison.email = "liaison@example.cn\nBcc: x@example.cn"
    addressed.liaison.save()
    tell(addressed.liaison, addressed.head)
    assert sending.send_due(at()) == 1
    assert row(addressed.liaison).state == "failed"
    assert "不能使用" in row(addressed.liaison).error


def test_without_a_server_every_mail_waits_and_says_why(
    addressed: Cast, settings: Any, unused_port: int
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_port
    tell(addressed.liaison, addressed.head)
    assert sending.send_due(at()) == 0
    for person in (addressed.liaison, addressed.head):
        found = row(person)
        assert (found.state, found.attempts) == ("queued", 1)
        assert found.send_after == NOW + timedelta(minutes=1)
        assert "连不上邮件服务器" in found.error
    with serving(unused_port) as office:
        assert sending.send_due(at(NOW + timedelta(minutes=1))) == 2
        assert len(office.mails) == 2


def test_what_a_dead_worker_held_leaves_again_under_the_same_number(
    addressed: Cast, post: Post, settings: Any
) -> None:
    tell(addressed.liaison)
    sending.send_due(at())
    # As if it had died between the server's answer and its own note of it.
    Delivery.objects.update(state="sending", claimed_at=NOW, sent_at=None)
    young = NOW + timedelta(seconds=settings.STALE_SECONDS - 1)
    assert sending.send_due(at(young)) == 0
    old = NOW + timedelta(seconds=settings.STALE_SECONDS + 1)
    assert sending.send_due(at(old)) == 1
    first, second = post.ids
    assert first == second
    assert first.endswith("@gy.example.cn>")


def test_a_mail_that_kills_its_worker_every_time_is_given_up(
    addressed: Cast, settings: Any
) -> None:
    tell(addressed.liaison)
    Delivery.objects.update(state="sending", claimed_at=NOW, attempts=len(sending.DELAYS) + 1)
    assert sending.take_back(NOW + timedelta(seconds=settings.STALE_SECONDS + 1)) == 1
    assert row(addressed.liaison).state == "failed"


def test_of_two_workers_one_sends(
    addressed: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(addressed.liaison)
    leave = sending._leave

    def slow(found: Delivery, connection: Any, clock: Any) -> bool:
        monkeypatch.setattr(sending, "_leave", leave)
        assert sending.send_due(at()) == 1  # the other one was quicker
        return leave(found, connection, clock)

    monkeypatch.setattr(sending, "_leave", slow)
    assert sending.send_due(at()) == 0
    assert len(post.mails) == 1


class TestAdministrator:
    """What failed is seen and sent again by the administrator of the region alone."""

    @pytest.fixture(autouse=True)
    def _failed(self, addressed: Cast) -> None:
        tell(addressed.liaison, addressed.office_b)
        Delivery.objects.update(state="failed", error="550 No such user", attempts=1)

    def test_the_page_shows_masked_addresses_and_why(
        self, addressed: Cast, browse: Callable[..., Client]
    ) -> None:
        html = browse(addressed.admin).get("/mail/").content.decode()
        assert "l***@example.cn" in html
        assert "550 No such user" in html
        assert "liaison@example.cn" not in html
        assert "o***@example.cn" not in html
        assert "没有这一类邮件" in browse(addressed.admin).get("/mail/?state=sent").content.decode()

    def test_sending_again_starts_from_the_first_try_at_the_present_address(
        self, addressed: Cast, browse: Callable[..., Client], post: Post
    ) -> None:
        addressed.liaison.email = "new@example.cn"
        addressed.liaison.save()
        browser = browse(addressed.admin)
        answer = browser.post("/mail/resend/", {"mail": row(addressed.liaison).pk}, follow=True)
        assert "1 封邮件已重新排队" in answer.content.decode()
        assert AuditEvent.objects.filter(code="core.mail.resend").count() == 1
        sending.send_due()
        assert [one["To"] for one in post.mails] == ["new@example.cn"]
        assert row(addressed.office_b).state == "failed"

    def test_mails_of_another_region_are_left_alone(
        self, addressed: Cast, browse: Callable[..., Client]
    ) -> None:
        browser = browse(addressed.admin)
        assert (
            browser.post("/mail/resend/", {"mail": row(addressed.office_b).pk}).status_code == 422
        )
        browser.post("/mail/resend/", {"all": "1"})
        assert row(addressed.office_b).state == "failed"
        assert row(addressed.liaison).state == "queued"


class TestDigest:
    """One mail a day collects what its person wants daily."""

    def collect(self, now: datetime = NOW, **dues: Any) -> int:
        return mail.collect(now.date(), dues.get("dues", {}), now=now, until=now)

    def test_unread_notices_of_a_daily_reason_come_once(self, addressed: Cast, post: Post) -> None:
        Notice.objects.all().delete()
        tell(addressed.liaison, event="a", reason="approved", text="“甲”已核对。")
        tell(addressed.liaison, event="b", reason="approved", text="“乙”已核对。")
        tell(addressed.liaison, event="c", reason="returned", text="立即发的")
        tell(addressed.liaison, event="d", reason="approved", text="读过的")
        Notice.objects.filter(event="d").update(read_at=NOW)
        assert self.collect() == 1
        assert self.collect() == 0
        tomorrow = NOW + timedelta(days=1)
        assert self.collect(tomorrow) == 0
        sending.send_due(at(NOW))
        text = next(one for one in post.mails if "汇总" in one["Subject"]).get_content()
        assert "“甲”已核对" in text
        assert "“乙”已核对" in text
        assert "立即发的" not in text
        assert "读过的" not in text

    def test_what_comes_after_the_digest_waits_until_tomorrow(self, addressed: Cast) -> None:
        Notice.objects.all().delete()
        tell(addressed.liaison, event="a", reason="approved")
        assert self.collect() == 1
        tell(addressed.liaison, event="b", reason="approved")
        assert self.collect() == 0
        assert self.collect(NOW + timedelta(days=1)) == 1

    def test_who_wants_no_reminders_by_mail_gets_none(self, addressed: Cast) -> None:
        Notice.objects.all().delete()
        due = {addressed.liaison.pk: mail.Due("还有 1 项未报", ("一项",))}
        MailPreference.objects.create(person=addressed.liaison, reason="due", how="none")
        assert self.collect(dues=due) == 0
        MailPreference.objects.all().delete()
        assert self.collect(dues=due) == 1


def test_a_deed_that_is_rolled_back_tells_nobody(addressed: Cast) -> None:
    before = Notice.objects.count()

    @transaction.atomic
    def broken() -> None:
        tell(addressed.liaison)
        assert Delivery.objects.exists()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert (Notice.objects.count(), Delivery.objects.count()) == (before, 0)


def test_a_mail_needs_no_message_of_the_broker(
    addressed: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "_senders", [])
    tell(addressed.liaison)
    assert not Job.objects.exists()
    app.loader.import_default_modules()
    job = app.conf.beat_schedule["mail"]
    assert job["schedule"] <= 60
    assert app.tasks[job["task"]]() == 1
    assert len(post.mails) == 1
