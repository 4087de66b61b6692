"""The form of an entry: what it shows, how it keeps what is typed, where it leads."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.models import AuditEvent
from tasks.models import Entry, Evidence, Revision
from tasks.services import entries

PDF = b"%PDF-1.4\nanother\n%%EOF\n"


def page(browser: Client, entry: Any, **kwargs: Any) -> str:
    return browser.get(f"/entries/{entry.pk}/", **kwargs).content.decode()


def save(browser: Client, entry: Entry, field: str, value: str, version: int) -> Any:
    return browser.post(
        f"/entries/{entry.pk}/save/",
        {"field": field, "value": value, "version": version},
        headers={"X-Requested-With": "fetch"},
    )


def test_the_form_shows_the_plans_words_the_deadline_and_the_units_other_entries(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = page(browse(cast.liaison), cast.entry_draft)
    assert "<h1>办好科学课</h1>" in html
    assert "7 月 15 日前报送" in html
    assert "配齐科学教师，开足实验课时" in html
    assert "市教育局汇总" in html
    assert f'href="/entries/{cast.entry_returned.pk}/"' in html
    assert html.count("btn-p") == 1


def test_last_period_is_shown_and_an_empty_first_period_is_a_word(
    cast: Any, browse: Callable[..., Client]
) -> None:
    assert "<dt>上期</dt><dd>25%</dd>" in page(browse(cast.liaison), cast.entry_draft)
    Entry.objects.filter(period=cast.earlier).update(approved=None, state="draft")
    html = page(browse(cast.liaison), cast.entry_draft)
    assert "<dt>上期</dt><dd>无</dd>" in html
    assert "未填报" in html


def test_a_return_names_every_field_on_top_and_at_the_field(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = page(browse(cast.liaison), cast.entry_returned)
    assert "请修改 1 处" in html
    assert '<a href="#id_done">进展情况</a>' in html
    assert html.count("请写明具体做法。") == 2
    assert "重新报送" in html


def test_a_reason_is_ticked_once_its_field_was_changed(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.liaison)
    save(browser, cast.entry_returned, "done", "做法：两校结对，共享教师。", 1)
    html = page(browser, cast.entry_returned)
    assert '<p class="why done" id="why-done"' in html
    assert "<span data-tick-word>（已改）</span>" in html


def test_autosave_keeps_a_field_and_answers_with_its_version(
    cast: Any, browse: Callable[..., Client]
) -> None:
    answer = save(browse(cast.liaison), cast.entry_draft, "done", "写到一半", 1)
    assert answer.json()["version"] == 2
    assert answer.json()["state"] == "saved"
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.typed("done") == "写到一半"


def test_autosave_keeps_invalid_text_and_says_what_is_wrong(
    cast: Any, browse: Callable[..., Client]
) -> None:
    answer = save(browse(cast.liaison), cast.entry_draft, "percent", "一半", 1).json()
    assert answer["state"] == "invalid"
    assert "0 到 100" in answer["message"]
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.typed("percent") == "一半"


def test_two_people_on_one_field_get_both_texts(cast: Any, browse: Callable[..., Client]) -> None:
    save(browse(cast.head), cast.entry_draft, "done", "负责人写的", 1)
    answer = save(browse(cast.liaison), cast.entry_draft, "done", "联络员写的", 1)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["code"], told["theirs"], told["version"]) == ("conflict", "负责人写的", 2)


def test_an_expired_session_is_told_to_the_script(cast: Any, browse: Callable[..., Client]) -> None:
    answer = save(browse(None), cast.entry_draft, "done", "写到一半", 1)
    assert answer.status_code == 401
    assert answer.json()["code"] == "session_expired"


def test_a_finished_entry_leads_to_the_next_one(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    form = sent(cast.entry_draft, done="全部写完。")
    answer = browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/", form)
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.ready
    assert cast.entry_draft.typed("done") == "全部写完。"
    assert answer["Location"] == f"/entries/{cast.part_blank.pk}/"


def test_after_the_last_one_the_check_page_follows(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    Entry.objects.filter(department=cast.education, period=cast.period).exclude(
        pk=cast.entry_draft.pk
    ).update(state="waived", waive_reason="不涉及")
    answer = browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/", sent(cast.entry_draft))
    assert answer["Location"] == f"/entries/check/?period={cast.period.pk}"


def test_errors_come_back_on_top_and_at_the_fields_with_all_text_kept(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    form = sent(cast.entry_draft, percent="一半", done="", problems="教师不够。")
    answer = browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/", form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>出错：" in html
    assert '<a href="#id_percent">' in html
    assert '<a href="#id_done">' in html
    assert 'id="error-percent"' in html
    assert 'value="一半"' in html
    assert "教师不够。" in html
    cast.entry_draft.refresh_from_db()
    assert not cast.entry_draft.ready


def test_a_contested_field_shows_mine_and_theirs_and_keeps_theirs_stored(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    form = sent(cast.entry_draft, done="我写的")
    save(browse(cast.head), cast.entry_draft, "done", "对方写的", 1)
    html = browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/", form).content.decode()
    assert "我写的" in html
    assert "对方写的" in html
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.typed("done") == "对方写的"
    form = {**form, "version-done": "2"}
    browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/", form)
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.typed("done") == "我写的"


def test_a_returned_entry_is_handed_in_again_at_once(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    form = sent(cast.entry_returned, act="submit", done="两校结对，共享教师。")
    browse(cast.liaison).post(f"/entries/{cast.entry_returned.pk}/", form)
    cast.entry_returned.refresh_from_db()
    assert cast.entry_returned.state == "submitted"
    assert cast.entry_returned.submitted.number == 2


def test_files_that_the_person_did_not_see_are_not_handed_in_unseen(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    form = sent(cast.entry_returned, act="submit")
    upload = SimpleUploadedFile("后来.pdf", PDF)
    browse(cast.head).post(f"/entries/{cast.entry_returned.pk}/evidence/", {"file": upload})
    html = browse(cast.liaison).post(f"/entries/{cast.entry_returned.pk}/", form).content.decode()
    assert "佐证材料在您打开之后有变动" in html
    assert Revision.objects.filter(entry=cast.entry_returned).count() == 1


def test_what_cannot_be_kept_is_given_back_to_be_copied(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    form = sent(cast.entry_draft, done="还没存上的文字")
    Entry.objects.filter(pk=cast.entry_draft.pk).update(state="waived", waive_reason="不涉及")
    html = browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/", form).content.decode()
    assert "还没存上的文字" in html
    assert AuditEvent.objects.filter(code="tasks.entry.fill", result="refused").exists()


def test_a_file_is_attached_downloaded_and_removed(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.liaison)
    address = f"/entries/{cast.entry_draft.pk}/evidence/"
    browser.post(address, {"file": SimpleUploadedFile("总结.pdf", PDF)})
    kept = Evidence.objects.get(entry=cast.entry_draft, removed_at=None)
    answer = browser.get(f"/evidence/{kept.pk}/")
    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.filter(code="tasks.evidence.download").count() == 1
    browser.post(address, {"remove": kept.pk})
    assert not Evidence.objects.filter(entry=cast.entry_draft, removed_at=None).exists()


def test_a_plain_upload_loses_nothing_that_was_typed(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    form = {
        **sent(cast.entry_draft, done="写着写着传文件"),
        "file": SimpleUploadedFile("a.pdf", PDF),
    }
    browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/evidence/", form)
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.typed("done") == "写着写着传文件"


def test_a_plain_upload_shows_both_texts_of_a_contested_field(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    form = {**sent(cast.entry_draft, done="我写的"), "file": SimpleUploadedFile("a.pdf", PDF)}
    save(browse(cast.head), cast.entry_draft, "done", "对方写的", 1)
    answer = browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/evidence/", form)
    html = answer.content.decode()
    assert "我写的" in html
    assert "对方写的" in html


def test_a_disguised_file_is_refused_in_words(cast: Any, browse: Callable[..., Client]) -> None:
    answer = browse(cast.liaison).post(
        f"/entries/{cast.entry_draft.pk}/evidence/",
        {"file": SimpleUploadedFile("总结.pdf", b"MZ\x90")},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 422
    assert "内容与文件名不符" in answer.json()["message"]


def test_evidence_of_a_draft_stays_with_the_unit(cast: Any, browse: Callable[..., Client]) -> None:
    browse(cast.liaison).post(
        f"/entries/{cast.entry_draft.pk}/evidence/", {"file": SimpleUploadedFile("草稿.pdf", PDF)}
    )
    kept = Evidence.objects.get(entry=cast.entry_draft)
    assert browse(cast.office).get(f"/evidence/{kept.pk}/").status_code == 404
    assert browse(cast.liaison_finance).get(f"/evidence/{kept.pk}/").status_code == 404
    assert browse(cast.office).get(f"/evidence/{cast.evidence.pk}/").status_code == 200


def test_the_office_sees_the_state_of_a_draft_but_not_its_words(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = page(browse(cast.office), cast.entry_draft)
    assert "草稿" in html
    assert "尚未报送，只能看到状态" in html
    assert "完成55%" not in html


def test_another_unit_does_not_find_the_entry(cast: Any, browse: Callable[..., Client]) -> None:
    for person in (cast.liaison_finance, cast.liaison_b, cast.office_b, cast.auditor):
        assert browse(person).get(f"/entries/{cast.entry_draft.pk}/").status_code == 404
    assert save(browse(cast.liaison_finance), cast.entry_draft, "done", "x", 1).status_code == 404


def test_a_leader_reads_what_stands_and_nothing_of_the_exchange(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.leader)
    assert "按计划推进，完成50%" in page(browser, cast.entry_approved)
    assert browser.get(f"/entries/{cast.entry_approved.pk}/history/").status_code == 404
    assert browser.get(f"/entries/{cast.entry_returned.pk}/").status_code == 404


def test_the_gathering_unit_takes_over_a_part_or_returns_it(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.liaison)
    assert "市财政局" in page(browser, cast.entry_draft)
    part = cast.part_submitted
    form = {"back": cast.entry_draft.pk, "reason-done": "请写明金额。"}
    answer = browser.post(f"/entries/{part.pk}/return/", form)
    assert answer["Location"] == f"/entries/{cast.entry_draft.pk}/"
    part.refresh_from_db()
    assert part.state == "returned"
    assert "请写明金额。" in page(browse(cast.liaison_finance), part)
    entries.submit(part.pk, part.version, by=cast.liaison_finance, now=part.updated_at)
    browser.post(f"/entries/{part.pk}/take_over/", {"back": cast.entry_draft.pk})
    part.refresh_from_db()
    assert part.state == "taken_over"


def test_silent_units_are_named_and_block_nothing(cast: Any, browse: Callable[..., Client]) -> None:
    cast.part_submitted.state = "draft"
    cast.part_submitted.save()
    assert "还没有报来：市财政局" in page(browse(cast.liaison), cast.entry_draft)


def test_a_part_handed_in_waits_to_be_taken_over_not_to_be_checked(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = page(browse(cast.liaison_finance), cast.part_submitted)
    assert "待采纳" in html
    assert "待核对" not in html


def test_where_the_plan_asks_for_it_the_head_signs_before_it_reaches_the_office(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    cast.plan.settings.needs_signoff = True
    cast.plan.settings.save()
    form = sent(cast.entry_returned, act="submit", done="两校结对，共享教师。")
    browse(cast.liaison).post(f"/entries/{cast.entry_returned.pk}/", form)
    assert "待本单位审签" in page(browse(cast.liaison), cast.entry_returned)
    head = browse(cast.head)
    assert f"/entries/{cast.entry_returned.pk}/sign/" in page(head, cast.entry_returned)
    head.post(f"/entries/{cast.entry_returned.pk}/sign/")
    cast.entry_returned.refresh_from_db()
    assert cast.entry_returned.state == "submitted"


def test_what_was_handed_in_can_be_taken_back(cast: Any, browse: Callable[..., Client]) -> None:
    browser = browse(cast.liaison)
    assert "撤回" in page(browser, cast.entry_submitted)
    browser.post(f"/entries/{cast.entry_submitted.pk}/withdraw/")
    cast.entry_submitted.refresh_from_db()
    assert cast.entry_submitted.state == "draft"


def test_a_step_that_is_not_allowed_is_refused_and_written_down(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browse(cast.liaison).post(f"/entries/{cast.entry_submitted.pk}/approve/")
    cast.entry_submitted.refresh_from_db()
    assert cast.entry_submitted.state == "submitted"
    assert AuditEvent.objects.filter(code="page.entry-step", result="refused").count() == 1


def test_the_office_waives_and_reopens_with_a_reason(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.office)
    browser.post(f"/entries/{cast.entry_blank.pk}/waive/", {"reason": "本期不涉及。"})
    cast.entry_blank.refresh_from_db()
    assert cast.entry_blank.state == "waived"
    address = f"/entries/{cast.entry_approved.pk}/reopen/"
    answer = browser.post(address, {"reason": "数字有误", "until": "2099-01-01"})
    assert answer.status_code == 422
    assert "最长 60 天" in answer.content.decode()
    assert 'value="数字有误"' in answer.content.decode()
    soon = timezone.localdate() + timedelta(days=10)
    browser.post(address, {"reason": "数字有误", "until": soon.isoformat()})
    cast.entry_approved.refresh_from_db()
    assert cast.entry_approved.state == "draft"


def test_the_history_marks_what_changed_between_versions(
    cast: Any, browse: Callable[..., Client], sent: Callable[..., dict[str, Any]]
) -> None:
    browser = browse(cast.liaison)
    form = sent(cast.entry_returned, act="submit", problems="经费已经到位。")
    browser.post(f"/entries/{cast.entry_returned.pk}/", form)
    html = browser.get(f"/entries/{cast.entry_returned.pk}/history/").content.decode()
    assert "第 2 次报送" in html
    assert "<ins>" in html
    assert "请写明具体做法。" in html


def test_an_untouched_entry_has_a_history_page_that_says_so(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = browse(cast.liaison).get(f"/entries/{cast.part_blank.pk}/history/").content.decode()
    assert "还没有报送过" in html


def test_the_computed_line_follows_what_is_stored(cast: Any, browse: Callable[..., Client]) -> None:
    browser = browse(cast.liaison)
    save(browser, cast.entry_draft, "percent", "70", 1)
    html = browser.get(f"/entries/{cast.entry_draft.pk}/progress/").content.decode()
    assert "完成 70%，序时 49.7%" in html
    assert "快 20.3 个百分点" in html
