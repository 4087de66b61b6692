"""The plan page: the document, who may see what of its progress, entering and opening one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import AuditEvent
from plans.models import Plan
from tests.cast import Cast
from tests.cast_story import PLAN_A, PLAN_B

Browse = Callable[[Any], Client]
C_TEXT = PLAN_B.replace("丑市", "子市").replace("2021—2025", "2026—2030").replace("2025", "2030")


def text_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def upload(browser: Client, name: str, content: bytes, **more: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return browser.post("/plans/import/", {"file": file}, **more)


def test_the_document_stands_there_in_its_own_words(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.office), f"/plans/{cast.plan.pk}/")
    assert "配齐科学教师，开足实验课时。" in page
    assert '<mark class="t">' in page
    assert f'href="/departments/{cast.education.pk}/"' in page
    assert f'id="m{cast.measure_1.pk}"' in page
    assert "2 项重点任务，4 项措施" in page


def test_text_of_a_document_cannot_become_markup(cast: Cast, browse: Browse) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(1)">'
    text = cast.plan.text.replace("引导场馆与学校结对", evil[:9])
    Plan.objects.filter(pk=cast.plan.pk).update(text=text, title=evil)
    page = text_of(browse(cast.office), f"/plans/{cast.plan.pk}/")
    public = text_of(browse(None), f"/public/plans/{cast.plan.pk}/")
    for one in (page, public):
        assert "<img src=x" not in one
        assert "<script>" not in one
        assert "&lt;script&gt;" in one


def test_who_watches_the_plan_sees_a_line_of_progress_under_each_measure(
    cast: Cast, browse: Browse
) -> None:
    page = text_of(browse(cast.leader), f"/plans/{cast.plan.pk}/?as_of=2024-03-31")
    assert page.count("2024 年任务 1 项，看详情") == 4


def test_a_department_sees_the_progress_of_its_own_tasks_only(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.liaison_finance), f"/plans/{cast.plan.pk}/?as_of=2024-03-31")
    assert page.count("2024 年任务 1 项，看详情") == 2, "task_1 and task_4 are finance's"
    other = f"/plans/{cast.plan.pk}/?measure={cast.measure_3.pk}"
    assert "您单位不承担这项措施" in text_of(browse(cast.liaison_finance), other)


def test_a_measure_tells_its_rule_who_is_printed_and_who_carries_it(
    cast: Cast, browse: Browse
) -> None:
    address = f"/plans/{cast.plan.pk}/?as_of=2024-06-30&measure={cast.measure_1.pk}"
    page = text_of(browse(cast.leader), address)
    card = page.split('id="detail"')[1].split("</section>")[0]
    assert "落后序时" in card
    assert "原文牵头" in card
    assert "市教育局汇总" in card
    assert "2024 年一季度" in card
    assert "2024 年上半年" not in card, "nothing of the first half is approved yet"


def test_a_liaison_with_an_open_entry_is_led_to_it(cast: Cast, browse: Browse) -> None:
    address = f"/plans/{cast.plan.pk}/?measure={cast.measure_1.pk}"
    page = text_of(browse(cast.liaison), address)
    assert f'<a class="btn btn-p" href="/entries/{cast.entry_draft.pk}/">' in page
    assert page.count("btn-p") == 1


def test_a_measure_of_another_plan_is_not_found(cast: Cast, browse: Browse) -> None:
    assert browse(cast.office).get(f"/plans/{cast.plan.pk}/?measure=999999").status_code == 404


def test_a_draft_is_its_own_offices_affair(cast: Cast, browse: Browse) -> None:
    address = f"/plans/{cast.plan_b.pk}/"
    page = text_of(browse(cast.office_b), address)
    assert "这是草稿" in page
    assert page.count("btn-p") == 1
    for who in (cast.office, cast.liaison_b, cast.office_province, cast.leader):
        assert browse(who).get(address).status_code == 404


def test_warnings_of_the_import_are_listed_with_a_draft(cast: Cast, browse: Browse) -> None:
    warnings = [{"code": "x", "message": "同一目标写了两次。", "line": 85}]
    Plan.objects.filter(pk=cast.plan_b.pk).update(warnings=warnings)
    page = text_of(browse(cast.office_b), f"/plans/{cast.plan_b.pk}/")
    assert "请核对 1 处" in page
    assert "（文件第 85 行）" in page


def test_the_office_puts_its_draft_in_force(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.office_b).post(f"/plans/{cast.plan_b.pk}/activate/", follow=True)
    assert "方案已启用" in answer.content.decode()
    cast.plan_b.refresh_from_db()
    assert cast.plan_b.state == Plan.State.ACTIVE


def test_who_may_not_activate_or_open_a_plan_is_refused_and_that_is_written_down(
    cast: Cast, browse: Browse
) -> None:
    for verb in ("activate", "publish"):
        answer = browse(cast.liaison).post(f"/plans/{cast.plan.pk}/{verb}/", {"public": "0"})
        assert answer.status_code == 403
    cast.plan.refresh_from_db()
    assert cast.plan.is_public
    assert AuditEvent.objects.filter(result="refused", code="page.plan-publish").exists()


def test_the_office_closes_an_open_plan_and_opens_it_again(cast: Cast, browse: Browse) -> None:
    office, public = browse(cast.office), browse(None)
    office.post(f"/plans/{cast.plan.pk}/publish/", {"public": "0"})
    assert public.get(f"/public/plans/{cast.plan.pk}/").status_code == 404
    office.post(f"/plans/{cast.plan.pk}/publish/", {"public": "1"})
    assert public.get(f"/public/plans/{cast.plan.pk}/").status_code == 200


def test_a_document_opens_at_once_to_be_checked_and_becomes_a_plan_when_it_was(
    cast: Cast, browse: Browse
) -> None:
    office = browse(cast.office)
    answer = upload(office, "新方案.txt", C_TEXT.encode(), follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "读到 1 项重点任务、1 条措施、1 个责任单位" in page
    assert not Plan.objects.filter(region=cast.city_a, start_year=2026).exists()
    (address, _status) = answer.redirect_chain[-1]
    confirmed = office.post(f"{address}confirm/", follow=True).content.decode()
    assert "方案已建立" in confirmed
    assert Plan.objects.filter(region=cast.city_a, state="draft", start_year=2026).count() == 1


def test_the_same_file_again_opens_the_draft_that_waits(cast: Cast, browse: Browse) -> None:
    office = browse(cast.office)
    first = upload(office, "新方案.txt", C_TEXT.encode())
    again = upload(office, "再来.txt", C_TEXT.encode(), follow=True)
    assert again.redirect_chain == [(first["Location"], 302)]
    assert "这份文件已经导入过" in again.content.decode()


def test_the_same_file_again_opens_the_plan_that_it_gave(cast: Cast, browse: Browse) -> None:
    before = Plan.objects.count()
    answer = upload(browse(cast.office), "再来.txt", PLAN_A.encode(), follow=True)
    assert answer.redirect_chain == [(f"/plans/{cast.plan.pk}/", 302)]
    assert "这份文件已经导入过" in answer.content.decode()
    assert Plan.objects.count() == before


def test_another_regions_file_is_neither_taken_nor_shown(cast: Cast, browse: Browse) -> None:
    office, before = browse(cast.office), Plan.objects.count()
    known = upload(office, "b.txt", PLAN_B.encode())
    assert known.status_code == 422
    assert "这份文件已由其他地区导入" in known.content.decode()
    foreign = upload(office, "c.txt", PLAN_B.encode() + b"\n1")
    refused = office.post(f"{foreign['Location']}confirm/")
    assert refused.status_code == 403
    assert "只有丑市的纲要办可以录入" in refused.content.decode()
    assert Plan.objects.count() == before


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"PK\x03\x04", "只能读取 .txt、.docx 和 .pdf 文件"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .docx"),
        ("a.txt", "今天天气很好。\n".encode(), "这份文件不像实施方案"),
        ("a.txt", b"\x00\x01\x02", "文件内容不是文字"),
        ("a.docx", b"PK\x03\x04 broken", "Word 文件已损坏"),
        ("a.pdf", b"%PDF-1.4 broken", "PDF 文件已损坏"),
        ("a.txt", b"", "文件里没有文字"),
    ],
)
def test_a_wrong_file_is_refused_in_words_at_its_field(
    cast: Cast, browse: Browse, name: str, content: bytes, sentence: str
) -> None:
    before = Plan.objects.count()
    answer = upload(browse(cast.office), name, content)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(sentence) == 2, "once in the summary and once at the field"
    assert '<a href="#id_file">' in page
    assert Plan.objects.count() == before


def test_only_an_office_enters_plans(cast: Cast, browse: Browse) -> None:
    assert browse(cast.liaison).get("/plans/import/").status_code == 403
    assert upload(browse(cast.leader), "a.txt", C_TEXT.encode()).status_code == 403
    assert "录入方案" in text_of(browse(cast.office), "/plans/")
    assert "录入方案" not in text_of(browse(cast.leader), "/plans/")


def test_the_list_holds_what_one_may_see(cast: Cast, browse: Browse) -> None:
    assert "子市全民科学素质" in text_of(browse(cast.liaison), "/plans/")
    assert "还没有可以查看的方案" in text_of(browse(cast.admin), "/plans/")
    assert "丑市全民科学素质" not in text_of(browse(cast.office), "/plans/")


def test_a_plan_without_text_lists_its_actions(cast: Cast, browse: Browse) -> None:
    Plan.objects.filter(pk=cast.plan.pk).update(text="")
    page = text_of(browse(cast.office), f"/plans/{cast.plan.pk}/")
    assert "没有读出原文" in page
    assert "丰富课后服务" in page


def test_bundled_documents_open_as_pages(cast: Cast, browse: Browse) -> None:
    from plans.importer import read_file
    from plans.services.imports import import_document

    folder = Path(__file__).parents[3] / "plans" / "documents"
    for path in sorted(folder.glob("*.txt")):
        content = path.read_bytes()
        for plan in import_document(path.name, content, read_file(path)):
            Plan.objects.filter(pk=plan.pk).update(region=cast.city_a, state="active")
            page = text_of(browse(cast.leader), f"/plans/{plan.pk}/")
            assert page.count('class="ms"') == sum(a.measures.count() for a in plan.actions.all())
