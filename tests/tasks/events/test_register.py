"""The register of events: recorded once and quickly, changed, struck out, listed and summed up."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent
from departments.models import GroupMember, Region
from tasks.models import Event
from tasks.selectors.events import register as pages
from tasks.services import events
from tests.cast import Cast
from tests.cast_story import NOW, PDF

Browse = Callable[..., Client]
DAY = dt.date(2024, 6, 3)


def told(cast: Cast, **changes: Any) -> events.Told:
    given = {"department": cast.education, "kind": "activity", "title": "科普大集", "on": DAY}
    return events.Told(**{**given, **changes})


def form(**changes: Any) -> dict[str, Any]:
    return {
        "token": str(uuid4()),
        "on": "2024-06-03",
        "kind": "activity",
        "title": "科普大集",
    } | changes


def test_a_line_is_recorded_with_one_audit_row(cast: Cast) -> None:
    said = told(cast, town=cast.county_a2, people=80, task=cast.task_2)
    made = events.record(uuid4(), said, by=cast.liaison, now=NOW)
    event = Event.objects.get(pk=made.event.pk)
    assert (event.region, event.people, event.measure) == (cast.city_a, 80, cast.measure_2)
    row = AuditEvent.objects.get(code="tasks.event.record", subject_id=event.pk)
    assert row.detail["title"] == "科普大集"


def test_the_same_form_sent_again_is_the_same_line(cast: Cast) -> None:
    token = uuid4()
    first = events.record(token, told(cast), by=cast.liaison, now=NOW)
    again = events.record(token, told(cast, title="另一个"), by=cast.liaison, now=NOW)
    assert (again.event.pk, again.repeated, again.event.title) == (first.event.pk, True, "科普大集")
    with pytest.raises(DomainError, match="已经用过"):
        events.record(token, told(cast), by=cast.office, now=NOW)


REFUSED = (
    ({"on": dt.date(2024, 7, 11)}, "on", "办完再记"),
    ({"on": dt.date(1999, 12, 31)}, "on", "早于 2000 年"),
    ({"ends": dt.date(2024, 6, 2)}, "ends", "不能早于"),
    ({"ends": dt.date(2024, 8, 1)}, "ends", "还没有到"),
    ({"title": " \x00 "}, "title", "请填写名称"),
    ({"title": "长" * 201}, "title", "最多 200 字，现有 201 字"),
    ({"place": "长" * 121}, "place", "最多 120 字"),
    ({"summary": "长" * 5001}, "summary", "最多 5000 字"),
    ({"kind": "party"}, "kind", "请选类型"),
    ({"people": -1}, "people", "小于 0"),
    ({"people": 10**8}, "people", "太大"),
    ({"town": "city_b"}, "town", "不在本地区"),
    ({"town": "city_a"}, "town", "不在本地区"),
    ({"department": "finance"}, "department", "只能登记本单位"),
    ({"department": "members"}, "department", "单位集合"),
    ({"task": "task_3", "on": dt.date(2023, 6, 3)}, "task", "这是 2024 年的任务"),
    ({"duty": "duty", "on": dt.date(2020, 6, 3)}, "duty", "方案是 2021—2025 年的"),
)


def test_what_cannot_be_is_told_at_its_field(cast: Cast) -> None:
    named = ("town", "department", "task", "duty")
    for changes, field, sentence in REFUSED:
        given = {
            name: getattr(cast, str(value)) if name in named else value
            for name, value in changes.items()
        }
        with pytest.raises(DomainError) as caught:
            events.record(uuid4(), told(cast, **given), by=cast.liaison, now=NOW)
        assert list(caught.value.fields) == [field], changes
        assert sentence in caught.value.fields[field][0], changes
    assert Event.objects.count() == 1


def test_a_unit_without_a_part_cannot_count_to_a_task(cast: Cast) -> None:
    said = told(cast, department=cast.finance, task=cast.task_2)
    with pytest.raises(DomainError) as caught:
        events.record(uuid4(), said, by=cast.office, now=NOW)
    assert "没有承办职责" in caught.value.fields["task"][0]


def test_a_member_of_a_group_has_the_part_of_the_group(cast: Cast) -> None:
    GroupMember.objects.get_or_create(group=cast.members, member=cast.association)
    said = told(cast, department=cast.association, task=cast.task_1)
    assert events.record(uuid4(), said, by=cast.office, now=NOW).event.task == cast.task_1


def test_others_do_not_record(cast: Cast) -> None:
    for person in (cast.leader, cast.client, cast.admin):
        with pytest.raises(DomainError):
            events.record(uuid4(), told(cast), by=person, now=NOW)


def test_a_change_keeps_what_was_in_the_audit_record(cast: Cast) -> None:
    event = cast.event
    said = told(cast, title="改过的", people=90, task=cast.task_2)
    events.edit(event.pk, said, by=cast.office, now=NOW, seen=events.version(event))
    row = AuditEvent.objects.get(code="tasks.event.edit")
    assert row.detail["before"]["title"] == "科普进校园"
    assert row.detail["after"] == {"title": "改过的", "people": 90, "town": None}
    with pytest.raises(Conflict):
        events.edit(event.pk, said, by=cast.liaison, now=NOW, seen=events.version(event))
    with pytest.raises(NotAllowed):
        events.edit(event.pk, said, by=cast.liaison_finance, now=NOW, seen="")


def test_a_struck_line_stays_and_counts_no_more(cast: Cast, browse: Browse) -> None:
    with pytest.raises(DomainError):
        events.strike(cast.event.pk, "  ", by=cast.liaison, now=NOW)
    browser = browse(cast.liaison)
    browser.post(f"/events/{cast.event.pk}/strike/", {"reason": "记重了"}, follow=True)
    assert "科普进校园" not in browser.get("/events/").content.decode()
    assert "科普进校园" in browser.get("/events/?struck=true").content.decode()
    html = browser.get(f"/events/{cast.event.pk}/").content.decode()
    assert "删除：记重了" in html
    assert "/edit/" not in html
    assert browser.get(f"/events/{cast.event.pk}/edit/").status_code == 403


def test_half_a_minute_on_the_page(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.liaison)
    html = browser.get("/events/new/").content.decode()
    assert f'value="{timezone.localdate().isoformat()}"' in html
    assert "市教育局" in html
    assert 'name="department"' not in html
    assert html.count("btn-p") == 1
    sent = form(people="１.２万", town=cast.county_a1.pk, about=f"task-{cast.task_2.pk}")
    answer = browser.post("/events/new/", sent, follow=True)
    event = Event.objects.latest("pk")
    assert (event.people, event.town, event.task) == (12_000, cast.county_a1, cast.task_2)
    html = answer.content.decode()
    assert f"已记第 {event.pk} 号" in html
    assert "再记一条" in html
    again = browser.get(f"/events/new/?like={event.pk}").content.decode()
    assert 'value="科普大集"' in again
    assert f'<option value="{cast.county_a1.pk}" selected>' in again
    assert browser.post("/events/new/", sent).status_code == 302
    assert Event.objects.count() == 2


BAD = (
    ({"on": "3月"}, "on", "请按 2018-06-03"),
    ({"on": ""}, "on", "请填日期"),
    ({"people": "-5"}, "people", "不能小于 0"),
    ({"people": "许多"}, "people", "请填人数"),
    ({"people": "9" * 20}, "people", "太大"),
    ({"people": "1" * 400}, "people", "请填人数"),
    ({"kind": ""}, "kind", "请选类型"),
    ({"town": "9999999"}, "town", "没有这个地方"),
    ({"about": "task-999999"}, "about", "没有这项任务"),
    ({"title": "长" * 300}, "title", "现有 300 字"),
)


def test_bad_input_keeps_everything_typed(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.liaison)
    for changes, field, sentence in BAD:
        sent = form(summary="三所学校参加。", place="操场") | changes
        answer = browser.post("/events/new/", sent)
        html = answer.content.decode()
        assert answer.status_code == 422, changes
        assert sentence in html, changes
        assert f'<a href="#id_{field}">' in html, changes
        assert "三所学校参加。" in html
        assert 'value="操场"' in html
        assert sent["token"] in html
    assert Event.objects.count() == 1


FILES = (
    ("照片.pdf", b"MZ not a pdf", "内容与文件名不符"),
    ("照片.exe", b"MZ", "不是可以上传的类型"),
    ("照片.pdf", b"", "空文件"),
    ("照片.pdf", PDF + b" " * (20 * 1024 * 1024), "超过 20 MB"),
)


def test_a_wrong_file_is_told_and_the_rest_stays(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.liaison)
    for name, content, sentence in FILES:
        sent = form(summary="三所学校参加。", file=SimpleUploadedFile(name, content))
        answer = browser.post("/events/new/", sent)
        html = answer.content.decode()
        assert answer.status_code == 422, sentence
        assert sentence in html
        assert '<a href="#id_file">' in html
        assert "请重新选择" in html
        assert "三所学校参加。" in html


def test_files_go_with_the_line_and_leave_an_audit_row(cast: Cast, browse: Browse) -> None:
    files = [SimpleUploadedFile("一.pdf", PDF), SimpleUploadedFile("二.pdf", PDF + b"2")]
    browser = browse(cast.liaison)
    browser.post("/events/new/", form(file=files))
    event = Event.objects.latest("pk")
    assert [one.name for one in event.files.all()] == ["一.pdf", "二.pdf"]
    answer = browser.get(f"/events/files/{event.files.first().pk}/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert AuditEvent.objects.filter(code="tasks.event.download").count() == 1


def test_the_office_chooses_the_unit_and_begins_with_its_own(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)
    html = browser.get("/events/new/").content.decode()
    assert f'<option value="{cast.association.pk}" selected>' in html
    assert f'<option value="{cast.members.pk}"' not in html
    browser.post("/events/new/", form(department=cast.finance.pk))
    assert Event.objects.latest("pk").department == cast.finance


def test_places_used_last_come_first(cast: Cast) -> None:
    events.record(uuid4(), told(cast, town=cast.county_a2), by=cast.liaison, now=NOW)
    name, rows = pages.choices(cast.liaison, DAY).towns[0]
    assert name == "最近用过"
    assert [label for _pk, label in rows] == ["子西县", "子东县"]


def test_the_list_is_its_address(cast: Cast, browse: Browse) -> None:
    for day, kind, people in ((4, "meeting", None), (5, "training", 30), (6, "meeting", 20)):
        said = told(cast, on=DAY.replace(day=day), kind=kind, title=f"第{day}日", people=people)
        events.record(uuid4(), said, by=cast.liaison, now=NOW)
    browser = browse(cast.office)
    html = browser.get("/events/").content.decode()
    assert "共 4 条" in html
    assert "参加 170 人次" in html
    assert "另有 1 条没有填人数" in html
    html = browser.get("/events/?kind=meeting&on__gte=2024-06-05").content.decode()
    assert "第6日" in html
    assert "第4日" not in html
    for query, count in (
        (f"town={cast.county_a1.code}", 1), (f"town={cast.city_a.code}", 1), ("year=2023", 0),
        (f"department={cast.education.pk}", 4), (f"task={cast.task_2.pk}", 1), ("year=2024", 4),
        (f"plan={cast.plan.pk}", 1), ("year=9223372036854775807", 0),
    ):  # fmt: skip
        assert f"共 {count} 条" in browser.get(f"/events/?{query}").content.decode(), query
    wrong = browser.get("/events/?on__gte=%E4%B9%B1&kind=party")
    assert wrong.status_code == 422
    assert 'href="#id_on__gte"' in wrong.content.decode()


def test_a_unit_sees_its_own_lines_only(cast: Cast, browse: Browse) -> None:
    assert "科普进校园" not in browse(cast.liaison_finance).get("/events/").content.decode()
    assert "科普进校园" in browse(cast.leader).get("/events/").content.decode()
    assert "科普进校园" in browse(cast.office_province).get("/events/").content.decode()


def test_the_words_for_an_entry(cast: Cast) -> None:
    event = Event.objects.select_related("town").get(pk=cast.event.pk)
    assert pages.sentence(event) == "6 月 3 日在子东县开展“科普进校园”，120 人参加。"
    event.people, event.town, event.kind = None, None, "meeting"
    assert pages.sentence(event) == "6 月 3 日召开“科普进校园”。"


def test_the_cast_has_one_event(cast: Cast) -> None:
    assert cast.event.token == UUID(int=1)
    assert Region.objects.get(pk=cast.event.town_id) == cast.county_a1


def test_the_list_goes_out_as_its_address_says(cast: Cast, browse: Browse) -> None:
    said = told(cast, kind="meeting", title="=1+1", people=8)
    events.record(uuid4(), said, by=cast.liaison, now=NOW)
    browser = browse(cast.office)
    answer = browser.get("/events/export.xlsx?kind=meeting")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    text = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "=1+1" in text
    assert "科普进校园" not in text
    answer = browser.get("/events/export.csv?kind=meeting")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert ",'=1+1," in lines[1]
    assert AuditEvent.objects.filter(code="tasks.event.export").count() == 2
    assert browser.get("/events/export.pdf").status_code == 404


def test_the_words_stand_beside_the_entry_and_on_the_task(cast: Cast, browse: Browse) -> None:
    said = told(cast, task=cast.task_1, people=30, town=cast.county_a2)
    event = events.record(uuid4(), said, by=cast.liaison, now=NOW).event
    late = told(cast, task=cast.task_1, title="下一期的", on=dt.date(2024, 7, 5))
    events.record(uuid4(), late, by=cast.liaison, now=NOW)
    browser = browse(cast.liaison)
    html = browser.get(f"/entries/{cast.entry_draft.pk}/").content.decode()
    assert "本期台账 1 条" in html
    assert pages.sentence(event) in html
    assert 'data-insert="id_done"' in html
    html = browser.get(f"/tasks/{cast.task_1.pk}/").content.decode()
    assert "科普大集" in html
    assert f"/events/new/?task={cast.task_1.pk}" in html
    assert (
        "科普大集"
        not in browse(cast.liaison_finance).get(f"/tasks/{cast.task_1.pk}/").content.decode()
    )


def test_the_pages_ask_a_fixed_number_of_times(cast: Cast, browse: Browse) -> None:
    addresses = ("/events/", "/events/new/", f"/tasks/{cast.task_2.pk}/", "/events/export.xlsx")

    def asked(browser: Client) -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as caught:
                assert browser.get(address).status_code == 200
            counts.append(len(caught))
        return counts

    browser = browse(cast.office)
    asked(browser)  # the first page of a session also stores it
    few = asked(browser)
    for number in range(12):
        said = told(cast, title=f"第{number}次", task=cast.task_2, town=cast.county_a2)
        events.record(uuid4(), said, by=cast.office, now=NOW)
    assert asked(browser) == few


def test_of_two_changes_the_second_sees_what_the_first_stored(cast: Cast, browse: Browse) -> None:
    address, seen = f"/events/{cast.event.pk}/edit/", events.version(cast.event)
    first = form(version=seen, title="先改的", department=cast.education.pk)
    assert browse(cast.office).post(address, first).status_code == 302
    browser = browse(cast.liaison)
    answer = browser.post(address, form(version=seen, title="后改的"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "对方刚存的" in html
    assert "“先改的”" in html
    assert 'value="后改的"' in html
    now = events.version(Event.objects.get(pk=cast.event.pk))
    assert f'name="version" value="{now}"' in html
    assert browser.post(address, form(version=now, title="后改的")).status_code == 302
    assert Event.objects.get(pk=cast.event.pk).title == "后改的"
