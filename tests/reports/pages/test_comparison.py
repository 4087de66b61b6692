"""Two plans side by side: what is shown, what may be accepted, and each wrong parameter."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from playwright.sync_api import Page, expect

from core.models import AuditEvent
from plans.models import Action, Measure, Plan
from reports.selectors.comparison import IN_TITLES, STATES, _own
from tests.cast import Cast

Browse = Callable[[Any], Client]


def told(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def above(cast: Cast) -> Plan:
    """Return the plan in force of the province: two measures like those of city A, one other."""
    plan = Plan.objects.create(
        region=cast.province, title="申省方案", start_year=2021, end_year=2025, state="active"
    )
    rows = (
        ("青少年科学素质提升行动", ("办好科学课", "配齐科学教师，开足实验课时，办好科学节。"),
         ("场馆进校园", "引导场馆与学校结对。")),
        ("国际交流合作工程", ("扩大民间交往", "办好两岸青年论坛。")),
    )  # fmt: skip
    for number, (title, *measures) in enumerate(rows, 1):
        action = Action.objects.create(plan=plan, kind="action", title=title, position=number)
        for position, (name, text) in enumerate(measures, 1):
            Measure.objects.create(
                action=action, title=name, text=f"{name}。{text}", position=position
            )
    return plan


@pytest.fixture
def address(cast: Cast, above: Plan) -> str:
    return f"/plans/{cast.plan.pk}/compare/?with={above.pk}"


def upper(above: Plan) -> list[Measure]:
    return list(Measure.objects.filter(action__plan=above))


# --- Reading -------------------------------------------------------------------------------------
def test_the_plan_page_leads_to_the_plans_to_compare_with(
    cast: Cast, browse: Browse, address: str
) -> None:
    page = told(browse(cast.liaison).get(f"/plans/{cast.plan.pk}/"))
    assert f'href="/plans/{cast.plan.pk}/compare/"' in page
    choice = told(browse(cast.liaison).get(f"/plans/{cast.plan.pk}/compare/"))
    assert "上级地区的方案" in choice
    assert f'href="?with={address.split("=")[1]}"' in choice


def test_the_first_sentence_counts_every_measure_of_both_plans(
    cast: Cast, browse: Browse, address: str
) -> None:
    page = told(browse(cast.leader).get(address))
    counted = "两份方案分别有 4 项和 3 项措施：1 项相近，1 项改写，2 项本方案新增，"
    assert f"{counted}1 项对方有而本方案没有。" in page
    assert "1 项重点任务相互对应，1 项只有本方案有，1 项只有对方有。" in page


def test_a_count_opens_as_many_rows(cast: Cast, browse: Browse, address: str) -> None:
    page = told(browse(cast.leader).get(address))
    for state, word in STATES.items():
        found = re.search(rf"show={state}\">{word} <b>(\d)</b>", page)
        assert found is not None
        rows = told(browse(cast.leader).get(f"{address}&show={state}"))
        assert rows.count("data-row=") == int(found[1]) > 0
    assert page.count("data-row=") == 5 + 1, "five rows of measures and one safeguard"


def test_only_what_one_side_says_is_marked(cast: Cast, browse: Browse, address: str) -> None:
    page = told(browse(cast.leader).get(address))
    row = page.split(f'id="m{cast.measure_1.pk}"')[1].split("</article>")[0]
    assert "<del>办好科学节</del>" in row
    assert "配齐科学教师，开足实验课时" in row
    assert "<ins>" not in row


def test_a_text_stays_whole_when_it_is_marked() -> None:
    ours, theirs = "开展科技教育、活动2021年。", "推进科学教育与活动2020年"
    for kind, one, other in (("ins", ours, theirs), ("del", theirs, ours)):
        pieces = _own(one, other, kind, *IN_TITLES)
        assert "".join(piece.text for piece in pieces) == one
        assert {piece.kind for piece in pieces} == {"same", kind}


def test_text_of_a_document_cannot_become_markup(
    cast: Cast, browse: Browse, address: str, above: Plan
) -> None:
    Measure.objects.filter(action__plan=above).update(text="<img src=x onerror=alert(1)>")
    Action.objects.filter(plan=above).update(title="<script>alert(1)</script>")
    page = told(browse(cast.office).get(address))
    assert "<img src=x" not in page
    assert "<script>alert" not in page


def test_who_is_not_the_office_reads_and_chooses_nothing(
    cast: Cast, browse: Browse, address: str
) -> None:
    page = told(browse(cast.liaison).get(address))
    assert 'name="measure"' not in page
    assert "btn-p" not in page
    assert "只有子市的纲要办可以确定本方案的上级措施。" in page


def test_another_citys_open_plan_is_for_reading_only(cast: Cast, browse: Browse) -> None:
    Plan.objects.filter(pk=cast.plan_b.pk).update(state="active", is_public=True)
    page = told(browse(cast.office).get(f"/plans/{cast.plan.pk}/compare/?with={cast.plan_b.pk}"))
    assert 'name="measure"' not in page
    assert "只有上级地区的方案和本地区更早一期的方案可以作为上级方案。" in page
    assert f'href="/public/plans/{cast.plan_b.pk}/"' in page


def test_the_number_of_queries_does_not_depend_on_the_number_of_measures(
    cast: Cast,
    address: str,
    grow: Callable[[int], None],
    queries: Callable[[Any, str], list[str]],
) -> None:
    grow(2)
    few = queries(cast.office, address)
    grow(18)
    many = queries(cast.office, address)
    assert len(many) == len(few), "\n".join(many)
    assert len(few) < 25


# --- Accepting -----------------------------------------------------------------------------------
def test_sure_suggestions_are_ticked_and_accepted_at_once(
    cast: Cast, browse: Browse, address: str, above: Plan
) -> None:
    office = browse(cast.office)
    page = told(office.get(address))
    ticked = re.findall(r'name="measure" value="(\d+)" checked', page)
    assert ticked == [str(cast.measure_1.pk), str(cast.measure_2.pk)]
    assert page.count('class="btn btn-p"') == 1
    data = {"with": above.pk, "measure": ticked}
    data |= {f"parent-{one}": two.pk for one, two in zip(ticked, upper(above)[:2], strict=True)}
    answer = office.post(f"/plans/{cast.plan.pk}/compare/", data, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "已确定 2 项措施的上级措施。" in told(answer)
    assert "已对应 1.1，改为" in told(answer)
    assert AuditEvent.objects.filter(code="plans.measure.parent").count() == 1
    assert "已对应上级措施 1.1 办好科学课" in told(browse(cast.leader).get(address))


def test_each_refused_row_says_why_and_the_others_are_done(
    cast: Cast, browse: Browse, above: Plan
) -> None:
    ours = (cast.measure_1, cast.measure_2)
    data = {"with": above.pk, "measure": [one.pk for one in ours]}
    data |= {f"parent-{cast.measure_1.pk}": upper(above)[0].pk}
    data |= {f"parent-{cast.measure_2.pk}": cast.measure_4.pk}
    answer = browse(cast.office).post(f"/plans/{cast.plan.pk}/compare/", data)
    page = told(answer)
    assert answer.status_code == 422
    assert page.count("本地区的方案中，只有更早一期的可以作为上级方案。") == 2
    assert f'<a href="#m{cast.measure_2.pk}">1.2 丰富课后服务：' in page
    assert "已确定 1 项措施的上级措施。" in page
    cast.measure_2.refresh_from_db()
    assert cast.measure_2.parent is None


def test_a_parent_is_taken_away_again(cast: Cast, browse: Browse, above: Plan) -> None:
    Measure.objects.filter(pk=cast.measure_1.pk).update(parent=upper(above)[0])
    data = {"with": above.pk, "measure": cast.measure_1.pk, f"parent-{cast.measure_1.pk}": ""}
    answer = browse(cast.office).post(f"/plans/{cast.plan.pk}/compare/", data, follow=True)
    assert "已取消 1 项措施的上级措施。" in told(answer)
    cast.measure_1.refresh_from_db()
    assert cast.measure_1.parent is None


def test_every_measure_of_the_other_plan_can_be_picked(
    cast: Cast, browse: Browse, address: str, above: Plan
) -> None:
    page = told(browse(cast.office).get(f"{address}&pick={cast.measure_1.pk}"))
    row = page.split(f'id="m{cast.measure_1.pk}"')[1].split("</article>")[0]
    assert re.findall(r'<option value="(\d+)"', row) == [str(one.pk) for one in upper(above)]


# --- Wrong parameters ----------------------------------------------------------------------------
@pytest.mark.parametrize("asked", ["abc", "0", "999999", "9" * 40, "²", "-1"])
def test_a_plan_that_one_may_not_read_does_not_exist(
    cast: Cast, browse: Browse, asked: str
) -> None:
    assert (
        browse(cast.office).get(f"/plans/{cast.plan.pk}/compare/?with={asked}").status_code == 404
    )
    hidden = f"/plans/{cast.plan.pk}/compare/?with={cast.plan_b.pk}"
    assert browse(cast.office).get(hidden).status_code == 404


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("&show=none", "没有这种筛选"),
        ("&pick=999999", "本方案没有这项措施"),
        ("&pick=x", "本方案没有"),
    ],
)
def test_a_wrong_parameter_is_answered_with_one_sentence(
    cast: Cast, browse: Browse, address: str, more: str, sentence: str
) -> None:
    answer = browse(cast.office).get(address + more)
    assert answer.status_code == 422
    assert told(answer).count(sentence) == 1


def test_a_plan_is_not_compared_with_itself(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.office).get(f"/plans/{cast.plan.pk}/compare/?with={cast.plan.pk}")
    assert answer.status_code == 422
    assert "方案不能和自己对照" in told(answer)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请先勾选要采纳的措施。"),
        ({"measure": "x"}, "本方案没有这项措施。"),
        ({"measure": "1.5"}, "本方案没有这项措施。"),
    ],
)
def test_what_is_posted_wrongly_changes_nothing(
    cast: Cast, browse: Browse, above: Plan, data: dict[str, str], sentence: str
) -> None:
    posted = {"with": above.pk, **data}
    answer = browse(cast.office).post(f"/plans/{cast.plan.pk}/compare/", posted)
    assert answer.status_code == 422
    assert sentence in told(answer)
    assert not Measure.objects.filter(action__plan=cast.plan, parent__isnull=False).exists()


def test_a_ticked_row_without_a_parent_is_refused(cast: Cast, browse: Browse, above: Plan) -> None:
    for more in ({}, {f"parent-{cast.measure_1.pk}": "x"}):
        posted = {"with": above.pk, "measure": cast.measure_1.pk, **more}
        answer = browse(cast.office).post(f"/plans/{cast.plan.pk}/compare/", posted)
        assert answer.status_code == 422
        assert "没有这项上级措施" in told(answer)


# --- In a browser --------------------------------------------------------------------------------
@pytest.fixture
def opened(cast: Cast, browse: Browse, page: Page, live_server: Any, address: str) -> Page:
    """Return the page of the office with two plans on it."""
    cookie = browse(cast.office).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}{address}")
    return page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_fits_every_width_and_is_open_to_all(opened: Page) -> None:
    for width in (320, 390, 760, 1024, 1440):
        opened.set_viewport_size({"width": width, "height": 900})
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.locator("main .btn-p").count() == 1
    axe = (project.BUILD_DIR / "axe.min.js").read_text(encoding="utf-8")
    for width, theme in ((390, "light"), (1440, "dark")):
        opened.set_viewport_size({"width": width, "height": 900})
        opened.evaluate("t => document.documentElement.setAttribute('data-bs-theme', t)", theme)
        opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        opened.evaluate(axe)
        found = opened.evaluate("axe.run(document, {resultTypes: ['violations']})")
        faults = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
        assert faults == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_button_counts_what_is_ticked_and_choosing_ticks(opened: Page) -> None:
    button = opened.locator("main .btn-p")
    expect(button).to_have_text("采纳所选 2 项")
    opened.locator("main select").nth(2).select_option(index=1)
    expect(button).to_have_text("采纳所选 3 项")
    button.click()
    expect(opened.locator(".message")).to_contain_text("已确定 3 项措施的上级措施。")
