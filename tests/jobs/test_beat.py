"""What the beat sends, somebody does."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from config.celery import app
from core.models import AuditEvent
from tasks.jobs import turn_grace
from tasks.models import Period
from tests.cast import Cast


def test_every_line_of_the_schedule_names_a_job_that_exists():
    app.loader.import_default_modules()
    sent = {one["task"] for one in app.conf.beat_schedule.values()}
    assert sent <= set(app.tasks)
    assert {"config.reconcile", "config.seal_audit", "tasks.turn_grace"} <= sent
    assert {"config.send_mail", "tasks.remind"} <= sent


@pytest.mark.django_db
def test_a_period_past_its_due_date_turns_to_grace_and_others_do_not(cast: Cast):
    today = timezone.localdate()
    Period.objects.filter(pk=cast.period.pk).update(
        due_on=today - timedelta(days=1), closes_on=today + timedelta(days=9)
    )
    coming = Period.objects.create(
        region=cast.city_b, name="还早", year=2024, state="open", starts=date(2024, 1, 1),
        ends=date(2024, 6, 30), opens_on=today, due_on=today, closes_on=today,
    )  # fmt: skip
    assert turn_grace() == 1
    assert turn_grace() == 0
    cast.period.refresh_from_db()
    coming.refresh_from_db()
    assert (cast.period.state, coming.state) == ("grace", "open")
    assert AuditEvent.objects.filter(code="tasks.period.grace").count() == 1
