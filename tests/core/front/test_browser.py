"""What people meet in a real browser: looks, keys, saving, sessions that end."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from departments.models import User
from tests.core.front import stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-password-for-tests"
expect.set_options(timeout=10_000)  # machines that test are busy


@pytest.fixture
def front(page: Page, live_server: Any, settings: Any) -> Iterator[Page]:
    """Return the stage's page, with a person logged in."""
    settings.ROOT_URLCONF = "tests.core.front.stage"
    for kept in (stage.saved, stage.posted, stage.asked):
        kept.clear()
    User.objects.create_user("lin", password=PASSWORD, name="林")
    page.goto(f"{live_server.url}/login/")
    page.fill("#id_username", "lin")
    page.fill("#id_password", PASSWORD)
    page.click("main .btn-p")
    expect(page.locator("h1")).to_contain_text("全部组件")
    page.wait_for_load_state()  # a key pressed before the scripts have run reaches nobody
    yield page
    page.goto("about:blank")  # no poll of this page reaches the next test


def state(page: Page, field: str) -> Any:
    return page.locator(f"[data-save-for={field}]")


def sign_in_again(page: Page) -> None:
    expect(page.locator("#login-dialog")).to_be_visible()
    page.fill("#relogin-password", PASSWORD)
    page.click("[data-login-submit]")
    expect(page.locator("#login-dialog")).to_be_hidden()


