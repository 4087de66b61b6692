"""Markup, formulas and control signs in every stored text stay text wherever they are shown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client

from core.chart_options import status_history
from core.charts import draw
from core.models import Notice
from departments.models import Department, DepartmentName, Region, User
from indicators.models import Indicator, Observation, Target
from plans.models import Action, Duty, Measure, Phase, Plan, PlanSettings, Responsibility
from reports.rendering.document import Document, Paragraph
from tasks.models import Entry, Evidence, Judgement, Period, Revision, Task, Transition
from tests.cast import Cast

Browse = Callable[..., Client]
EVIL = "</script><img src=x onerror=alert(1)>\"'&{{7*7}}"


@pytest.fixture
def poisoned(cast: Cast, transactional_guard: None) -> Cast:
    """Put markup into every text that people or documents give, past all checks."""
    for model, names in (
        (Region, ("name",)),
        (Department, ("name",)),
        (DepartmentName, ("name",)),
        (User, ("name",)),
        (Plan, ("title", "issuer", "document_number")),
        (PlanSettings, ("office_name", "group_name")),
        (Action, ("title",)),
        (Measure, ("title",)),
        (Responsibility, ("printed_name",)),
        (Duty, ("who", "quote")),
        (Phase, ("name",)),
        (Indicator, ("name", "source", "formula")),
        (Target, ("quote",)),
        (Observation, ("source", "note", "return_reason")),
        (Period, ("name",)),
        (Task, ("title", "deliverable", "cancel_reason")),
        (Evidence, ("name",)),
        (Notice, ("text",)),
    ):
        kept = {field.name: field.max_length for field in model._meta.concrete_fields}
        for row in model._base_manager.all():
            given = {name: f"{row.pk}{EVIL}"[: kept[name]] for name in names if name in kept}
            model._base_manager.filter(pk=row.pk).update(**given)
    for entry in Entry.objects.all():
        entry.draft = {
            name: {"text": EVIL, "version": 1} for name in ("percent", "done", "problems")
        }
        entry.save()
    return cast


@pytest.fixture
def transactional_guard(db: None) -> None:
    """Take away what keeps submitted words unchanged, so that they can be poisoned too."""
    from django.db import connection

    with connection.cursor() as cursor:
        for model in (Revision, Transition, Judgement):
            table = model._meta.db_table
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_append_only{on}")
    Revision.objects.update(done=EVIL, problems=EVIL, next_steps=EVIL)
    Transition.objects.update(reason=EVIL, reasons={"done": EVIL, "evidence": EVIL}, acting_as=EVIL)
    Judgement.objects.update(reason=EVIL)


def pages(cast: Cast) -> list[str]:
    rows = {
        "entries": (cast.entry_draft, cast.entry_submitted, cast.entry_approved,
                    cast.entry_returned, cast.part_submitted),
        "review": (cast.entry_submitted,),
        "plans": (cast.plan,),
        "tasks": (cast.task_1, cast.task_4),
        "periods": (cast.period,),
        "departments": (cast.education, cast.members),
        "reports": (cast.report_draft, cast.report_issued),
        "public/plans": (cast.plan,),
    }  # fmt: skip
    found = [f"/{name}/{row.pk}/" for name, some in rows.items() for row in some]
    found += [f"/entries/{cast.entry_returned.pk}/history/"]
    found += [
        f"/plans/{cast.plan.pk}/?measure={one.pk}" for one in (cast.measure_1, cast.measure_4)
    ]
    found += [
        f"/plans/{cast.plan.pk}/measures/",
        "/dashboard/?year=2024",
        "/",
        "/plans/",
        "/tasks/",
    ]
    found += ["/review/", "/periods/", "/indicators/", "/departments/", "/reports/", "/people/"]
    found += [f"/indicators/{code}/" for code in ("literacy_ratio", "funding_per_capita")]
    return [*found, "/audit/", "/notices/", "/entries/check/", "/public/", "/login/"]


@pytest.mark.parametrize("person", ["office", "liaison", "leader", "auditor", "admin", None])
def test_no_stored_text_becomes_markup_on_any_page(
    person: str | None, poisoned: Cast, browse: Browse
) -> None:
    browser = browse(person and getattr(poisoned, person))
    shown = 0
    for path in pages(poisoned):
        html = browser.get(path).content.decode()
        assert "<img src=x" not in html, path
        assert "</script><img" not in html, path
        assert 'onerror=alert(1)>"' not in html, path
        shown += html.count("&lt;img src=x") + html.count("\\u003cimg src=x")
    assert person in (None, "admin", "auditor") or shown > 50


@pytest.mark.parametrize("sign", ["</script>", "<!--", "<b>", "&amp;", '"', "'", "\u2028", "]]>"])
def test_no_text_breaks_out_of_a_chart(sign: str) -> None:
    chart = status_history([f"x{sign}y"], [{"on_track": 3, "behind": 1}])
    drawn = draw(chart, key="k")
    assert "<" not in drawn.data
    assert "&" not in drawn.data
    for part in ("</script>", "<!--", "<b>", "]]>"):
        assert part not in drawn.svg


def test_every_page_says_what_a_browser_may_run(cast: Cast, browse: Browse) -> None:
    for path in ("/", "/login/", "/nothing/", "/public/", f"/evidence/{cast.evidence.pk}/"):
        policy = browse(cast.liaison).get(path)["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "object-src 'none'" in policy


def test_no_template_holds_script_or_style_of_its_own() -> None:
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text), path
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or 'type="application/json"' in tag, (path, tag)


# --- Files ---------------------------------------------------------------------------------
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_csv_is_a_formula(start: str, cast: Cast, call: Browse) -> None:
    Task.objects.filter(pk=cast.task_1.pk).update(title=f"{start}cmd|' /C calc'!A1")
    answer = call(cast.office).get("/api/v1/tasks/?format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert f"'{start}cmd" in text


@pytest.mark.parametrize(
    "text", [EVIL, "a\x00b\x0bc\ufffe", "=1+1", "{%tr x%}", "]]>", "#set text()"]
)
def test_documents_hold_any_text_as_text(text: str) -> None:
    from reports.rendering.pdf import to_pdf
    from reports.rendering.word import to_docx

    document = Document(title="报告", blocks=[Paragraph(text)])
    word = to_docx(document, settings.FONT_DIR)
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        inside = archive.read("word/document.xml").decode()
    assert "<img" not in inside
    assert to_pdf(document, settings.FONT_DIR).startswith(b"%PDF")


def test_parameters_come_back_as_text(cast: Cast, browse: Browse) -> None:
    auditor, office = browse(cast.auditor), browse(cast.office)
    assert "<img" not in auditor.get("/audit/", {"code": EVIL}).content.decode()
    assert "<img" not in office.get("/entries/check/", {"period": EVIL}).content.decode()
    html = office.post("/people/", {"username": EVIL}).content.decode()
    assert "<img" not in html
    wrong = browse(cast.liaison).post(
        "/entries/check/", {"entry": cast.entry_blank.pk, f"title-{cast.entry_blank.pk}": EVIL},
        follow=True,
    )  # fmt: skip
    assert "<img" not in wrong.content.decode()


def test_a_redirect_takes_no_line_end_from_a_form(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.liaison).post("/entries/check/", {"period": "1\r\nSet-Cookie: a=b"})
    assert answer.status_code == 302
    assert "\n" not in answer["Location"]
    assert "a" not in answer.cookies


def test_a_planted_number_stays_a_number(cast: Cast, browse: Browse) -> None:
    Observation.objects.filter(pk=cast.observed.pk).update(value=Decimal("0.000001"))
    assert browse(cast.office).get("/indicators/literacy_ratio/").status_code == 200
