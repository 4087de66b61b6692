"""The documentation page works in a real browser under the portal's own CSP."""

import pytest
from django.test import Client
from playwright.sync_api import Page


def test_the_page_holds_nothing_inline(client: Client, db: None) -> None:
    text = client.get("/api/v1/docs/").content.decode()
    assert "<style" not in text
    assert " style=" not in text
    assert all(tag.startswith(" src=") for tag in text.split("<script")[1:])


@pytest.mark.browser
def test_every_resource_is_listed_and_nothing_is_refused(page: Page, live_server: object) -> None:
    page.goto(f"{live_server}/api/v1/docs/")
    page.wait_for_selector("#operations-plans-plans_progress")
    tags = page.locator("h3.opblock-tag").all_inner_texts()
    assert {"plans", "entries", "observations"} <= {tag.split()[0] for tag in tags}
    page.click("#operations-plans-plans_progress .opblock-summary-control")
    page.wait_for_selector("#operations-plans-plans_progress .parameters")
