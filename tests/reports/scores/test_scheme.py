"""A year's 考核细则: off by default, entered with its items, confirmed only with its document."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, Notice
from core.sheets import write
from plans.models import PlanSettings
from reports.exchange.scores import item_columns, items_of, items_table, read_items
from reports.models import ScoreCard, ScoreItem, ScoreScheme
from reports.services import scores
from tests.cast import Cast
from tests.cast_scores import ITEMS, UNTIL
from tests.cast_texts import NOW, PDF

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("clock")]
WHOLE = scores.Approval(
    "细则", "子科素组〔2023〕1号", "领导小组", dt.date(2023, 2, 1), [("a.pdf", PDF)]
)
Browse = Callable[..., Client]
FIRST = {
    "level1": "组织",
    "level2": "分工",
    "standard": "明确联络员。",
    "points": 10,
    "rule": "人工评分",
}


@pytest.fixture
def draft(cast: Cast) -> ScoreScheme:
    """Return a scheme of 2023 that was only begun."""
    return scores.make_scheme(cast.plan, 2023, "细则", by=cast.office)


def test_it_works(cast: Cast, draft: ScoreScheme) -> None:
    scores.set_items(draft, ITEMS, by=cast.office)
    scores.change_scheme(draft, WHOLE, by=cast.office, now=NOW)
    scheme = scores.confirm_scheme(draft, by=cast.office, now=NOW)
    assert (scheme.state, scheme.confirmed_by, scheme.items.count()) == ("approved", cast.office, 3)
    assert scheme.document is not None
    assert scheme.document.name == "a.pdf"
    codes = AuditEvent.objects.filter(subject_id=scheme.pk, code__startswith="reports.scheme")
    assert list(codes.order_by("id").values_list("code", flat=True)) == [
        f"reports.scheme.{verb}" for verb in ("make", "set_items", "change", "confirm")
    ]


def test_without_the_plans_setting_nothing_is_scored_and_the_way_is_told(
    cast: Cast, browse: Browse
) -> None:
    PlanSettings.objects.filter(plan=cast.plan).update(ranking=False)
    sent = {"plan": cast.plan.pk, "year": 2023, "title": "细则"}
    answer = browse(cast.office).post("/reports/scores/", sent)
    assert answer.status_code == 422
    assert "请先在“方案设置”里勾选“单位排名”" in answer.content.decode()
    assert f'href="/plans/{cast.plan.pk}/settings/"' in answer.content.decode()
    assert not ScoreScheme.objects.filter(year=2023).exists()


def test_switched_off_again_the_unit_sees_nothing_and_the_office_can_only_look(
    cast: Cast, browse: Browse
) -> None:
    PlanSettings.objects.filter(plan=cast.plan).update(ranking=False)
    assert browse(cast.liaison).get(f"/reports/scores/cards/{cast.card.pk}/").status_code == 404
    assert browse(cast.leader).get(f"/reports/scores/{cast.scheme.pk}/").status_code == 404
    answer = browse(cast.office).get(f"/reports/scores/cards/{cast.card.pk}/")
    assert answer.status_code == 200
    assert "反馈给单位" not in answer.content.decode()
    with pytest.raises(NotAllowed, match="已关闭"):
        scores.tell(cast.card.pk, by=_again(cast), now=NOW)


def _again(cast: Cast) -> object:
    """Return the office's person as the next request loads them."""
    return type(cast.office).objects.get(pk=cast.office.pk)


