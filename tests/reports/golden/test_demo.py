"""The demo's annual and five-year reports, word by word: what a change of wording or facts does.

`GOLDEN=write pytest tests/reports/golden` writes the files anew; look at the difference then.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from plans.models import Plan
from reports import facts
from reports.compose import compose
from reports.facts.scope import Scope
from reports.facts.totals import wrong_totals
from reports.outlines import parts_of
from reports.rendering.document import Block, Figure, Heading, Table, plain
from reports.rendering.draft import Draft, headed, to_json

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent
CITY = "370300"
TODAY = date(2021, 3, 1)  # the years of the plan are over
CLOCK = "填报日期"  # the demo hands in when it is made


@pytest.fixture
def plan(settings: object, tmp_path: Path) -> Plan:
    """Load the demo into the test's database and return the plan that people work on in it."""
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]  # the accounts are written there
    call_command("demo", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    return Plan.objects.select_related("region", "settings").get(region__code=CITY)


def test_the_reports_of_the_demo_are_as_written_down(plan: Plan) -> None:
    for kind, year in (("annual", 2018), ("five_year", 2020)):
        scope = Scope(plan, kind, year)
        frozen = facts.freeze(scope, TODAY)
        assert facts.encoded(frozen) == facts.encoded(facts.freeze(scope, TODAY))
        assert wrong_totals(frozen) == []
        draft = compose(frozen, parts_of(kind))
        assert to_json(draft) == to_json(compose(frozen, parts_of(kind)))
        text = "\n".join(_lines(draft, frozen)) + "\n"
        file = HERE / f"{kind}-{year}.txt"
        if os.environ.get("GOLDEN") == "write":
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8"), f"{file.name} differs: see the docstring"


def _lines(draft: Draft, frozen: facts.Frozen) -> Iterator[str]:
    """Give a report as lines, then its figures without the numbers of rows of this database."""
    yield from draft.title
    yield f"{draft.recipient}："
    for heading, section in headed(draft.sections):
        yield f"# {heading}"
        yield from (line for block in section.blocks for line in _block(block))
    for annex in draft.annexes:
        yield f"# 附件 {''.join(annex.title)}"
        yield from (line for block in annex.blocks for line in _block(block))
    yield draft.signature
    yield "# 数字"
    for key, row in frozen["figures"].items():
        if not key.startswith(("task.", "supervision.")):  # named by rows of this database
            yield f"{key}\t{row['value']}{row['unit']}\t{row['label']}\t{len(row['sources'])}"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {plain(block.text)}"
    elif isinstance(block, Table):
        yield f"[{block.caption}] " + " | ".join(column.label for column in block.columns)
        days = [at for at, column in enumerate(block.columns) if column.label == CLOCK]
        for row in block.rows:
            cells = [plain(cell).replace("\n", " / ") for cell in row]
            yield " | ".join(
                "（日）" if at in days and cell else cell for at, cell in enumerate(cells)
            )
        yield from block.note.splitlines()
    elif isinstance(block, Figure):
        yield f"[{block.caption}] {block.alt}"
    else:
        yield plain(block.text)
