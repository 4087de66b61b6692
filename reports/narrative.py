"""What figures say in one sentence, in the plain official Chinese of a briefing.

The sentence is made by rules from the board and the targets; it names what is behind, says what
is not known, and never judges where nothing was reported.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.words import decimal_text
from indicators.attainment import meets
from indicators.selectors import TargetView
from reports.selectors.history import Snapshot
from tasks.progress import (
    BEHIND,
    DONE,
    FAR_BEHIND,
    ON_TRACK,
    OVERDUE,
    UNREPORTED,
    Standing,
    Thresholds,
)
from tasks.selectors import Board, MeasureStanding

SHORT = 16  # characters of a measure's title that fit into the sentence
WEAK = ("far_behind", "behind")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of the sentence; `tone` underlines it (a tone of core.words, or none)."""

    text: str
    tone: str = ""


def plain(phrases: Iterable[Phrase]) -> str:
    """Return the sentence as text."""
    return "".join(one.text for one in phrases)


def verdict(board: Board, targets: list[TargetView]) -> list[Phrase]:
    """Say how the year and its targets stand: the whole, what is behind, what is not known."""
    if not any(one.tasks for one in board.measures):
        said = [Phrase(_("%(year)s 年还没有分解年度任务，暂时不能判断进度") % {"year": board.year})]
    elif not board.standing.reported:
        said = [Phrase(_("本期还没有核对过的填报，暂时不能判断进度"))]
    else:
        said = _progress(board)
    more = _targets(targets)
    if more:
        said += [Phrase(_("；")), *more]
    return [*said, Phrase(_("。"))]


def _progress(board: Board) -> list[Phrase]:
    said = [Phrase(_overall(board))]
    trouble = _trouble(board)
    unreported = board.counts[UNREPORTED]
    if trouble:
        good = board.standing.light in (ON_TRACK, DONE)
        said += [Phrase(_("。但") if good else _("，其中")), *trouble]
    if unreported:
        said.append(
            Phrase(_("，另有 %(count)s 项措施未填报") % {"count": unreported})
            if trouble
            else Phrase(_("，%(count)s 项措施未填报") % {"count": unreported})
        )
    return said


def reason(standing: Standing, limits: Thresholds) -> str:
    """Say why a measure shows its light, with the rule that decides it."""
    values = {
        "gap": decimal_text(abs(standing.gap or Decimal(0)), 0),
        "behind": limits.behind,
        "far": limits.far_behind,
    }
    match standing.light:
        case "done":
            return _("年度任务已完成，并经核对。")
        case "overdue":
            return _("已过完成时限，还没有完成，记为逾期。")
        case "unreported":
            return _("还没有核对过的填报，不能判断快慢，不按 0 计。")
        case "on_track":
            ahead = standing.gap is not None and standing.gap <= 0
            if ahead:
                return _("比序时快 %(gap)s 个百分点。") % values
            return _("比序时慢 %(gap)s 个百分点，%(behind)s 个以内记为达到序时。") % values
        case "behind":
            return _("落后序时 %(gap)s 个百分点，超过 %(behind)s 个记为滞后。") % values
    return _("落后序时 %(gap)s 个百分点，超过 %(far)s 个记为严重滞后。") % values


def _overall(board: Board) -> str:
    standing = board.standing
    if standing.light == DONE:
        return _("%(year)s 年各项任务全部完成") % {"year": board.year}
    if standing.light == OVERDUE:
        return _("%(year)s 年任务已到期，总体未完成") % {"year": board.year}
    if standing.light == ON_TRACK:
        return _("总体达到序时进度")
    gap = decimal_text(standing.gap or 0, 0)
    if standing.light == BEHIND:
        return _("总体进度滞后，比序时慢 %(gap)s 个百分点") % {"gap": gap}
    return _("总体进度严重滞后，比序时慢 %(gap)s 个百分点") % {"gap": gap}