def test_there_is_one_scheme_for_each_plan_and_year(cast: Cast, draft: ScoreScheme) -> None:
    with pytest.raises(DomainError) as refused:
        scores.make_scheme(cast.plan, 2023, "又一份", by=cast.office)
    assert refused.value.fields == {"year": ["这份方案 2023 年的考核细则已经有了。"]}


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"year": "2020"}, "year", "2020 年不在方案的实施年份（2021—2025 年）内。"),
        ({"year": "去年"}, "year", "请填写整数"),
        ({"title": "  "}, "title", "请填写这一栏。"),
        ({"title": "长" * 121}, "title", "最多 120 字"),
        ({"plan": "999999"}, "plan", "没有这个选项"),
    ],
)
def test_bad_input_is_said_at_its_field_and_the_rest_is_kept(
    typed: dict[str, str], field: str, sentence: str, cast: Cast, browse: Browse
) -> None:
    sent = {"plan": str(cast.plan.pk), "year": "2023", "title": "细则甲"} | typed
    answer = browse(cast.office).post("/reports/scores/", sent)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert sentence in "".join(form.errors[field])
    kept = "title" if field != "title" else "year"
    assert f'value="{sent[kept]}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"document_number": ""}, "document_number"),
        ({"approving_body": ""}, "approving_body"),
        ({"approved_on": None}, "approved_on"),
        ({"files": ()}, "document"),
    ],
)
def test_nothing_is_confirmed_without_its_document(
    missing: dict[str, object], field: str, cast: Cast, draft: ScoreScheme
) -> None:
    scores.set_items(draft, ITEMS, by=cast.office)
    told = {name: getattr(WHOLE, name) for name in WHOLE.__slots__} | missing
    scores.change_scheme(draft, scores.Approval(**told), by=cast.office, now=NOW)
    with pytest.raises(DomainError) as refused:
        scores.confirm_scheme(draft, by=cast.office, now=NOW)
    assert list(refused.value.fields) == [field]


def test_nothing_is_confirmed_without_items(cast: Cast, draft: ScoreScheme) -> None:
    scores.change_scheme(draft, WHOLE, by=cast.office, now=NOW)
    with pytest.raises(DomainError) as refused:
        scores.confirm_scheme(draft, by=cast.office, now=NOW)
    assert list(refused.value.fields) == ["file"]


def test_the_database_itself_wants_the_document(draft: ScoreScheme) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreScheme.objects.filter(pk=draft.pk).update(state="approved")


def test_the_document_is_what_its_name_says_and_its_day_has_come(
    cast: Cast, draft: ScoreScheme, browse: Browse
) -> None:
    sent = {"title": "细则", "document_number": "甲〔2023〕1号", "approved_on": "2099-01-01"}
    told = browse(cast.office).post(f"/reports/scores/{draft.pk}/change/", sent)
    assert told.status_code == 422
    assert "批准日期还没有到" in told.content.decode()
    assert "甲〔2023〕1号" in told.content.decode()
    sent |= {"approved_on": "", "document": SimpleUploadedFile("a.pdf", b"MZ no pdf")}
    told = browse(cast.office).post(f"/reports/scores/{draft.pk}/change/", sent)
    assert told.status_code == 422
    assert "内容与文件名不符" in told.content.decode()


def test_an_approved_scheme_is_locked(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="已经确认"):
        scores.set_items(cast.scheme, ITEMS, by=cast.office)
    with pytest.raises(NotAllowed, match="已经确认"):
        scores.change_scheme(cast.scheme, WHOLE, by=cast.office, now=NOW)
    with pytest.raises(NotAllowed, match="已经确认"):
        scores.drop_scheme(cast.scheme, by=cast.office)


def test_pressing_twice_confirms_once_and_drops_once(cast: Cast, draft: ScoreScheme) -> None:
    again = scores.confirm_scheme(cast.scheme, by=cast.office, now=NOW + dt.timedelta(hours=1))
    assert again.confirmed_at == NOW
    scores.drop_scheme(draft, by=cast.office)
    scores.drop_scheme(draft, by=cast.office)
    assert not ScoreScheme.objects.filter(pk=draft.pk).exists()


# --- The table of items --------------------------------------------------------------------
def test_the_table_comes_back_as_it_went_out(cast: Cast) -> None:
    items = list(ScoreItem.objects.filter(scheme=cast.scheme))
    rows, wrong = items_of(read_items(items_table(cast.scheme, items, NOW)))
    assert not wrong
    assert rows == ITEMS


def test_a_first_column_left_empty_is_that_of_the_line_above() -> None:
    rows, wrong = items_of(read_items(_table(FIRST, FIRST | {"level1": "", "level2": "报送"})))
    assert not wrong
    assert [one["level1"] for one in rows] == ["组织", "组织"]


def _table(*rows: dict[str, object]) -> bytes:
    return write("考核项目", item_columns(), rows)


