"""What the sentence of a duty asks for: a number, of what, of whom, in which span."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from plans.importer.duties import read_duties
from tasks.quotas import Quota, quota_of, spans


def read(sentence: str, *, general: bool = True) -> list[Quota]:
    """Return the quotas of the duties that the importer finds in a sentence."""
    found = read_duties(sentence, (0, len(sentence)), general=general)
    return [quota_of(one.who, one.every, one.quote) for one in found]


@pytest.mark.parametrize(
    ("sentence", "least", "of", "per", "levels", "every"),
    [
        ("每镇每年举办科普活动不少于3项。", 3, "项", "places", ("town",), "year"),
        ("每镇(街道)每年开展不少于３次科普进校园活动。", 3, "次", "places", ("town",), "year"),
        ("各县（市、区）每季度开展科普活动至少两场。", 2, "场", "places", ("county",), "quarter"),
        (
            "各区县、镇（街道）每年举办1—2次科普讲座。",
            1,
            "次",
            "places",
            ("county", "town"),
            "year",
        ),
        ("各地每年组织不少于5场宣讲。", 5, "场", "below", (), "year"),
        ("各成员单位每半年报送工作信息不少于4篇。", 4, "篇", "members", (), "half_year"),
        ("各有关部门、单位每年开展培训不少于一期。", 1, "期", "members", (), "year"),
        ("每个社区每季度举办科普讲座不少于1次。", 1, "次", "others", (), "quarter"),
        ("各学校每学期开展科技活动不少于2次。", 2, "次", "others", (), "term"),
        ("市科协负责每两年开展一次公民科学素质调查。", 1, "次", "one", (), "two_years"),
        ("区政府督查室每年开展一次专项督查。", 1, "次", "one", (), "year"),
        ("市科协每月开展活动，全年下乡不少于20场。", 20, "场", "one", (), "year"),
        ("加强农业科技培训，每年培训2万人次。", 20_000, "人次", "one", (), "year"),
        ("每年一次，不超过3次。", 1, "次", "one", (), "year"),
        ("一年一次总结表彰。", 1, "次", "one", (), "year"),
        ("办好第三届科技节，每年举办活动不少于十二场。", 12, "场", "one", (), "year"),
    ],
)
def test_a_printed_number_is_the_quota(
    sentence: str, least: int, of: str, per: str, levels: tuple[str, ...], every: str
) -> None:
    quota = next(one for one in read(sentence, general=True) if one.every == every)
    assert (quota.least, quota.of, quota.per, quota.levels) == (least, of, per, levels)
    assert quota.by_people == (of == "人次")


def test_each_rhythm_of_a_sentence_has_the_number_of_its_own_clause() -> None:
    quotas = read("领导小组每两年总结一次，每季度召开不少于两次会议，每年表彰。")
    assert [(one.every, one.least) for one in quotas] == [
        ("two_years", 1), ("quarter", 2), ("year", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "unread"),
    [
        ("各地要把《科学素质纲要》的重点任务列入年度工作计划，纳入目标管理考核。", ""),
        ("定期开展吉林省公民科学素养调查和全省科普统计工作。", ""),
        ("适时开展第三方评估。", ""),
        ("每年举办青少年科技创新大赛。", ""),
        ("每年活动不超过3次。", ""),
        ("县电视台每周播出科普节目不少于30分钟。", "30分钟"),
        ("办好35个教学点，每个教学点全年授课不少于20课时。", "20课时"),
    ],
)
def test_without_a_number_that_events_can_show_one_event_is_asked_for(
    sentence: str, unread: str
) -> None:
    (quota,) = read(sentence)
    assert (quota.least, quota.needed, quota.unread) == (None, 1, unread)


@pytest.mark.parametrize(
    ("who", "per", "levels"),
    [
        (None, "one", ()),
        ("领导小组", "one", ()),
        ("市教育局", "one", ()),
        ("各级政府", "others", ()),
        ("各镇", "places", ("town",)),
        ("各镇（街道）人民政府", "places", ("town",)),
        ("各街道办事处", "places", ("town",)),
        ("各县（市、区）政府", "places", ("county",)),
        ("各区县", "places", ("county",)),
        ("各市", "places", ("city",)),
        ("每校", "others", ()),
        ("各村", "others", ()),
        ("各县级以上学会", "others", ()),
    ],
)
def test_whom_a_duty_holds_for(who: str | None, per: str, levels: tuple[str, ...]) -> None:
    quota = quota_of(who, "year", "")
    assert (quota.per, quota.levels) == (per, levels)


@pytest.mark.parametrize(
    ("every", "due", "expected"),
    [
        ("year", None, [("2018-01-01", "2018-12-31")]),
        ("regular", None, [("2018-01-01", "2018-12-31")]),
        ("half_year", None, [("2018-01-01", "2018-06-30"), ("2018-07-01", "2018-12-31")]),
        ("two_years", None, [("2018-01-01", "2019-12-31")]),
        ("", None, [("2016-01-01", "2020-12-31")]),
        ("", date(2018, 6, 15), [("2016-01-01", "2018-06-15")]),
    ],
)
def test_the_spans_of_a_year(every: str, due: date | None, expected: list[tuple[str, str]]) -> None:
    found = spans(every, 2018, 2016, 2020, due)
    assert [(str(one.start), str(one.end)) for one in found] == expected


def test_quarters_and_months_cover_the_year_without_a_gap() -> None:
    for every, count in (("quarter", 4), ("month", 12)):
        found = spans(every, 2020, 2016, 2020, None)
        assert len(found) == count
        assert (found[0].start, found[-1].end) == (date(2020, 1, 1), date(2020, 12, 31))
        assert all((b.start - a.end).days == 1 for a, b in pairwise(found))
