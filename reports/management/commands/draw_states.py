"""`manage.py draw_states`: draw the transition tables as state diagrams into docs/states.md."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reports import workflow as reports
from reports.models import Report, ScoreCard
from tasks import workflow as tasks
from tasks.models import Entry, Period, SupervisionItem

PAGE = Path(settings.BASE_DIR) / "docs" / "states.md"
HEAD = """# States

Drawn from the transition tables by `manage.py draw_states`; a test holds this page to them. Who
a name such as `unit` or `checker` means is decided in the policies beside each table. Overdue,
late, due soon and stale are computed and therefore no states.
"""
# Heading, where the table stands, its steps, the choices that name its states, the first state.
TABLES: tuple[tuple[str, str, Iterable[Any], Any, str], ...] = (
    ("Entry: a report to the office", "tasks/workflow.py ENTRY", tasks.ENTRY.values(),
     Entry.State, "draft"),
    ("Entry: a part for the 汇总单位", "tasks/workflow.py PART", tasks.PART.values(),
     Entry.State, "draft"),
    ("Period", "tasks/workflow.py PERIOD", tasks.PERIOD.values(), Period.State, "scheduled"),
    ("Supervision item 督办件", "tasks/workflow.py SUPERVISION", tasks.SUPERVISION.values(),
     SupervisionItem.State, ""),
    ("Report", "reports/workflow.py STEPS", reports.STEPS.values(), Report.State, "queued"),
    ("Scorecard of a department 考核评分表", "reports/workflow.py SCORECARD",
     reports.SCORECARD.values(), ScoreCard.State, "draft"),
)  # fmt: skip


def _arrows(steps: Iterable[Any], first: str) -> Iterator[str]:
    if first:
        yield f"    [*] --> {first}"
    for step in steps:
        for source in step.sources or ("[*]",):
            # A step that keeps the state is an arrow back to it.
            for target in filter(None, (step.target or source, getattr(step, "instead", ""))):
                yield f"    {source} --> {target}: {step.verb}"


def _line(step: Any) -> str:
    who = step.who if isinstance(step.who, str) else ", ".join(step.who)
    needs = ", ".join(getattr(step, "requires", ())) or "—"
    sources = ", ".join(step.sources) or "—"
    return f"| `{step.verb}` | {sources} | {step.target or '—'} | {who} | {needs} |"


def page() -> str:
    """Return the page of all diagrams, in Markdown with Mermaid."""
    parts = [HEAD]
    for heading, place, rows, states, first in TABLES:
        steps = list(rows)
        used = {name for one in steps for name in (*one.sources, one.target)} | {first}
        used |= {getattr(one, "instead", "") for one in steps}
        words = [f'    state "{label} {code}" as {code}' for code, label in states.choices
                 if code in used]  # fmt: skip
        parts += [
            f"\n## {heading}\n\nData: `{place}`.\n",
            "```mermaid",
            "stateDiagram-v2",
            *words,
            *_arrows(steps, first),
            "```\n",
            "| verb | from | to | who | must be given |",
            "|---|---|---|---|---|",
            *map(_line, steps),
        ]
    return "\n".join(parts) + "\n"


class Command(BaseCommand):
    help = "Draw the transition tables into docs/states.md."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page(), encoding="utf-8")
        self.stdout.write(str(PAGE.relative_to(settings.BASE_DIR)))
