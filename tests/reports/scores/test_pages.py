"""Pages of scorecards: who reads what, what is asked of whom, table E, how often they ask."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import docx
import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from reports.models import ScoreCard, ScoreItem
from reports.services import scores
from tests.cast import Cast
from tests.cast_scores import ITEMS
from tests.cast_texts import NOW

pytestmark = pytest.mark.usefixtures("clock")
Browse = Callable[..., Client]
Read = Callable[..., str]


def address(card: ScoreCard, *more: str) -> str:
    return "/".join(["/reports/scores/cards", str(card.pk), *more]) + "/"


def ids(card: ScoreCard) -> list[int]:
    return list(card.scores.order_by("item__position").values_list("pk", flat=True))


def posted(card: ScoreCard, *points: str, version: int = 0) -> dict[str, Any]:
    typed = {f"points_{pk}": one for pk, one in zip(ids(card), points, strict=True)}
    return {"version": version, **typed}


# --- Who reads what ------------------------------------------------------------------------
def test_the_unit_reads_the_offices_points_once_it_is_told(cast: Cast, read: Read) -> None:
    before = read(cast.liaison, address(cast.card))
    assert "没有明确联络员。" not in before
    assert "审核分" not in before
    scores.tell(cast.card.pk, by=cast.office, now=NOW)
    after = read(cast.liaison, address(cast.card))
    assert "没有明确联络员。" in after
    assert "28 分（共 30 分）" in after
    assert "另有 1 项 15 分无依据或未评，不计入" in after


def test_self_rating_and_checked_points_stand_side_by_side_for_the_office(
    cast: Cast, read: Read
) -> None:
    page = read(cast.office, address(cast.card))
    for words in ("自评分", "审核分", "扣分原因", "没有明确联络员。", "名单.pdf", "无依据，不计分"):
        assert words in page, words
    assert "4 项中有 4 项符合" in page, "what the rule found"
    assert f'href="/entries/{cast.entry_earlier.pk}/"' in page, "and the rows that it rests on"


def test_the_leader_reads_points_once_they_are_checked(cast: Cast, read: Read) -> None:
    assert "没有明确联络员。" in read(cast.leader, address(cast.card))
    scores.reopen(cast.card.pk, "重看", by=cast.office, now=NOW)
    assert "没有明确联络员。" not in read(cast.leader, address(cast.card))


def test_a_unit_does_not_read_why_its_card_was_checked_again_before_it_is_told(
    cast: Cast, read: Read
) -> None:
    scores.reopen(cast.card.pk, "漏看了一份附件", by=cast.office, now=NOW)
    assert "漏看了一份附件" in read(cast.office, address(cast.card))
    assert "漏看了一份附件" not in read(cast.liaison, address(cast.card))


def test_a_unit_reads_why_a_result_it_was_told_is_looked_at_again(cast: Cast, read: Read) -> None:
    scores.tell(cast.card.pk, by=cast.office, now=NOW)
    scores.reopen(cast.card.pk, "漏看了一份附件", by=cast.office, now=NOW)
    assert "漏看了一份附件" in read(cast.liaison, address(cast.card))


def test_a_unit_is_led_to_its_own_card_and_to_no_other(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.liaison)
    answer = browser.get(f"/reports/scores/{cast.scheme.pk}/")
    assert answer["Location"] == address(cast.card)
    assert browser.get(address(cast.card_draft)).status_code == 404
    listed = browser.get("/reports/scores/").content.decode()
    assert "个单位" not in listed, "how far others are is not a unit's affair"


def test_nothing_of_it_is_public_or_over_rest(cast: Cast, browse: Browse, call: Browse) -> None:
    scores.tell(cast.card.pk, by=cast.office, now=NOW)
    for page in ("/public/", f"/public/plans/{cast.plan.pk}/"):
        assert "考核" not in browse(None).get(page).content.decode()
    schema = call(cast.office).get("/api/v1/schema/?format=json").content.decode()
    assert "score" not in schema.lower()


# --- What is asked of whom -----------------------------------------------------------------
def test_the_home_page_asks_the_unit_and_then_the_office(
    cast: Cast, browse: Browse, read: Read
) -> None:
    assert "请在 2024-07-31 前报送" in read(cast.liaison_finance, "/")
    assert address(cast.card_draft) in read(cast.liaison_finance, "/")
    assert address(cast.card_draft) not in read(cast.office, "/")
    sent = browse(cast.liaison_finance).post(
        address(cast.card_draft, "hand_in"), posted(cast.card_draft, "10", "２０", "15 分")
    )
    assert sent.status_code == 302
    assert address(cast.card_draft) not in read(cast.liaison_finance, "/")
    assert "市财政局 2024 年度考核自评" in read(cast.office, "/")


def test_what_a_rule_counted_is_filled_in_for_the_unit_and_for_the_office(
    cast: Cast, browse: Browse, read: Read
) -> None:
    _first, on_time, _last = ids(cast.card_draft)
    page = read(cast.liaison_finance, address(cast.card_draft))
    assert f'name="points_{on_time}" value="20"' in page
    given = posted(cast.card_draft, "9", "18", "15")
    browse(cast.liaison_finance).post(address(cast.card_draft, "hand_in"), given)
    page = read(cast.office, address(cast.card_draft))
    assert f'name="points_{on_time}" value="20"' in page, "by the rule, not by the unit"
    assert f'name="points_{_first}" value="9"' in page, "by the unit where there is no rule"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("11", "应在 0 到 10 分之间。"),
        ("-1", "请填写分数，最多两位小数，例如 8 或 8.5。"),
        ("很好", "请填写分数，最多两位小数，例如 8 或 8.5。"),
        ("", "请填自评分；没有依据、不能自评的，请在说明里写明。"),
        ("1" * 30, "最多 20 字"),
    ],
)
def test_bad_points_are_told_at_their_item_and_the_rest_is_kept(
    typed: str, sentence: str, cast: Cast, browse: Browse
) -> None:
    first, on_time, last = ids(cast.card_draft)
    sent = posted(cast.card_draft, typed, "20", "15") | {f"note_{on_time}": "写了很久的说明"}
    answer = browse(cast.liaison_finance).post(address(cast.card_draft, "hand_in"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in "".join(answer.context["forms"]["card"].errors[f"points_{first}"])
    assert "写了很久的说明" in page
    assert f'name="points_{last}" value="15"' in page
    assert "分工落实" in str(answer.context["errors"]), "the summary names the item"


def test_a_reason_that_is_missing_is_told_at_its_item(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.liaison_finance)
    browser.post(address(cast.card_draft, "hand_in"), posted(cast.card_draft, "10", "20", "15"))
    sent = posted(cast.card_draft, "8", "20", "15", version=1)
    answer = browse(cast.office).post(address(cast.card_draft, "check"), sent)
    assert answer.status_code == 422
    first = ids(cast.card_draft)[0]
    assert answer.context["forms"]["card"].errors[f"reason_{first}"] == ["扣了分，请写明扣分原因。"]


def test_what_was_typed_is_shown_where_the_card_moved_on_meanwhile(
    cast: Cast, browse: Browse
) -> None:
    first = ids(cast.card)[0]
    sent = posted(cast.card, "10", "20", "15") | {f"note_{first}": "迟来的说明"}
    answer = browse(cast.liaison).post(address(cast.card, "rate"), sent)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "这一步没有办成" in page
    assert "迟来的说明" in page
    refused = AuditEvent.objects.get(code="reports.scorecard.rate", result="refused")
    assert refused.subject_id == cast.card.pk


def test_an_old_page_does_not_write_over_what_came_later(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.liaison_finance)
    browser.post(address(cast.card_draft, "rate"), posted(cast.card_draft, "10", "20", "15"))
    answer = browser.post(address(cast.card_draft, "rate"), posted(cast.card_draft, "1", "2", "3"))
    assert answer.status_code == 422
    assert "别人保存过这张表" in answer.content.decode()


# --- Table E -------------------------------------------------------------------------------
HEADINGS = ["一级指标", "二级指标", "评分标准", "分值", "自评分", "审核分", "扣分原因", "佐证"]


def cells(answer: Any) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_table_e_as_excel_has_its_columns_the_sum_and_the_line_for_the_seal(
    cast: Cast, browse: Browse
) -> None:
    rows = cells(browse(cast.office).get(address(cast.card, "table", "xlsx")))
    assert rows[2] == HEADINGS
    assert rows[3][:7] == [
        "组织领导",
        "分工落实",
        ITEMS[0]["standard"],
        10,
        10,
        8,
        "没有明确联络员。",
    ]
    assert rows[3][7] == "分管副局长、联络员已报备。\n附件：名单.pdf"
    assert rows[5][5] == "无依据"
    assert rows[6][0] == "合计"
    assert rows[6][3:6] == [45, 30, 28]
    assert rows[7][0] == "单位（盖章）："
    assert AuditEvent.objects.filter(code="reports.scorecard.export").count() == 1


def test_table_e_of_the_unit_has_no_points_of_the_office_before_it_is_told(
    cast: Cast, browse: Browse
) -> None:
    rows = cells(browse(cast.liaison).get(address(cast.card, "table", "xlsx")))
    assert [row[5] for row in rows[3:7]] == [None] * 4
    assert [row[6] for row in rows[3:7]] == [None] * 4


def test_table_e_as_word_says_the_same(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.office).get(address(cast.card, "table", "docx"))
    word = docx.Document(io.BytesIO(b"".join(answer.streaming_content)))
    (table,) = word.tables
    assert [cell.text for cell in table.rows[0].cells] == HEADINGS
    assert [cell.text for cell in table.rows[1].cells][3:7] == ["10", "10", "8", "没有明确联络员。"]
    assert word.paragraphs[0].text == "2024 年度全民科学素质工作考核细则评分表"
    assert "市教育局" in word.paragraphs[1].text
    assert word.paragraphs[-1].text == "单位（盖章）："


def test_there_is_no_other_kind_of_file(cast: Cast, browse: Browse) -> None:
    assert browse(cast.office).get(address(cast.card, "table", "pdf")).status_code == 404
    assert browse(cast.office).post(address(cast.card, "publish")).status_code == 404


# --- How often pages ask -------------------------------------------------------------------
def test_no_page_asks_more_often_for_more_items_and_units(cast: Cast, browse: Browse) -> None:
    pages = ("/reports/scores/", f"/reports/scores/{cast.scheme.pk}/", address(cast.card))

    def cost(page: str) -> int:
        browser = browse(cast.office)
        browser.get(page)
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(page).status_code == 200
        return len(caught)

    before = [cost(page) for page in pages]
    for number in range(20):
        item = ScoreItem.objects.create(
            scheme=cast.scheme, position=10 + number, level1="增", level2="增", standard="增",
            points=Decimal(1), rule="on_time",
        )  # fmt: skip
        cast.card.scores.create(item=item, full=item.points)
        unit = type(cast.finance).objects.create(region=cast.city_a, name=f"单位{number}")
        ScoreCard.objects.create(scheme=cast.scheme, department=unit)
    assert [cost(page) for page in pages] == before
