"""A worker killed while it sends 500 reminders: the same rows and mails as if nothing had been."""

from collections.abc import Callable, Iterator

import pytest

from config.celery import app
from core import sending
from core.models import Delivery, Notice
from tasks.models import Reminder
from tests.cast import Cast
from tests.jobs.conftest import Worker, wait_for
from tests.smtp import Post, serving
from tests.units import add_units

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
MANY = 500
Start = Callable[..., Worker]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """Let the workers of this test send to a server of ours, and look for mails often."""
    with serving() as office:
        for name, value in (
            ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"),
            ("EMAIL_HOST", "127.0.0.1"),
            ("EMAIL_PORT", str(office.port)),
            ("MAIL_SECONDS", "0.3"),
        ):
            monkeypatch.setenv(name, value)
        yield office


def test_reminders_survive_the_death_of_their_worker(
    cast: Cast, start_worker: Start, queue: str, post: Post
) -> None:
    add_units(cast, MANY)
    first = start_worker(beat=True)
    app.send_task("tests.remind", queue=queue)
    wait_for("mails leave", lambda: len(post.mails) >= MANY // 5, pause=0.01)
    first.kill()
    assert len(post.mails) < MANY, "it was too quick: nothing was killed in the middle"
    assert Delivery.objects.filter(state="queued").exists()

    start_worker(beat=True)
    app.send_task("tests.remind", queue=queue)  # the day's next run finds everything done
    wait_for("all mails left", lambda: not Delivery.objects.exclude(state="sent").exists())

    rows = Delivery.objects.filter(key="digest:2024-07-10")
    assert rows.count() == Delivery.objects.count() == MANY
    assert set(post.ids) == {sending.message_id(one) for one in rows}
    # Of the one mail that was on its way nobody knows whether it had left: it may come twice.
    assert MANY <= len(post.mails) <= MANY + 1
    # Two units of the cast owe too; their people have no address.
    assert Notice.objects.filter(event="digest:2024-07-10").count() == MANY + 2
    assert Reminder.objects.count() == MANY + 2