@pytest.mark.parametrize(
    ("typed", "column", "sentence"),
    [
        ({"level1": ""}, "level1", "请填写一级指标。"),
        ({"level2": ""}, "level2", "请填写二级指标。"),
        ({"standard": ""}, "standard", "请填写评分标准。"),
        ({"standard": "长" * 1001}, "standard", "最多 1000 字，现有 1001 字。"),
        ({"points": ""}, "points", "请填写分值。"),
        ({"points": "十分"}, "points", "请填写分数"),
        ({"points": "0"}, "points", "应在 0.01 到 999 分之间。"),
        ({"points": "1000"}, "points", "应在 0.01 到 999 分之间。"),
        ({"points": "1.234"}, "points", "最多两位小数"),
        ({"rule": "登录次数"}, "rule", "不认识“登录次数”"),
    ],
)
def test_a_bad_cell_is_told_by_its_line_and_column(
    typed: dict[str, str], column: str, sentence: str
) -> None:
    _rows, wrong = items_of(read_items(_table(FIRST | typed)))
    assert sentence in wrong[0][column][0]


def test_one_bad_line_leaves_everything_as_it_was(
    cast: Cast, draft: ScoreScheme, browse: Browse
) -> None:
    scores.set_items(draft, ITEMS, by=cast.office)
    table = _table(FIRST, FIRST | {"points": "多"}, FIRST)
    answer = browse(cast.office).post(
        f"/reports/scores/{draft.pk}/items/", {"file": SimpleUploadedFile("表.xlsx", table)}
    )
    assert answer.status_code == 422
    told = [(row, column) for row, column, _sentence in answer.context["problems"]]
    assert told == [(4, "分值"), (5, "二级指标")]
    assert draft.items.count() == 3


@pytest.mark.parametrize("content", [b"no table", b"PK\x03\x04 broken", _table()])
def test_what_is_no_table_or_says_nothing_is_refused_at_the_file(
    content: bytes, cast: Cast, draft: ScoreScheme, browse: Browse
) -> None:
    answer = browse(cast.office).post(
        f"/reports/scores/{draft.pk}/items/", {"file": SimpleUploadedFile("表.xlsx", content)}
    )
    assert answer.status_code == 422
    assert answer.context["forms"]["items"].errors["file"]


# --- Asking the units ----------------------------------------------------------------------
def test_each_unit_with_a_task_of_the_year_has_a_card_in_the_order_of_the_roster(
    cast: Cast,
) -> None:
    cards = ScoreCard.objects.filter(scheme=cast.scheme)
    units = [one.department for one in cards]
    assert units == sorted(
        [cast.association, cast.education, cast.finance], key=lambda unit: unit.pk
    )
    assert all(one.scores.count() == 3 for one in cards)
    assert Notice.objects.filter(view="score-scheme", person=cast.liaison_finance).count() == 1


def test_asking_twice_makes_no_second_card_and_no_second_notice(cast: Cast) -> None:
    before = Notice.objects.count()
    assert scores.ask_for_rating(cast.scheme, UNTIL, by=cast.office, now=NOW) == 0
    assert (ScoreCard.objects.count(), Notice.objects.count()) == (3, before)


@pytest.mark.parametrize("until", [dt.date(2024, 7, 9), dt.date(2026, 1, 1), dt.date(9999, 12, 31)])
def test_the_day_lies_ahead_and_within_a_year(until: dt.date, cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        scores.ask_for_rating(cast.scheme, until, by=cast.office, now=NOW)
    assert list(refused.value.fields) == ["until"]


def test_a_draft_asks_nobody(cast: Cast, draft: ScoreScheme) -> None:
    with pytest.raises(NotAllowed, match="确认后"):
        scores.ask_for_rating(draft, UNTIL, by=cast.office, now=NOW)


def test_the_list_of_cards_shows_no_points_and_sorts_by_nothing(
    cast: Cast, read: Callable[..., str]
) -> None:
    page = read(cast.office, f"/reports/scores/{cast.scheme.pk}/?o=points&sort=-points")
    table = page.split('id="cards"')[1].split("</table>")[0]
    assert "28" not in table  # what the checked card adds up to
    assert "aria-sort" not in table
    units = sorted([cast.association, cast.education, cast.finance], key=lambda one: one.pk)
    assert re.findall("市(?:科协|教育局|财政局)", table) == [one.name for one in units]
    assert "不排名次" in page
