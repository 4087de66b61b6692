"""How one place stands: its own values against what is promised of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.attainment.rules import STALE_AFTER, Attainment, Pace, Promise
from indicators.attainment.wording import (
    apart_words,
    asked_words,
    interval_words,
    is_words,
    origin_words,
    pace_words,
    places_of,
    value_words,
)
from indicators.statistics import Point, newest_series


def judge(promise: Promise, points: Iterable[Point], as_of: int, unit: str) -> Attainment:
    """Say how a promise stands at the end of a year, from the values measured until then."""
    seen = sorted(
        (one for one in points if one.year <= as_of),
        key=lambda one: (one.year, one.series, one.value),
    )
    if promise.value is None:
        return Attainment(
            "relative",
            _("原文未给出数值，不作数值比较。"),
            _("没有数值的要求（如“普遍”“平均水平”）只列出实际数值，不判定。"),
        )
    if not seen:
        return Attainment(
            "not_measured",
            _("截至 %(year)s 年没有可用的数值。") % {"year": as_of},
            _("没有核对过的数值就不判定；未测不等于 0，也不算滞后。"),
        )
    newest = seen[-1]
    # Once the time of a promise is over, its last value does not grow old any more.
    now = as_of if promise.year is None else min(as_of, promise.year)
    if now - newest.year > STALE_AFTER.get(promise.kind, 1):
        return _stale(promise, newest, unit)
    return _Case(promise, promise.value, seen, as_of, unit).verdict()


def _stale(promise: Promise, newest: Point, unit: str) -> Attainment:
    return Attainment(
        "stale",
        _("最近的数值是 %(year)s 年的（%(value)s），已过期。")
        % {"year": newest.year, "value": value_words(newest.value, unit)},
        _("调查的数值过了 %(survey)s 年、其他数值过了 1 年就不再代表现状，不判定，也不算滞后。")
        % {"survey": STALE_AFTER["survey"]},
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """A promise with a number, and the values that speak of it (`seen`: oldest first)."""

    promise: Promise
    target: Decimal
    seen: list[Point]
    as_of: int
    unit: str

    @property
    def newest(self) -> Point:
        return self.seen[-1]

    @property
    def due(self) -> int:
        return self.promise.year or self.as_of

    def verdict(self) -> Attainment:
        promise = self.promise
        met = promise.met_by(self.newest.value)
        if self.newest.year < promise.start_year and (promise.every_year or not met):
            return self._before_the_plan()
        if met:
            return self._met()
        if promise.every_year:
            return self._norm_missed()
        if self.newest.year >= self.due:
            return self._missed()
        if promise.kind in ("level", "increment"):
            return self._short_of_level()
        return self._on_the_way()

    # --- Parts of sentences ----------------------------------------------------------------
    @property
    def places(self) -> int:
        """Return the decimals to show: all that are stored where fewer would look like met."""
        return places_of(self.newest.value, self.promise.met_by)

    def _asked(self) -> str:
        return asked_words(self.promise.operator, self.target, self.unit)

    def _gap(self) -> str:
        return apart_words(self.target - self.newest.value, self.unit, self.places)

    def _sentence(self, *parts: str) -> str:
        """Join what is said of the newest value; an interval across the target is told too."""
        crossing = ""
        if self.promise.crossed_by(self.newest):
            crossing = _("%(interval)s 跨过目标") % {
                "interval": interval_words(self.newest, self.unit)
            }
            if not self.promise.met_by(self.newest.value):
                crossing += _("，统计上不能断定没有达到")
        return _("；").join(one for one in (*parts, crossing) if one) + _("。")

    def _stands(self, said: str) -> str:
        return _("%(is)s，%(said)s") % {
            "is": is_words(self.newest, self.unit, self.places),
            "said": said,
        }

    def _missed_by(self, asked: str) -> str:
        """Say how far the newest value is from something that it does not meet."""
        if self.newest.value == self.target:
            return self._stands(_("正好是目标值，没有达到%(asked)s") % {"asked": asked})
        return self._stands(
            _("没有达到%(asked)s，差 %(gap)s") % {"asked": asked, "gap": self._gap()}
        )

    def _short_by(self) -> str:
        if self.newest.value == self.target:
            return self._missed_by(_("目标（%(asked)s）") % {"asked": self._asked()})
        return self._stands(_("离目标还差 %(gap)s") % {"gap": self._gap()})

    # --- Verdicts --------------------------------------------------------------------------
    def _before_the_plan(self) -> Attainment:
        newest = self.newest
        return Attainment(
            "not_measured",
            self._sentence(
                _("%(start)s 年以来没有可用的数值") % {"start": self.promise.start_year},
                _("此前的 %(is)s") % {"is": is_words(newest, self.unit)},
                _("目标为%(asked)s") % {"asked": self._asked()},
            ),
            _("方案实施以前的数值没有达到目标时，不用来判定快慢；未测不算滞后。"),
        )

    def _met(self) -> Attainment:
        if self.promise.every_year:
            said = self._stands(_("达到每年的要求（%(asked)s）") % {"asked": self._asked()})
            sentence = self._sentence(said, *self._other_years())
            rule = _("每年的要求按最近有数值的一年判定，其他年份没有达到或没有数值的逐年列出。")
        else:
            said = self._stands(_("达到目标（%(asked)s）") % {"asked": self._asked()})
            sentence = self._sentence(said, *self._late())
            rule = _("最近一次核对过的数值达到目标。")
        if self.promise.crossed_by(self.newest):
            rule += _("区间有一端没有达到目标，所以统计上不确定。")
            rule += origin_words(self.newest)
            return Attainment("met_uncertain", sentence, rule)
        if self.newest.low is not None:
            rule += _("区间的两端也都达到。") + origin_words(self.newest)
        elif self.promise.kind == "survey":
            rule += _("没有公布误差，样本量和设计效应也不齐，所以没有计算区间。")
        return Attainment("met", sentence, rule)

    def _late(self) -> list[str]:
        """Tell that the due year itself had missed what was met only later."""
        return [
            _("到期年 %(year)s 年没有达到（%(value)s）")
            % {"year": one.year, "value": value_words(one.value, self.unit)}
            for one in self.seen[:-1]
            if one.year == self.due and not self.promise.met_by(one.value)
        ]

    def _other_years(self) -> list[str]:
        """Name the years of the plan that missed a yearly norm, and those without a value."""
        start = self.promise.start_year or self.seen[0].year
        before = [one for one in self.seen[:-1] if one.year >= start]
        missed = [
            _("%(year)s 年未达到（%(value)s）")
            % {"year": one.year, "value": value_words(one.value, self.unit)}
            for one in before
            if not self.promise.met_by(one.value)
        ]
        known = {one.year for one in self.seen}
        blank = [str(year) for year in range(start, self.as_of + 1) if year not in known]
        if blank:
            missed.append(_("%(years)s 年没有数值") % {"years": _("、").join(blank)})
        return missed

    def _short_percent(self) -> Decimal:
        """Return how far a value misses a target, in percent of it (of one, where it is 0)."""
        return abs(self.target - self.newest.value) / (abs(self.target) or 1) * 100

    def _grade_of_norm(self) -> str:
        return "behind" if self._short_percent() <= self.promise.far_behind else "far_behind"

    def _norm_missed(self) -> Attainment:
        said = self._missed_by(_("每年的要求（%(asked)s）") % {"asked": self._asked()})
        return Attainment(
            self._grade_of_norm(),
            self._sentence(said, *self._other_years()),
            _(
                "每年的要求按最近有数值的一年判定：没有达到记为滞后，"
                "差距超过目标的 %(far)s%% 记为严重滞后。"
            )
            % {"far": self.promise.far_behind},
        )

    def _missed(self) -> Attainment:
        said = self._missed_by(
            _("目标（%(due)s 年%(asked)s）") % {"due": self.due, "asked": self._asked()}
        )
        return Attainment(
            "far_behind", self._sentence(said), _("到期年的数值没有达到目标，记为严重滞后。")
        )

    def _short_of_level(self) -> Attainment:
        pace = self._pace()
        return Attainment(
            self._grade_of_norm(),
            self._sentence(self._short_by(), *self._ahead(pace)),
            _("还没有达到目标记为滞后，差距超过目标的 %(far)s%% 记为严重滞后。")
            % {"far": self.promise.far_behind},
            pace,
        )

    def _on_the_way(self) -> Attainment:
        """Compare the way covered since the base value with the share of time gone by."""
        pace = self._pace()
        covered, elapsed, basis = self._way()
        if covered is None:
            code, way = self._grade_of_norm(), basis
            general = _("差距不超过目标的 %(far)s%% 记为滞后，超过记为严重滞后。") % {
                "far": self.promise.far_behind
            }
        else:
            code = self._grade(elapsed - covered)
            way = _("%(basis)s %(covered)s%%，时间已过 %(elapsed)s%%") % {
                "basis": basis,
                "covered": round(covered),
                "elapsed": round(elapsed),
            }
            general = _(
                "落后不超过 %(behind)s 个百分点为正常，不超过 %(far)s 个为滞后，再多为严重滞后。"
            ) % {"behind": self.promise.behind, "far": self.promise.far_behind}
        rule = _("%(way)s：%(general)s") % {"way": way, "general": general}
        sentence = self._sentence(self._short_by(), *self._ahead(pace))
        return Attainment(code, sentence, rule, pace, way, self._of_all(covered is None, general))

    def _of_all(self, unclear: bool, general: str) -> str:
        """Return a criterion as a note on many targets says it."""
        if unclear:
            return _("看不出快慢的，") + general
        return _("按走过的路程与已过的时间相比，") + general

    def _grade(self, gap: Decimal) -> str:
        if gap <= self.promise.behind:
            return "on_track"
        return "behind" if gap <= self.promise.far_behind else "far_behind"

    # --- Way and pace ----------------------------------------------------------------------
    def _base(self) -> Point:
        """Return the value that the way is measured from: the last before the plan, else the first.

        Only values of the newest one's series come into question.
        """
        comparable = newest_series(self.seen)
        before = [one for one in comparable if one.year < self.promise.start_year]
        return before[-1] if before else comparable[0]

    def _way(self) -> tuple[Decimal | None, Decimal, str]:
        """Return the way covered and the time gone by in percent, and what they are counted from.

        No way can be told (None) from a single value that should fall, or from a base that had
        already been better than the target.
        """
        base, newest, target = self._base(), self.newest, self.target
        sign = 1 if self.promise.wants_more else -1
        if base.year == newest.year:
            if sign < 0 or target <= 0:
                return None, Decimal(0), _("只有一个可比的数值，看不出快慢")
            start = self.promise.start_year - 1
            elapsed = Decimal(newest.year - start) / max(1, self.due - start) * 100
            basis = _("只有一个可比的数值，与目标值相比已到")
            return newest.value / target * 100, elapsed, basis
        way = (target - base.value) * sign
        if way <= 0:
            return None, Decimal(0), _("%(year)s 年曾经达到目标值，后来退步") % {"year": base.year}
        covered = (newest.value - base.value) * sign / way * 100
        elapsed = Decimal(newest.year - base.year) / (self.due - base.year) * 100
        return covered, elapsed, _("从 %(year)s 年的数值到目标已走过") % {"year": base.year}

    def _pace(self) -> Pace:
        base, newest = self._base(), self.newest
        needed = had = None
        if self.as_of < self.due and newest.value != self.target:
            needed = (self.target - newest.value) / (self.due - newest.year)
        if base.year == newest.year:
            return Pace(needed)
        had = (newest.value - base.value) / (newest.year - base.year)
        return Pace(needed, had, base.year, newest.year)

    def _ahead(self, pace: Pace) -> list[str]:
        """Say the paces; where the due year is over and was not measured, say that."""
        said = [pace_words(pace, self.promise, self.unit)]
        if self.as_of >= self.due:
            said.append(_("到期年 %(due)s 年没有数值") % {"due": self.due})
        return said