# --- Looks ---------------------------------------------------------------------------------
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
def test_a_page_with_every_component_is_accessible_and_never_scrolls_sideways(
    front: Page, width: int, theme: str
) -> None:
    front.set_viewport_size({"width": width, "height": 900})
    front.emulate_media(color_scheme=theme)
    front.goto(front.url + "?said=1&bad=1")
    expect(front.locator("html")).to_have_attribute("data-bs-theme", theme)
    expect(front.locator(".chart[data-live]")).to_have_count(3)
    front.evaluate((Path(project.BUILD_DIR) / "axe.min.js").read_text() + ";0")
    found = front.evaluate("axe.run()")["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert front.evaluate("document.documentElement.scrollWidth") <= width


def test_the_menu_of_a_phone_holds_every_entry_of_the_bar(front: Page) -> None:
    front.set_viewport_size({"width": 390, "height": 800})
    expect(front.locator(".nav")).to_be_hidden()
    front.click(".menu-nav > summary")
    for name in ("待办", "总览"):
        expect(front.locator(".menu-nav a", has_text=name)).to_be_visible()
    front.keyboard.press("Escape")
    expect(front.locator(".menu-nav nav")).to_be_hidden()


def test_the_chosen_theme_is_kept_and_charts_follow_it(front: Page) -> None:
    def colours() -> str:
        return str(front.evaluate("document.querySelector('.chart-live svg').outerHTML"))

    expect(front.locator(".chart[data-live]")).to_have_count(3)
    before = colours()
    front.click("button.theme-btn")
    expect(front.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert "#4A97E6" not in before
    assert "#4A97E6" in colours()
    front.reload()
    expect(front.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_without_scripts_charts_and_pages_are_complete(front: Page, browser: Any) -> None:
    context = browser.new_context(
        java_script_enabled=False, storage_state=front.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(front.url + "?job=1")
    expect(plain.locator(".chart > svg[role=img]").first).to_be_visible()
    expect(plain.locator("a", has_text="看看好了没有")).to_be_visible()
    context.close()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(front: Page) -> None:
    front.goto(front.url + "?bad=1")
    expect(front.locator("#errors")).to_be_focused()
    front.click("#errors a")
    expect(front.locator("#id_quantity")).to_be_focused()


# --- Keys ----------------------------------------------------------------------------------
def test_j_and_k_walk_and_type_when_typing(front: Page) -> None:
    front.keyboard.press("j")
    front.locator("#first").focus()
    front.keyboard.press("j")
    expect(front.locator("#second")).to_be_focused()
    front.keyboard.press("k")
    expect(front.locator("#first")).to_be_focused()
    front.fill("#id_problems", "")
    front.locator("#id_problems").type("jka/?")
    expect(front.locator("#id_problems")).to_have_value("jka/?")


def test_single_keys_can_be_switched_off(front: Page) -> None:
    front.evaluate(
        "document.querySelector('#approve').addEventListener('click',()=>{document.title='pressed'})"
    )
    front.evaluate("document.body.setAttribute('data-single-keys','off')")
    front.keyboard.press("a")
    expect(front).not_to_have_title("pressed")
    front.evaluate("document.body.removeAttribute('data-single-keys')")
    front.keyboard.press("a")
    expect(front).to_have_title("pressed")


def test_the_question_mark_lists_the_keys(front: Page) -> None:
    front.keyboard.press("?")
    expect(front.locator("#keys-dialog")).to_be_visible()
    front.keyboard.press("Escape")
    expect(front.locator("#keys-dialog")).to_be_hidden()


def test_control_enter_is_the_primary_button_even_while_typing(front: Page) -> None:
    front.fill("#id_problems", "无")
    front.keyboard.press("Control+Enter")
    expect(front.locator("body")).to_have_text("收到了")
    assert [(one["problems"], one["go"]) for one in stage.posted] == [("无", "next")]


# --- Fields that save themselves -------------------------------------------------------------
def test_a_field_saves_itself_after_a_rest_without_touching_the_caret(front: Page) -> None:
    front.locator("#id_problems").type("缺口 143 人")
    front.keyboard.press("Home")
    expect(state(front, "problems")).to_contain_text("已保存 14:32")
    assert stage.saved["problems"] == (1, "缺口 143 人")
    assert front.evaluate("document.activeElement.id") == "id_problems"
    assert front.evaluate("document.activeElement.selectionStart") == 0
    assert "quantity" not in stage.saved  # one field a request, and only the one that changed


def test_what_was_typed_before_the_script_arrived_is_saved(front: Page) -> None:
    front.route("**/autosave.js", lambda route: (front.wait_for_timeout(1500), route.continue_()))
    front.goto(front.url, wait_until="commit")
    front.fill("#id_problems", "手快")
    expect(state(front, "problems")).to_contain_text("已保存")
    assert stage.saved["problems"] == (1, "手快")


def test_leaving_a_field_saves_it_at_once(front: Page) -> None:
    front.evaluate("window.setTimeout = () => 0")  # no rest ever ends
    front.fill("#id_quantity", "270")
    front.locator("#id_problems").focus()
    expect(state(front, "quantity")).to_contain_text("已保存")
    front.check("input[name=rating][value=behind]")
    expect(state(front, "rating")).to_contain_text("已保存")
    assert stage.saved["rating"] == (1, "behind")


def test_nothing_is_sent_while_an_input_method_composes(front: Page) -> None:
    field = front.locator("#id_problems")
    field.focus()
    field.dispatch_event("compositionstart")
    front.keyboard.type("nong cun")
    front.wait_for_timeout(1900)
    assert stage.asked.count("problems=nong cun") == 0
    front.evaluate("document.querySelector('#id_problems').value = '农村'")
    field.dispatch_event("compositionend")
    expect(state(front, "problems")).to_contain_text("已保存")
    assert stage.saved["problems"] == (1, "农村")


def test_invalid_text_is_kept_as_typed_and_said_to_be_invalid(front: Page) -> None:
    front.fill("#id_quantity", "二百")
    front.locator("#id_problems").focus()
    expect(state(front, "quantity")).to_have_text("内容不符合要求，已按原样保存")
    expect(front.get_by_text("请填整数。")).to_be_visible()
    assert stage.saved["quantity"] == (1, "二百")


@pytest.mark.parametrize(("choice", "kept"), [("用我的", "我写的"), ("用对方的", "别人写的")])
def test_two_people_on_one_field_get_both_texts_and_choose(
    front: Page, choice: str, kept: str
) -> None:
    stage.saved["problems"] = (4, "别人写的")
    front.fill("#id_problems", "我写的")
    front.locator("#id_quantity").focus()
    clash = front.locator(".clash")
    expect(clash).to_contain_text("我写的")
    expect(clash).to_contain_text("别人写的")
    expect(front.locator("#id_problems")).to_have_value("我写的")
    clash.get_by_role("button", name=choice).click()
    expect(state(front, "problems")).to_contain_text("已保存")
    expect(front.locator("#id_problems")).to_have_value(kept)
    assert stage.saved["problems"][1] == kept


def test_the_same_words_twice_are_no_conflict(front: Page) -> None:
    stage.saved["problems"] = (1, "一样的话")
    front.fill("#id_problems", "一样的话")
    front.locator("#id_quantity").focus()
    expect(state(front, "problems")).to_contain_text("已保存")
    expect(front.locator(".clash")).to_have_count(0)


def test_what_could_not_be_sent_stays_in_the_browser_and_follows_later(front: Page) -> None:
    front.context.set_offline(True)
    front.fill("#id_problems", "断网时写的")
    front.locator("#id_quantity").focus()
    expect(state(front, "problems")).to_have_text("未保存，已存在本机")
    front.context.set_offline(False)
    expect(state(front, "problems")).to_contain_text("已保存", timeout=10000)
    assert stage.saved["problems"][1] == "断网时写的"


def test_a_closed_page_brings_its_unsaved_text_back(front: Page) -> None:
    front.route("**/autosave/", lambda route: route.abort())
    front.fill("#id_problems", "没来得及存的")
    front.locator("#id_quantity").focus()
    expect(state(front, "problems")).to_have_text("未保存，已存在本机")
    front.unroute("**/autosave/")
    front.reload()
    expect(front.locator("#id_problems")).to_have_value("没来得及存的")
    expect(state(front, "problems")).to_contain_text("已保存")
    assert stage.saved["problems"][1] == "没来得及存的"


# --- Sessions that end -------------------------------------------------------------------------
def test_a_session_that_ends_while_typing_loses_nothing(front: Page) -> None:
    Session.objects.all().delete()
    front.fill("#id_problems", "写到一半")
    front.locator("#id_quantity").focus()
    sign_in_again(front)
    expect(state(front, "problems")).to_contain_text("已保存")
    assert stage.saved["problems"] == (1, "写到一半")
    front.fill("#id_quantity", "271")  # and the new token serves what follows
    front.locator("#id_problems").focus()
    expect(state(front, "quantity")).to_contain_text("已保存")


def test_a_plain_form_is_sent_after_signing_in_again(front: Page) -> None:
    Session.objects.all().delete()
    front.evaluate("document.querySelector('form[data-keep]').removeAttribute('data-autosave-url')")
    front.click("form[data-keep] .btn-p")
    sign_in_again(front)
    expect(front.locator("body")).to_have_text("收到了")
    assert [one["go"] for one in stage.posted] == ["next"]


def test_a_wrong_password_is_said_in_the_dialog_and_can_be_corrected(front: Page) -> None:
    Session.objects.all().delete()
    front.fill("#id_problems", "还在")
    front.locator("#id_quantity").focus()
    front.fill("#relogin-password", "wrong")
    front.keyboard.press("Enter")
    expect(front.locator("[data-login-error]")).to_have_text("密码不对，请再试一次。")
    sign_in_again(front)
    expect(front.locator("#id_problems")).to_have_value("还在")


def test_two_presses_of_the_button_are_one_submission(front: Page) -> None:
    front.evaluate(
        "b = document.querySelector('form[data-keep] .btn-p'); b.click(); b.click(); b.click()"
    )
    expect(front.locator("body")).to_have_text("收到了")
    assert len(stage.posted) == 1


def test_what_is_still_unsaved_is_saved_before_the_form_is_sent(front: Page) -> None:
    front.fill("#id_problems", "刚写完就点提交")
    front.click("form[data-keep] .btn-p")
    expect(front.locator("body")).to_have_text("收到了")
    assert stage.saved["problems"] == (1, "刚写完就点提交")


# --- Jobs ------------------------------------------------------------------------------------
def test_a_job_is_followed_to_its_end_and_then_leads_on(front: Page) -> None:
    front.goto(front.url + "?job=1")
    expect(front.locator("[data-progress-text]")).to_have_text("编制完成", timeout=8000)
    expect(front.locator(".job-bar")).to_have_attribute("aria-valuenow", "100")
    link = front.locator("[data-progress-link] a")
    expect(link).to_have_text("打开")
    expect(link).to_have_attribute("href", re.compile("/dashboard/$"))
