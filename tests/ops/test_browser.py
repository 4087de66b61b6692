"""The portal in a real browser, under its own content security policy."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer


@pytest.mark.browser
def test_a_visitor_is_asked_to_log_in_and_the_browser_refuses_nothing(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}{reverse('login')}")
    expect(page.locator("input[name=username]")).to_be_visible()
    expect(page.locator("input[name=password]")).to_be_visible()
