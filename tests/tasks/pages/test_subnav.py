"""The pages of the daily work stand beside each other, the same way on each of them."""

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.cast import Cast

Browse = Callable[..., Client]
PAGES = {
    "tasks": "tasks",
    "periods": "periods",
    "periods-matrix": "periods-matrix",
    "supervision": "supervision",
    "instructions": "supervision",
    "events": "events",
    "burden": "burden",
}
NAV = re.compile(r'<nav class="subnav".*?</nav>', re.S)


def test_each_page_leads_to_the_others_above_its_heading(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)
    for page, here in PAGES.items():
        html = browser.get(reverse(page)).content.decode()
        (nav,) = NAV.findall(html)
        assert html.index(nav) < html.index("<h1"), page
        assert re.findall(r'href="([^"]+)" aria-current="page"', nav) == [reverse(here)]
        assert len(re.findall("href=", nav)) == 6


def test_it_leads_nobody_to_a_page_that_is_not_theirs(cast: Cast, browse: Browse) -> None:
    leader = browse(cast.leader)
    (nav,) = NAV.findall(leader.get(reverse("events")).content.decode())
    links = re.findall(r'href="([^"]+)"', nav)
    assert [leader.get(link).status_code for link in links] == [200] * 5
    unit = browse(cast.liaison)
    assert not any(NAV.search(unit.get(reverse(one)).content.decode()) for one in PAGES)
