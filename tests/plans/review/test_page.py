"""The page of a draft: the document beside what was read from it, and what is left to do."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans.models import Draft, DraftItem
from plans.services.confirming import confirm
from plans.services.imports import open_document
from tests.cast import Cast

Browse = Callable[[Any], Client]


def text_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def place(draft: Draft, query: str = "") -> str:
    return f"/plans/drafts/{draft.pk}/{query}"


def words(html: str) -> str:
    """Return what a person reads of a piece of HTML."""
    return re.sub(r"<[^>]+>", "", html)


def test_the_page_says_what_was_read_and_what_is_left(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.office), place(cast.draft))
    assert "读到 2 项重点任务、1 项保障措施、3 条措施、5 个责任单位、1 个目标" in page
    assert "还有 2 处要核对" in page, "the open list of units, and 市教体局, which may be 市教育局"
    assert page.count("btn-p") == 1
    assert "确认并建立方案" in page


def test_every_character_of_the_document_stands_there_once(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.office), place(cast.draft))
    shown = words(page.split('<div class="song">')[1].split("</article>")[0])
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", cast.draft.text)


def test_words_lead_to_the_deepest_item_they_belong_to(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.office), place(cast.draft))
    text = page.split('<div class="song">')[1]
    runs = re.findall(r'<a class="([^"]*)"[^>]*href="[^"]*item=(\d+)[^"]*"[^>]*>(.*?)</a>', text)
    kinds = {words(inner): (DraftItem.objects.get(pk=pk).kind, css) for css, pk, inner in runs}
    assert kinds["（一）青少年科学素质提升行动"][0] == "action"
    assert kinds["1.普及智能技术。（市民政局负责）"][0] == "measure"
    duty = next(one for one in kinds if "科技节" in one)
    assert kinds[duty][0] == "duty"
    target = next(one for one in kinds if "18%" in one)
    assert kinds[target] == ("target", "dr-run dr-mark")
    assert '<span class="dr-rest">二、重点任务</span>' in text


def test_an_open_item_is_shown_on_both_sides(cast: Cast, browse: Browse) -> None:
    measure = cast.draft_measure
    page = text_of(browse(cast.office), place(cast.draft, f"?item={measure.pk}"))
    assert f'action="/plans/drafts/{cast.draft.pk}/items/{measure.pk}/save/"' in page
    assert 'value="办好科学课"' in page
    here = re.findall(r'<a class="dr-run[^"]* dr-here[^"]*"[^>]*>(.*?)</a>', page)
    assert words("".join(here)).startswith("1.办好科学课")
    assert words("".join(here)).endswith("市教体局配合）")


def test_an_open_unit_is_shown_under_what_it_hangs_on(cast: Cast, browse: Browse) -> None:
    unit = DraftItem.objects.filter(parent=cast.draft_measure, kind="unit").first()
    assert unit is not None
    page = text_of(browse(cast.office), place(cast.draft, f"?item={unit.pk}"))
    assert f'<span class="unit dr-on" data-item="{unit.pk}">市教育局</span>' in page
    assert "责任单位：市教育局" in page
    row = page.split(f'id="i-{cast.draft_measure.pk}"')[1].split("</a>")[0]
    assert 'aria-current="true"' in row


@pytest.mark.parametrize(
    ("tab", "word"),
    [
        ("todo", "已核对"),
        ("tree", "普及智能技术"),
        ("targets", "2030 年超过 18%"),
        ("duties", "每年"),
        ("phases", "没有读出这一类内容"),
        ("names", "其余都按新单位建立"),
        ("header", "依据文件"),
    ],
)
def test_each_tab_shows_its_part(cast: Cast, browse: Browse, tab: str, word: str) -> None:
    page = text_of(browse(cast.office), place(cast.draft, f"?tab={tab}"))
    assert word in page.split("data-draft-panel")[1].split("</section>")[0]


def test_a_unit_that_nobody_knows_is_shown_with_those_it_may_be(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.office), place(cast.draft, "?tab=names"))
    panel = page.split("data-draft-panel")[1].split("</section>")[0]
    rows = {
        words(re.split("</a>", one)[0].split(">", 2)[-1]).split()[0]: one
        for one in panel.split('<li class="dr-row"')[1:]
    }
    assert "已有的单位" in rows["市教育局"]
    assert "就是市教育局" in rows["市教体局"]
    assert "将新建" in rows["市民政局"]


def test_an_open_name_is_marked_wherever_it_stands(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.office), place(cast.draft, "?tab=names&name=市教育局"))
    assert re.findall(r'class="unit dr-on"[^>]*>(.*?)<', page) == ["市教育局", "市教育局"]
    assert "“市教育局”是哪个单位" in page


def test_a_document_of_another_region_is_pointed_out(cast: Cast, browse: Browse) -> None:
    Draft.objects.filter(pk=cast.draft.pk).update(region_name="丑市")
    page = text_of(browse(cast.office), place(cast.draft))
    assert "文件写的是丑市，这里只能建立子市的方案" in page


def test_a_draft_without_measures_is_not_called_complete(cast: Cast, browse: Browse) -> None:
    cast.draft.items.filter(kind="measure").update(dropped=True)
    cast.draft.warnings.all().delete()
    page = text_of(browse(cast.office), place(cast.draft))
    assert "没有读出措施和责任单位，请对照原文看是不是漏了。" in page
    assert "可以确认" not in page


def test_another_offices_draft_does_not_exist(cast: Cast, browse: Browse) -> None:
    for who in (cast.office_b, cast.office_province, cast.liaison, cast.leader, cast.admin):
        assert browse(who).get(place(cast.draft)).status_code == 404


def test_a_confirmed_draft_leads_to_its_plan(cast: Cast, browse: Browse) -> None:
    plan = confirm(cast.draft, by=cast.office, as_read=True)
    answer = browse(cast.office).get(place(cast.draft))
    assert (answer.status_code, answer["Location"]) == (302, f"/plans/{plan.pk}/")


def test_an_item_that_is_gone_leaves_the_page_as_it_is(cast: Cast, browse: Browse) -> None:
    for asked in ("?item=999999", "?item=x", "?item=" + "9" * 40, "?tab=nothing", "?add=nothing"):
        assert "确认并建立方案" in text_of(browse(cast.office), place(cast.draft, asked))


def test_words_of_a_document_cannot_become_markup(cast: Cast, browse: Browse) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(1)">'
    Draft.objects.filter(pk=cast.draft.pk).update(title=evil, text=cast.draft.text + evil)
    DraftItem.objects.filter(pk=cast.draft_measure.pk).update(
        data={"title": evil, "text": evil, "number": evil}
    )
    for query in ("?tab=tree", f"?item={cast.draft_measure.pk}", "?tab=header"):
        page = text_of(browse(cast.office), place(cast.draft, query))
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_the_plans_list_leads_to_what_waits(cast: Cast, browse: Browse) -> None:
    link = f'href="/plans/drafts/{cast.draft.pk}/"'
    page = text_of(browse(cast.office), "/plans/")
    assert "待核对的文件" in page
    assert link in page
    for who in (cast.office_b, cast.leader, cast.liaison):
        assert link not in text_of(browse(who), "/plans/")


def long_plan(actions: int) -> str:
    """Return a plan with ten measures in each of its actions, and three units in each of those."""
    heads = "一二三四五六七八九十"
    text = "子市全民科学素质行动实施方案（2031—2035年）\n一、重点任务\n"
    for head in heads[:actions]:
        text += f"（{head}）第{head}类人群科学素质提升行动\n"
        for n in range(1, 11):
            units = f"市{head}{n}局牵头，市教育局、市财政局配合"
            text += f"{n}.做好{head}{n}件事。组织{n}次活动，办好场馆。（{units}）\n"
    return text


@pytest.mark.parametrize("tab", ["todo", "tree", "names", "duties"])
def test_the_page_asks_as_often_for_a_hundred_measures_as_for_ten(
    cast: Cast, browse: Browse, tab: str
) -> None:
    browser = browse(cast.office)
    asked = []
    for number in (1, 10):
        text = long_plan(number)
        (draft,) = open_document("长.txt", text.encode(), text, by=cast.office, home=cast.city_a)
        assert draft.items.filter(kind="measure").count() == number * 10
        text_of(browser, place(draft, f"?tab={tab}"))
        with CaptureQueriesContext(connection) as caught:
            page = text_of(browser, place(draft, f"?tab={tab}"))
        asked.append(len(caught.captured_queries))
        if number == 10:
            assert len(re.findall(r"<[a-z]", page)) < 1500, "too much for a quick page"
    assert asked[0] == asked[1]
