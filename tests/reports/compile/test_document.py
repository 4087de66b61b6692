"""The text of a report: nothing invented, every number a fact, neighbours not alike."""

import copy
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.conf import settings

from indicators.models import Observation
from reports import facts
from reports.compose.wording import action_sentences, attributed, ended, names, phrase
from reports.models import ReportVersion
from reports.rendering.document import Heading, Paragraph, Table, fact_keys, plain, runs
from reports.rendering.draft import document, from_json, numeral
from reports.rendering.excel import to_xlsx
from reports.rendering.pdf import to_pdf
from reports.rendering.word import to_docx
from tasks.models import Entry
from tasks.services.planning import cancel_task
from tests.cast import Cast
from tests.reports.compile.working import add_measures, freeze, plain_text, written

pytestmark = pytest.mark.django_db
# Numbers that are no findings: dates and years, numbering, the codes of things.
NO_FINDING = re.compile(
    r"\d{4}(?:—\d{4})?年(?:度)?|\d{4}年\d+月\d+日|〔\d+〕\d+号|^\d+\. |图\d|表\d|\d+月\d+日"
)


@pytest.fixture
def frozen(cast: Cast) -> facts.Frozen:
    return freeze(cast.plan)


def headings(frozen: facts.Frozen) -> list[str]:
    return [plain(block.text) for block in written(frozen).blocks if isinstance(block, Heading)]


def test_it_has_the_outline_of_an_annual_report(frozen: facts.Frozen) -> None:
    document = written(frozen)
    assert "".join(document.title) == "关于2024年度全民科学素质行动工作情况的报告"
    assert [one for one in headings(frozen) if one[1] == "、"] == [
        "一、主要工作及成效",
        "二、目标指标完成情况",
        "三、存在问题",
        "四、下一年度工作打算",
    ]
    assert ["".join(one.title) for one in document.attachments] == [
        "2024年度工作进展情况表",
        "数据来源和编制说明",
        "数字来源索引",
    ]


def test_the_bodies_bear_the_names_of_the_plans_settings(cast: Cast) -> None:
    cast.plan.settings.group_name = "全民科学素质纲要实施工作办公会议"
    cast.plan.settings.signature_name = "子市全民科学素质纲要实施工作办公室"
    document = written(freeze(cast.plan))
    assert document.recipient == "子市全民科学素质纲要实施工作办公会议"
    assert document.signature == "子市全民科学素质纲要实施工作办公室"


def test_no_number_and_no_date_are_invented(frozen: facts.Frozen) -> None:
    frozen["plan"]["document_number"] = None
    document = written(frozen)
    assert (document.head, document.date) == (None, None)
    assert "号" not in plain(document.blocks[0].text)


def test_every_fact_of_the_document_is_a_frozen_figure(frozen: facts.Frozen) -> None:
    keys = fact_keys(written(frozen))
    assert len(keys) > 20
    assert set(keys) <= set(frozen["figures"])


def test_every_number_of_the_texts_by_rule_is_a_fact(frozen: facts.Frozen) -> None:
    told = {
        entry[name]
        for action in frozen["actions"]
        for measure in action["measures"]
        for task in measure["tasks"]
        for entry in task["entries"]
        for name in ("done", "problems", "next_steps")
    }
    for block in written(frozen).blocks:
        if not isinstance(block, Paragraph):
            continue
        text = "".join("" if run.fact else run.text for run in runs(block.text))
        if any(words and words.rstrip("。") in text for words in told):
            continue  # a unit's own words
        assert not re.search(r"\d", NO_FINDING.sub("", text)), text


def test_a_figure_that_changes_changes_the_text(frozen: facts.Frozen) -> None:
    before = plain_text(written(frozen))
    changed = copy.deepcopy(frozen)
    changed["figures"]["plan.percent"]["value"] = "77.7"
    after = plain_text(written(changed))
    assert "77.7%" not in before
    assert "77.7%" in after


def test_the_units_own_words_stand_with_their_names(frozen: facts.Frozen) -> None:
    text = plain_text(written(frozen))
    assert "建设社区科普馆按计划推进，完成50%（市科协）。" in text
    assert "经费到位较慢（市科协）。" in text
    assert "下一步加快进度（市科协）。" in text


def test_late_and_own_checked_words_are_marked(cast: Cast) -> None:
    Entry.objects.filter(pk=cast.entry_approved.pk).update(own_check=True)
    frozen = freeze(cast.plan)
    for action in frozen["actions"]:
        for measure in action["measures"]:
            for task in measure["tasks"]:
                for entry in task["entries"]:
                    entry["late"] = entry["entry"] == cast.entry_earlier.pk
    text = plain_text(written(frozen))
    assert "（市科协，本单位自核）" in text
    assert "（市教育局，迟报）" in text
    assert "本单位自核1件" in text


def test_what_nobody_reported_is_said_and_not_invented(cast: Cast) -> None:
    Entry.objects.filter(approved__isnull=False).update(approved=None, state="draft")
    cancel_task(cast.task_4, "并入其他任务", by=cast.office)  # the one that the office judged
    frozen = freeze(cast.plan)
    text = plain_text(written(frozen))
    assert "总体进度暂不评价" in text
    assert "3条措施没有核对通过的填报，实际进展尚不掌握。" in text
    assert "没有写明存在的问题。" in text
    assert "没有写明下一步打算。" in text
    assert not re.search(r"(?<!\d)0%", text)


