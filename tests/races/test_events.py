"""Two taps on one form of the register at the same moment, and the control without the guard."""

import datetime as dt
import uuid

import pytest

from core.models import AuditEvent
from tasks.models import Event, EventFile
from tasks.services import events
from tests.cast import Cast
from tests.cast_story import NOW, PDF
from tests.races.parallel import at_once, together, without_constraint

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
TAPS = 4


def tap(cast: Cast, monkeypatch: pytest.MonkeyPatch, uploads: bool = True) -> list[events.Recorded]:
    """Send one form several times at once; nobody goes on before all have looked for it."""
    token = uuid.uuid4()
    told = events.Told(cast.education, "activity", "科普大集", dt.date(2024, 6, 3))
    files = events.accepted([("照片.pdf", PDF)]) if uploads else []
    cast.liaison.acting  # noqa: B018 (asked once, here: threads share the person)
    monkeypatch.setattr(events, "_check", together(events._check, TAPS))
    return at_once(
        [
            lambda: events.record(token, told, by=cast.liaison, now=NOW, uploads=files)
            for _ in range(TAPS)
        ]
    )


def test_taps_at_once_are_one_line_with_one_file_and_one_audit_row(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = tap(cast, monkeypatch)
    (made,) = {one.event.pk for one in answers}
    assert [one.repeated for one in answers].count(False) == 1
    assert Event.objects.filter(title="科普大集").count() == 1
    assert EventFile.objects.filter(event=made).count() == 1
    assert AuditEvent.objects.filter(code="tasks.event.record", subject_id=made).count() == 1


@pytest.mark.postgresql
def test_control_without_the_constraint_on_tokens_each_tap_is_a_line(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_constraint("tasks_event", "tasks_event_token_key"):
        tap(cast, monkeypatch, uploads=False)
        assert Event.objects.filter(title="科普大集").count() == TAPS
