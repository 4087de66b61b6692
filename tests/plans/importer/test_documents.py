"""Read the three bundled plans whole and compare them with what a person read in them."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from plans.importer import ParsedAction, ParsedPlan, ParsedTarget, parse_text, read_file, to_json

DOCUMENTS = Path(__file__).resolve().parents[3] / "plans" / "documents"
NAMES = ("zibo", "dezhou", "jilin")


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def plan(name: str, request: pytest.FixtureRequest) -> ParsedPlan:
    found = request.getfixturevalue(name)
    assert isinstance(found, ParsedPlan)
    return found


def _tasks(plan: ParsedPlan) -> list[ParsedAction]:
    return [action for action in plan.actions if action.kind != "safeguard"]


def _target(plan: ParsedPlan, indicator: str) -> ParsedTarget:
    (found,) = [target for target in plan.targets if target.indicator == indicator]
    return found


def _row(target: ParsedTarget) -> tuple[object, ...]:
    return (target.operator, target.value, target.unit, target.year, target.scope)


@pytest.mark.parametrize(
    ("name", "measures", "safeguards"),
    [("zibo", 39, 5), ("dezhou", 39, 5), ("jilin", 36, 3)],
)
def test_ten_actions_and_all_their_measures_are_found(
    plan: ParsedPlan, measures: int, safeguards: int
) -> None:
    tasks = _tasks(plan)
    assert [task.kind for task in tasks] == ["action"] * 4 + ["project"] * 6
    assert sum(len(task.measures) for task in tasks) == measures
    assert sum(action.kind == "safeguard" for action in plan.actions) == safeguards


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "zibo",
            {
                "title": "淄博市全民科学素质行动计划纲要实施方案（2016-2020年）",
                "region": "淄博市",
                "document_number": None,
                "issuer": "淄博市人民政府办公厅",
                "issued_on": "2016-08-15",
            },
        ),
        (
            "dezhou",
            {
                "title": "德州市全民科学素质行动计划纲要实施方案（2016—2020年）",
                "region": "德州市",
                "document_number": "德政办发〔2017〕8号",
                "issuer": "德州市人民政府办公室",
                "issued_on": "2017-08-17",
            },
        ),
        (
            "jilin",
            {
                "title": "吉林省贯彻全民科学素质行动计划纲要实施方案（2016—2020年）",
                "region": "吉林省",
                "document_number": "吉政办发〔2016〕43号",
                "issuer": "吉林省人民政府办公厅",
                "issued_on": "2016-06-19",
            },
        ),
    ],
)
def test_the_header_comes_from_the_text(plan: ParsedPlan, expected: dict[str, object]) -> None:
    written = to_json([plan])
    assert isinstance(written, dict)
    assert {key: written[key] for key in expected} == expected
    assert (plan.start_year, plan.end_year) == (2016, 2020)


def test_titles_and_numbers_stand_as_printed(zibo: ParsedPlan, jilin: ParsedPlan) -> None:
    assert (zibo.actions[0].number, zibo.actions[0].title) == ("（一）", "实施青少年科学素质行动")
    assert zibo.actions[5].number == "(六)"
    fifth = zibo.actions[0].measures[4]
    assert (fifth.number, fifth.title) == ("5", "充分利用信息技术手段，均衡配置科技教育资源")
    assert [m.number for m in jilin.actions[0].measures] == [None, None, None]
    assert jilin.actions[0].measures[1].title == "加强校内外相结合的科学教育工作"
    assert jilin.actions[3].title == "实施领导干部和公务员科学素质行动"


def test_safeguards_keep_their_items(jilin: ParsedPlan, zibo: ParsedPlan) -> None:
    safeguards = [a for a in jilin.actions if a.kind == "safeguard"]
    assert [a.title for a in safeguards] == ["加强组织领导", "完善实施机制", "强化保障措施"]
    assert [len(a.measures) for a in safeguards] == [3, 3, 2]
    assert safeguards[2].measures[1].title == "保障经费投入"
    assert [a.title for a in zibo.actions[10:]] == [
        "加强组织领导",
        "加强政策激励",
        "加大经费投入",
        "加强监测评估",
        "科学统筹推进",
    ]


def _crude_brackets(name: str) -> list[str]:
    """Count brackets that end in a verb without any help of the importer."""
    raw = re.sub(r"\s", "", read_file(DOCUMENTS / f"{name}-2016.txt"))
    inner = r"[^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*"
    return re.findall(rf"[（(]({inner}(?:负责|配合))[）)]", raw)


@pytest.mark.parametrize(("name", "count"), [("zibo", 49), ("dezhou", 49), ("jilin", 0)])
def test_every_bracket_of_units_became_a_statement(plan: ParsedPlan, name: str, count: int) -> None:
    brackets = _crude_brackets(name)
    statements = [
        statement
        for action in plan.actions
        for item in (action, *action.measures)
        for statement in item.statements
        if plan.text[statement.span[0]] in "（("
    ]
    assert len(brackets) == len(statements) == count
    for printed, statement in zip(brackets, statements, strict=True):
        body = re.sub(r"^(?:分工：)?由?", "", printed)
        body = re.sub(r"按照?职责分工负责$|负责$", "", body)
        crude = re.split(r"牵头，|配合$|、", body)
        assert [unit.name for unit in statement.units] == [word for word in crude if word]


def test_every_division_line_became_a_statement(jilin: ParsedPlan) -> None:
    raw = read_file(DOCUMENTS / "jilin-2016.txt")
    lines = [re.sub(r"\s", "", line) for line in raw.splitlines() if line.startswith("分工：")]
    assert len(lines) == 10
    for line, action in zip(lines, _tasks(jilin), strict=True):
        leads, others = line.removeprefix("分工：由").split("牵头，")
        assert list(action.leads) == leads.split("、")
        assert list(action.cooperators) == re.sub(r"等单位(?:配合)?。$", "", others).split("、")
        assert action.responsible == ()


def test_hand_checked_units(zibo: ParsedPlan, dezhou: ParsedPlan, jilin: ParsedPlan) -> None:
    first = zibo.actions[0]
    assert first.leads == ("市教育局", "团市委")
    assert first.cooperators == ("相关部门和单位",)
    assert first.measures[0].responsible == ("市教育局",)
    assert zibo.actions[5].measures[0].responsible == (
        "市委宣传部",
        "市民政局",
        "市教育局",
        "市科技局",
        "市文化广电新闻出版局",
        "市卫生计生委",
        "市环保局",
        "市安监局",
        "市妇联",
        "市科协",
        "市社科联",
        "市广播电视台",
        "市公安局交警支队",
    )
    # Printed across a page break, and with 和 inside a name.
    assert dezhou.actions[0].measures[1].responsible == (
        "市教育局",
        "市人力资源和社会保障局",
        "团市委",
        "市科协",
    )
    assert dezhou.actions[9].leads == ("市科协", "市科技局", "市人力资源和社会保障局")
    assert jilin.actions[1].leads == ("省农委", "省科协")
    assert jilin.actions[0].leads == ("省教育厅", "团省委")
    assert jilin.actions[0].cooperators[5:9] == (
        "省文化厅",
        "省卫生计生委",
        "省新闻出版广电局",
        "省林业厅",
    )


def test_only_zibo_and_dezhou_name_units_at_measures(plan: ParsedPlan, name: str) -> None:
    measures = [measure for action in _tasks(plan) for measure in action.measures]
    named = [measure for measure in measures if measure.statements]
    assert len(named) == (0 if name == "jilin" else 39)
    assert all(not measure.leads and not measure.cooperators for measure in measures)


@pytest.mark.parametrize(
    ("name", "operator", "value"),
    [("zibo", "gt", "10.5"), ("dezhou", "gte", "10.5"), ("jilin", "gte", "10")],
)
def test_the_literacy_target(plan: ParsedPlan, name: str, operator: str, value: str) -> None:
    target = _target(plan, "literacy_ratio")
    assert _row(target) == (operator, value, "%", 2020, "self")
    assert target.quote == plan.text[slice(*target.span)]
    assert target.quote.startswith("到2020年，")
    if name == "jilin":
        assert target.stretch is not None
        assert (target.stretch.operator, target.stretch.value) == ("gt", "10")
    else:
        assert target.stretch is None


def test_the_funding_norm_is_kept_twice_with_a_warning(zibo: ParsedPlan) -> None:
    funding = [t for t in zibo.targets if t.indicator == "funding_per_capita"]
    assert [_row(t) for t in funding] == [
        ("gt", "1", "元", 2020, "each_child"),
        ("gte", "1", "元", "every", "each_child"),
    ]
    assert [w.line for w in zibo.warnings if w.code == "target_repeated"] == [85]


def test_the_funding_norm_in_words(dezhou: ParsedPlan, jilin: ParsedPlan) -> None:
    target = _target(dezhou, "funding_per_capita")
    assert _row(target) == ("gte", "1", "元", 2020, "each_child")
    assert target.quote.endswith("县人均科普专项经费投入达到一元钱。")
    assert not [t for t in jilin.targets if t.indicator == "funding_per_capita"]


@pytest.mark.parametrize("name", ["zibo", "dezhou"])
def test_half_of_the_counties_open_a_venue(plan: ParsedPlan) -> None:
    target = _target(plan, "venue_coverage")
    assert _row(target) == ("approx", "50", "%", 2020, "share_of_children")
    assert "一半左右的" in target.quote


@pytest.mark.parametrize("name", ["zibo", "dezhou"])
def test_the_new_museum_is_a_milestone_without_a_value(plan: ParsedPlan) -> None:
    target = _target(plan, "science_museum_opening")
    assert (target.operator, target.value, target.unit, target.year) == ("eq", None, None, 2020)


def test_full_coverage_is_a_hundred_percent(plan: ParsedPlan) -> None:
    for indicator in ("school_activity_coverage", "science_communicator_coverage"):
        assert _row(_target(plan, indicator)) == ("eq", "100", "%", None, "self")


def test_phases(zibo: ParsedPlan, dezhou: ParsedPlan, jilin: ParsedPlan) -> None:
    last_two = [
        ("深入实施", date(2017, 1, 1), date(2019, 12, 31)),
        ("总结评估", date(2020, 1, 1), date(2020, 12, 31)),
    ]
    assert [(p.name, p.start, p.end) for p in zibo.phases] == [
        ("启动", date(2016, 1, 1), date(2016, 12, 31)),
        *last_two,
    ]
    assert [(p.name, p.start, p.end) for p in dezhou.phases] == last_two
    assert jilin.phases == ()


def test_duties(zibo: ParsedPlan, jilin: ParsedPlan) -> None:
    yearly = [d for d in jilin.duties if "列入年度工作计划" in d.quote]
    assert [(d.who, d.every) for d in yearly] == [("各地", "year")]
    assert [d.every for d in jilin.duties if d.quote.startswith("定期开展")] == ["regular"]
    for words in ("第三方", "专项督查", "奖励和表彰"):
        assert [d for d in jilin.duties if words in d.quote]
    assert [d.who for d in zibo.duties if "督导检查" in d.quote] == ["各级政府"]


def test_warnings_point_at_lines_of_the_file(jilin: ParsedPlan) -> None:
    raw = read_file(DOCUMENTS / "jilin-2016.txt").splitlines()
    assert {w.code for w in jilin.warnings} == {"missing_verb", "ocr_suspect"}
    for warning in jilin.warnings:
        expected = "分工：" if warning.code == "missing_verb" else "力口强"
        assert expected in raw[warning.line - 1]


def test_paragraphs_are_readable(dezhou: ParsedPlan) -> None:
    assert "要做好“科普中国V视快递”和“科普大篷车”节目" in dezhou.text
    assert "推动科技教育进课堂、进教材" in dezhou.text
    second = dezhou.actions[0].measures[1]
    assert second.text.startswith("推进高中阶段的科技教育。鼓励普通高中")
    assert second.text.endswith("系统提升学生科学意识和综合素养。")
    assert "\n" not in second.text


def test_spans_point_at_what_was_read(plan: ParsedPlan) -> None:
    for action in plan.actions:
        for item in (action, *action.measures):
            assert plan.text[slice(*item.title_span)] == item.title
            assert item.span[0] <= item.title_span[0] < item.title_span[1] <= item.span[1]
            for statement in item.statements:
                for unit in statement.units:
                    assert plan.text[slice(*unit.span)] == unit.name
    for quoted in (*plan.targets, *plan.duties):
        assert plan.text[slice(*quoted.span)] == quoted.quote


def test_the_json_has_exactly_the_agreed_keys(plan: ParsedPlan) -> None:
    written = to_json([plan])
    assert isinstance(written, dict)
    json.dumps(written)
    charged = {"number", "title", "leads", "cooperators", "responsible"}
    assert set(written) == {
        "title", "region", "document_number", "issuer", "issued_on", "start_year", "end_year",
        "actions", "targets", "duties", "phases", "warnings",
    }  # fmt: skip
    for action in written["actions"]:
        assert set(action) == charged | {"kind", "measures"}
        assert all(set(measure) == charged | {"text"} for measure in action["measures"])
    for target in written["targets"]:
        assert set(target) == {
            "indicator", "operator", "value", "unit", "year", "scope", "stretch", "quote",
        }  # fmt: skip


def test_two_documents_in_one_file_keep_their_own_headers(
    zibo: ParsedPlan, dezhou: ParsedPlan
) -> None:
    both = [read_file(DOCUMENTS / f"{name}-2016.txt") for name in ("zibo", "dezhou")]
    found = parse_text("\n".join(both))
    assert isinstance(to_json(found), list)
    for plan, alone in zip(found, (zibo, dezhou), strict=True):
        assert plan.title == alone.title
        assert plan.document_number == alone.document_number
        assert (plan.issuer, plan.issued_on) == (alone.issuer, alone.issued_on)
        assert [a.title for a in plan.actions] == [a.title for a in alone.actions]
