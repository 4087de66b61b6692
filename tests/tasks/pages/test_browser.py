"""The working pages in a real browser: saving, ticking, files, deciding by key, access for all."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from tasks.models import Entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=10_000)  # machines that test are busy
PDF = b"%PDF-1.4\nfrom a browser\n%%EOF\n"


def state(page: Page, field: str) -> Any:
    return page.locator(f"[data-save-for={field}]")


def test_typing_saves_itself_ticks_the_reason_and_moves_the_bar(
    cast: Any, visit: Callable[[Any, str], Page]
) -> None:
    page = visit(cast.liaison, f"/entries/{cast.entry_returned.pk}/")
    page.fill("#id_done", "两校结对，共享教师。")
    expect(page.locator("[data-tick=done] [data-tick-word]")).to_be_visible()
    page.fill("#id_percent", "70")
    page.press("#id_percent", "Enter")  # stores the number and stays on the page
    expect(state(page, "percent")).to_contain_text("已保存")
    expect(page.locator("[data-progress] .pb")).to_have_attribute(
        "aria-label", "完成 70%，序时 49.7%"
    )
    expect(state(page, "done")).to_contain_text("已保存")
    cast.entry_returned.refresh_from_db()
    assert cast.entry_returned.typed("done") == "两校结对，共享教师。"
    assert cast.entry_returned.state == "returned"


def test_the_words_of_last_period_are_taken_over_and_saved(
    cast: Any, visit: Callable[[Any, str], Page]
) -> None:
    page = visit(cast.liaison, f"/entries/{cast.part_blank.pk}/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.fill("#id_problems", "缺经费。")  # sent along with the button, not lost
    page.locator("details.last summary").first.click()
    page.locator('[value="carry:done"]').click()
    expect(page.locator("#id_done")).to_have_value(re.compile("按计划推进"))
    expect(page.locator("[data-prefilled-of=done]")).to_be_visible()
    expect(page.locator("#id_problems")).to_have_value("缺经费。")
    page.fill("#id_percent", "２５％")
    page.press("#id_percent", "Enter")
    expect(page.locator("[data-read-of=percent]")).to_contain_text("25")
    page.fill("#id_done", "改过的话。")
    page.press("#id_done", "Tab")
    expect(page.locator("[data-prefilled-of=done]")).to_be_hidden()
    cast.part_blank.refresh_from_db()
    assert cast.part_blank.typed("done") == "改过的话。"


def test_a_file_goes_up_without_leaving_the_page_and_can_be_removed(
    cast: Any, visit: Callable[[Any, str], Page]
) -> None:
    page = visit(cast.liaison, f"/entries/{cast.entry_draft.pk}/")
    upload = {"name": "总结.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.set_input_files("#id_file", upload)
    expect(page.locator(".files a")).to_have_text("总结.pdf")
    other = {"name": "名单.pdf", "mimeType": "application/pdf", "buffer": PDF + b"%"}
    page.set_input_files("#id_file", [{**upload, "buffer": b"MZ"}, other])
    expect(page.locator(".files a")).to_have_count(2)
    expect(page.locator("[data-drop-error=file]")).to_contain_text("内容与文件名不符")
    page.locator("[data-remove]").first.click()
    expect(page.locator(".files a")).to_have_count(1)


def test_a_session_that_ends_while_typing_loses_nothing(
    cast: Any, visit: Callable[[Any, str], Page]
) -> None:
    cast.liaison.set_password("a-password-for-tests")
    cast.liaison.save()
    page = visit(cast.liaison, f"/entries/{cast.entry_draft.pk}/")
    Session.objects.all().delete()
    page.fill("#id_next_steps", "会话结束时写的话。")
    page.press("#id_next_steps", "Tab")
    expect(page.locator("#login-dialog")).to_be_visible()
    page.fill("#relogin-password", "a-password-for-tests")
    page.click("[data-login-submit]")
    expect(state(page, "next_steps")).to_contain_text("已保存")
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.typed("next_steps") == "会话结束时写的话。"


def test_ctrl_enter_finishes_the_entry_with_what_was_just_typed(
    cast: Any, visit: Callable[[Any, str], Page]
) -> None:
    page = visit(cast.liaison, f"/entries/{cast.entry_draft.pk}/")
    page.fill("#id_problems", "刚刚写的。")
    page.press("#id_problems", "Control+Enter")
    page.wait_for_url(f"**/entries/{cast.part_blank.pk}/")
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.ready
    assert cast.entry_draft.typed("problems") == "刚刚写的。"


def test_without_scripts_the_form_is_filled_in_all_the_same(
    cast: Any, browse: Callable[..., Client], browser: Any, live_server: Any
) -> None:
    context = browser.new_context(java_script_enabled=False)
    cookie = browse(cast.liaison).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/entries/{cast.entry_returned.pk}/")
    page.fill("#id_done", "没有脚本也写完了。")
    page.click(".bar .btn-p")
    expect(page.locator(".messages")).to_contain_text("已报送")
    context.close()
    cast.entry_returned.refresh_from_db()
    assert cast.entry_returned.submitted.done == "没有脚本也写完了。"


def test_the_primary_button_follows_the_reasons(
    cast: Any, visit: Callable[[Any, str], Page]
) -> None:
    page = visit(cast.office, f"/review/{cast.entry_submitted.pk}/")
    primary = page.locator("#main .btn-p:visible")
    expect(primary).to_contain_text("核对通过")
    page.keyboard.press("r")  # opens the first box and puts the caret there
    expect(page.locator("#reason-percent")).to_be_focused()
    page.keyboard.type("ar")  # letters are letters while typing
    page.locator('[data-ret-of="done"] summary').click()
    page.locator('#ret-done label:has-text("没有数量")').click()
    expect(primary).to_have_count(1)
    expect(primary).to_contain_text("退回 2 栏")
    page.locator('[data-ret-of="percent"] [data-ret-close]').click()
    expect(primary).to_contain_text("退回 1 栏")
    primary.click()
    expect(page.locator("[data-undo]")).to_contain_text("已退回")
    page.locator("[data-undo] button").click()
    expect(page.locator("#main .btn-p:visible")).to_contain_text("核对通过")
    cast.entry_submitted.refresh_from_db()
    assert cast.entry_submitted.state == "submitted"


def test_one_key_passes_and_the_next_one_is_shown(
    cast: Any, visit: Callable[[Any, str], Page], more: Callable[..., list[Entry]]
) -> None:
    (following,) = more(1)
    page = visit(cast.office, f"/review/{cast.entry_submitted.pk}/")
    page.keyboard.press("a")
    page.wait_for_url(f"**/review/{following.pk}/?undo=*")
    cast.entry_submitted.refresh_from_db()
    assert cast.entry_submitted.state == "approved"
    page.locator("[data-undo] button").click()
    page.wait_for_url(f"**/review/{cast.entry_submitted.pk}/")
    page.keyboard.press("s")  # put aside: the next one is shown, this one comes last
    page.wait_for_url(f"**/review/{following.pk}/")
    page.locator("nav.crumb a").click()
    expect(page.locator(".q-group").last).to_have_text("暂放")
    page.locator(".q-pick input").first.check()
    page.locator("#many button").click()
    expect(page.locator("[data-undo]")).to_contain_text("已核对")
    following.refresh_from_db()
    assert following.state == "approved"


PAGES = (
    ("liaison", "/entries/{entry_returned}/"),
    ("liaison", "/entries/{entry_draft}/"),
    ("liaison", "/entries/{entry_submitted}/"),
    ("liaison", "/entries/{entry_returned}/history/"),
    ("liaison", "/entries/check/"),
    ("head", "/entries/signoff/"),
    ("office", "/review/"),
    ("office", "/review/{entry_submitted}/"),
    ("office", "/tasks/"),
    ("office", "/tasks/{task_4}/"),
    ("office", "/periods/"),
    ("office", "/periods/{period}/"),
)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark"), (1024, "dark")])
def test_every_page_is_accessible_has_one_primary_button_and_never_scrolls_sideways(
    cast: Any,
    visit: Callable[[Any, str], Page],
    filled: Callable[..., Entry],
    width: int,
    theme: Any,
) -> None:
    filled(cast.part_blank, cast.liaison)
    keys = ("entry_returned", "entry_draft", "entry_submitted", "task_4", "period")
    names = {key: getattr(cast, key).pk for key in keys}
    faults = []
    for who, address in PAGES:
        page = visit(getattr(cast, who), address.format(**names))
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.evaluate(
            "document.querySelectorAll('details:not([data-menu])').forEach(d => d.open = true)"
        )
        page.evaluate((Path(project.BUILD_DIR) / "axe.min.js").read_text() + ";0")
        faults += [
            f"{address}: {one['id']} {[node['html'][:160] for node in one['nodes']]}"
            for one in page.evaluate("axe.run()")["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{address}: scrolls sideways at {width}")
        if page.locator("#main .btn-p:visible").count() > 1:
            faults.append(f"{address}: more than one primary button")
    assert not faults, "\n".join(faults)