def _trouble(board: Board) -> list[Phrase]:
    """Name what is far behind or overdue, else count what is behind."""
    counts = board.counts
    far, over, behind = counts[FAR_BEHIND], counts[OVERDUE], counts[BEHIND]
    worst = [one for one in board.measures if one.standing.light in (FAR_BEHIND, OVERDUE)]
    if not worst:
        if not behind:
            return []
        return [Phrase(_("有 %(count)s 项措施滞后") % {"count": behind}, "y")]
    how = _("严重滞后或逾期") if far and over else _("严重滞后") if far else _("逾期")
    said = [
        Phrase(_named(worst)),
        Phrase(_("%(count)s 项措施%(how)s") % {"count": far + over, "how": how}, "r"),
    ]
    if behind:
        said.append(Phrase(_("，%(count)s 项滞后") % {"count": behind}))
    return said


def _named(measures: list[MeasureStanding]) -> str:
    """Name up to two measures by their titles, where these are short enough to read."""
    titles = [one.measure.title.rstrip("。") for one in measures]
    short = [title for title in titles if len(title) <= SHORT][:2]
    if not short:
        return ""
    names = "".join(_("“%(title)s”") % {"title": title} for title in short)
    return names if len(titles) == len(short) else _("%(names)s等 ") % {"names": names}


def _targets(targets: list[TargetView]) -> list[Phrase]:
    """Say which targets are behind and which nobody measured."""
    asked = [one for one in targets if one.target.value is not None]
    if not asked:
        return []
    weak = [one for one in asked if one.attainment.code in WEAK]
    blank = [one for one in asked if one.attainment.code in ("not_measured", "stale")]
    if len(blank) == len(asked):
        return [Phrase(_("目标指标还没有可用的数值，能否如期达到尚不能判断"))]
    said: list[Phrase] = []
    if weak:
        far = any(one.attainment.code == "far_behind" for one in weak)
        said.append(Phrase(_list(weak)))
        said.append(Phrase(_("严重滞后") if far else _("滞后"), "r" if far else "y"))
        said += _short_of(weak)
    if blank:
        said.append(
            Phrase((_("，") if said else "") + _("%(names)s未测") % {"names": _list(blank)})
        )
    if not said:
        count = len(asked)
        return [Phrase(_("%(count)s 项主要目标正常或已达标") % {"count": count})]
    return said


def _list(views: list[TargetView]) -> str:
    return _("、").join(one.indicator.name for one in views)


def _short_of(weak: list[TargetView]) -> list[Phrase]:
    """Add what a single target will miss at its present pace, where three surveys allow it."""
    ahead = weak[0].outlook if len(weak) == 1 else None
    if ahead is None:
        return []
    year, value = ahead.year, ahead.value
    asked, target = weak[0].target, weak[0].target.value
    if target is None or meets(asked.operator, value, target, weak[0].indicator.direction):
        return []
    unit = _("个百分点") if weak[0].unit == "%" else weak[0].unit
    return [
        Phrase(
            _("，按现有速度 %(year)s 年差约 %(gap)s %(unit)s")
            % {"year": year, "gap": decimal_text(abs(target - value), 1), "unit": unit},
        )
    ]


def trend(history: list[Snapshot]) -> str:
    """Say how two counts moved from the first to the last of several periods."""
    if len(history) < 2:
        return ""
    first, last = history[0].counts, history[-1].counts
    pairs = (
        (_("未填报"), first[UNREPORTED], last[UNREPORTED]),
        (
            _("严重滞后或逾期"),
            first[FAR_BEHIND] + first[OVERDUE],
            last[FAR_BEHIND] + last[OVERDUE],
        ),
    )
    return _("；").join(_moved(name, old, new) for name, old, new in pairs) + _("。")


def _moved(name: str, old: int, new: int) -> str:
    values = {"name": name, "old": old, "new": new}
    if old == new:
        return _("%(name)s都是 %(new)s 项") % values
    if new < old:
        return _("%(name)s由 %(old)s 项减到 %(new)s 项") % values
    return _("%(name)s由 %(old)s 项增到 %(new)s 项") % values