def test_a_year_without_tasks_says_so_in_words(cast: Cast) -> None:
    frozen = freeze(cast.plan, cast.observed.year)
    text = plain_text(written(frozen))
    assert "系统中没有本年度的任务，以下各项不评价进度。" in text
    assert "0项" not in text
    assert "0个单位" not in text


def test_neighbouring_sections_do_not_repeat_a_sentence(cast: Cast, frozen: facts.Frozen) -> None:
    template = copy.deepcopy(frozen["actions"][0])
    for light in ("on_track", "behind", "far_behind", "done", "overdue", "unreported"):
        frames = []
        for turn in range(10):
            action = template | {"light": light}
            said = plain(action_sentences(frozen, action, turn))
            frames.append({re.sub(r"[\d.]+", "#", one) for one in said.split("。") if one})
        for one, following in pairwise(frames):
            assert not one & following, light


def test_the_table_of_targets_lists_every_target_and_year(frozen: facts.Frozen) -> None:
    table = next(block for block in written(frozen).blocks if isinstance(block, Table))
    assert [column.label for column in table.columns] == [
        "序号",
        "指标",
        "单位",
        "属性",
        "基期值",
        "目标值",
        "各年实际值",
        "完成率",
        "完成情况",
        "数据来源",
        "责任单位",
        "未完成原因",
    ]
    assert len(table.rows) == 3
    years = plain(table.rows[0][6]).split("\n")
    assert years == ["2021年 未测", "2022年 未测", "2023年 11.2%", "2024年 未测"]


def test_the_table_of_progress_has_a_row_for_each_task(frozen: facts.Frozen) -> None:
    (table,) = written(frozen).attachments[0].blocks
    assert isinstance(table, Table)
    assert [column.label for column in table.columns] == [
        "序号",
        "重点任务",
        "具体措施",
        "牵头单位",
        "配合单位",
        "完成时限",
        "本期目标",
        "进展情况",
        "完成比例/状态",
        "存在问题",
        "下一步打算",
        "佐证材料",
        "填报人",
        "审核人",
        "填报日期",
    ]
    assert [plain(row[3]) for row in table.rows] == [
        "市教育局",
        "市教育局",
        "市科协",
        "市财政局、市教育局\n（按职责分工负责）",
    ]
    assert plain(table.rows[3][8]).startswith("15%\n（综合判定）\n")


def test_demo_values_are_called_demo(cast: Cast) -> None:
    Observation.objects.filter(pk=cast.observed.pk).update(is_demo=True)
    text = plain_text(written(freeze(cast.plan)))
    assert "2023年 11.2%（演示数据）" in text
    assert "本报告的部分指标数值是演示数据，不是真实统计或调查结果。" in text


def test_substituted_fonts_are_named(frozen: facts.Frozen) -> None:
    assert "仿宋_GB2312 → Noto Serif SC" in plain_text(
        written(frozen, ["仿宋_GB2312 → Noto Serif SC"])
    )
    assert "替代字体" not in plain_text(written(frozen, []))


def test_the_same_facts_give_the_same_files(frozen: facts.Frozen) -> None:
    first, second = written(frozen), written(copy.deepcopy(frozen))
    assert to_docx(first, settings.FONT_DIR) == to_docx(second, settings.FONT_DIR)
    assert to_pdf(first, settings.FONT_DIR) == to_pdf(second, settings.FONT_DIR)


def test_what_is_stored_gives_the_stored_files_again(
    compiled: Callable[[], ReportVersion],
) -> None:
    version = compiled()
    draft = from_json(version.text)
    assert to_docx(document(draft), settings.FONT_DIR) == version.docx.open("rb").read()
    assert to_xlsx(draft) == version.xlsx.open("rb").read()


def test_words_with_signs_of_markup_are_printed_as_typed(cast: Cast) -> None:
    nasty = '<w:p>&amp; #set page() $x$ {plan.percent} \\ "引号" <script>'
    add_measures(cast, 1, nasty)
    document = written(freeze(cast.plan))
    assert nasty in plain_text(document)
    assert to_docx(document, settings.FONT_DIR).startswith(b"PK")
    assert to_pdf(document, settings.FONT_DIR).startswith(b"%PDF")


def test_small_words() -> None:
    entry = {"unit": "市教育局", "late": True, "own_check": False}
    assert attributed("已完成", entry) == "已完成（市教育局，迟报）。"
    assert attributed("已完成！", entry) == "已完成！（市教育局，迟报）"
    assert [ended("好，"), ended("好。"), ended("  "), ended("好（三）")] == [
        "好。",
        "好。",
        "",
        "好（三）",
    ]
    assert [numeral(one) for one in (1, 10, 11, 20, 34)] == ["一", "十", "十一", "二十", "三十四"]
    assert names([str(one) for one in range(9)]).endswith("“7”等")
    assert names(["建设“十三五”场馆"]) == "“建设‘十三五’场馆”"
    figures = {"figures": {"a.n": {"value": "5", "unit": "%"}}}
    assert [(run.text, run.fact) for run in phrase(figures, "有{%n}。", "a")] == [
        ("有", None),
        ("5%", "a.n"),
        ("。", None),
    ]
