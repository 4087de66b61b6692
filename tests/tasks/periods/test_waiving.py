"""Units excused from what is not due (免报), and asked for it after all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, Notice
from tasks.models import Entry, Transition
from tasks.services import periods
from tasks.services.entries import decisions
from tasks.services.periods.waiving import unwaive_many, waive_many
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def test_units_are_excused_in_bulk_and_asked_again(cast: Cast) -> None:
    count = waive_many(
        cast.period, "本期不涉及", departments=[cast.education.pk], by=cast.office, now=NOW
    )
    waived = Entry.objects.filter(period=cast.period, state="waived")
    assert count == waived.count() == 3
    assert Entry.objects.get(pk=cast.entry_submitted.pk).state == "submitted"
    assert Transition.objects.filter(verb="waive").count() == 3
    assert AuditEvent.objects.filter(code="tasks.period.waive").count() == 1
    decisions.unwaive(cast.entry_draft.pk, by=cast.office, now=NOW)
    entry = Entry.objects.get(pk=cast.entry_draft.pk)
    assert (entry.state, entry.waive_reason, entry.typed("percent")) == ("draft", "", "55")
    periods.close_period(cast.period, by=cast.office, now=NOW)
    with pytest.raises(NotAllowed, match="截止"):
        decisions.unwaive(cast.part_blank.pk, by=cast.office, now=NOW)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": "", "departments": [1]}, "理由"),
        ({"reason": "无"}, "请选择单位或任务"),
        ({"reason": "无", "departments": [987654]}, "不需要免报"),
    ],
)
def test_an_excuse_needs_a_reason_and_something_to_excuse(
    cast: Cast, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(DomainError, match=words):
        waive_many(cast.period, by=cast.office, now=NOW, **given)
    assert not Entry.objects.filter(state="waived").exists()


def test_what_was_not_chosen_is_said_where_one_chooses(
    cast: Cast, browse: Callable[[Any], Client]
) -> None:
    page = browse(cast.office)
    for path, sent, said in (
        ("waive", {"reason": "本期不涉及"}, "请选择单位或任务。"),
        ("nudge", {"channel": "notice", "words": "请抓紧"}, "请至少选一个单位。"),
    ):
        answer = page.post(f"/periods/{cast.period.pk}/{path}/", sent)
        html = answer.content.decode()
        assert answer.status_code == 422
        at = html.index('id="id_unit"')
        assert said in html[at : at + 1200], "at the list of units, not only in the summary"
        assert list(sent.values())[-1] in html, "nothing typed is lost"


def test_excuses_are_taken_back_many_at_once_and_all_or_none(cast: Cast) -> None:
    waive_many(cast.period, "本期不涉及", departments=[cast.education.pk], by=cast.office, now=NOW)
    waived = list(
        Entry.objects.filter(period=cast.period, state="waived").values_list("pk", flat=True)
    )
    Notice.objects.all().delete()
    version = Entry.objects.get(pk=cast.entry_draft.pk).version
    assert unwaive_many(cast.period, waived, by=cast.office, now=NOW) == 3
    entry = Entry.objects.get(pk=cast.entry_draft.pk)
    assert (entry.state, entry.waive_reason, entry.typed("percent")) == ("draft", "", "55")
    assert (entry.version, entry.ready) == (version + 1, False)
    steps = Transition.objects.filter(verb="unwaive").values_list("entry", "reason")
    assert dict(steps) == dict.fromkeys(waived, "原免报理由：本期不涉及")
    assert AuditEvent.objects.filter(code="tasks.period.unwaive").count() == 1
    told = Notice.objects.values_list("person__username", flat=True)
    assert sorted(told) == ["head", "liaison"], "each person once"
    with pytest.raises(DomainError, match="请选择"):
        unwaive_many(cast.period, waived, by=cast.office, now=NOW)
    waive_many(cast.period, "又不涉及", departments=[cast.education.pk], by=cast.office, now=NOW)
    with pytest.raises(NotAllowed, match="纲要办"):
        unwaive_many(cast.period, waived, by=cast.liaison, now=NOW)
    periods.close_period(cast.period, by=cast.office, now=NOW)
    with pytest.raises(NotAllowed, match="截止"):
        unwaive_many(cast.period, waived, by=cast.office, now=NOW)
    assert Entry.objects.filter(pk__in=waived, state="waived").count() == 3


def test_taking_excuses_back_asks_as_often_for_many_as_for_one(cast: Cast) -> None:
    asked = []
    for size in (1, 3):
        waive_many(cast.period, "无", departments=[cast.education.pk], by=cast.office, now=NOW)
        waived = Entry.objects.filter(period=cast.period, state="waived")
        with CaptureQueriesContext(connection) as seen:
            unwaive_many(
                cast.period,
                list(waived.values_list("pk", flat=True)[:size]),
                by=cast.office,
                now=NOW + timedelta(seconds=size),
            )
        asked.append(len(seen))
        Entry.objects.filter(period=cast.period, state="waived").update(state="draft")
    assert asked[0] == asked[1]


def test_the_office_takes_excuses_back_on_the_page(
    cast: Cast, browse: Callable[[Any], Client]
) -> None:
    waive_many(cast.period, "本期不涉及", departments=[cast.education.pk], by=cast.office, now=NOW)
    page = browse(cast.office)
    here = f"/periods/{cast.period.pk}/waive/"
    assert "全部 3 项恢复填报" in page.get(here).content.decode()
    step = f"/periods/{cast.period.pk}/unwaive/"
    said = page.post(step, {}, follow=True).content.decode()
    assert "请选择要恢复的填报" in said
    said = page.post(step, {"entry": [cast.entry_draft.pk]}, follow=True).content.decode()
    assert "已恢复 1 项填报" in said
    assert "已恢复 2 项填报" in page.post(step, {"all": "1"}, follow=True).content.decode()
    assert not Entry.objects.filter(state="waived").exists()
