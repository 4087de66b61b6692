"""How a promise made for the places below stands: each of them, or a share of them."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.attainment.judging import judge
from indicators.attainment.rules import Attainment, Promise
from indicators.statistics import Point

MET = ("met", "met_uncertain")
BLANK = ("not_measured", "stale")
Values = Mapping[int, list[Point]]  # points of each place, by its id


def judge_children(
    promise: Promise, values: Values, as_of: int, unit: str, places: str = ""
) -> tuple[Attainment, int, int, int]:
    """Judge a promise made for every child region; return verdict, met, measured and total.

    It is kept only when every child keeps it: 6 of 8 is not 已达标. Children of which nothing is
    known neither keep nor break it. `places` is what they are called together.
    """
    places = places or _("下级地区")
    codes = Counter(judge(promise, points, as_of, unit).code for points in values.values())
    total = codes.total()
    met = sum(codes[one] for one in MET)
    measured = total - sum(codes[one] for one in BLANK)
    verdict = Attainment(
        _code_of_children(codes),
        _counted(places, _("达到"), met, measured, total, stale=codes["stale"])
        + (
            _("其中 %(count)s 个的区间跨过目标。") % {"count": codes["met_uncertain"]}
            if codes["met_uncertain"]
            else ""
        ),
        _(
            "每个%(places)s都达到，才算达标；有地区滞后记为滞后，超过半数滞后记为严重滞后；"
            "没有可用数值的地区既不算达到，也不算滞后。"
        )
        % {"places": places},
    )
    return verdict, met, measured, total


def _code_of_children(codes: Counter[str]) -> str:
    total = codes.total()
    failing = codes["behind"] + codes["far_behind"]
    if codes["relative"]:
        return "relative"
    if failing:
        return "far_behind" if failing * 2 > total else "behind"
    if not total or codes["not_measured"]:
        return "not_measured"
    for code in ("stale", "on_track", "met_uncertain"):
        if codes[code]:
            return code
    return "met"


def _counted(places: str, verb: str, met: int, measured: int, total: int, *, stale: int = 0) -> str:
    """Say how many children keep a promise, and of how many nothing is known."""
    if stale == total:
        return _("%(total)s 个%(places)s的数值都已过期。") % {"total": total, "places": places}
    told = _("%(total)s 个%(places)s中 %(met)s 个%(verb)s") % {
        "total": total,
        "places": places,
        "met": met,
        "verb": verb,
    }
    if met < measured:
        told += _("，%(count)s 个没有%(verb)s") % {"count": measured - met, "verb": verb}
    if measured + stale < total:
        told += _("，%(blank)s 个没有可用数值") % {"blank": total - measured - stale}
    if stale:
        told += _("，%(stale)s 个的数值已过期") % {"stale": stale}
    return told + _("。")


def judge_share(
    promise: Promise, values: Values, as_of: int, unit: str, places: str = ""
) -> tuple[Attainment, int, int, int]:
    """Judge a promise made for a share of the child regions, each a yes (above nought) or a no.

    Return the verdict, and how many children keep it, have a value at all, and there are. The
    shares of years (percent of all children) are judged unrounded. The newest value of a child
    counts until its next one. Where those without a value could turn the verdict, there is none.
    """
    total = len(values)
    years = sorted({one.year for points in values.values() for one in points if one.year <= as_of})
    kept = [(year, *_kept(values, year)) for year in years]
    shares = [Point(year, _share(yes, total)) for year, yes, _measured in kept if total]
    yes, measured = kept[-1][1:] if kept else (0, 0)
    verdict = judge(promise, shares, as_of, unit)
    code = verdict.code
    blank = _("没有数值的地区按没有做到计算。")
    rule, way, general = blank + verdict.rule, verdict.way, blank + verdict.criterion
    unsure = total and promise.met_by(_share(yes, total)) != promise.met_by(
        _share(yes + total - measured, total)
    )
    if unsure and code not in (*BLANK, "on_track"):
        code = "not_measured"
        rule = _("没有数值的地区可能做到也可能没有做到，结论因此不同，所以不判定，也不算滞后。")
        way = general = ""
    told = _counted(places or _("下级地区"), _("做到"), yes, measured, total)
    if code == "stale":
        told = _("最近的数值是 %(year)s 年的：%(told)s") % {"year": years[-1], "told": told}
    verdict = Attainment(code, told, rule, way=way, general=general)
    return verdict, yes, measured, total


def _share(count: int, total: int) -> Decimal:
    return Decimal(count) * 100 / total


def _kept(values: Values, year: int) -> tuple[int, int]:
    """Return how many children have a yes, and how many any value, at the end of a year."""
    newest = [
        max((one for one in points if one.year <= year), key=lambda one: one.year, default=None)
        for points in values.values()
    ]
    known = [one for one in newest if one is not None]
    return sum(one.value > 0 for one in known), len(known)
