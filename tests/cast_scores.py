"""Tell of the year's scorecards: a scheme with its document, one card checked, the others asked."""

import datetime as dt
from decimal import Decimal
from typing import Any

from plans.models import PlanSettings
from reports.models import ScoreCard
from reports.services import scores
from tests.cast_texts import NOW, PDF

UNTIL = dt.date(2024, 7, 31)
ITEMS: list[dict[str, Any]] = [
    {
        "level1": "组织领导",
        "level2": "分工落实",
        "standard": "明确分管领导和联络员，未明确的扣 2 分。",
        "points": Decimal(10),
        "rule": "",
    },
    {
        "level1": "工作报送",
        "level2": "按时报送",
        "standard": "按时报送工作进展，迟报的按比例扣分。",
        "points": Decimal(20),
        "rule": "on_time",
    },
    {
        "level1": "工作报送",
        "level2": "督办办结",
        "standard": "督办件在时限内办结。",
        "points": Decimal(15),
        "rule": "supervision",
    },
]


def scorecards(told: dict[str, Any]) -> None:
    """Approve a scheme of 2024, ask the units, rate and check the card of education."""
    office, plan = told["office"], told["plan"]
    PlanSettings.objects.filter(plan=plan).update(ranking=True)
    plan.refresh_from_db()
    scheme = scores.make_scheme(plan, 2024, "全民科学素质工作考核细则", by=office)
    scores.set_items(scheme, ITEMS, by=office)
    approval = scores.Approval(
        "全民科学素质工作考核细则",
        "子科素组〔2024〕3号",
        "子市全民科学素质工作领导小组",
        dt.date(2024, 3, 1),
        [("细则.pdf", PDF)],
    )
    scores.change_scheme(scheme, approval, by=office, now=NOW)
    told["scheme"] = scores.confirm_scheme(scheme, by=office, now=NOW)
    scores.ask_for_rating(told["scheme"], UNTIL, by=office, now=NOW)
    cards = {one.department_id: one for one in ScoreCard.objects.filter(scheme=scheme)}
    card, told["card_draft"] = cards[told["education"].pk], cards[told["finance"].pk]
    by_hand, on_time, _supervision = card.scores.order_by("item__position")
    rated = {
        by_hand.pk: scores.Rated(Decimal(10), "分管副局长、联络员已报备。", [("名单.pdf", PDF)]),
        on_time.pk: scores.Rated(Decimal(20)),
    }
    scores.rate(card.pk, 0, rated, hand_in=True, by=told["liaison"], now=NOW)
    told["score_file"] = by_hand.evidence.get()
    checked = {
        one.pk: scores.Checked(points, no_basis, reason)
        for one, (points, no_basis, reason) in zip(
            card.scores.order_by("item__position"),
            [(Decimal(8), False, "没有明确联络员。"), (Decimal(20), False, ""), (None, True, "")],
            strict=True,
        )
    }
    told["card"] = scores.check(card.pk, 1, checked, finish=True, by=told["office_2"], now=NOW)
