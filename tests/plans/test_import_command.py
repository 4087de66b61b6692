"""`manage.py import_plan`: the fixed interface, on the documents that ship with the portal."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from indicators.models import Target
from plans.models import Action, Measure, Plan, SourceDocument

DOCUMENTS = sorted((Path(settings.BASE_DIR) / "plans" / "documents").glob("*.txt"))
pytestmark = pytest.mark.django_db


def import_plan(*words: Any) -> tuple[str, str, int]:
    """Run the command; return what it printed, its complaint, and its exit code."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_plan", *map(str, words), stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), int(end.code or 0)
    return out.getvalue(), err.getvalue(), 0


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_becomes_a_draft_plan(document: Path):
    assert import_plan(document)[2] == 0
    plan = Plan.objects.get()
    tasks = Action.objects.filter(plan=plan).exclude(kind="safeguard")
    assert (plan.state, plan.start_year, plan.end_year) == ("draft", 2016, 2020)
    assert tasks.count() == 10
    assert Measure.objects.filter(action__in=tasks).count() in (36, 39)
    assert Target.objects.filter(plan=plan, indicator__code="literacy_ratio").count() == 1


def test_the_same_file_again_is_the_same_plan():
    import_plan(DOCUMENTS[0])
    printed, _complaint, code = import_plan(DOCUMENTS[0])
    assert code == 0
    assert "已导入过" in printed
    assert Plan.objects.count() == 1


def test_a_dry_run_prints_json_and_writes_nothing():
    printed, _complaint, code = import_plan(DOCUMENTS[0], "--dry-run", "--json")
    assert code == 0
    assert set(json.loads(printed)) == {
        "title", "region", "document_number", "issuer", "issued_on", "start_year", "end_year",
        "actions", "targets", "duties", "phases", "warnings",
    }  # fmt: skip
    assert not SourceDocument.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("letter.txt", "各位同志：明天上午九点开会，请准时参加。".encode()),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("noise.txt", bytes(range(256)) * 8),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes):
    path = tmp_path / name
    path.write_bytes(content)
    printed, complaint, code = import_plan(path)
    assert code == 2
    assert printed == ""
    assert complaint.strip().count("\n") == 0
    assert complaint.strip()
    assert not Plan.objects.exists()
    assert not SourceDocument.objects.exists()


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path):
    assert import_plan(tmp_path / "none.txt")[2] == 2
