"""The sentence on top of the dashboard: what it says, and what it must not claim."""

import datetime as dt
from decimal import Decimal

from indicators.attainment import Attainment, Point
from indicators.models import Indicator, Target
from indicators.selectors import TargetView
from plans.models import Action, Measure, Plan
from reports.narrative import plain, reason, trend, verdict
from reports.selectors.history import Snapshot
from reports.selectors.moments import Moment
from tasks.models import Task
from tasks.progress import LIGHTS, Standing, Thresholds, roll_up
from tasks.progress import Weighted as Part
from tasks.selectors import ActionStanding, Board, MeasureStanding, TaskStanding

DAY = dt.date(2018, 9, 30)
END = dt.date(2018, 12, 31)
LIMITS = Thresholds(10, 30)
PLAN = Plan(start_year=2016, end_year=2020)
PERCENTS = {"done": 100, "on_track": 75, "behind": 55, "far_behind": 20, "overdue": 40}


def board(*lights: str, titles: tuple[str, ...] = (), day: dt.date = DAY) -> Board:
    """Return a board with one action and one measure for each light."""
    measures = []
    for number, light in enumerate(lights, 1):
        known = light != "unreported"
        percent = Decimal(PERCENTS[light]) if known else None
        standing = Standing(percent, Decimal(75), light, int(known), 1)
        title = titles[number - 1] if number <= len(titles) else f"措施{number}"
        tasks = [TaskStanding(Task(due=END), standing)]
        measures.append(MeasureStanding(Measure(title=title, position=number), standing, tasks))
    parts = [Part(one.standing, Decimal(1), END) for one in measures]
    whole = roll_up(parts, day, LIMITS)
    action = ActionStanding(Action(title="行动", position=1), whole, measures)
    return Board(PLAN, 2018, day, whole, [action])


def target(code: str, name: str = "公民具备科学素质的比例", points: int = 0) -> TargetView:
    indicator = Indicator(code=name, name=name, unit="%", kind="survey")
    row = Target(
        plan=PLAN, indicator=indicator, operator="gt", value=Decimal("10.5"), year=2020, unit="%"
    )
    values = [Point(2015 + at, Decimal(6 + at)) for at in range(points)]
    return TargetView(row, indicator, 2018, Attainment(code, ""), values)


def said(*args: object, **more: object) -> str:
    return plain(verdict(*args, **more))  # type: ignore[arg-type]


def test_a_year_on_schedule_with_targets_met_is_said_to_be_well() -> None:
    text = said(board("on_track", "on_track"), [target("met")])
    assert text == "总体达到序时进度；1 项主要目标正常或已达标。"


def test_what_is_far_behind_is_named_and_counted_after_a_but() -> None:
    lights = ["on_track"] * 8 + ["far_behind", "overdue", "behind"]
    titles = ("甲",) * 8 + ("建设新馆", "发展产业")
    text = said(board(*lights, titles=titles), [])
    assert text == "总体达到序时进度。但“建设新馆”“发展产业”2 项措施严重滞后或逾期，1 项滞后。"


def test_more_measures_than_can_be_named_are_counted_together() -> None:
    text = said(board(*["far_behind"] * 3, *["done"] * 9), [])
    assert "“措施1”“措施2”等 3 项措施严重滞后" in text


def test_long_titles_are_left_to_the_list() -> None:
    text = said(board(*["on_track"] * 9, "overdue", titles=("字" * 30,) * 10), [])
    assert text == "总体达到序时进度。但1 项措施逾期。"


def test_a_year_behind_says_by_how_much() -> None:
    text = said(board("behind", "behind"), [])
    assert text == "总体进度滞后，比序时慢 20 个百分点，其中有 2 项措施滞后。"


def test_a_year_far_behind_is_not_called_merely_behind() -> None:
    assert said(board("far_behind"), []).startswith("总体进度严重滞后，比序时慢 55 个百分点")


def test_unreported_measures_are_told_apart_from_slow_ones() -> None:
    text = said(board(*["on_track"] * 5, "unreported"), [])
    assert text == "总体达到序时进度，1 项措施未填报。"


def test_nothing_approved_yet_is_no_verdict() -> None:
    text = said(board("unreported", "unreported"), [])
    assert text == "本期还没有核对过的填报，暂时不能判断进度。"


def test_a_year_without_tasks_says_so() -> None:
    now = board("unreported")
    empty = [MeasureStanding(one.measure, one.standing, []) for one in now.measures]
    bare = Board(PLAN, 2018, DAY, now.standing, [ActionStanding(Action(), now.standing, empty)])
    assert said(bare, []) == "2018 年还没有分解年度任务，暂时不能判断进度。"


def test_targets_that_nobody_measured_are_not_judged() -> None:
    text = said(board("on_track"), [target("not_measured"), target("stale", "人均经费")])
    assert text.endswith("；目标指标还没有可用的数值，能否如期达到尚不能判断。")


def test_one_unmeasured_target_among_others_is_named() -> None:
    text = said(board("on_track"), [target("not_measured"), target("met", "人均经费")])
    assert text.endswith("；公民具备科学素质的比例未测。")


def test_a_slow_target_with_three_surveys_says_what_will_be_missing() -> None:
    text = said(board("on_track"), [target("behind", points=4)])
    assert text.endswith("公民具备科学素质的比例滞后。"), "9 % in 2018 reaches 11 % by 2020"
    slow = target("behind", points=3)
    slow.target.value = Decimal(14)
    text = said(board("on_track"), [slow])
    assert text.endswith("滞后，按现有速度 2020 年差约 3 个百分点。")


def test_a_target_without_a_value_is_left_out() -> None:
    relative = target("relative")
    relative.target.value = None
    assert said(board("on_track"), [relative]) == "总体达到序时进度。"


def test_only_what_is_wrong_is_underlined() -> None:
    tones = [one.tone for one in verdict(board(*["on_track"] * 9, "far_behind"), [target("met")])]
    assert [tone for tone in tones if tone] == ["r"]


def test_the_reason_of_a_light_names_the_rule() -> None:
    standing = Standing(Decimal(21), Decimal(55), "far_behind", 1, 1)
    assert reason(standing, LIMITS) == "落后序时 34 个百分点，超过 30 个记为严重滞后。"
    standing = Standing(Decimal(60), Decimal(55), "on_track", 1, 1)
    assert reason(standing, LIMITS) == "比序时快 5 个百分点。"
    standing = Standing(None, Decimal(55), "unreported", 0, 1)
    assert "不按 0 计" in reason(standing, LIMITS)


def test_the_trend_compares_the_first_period_with_the_last() -> None:
    def snapshot(**counts: int) -> Snapshot:
        full = dict.fromkeys(LIGHTS, 0) | counts
        return Snapshot(Moment(2018, DAY), full, {}, 1)

    text = trend([snapshot(unreported=13), snapshot(unreported=1, overdue=1, far_behind=2)])
    assert text == "未填报由 13 项减到 1 项；严重滞后或逾期由 0 项增到 3 项。"
    assert trend([snapshot()]) == ""
