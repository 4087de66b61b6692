"""`manage.py import_plan FILE [--dry-run] [--json]`: read an official document into a plan."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.errors import DomainError
from plans.importer import NotAPlan, UnreadableDocument, parse_text, read_file, to_json
from plans.models import Draft
from plans.services.imports import existing_drafts, import_document


class Command(BaseCommand):
    help = "Read a plan document (.txt, .docx, .pdf) into a draft plan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="parse only, write nothing")
        parser.add_argument("--json", action="store_true", help="print the parsed plan as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 on success; 2, with one line, on a document that is none."""
        path: Path = options["file"]
        try:
            text = read_file(path)
            parsed = parse_text(text)
            if options["json"]:
                self.stdout.write(json.dumps(to_json(parsed), ensure_ascii=False, indent=1))
            if options["dry_run"]:
                if not options["json"]:
                    for one in parsed:
                        self.stdout.write(
                            f"{one.title}: {len(one.actions)} actions, "
                            f"{sum(len(action.measures) for action in one.actions)} measures, "
                            f"{len(one.targets)} targets, {len(one.warnings)} warnings"
                        )
                return
            content = path.read_bytes()
            known = all(draft.plan_id for draft in existing_drafts(content) or [Draft()])
            plans = import_document(path.name, content, text)
        except (NotAPlan, UnreadableDocument) as problem:
            self._refuse(problem.message_zh)
        except (DomainError, OSError) as problem:
            self._refuse(str(problem))
        else:
            if not options["json"]:
                for plan in plans:
                    word = "已导入过" if known else "已导入"
                    self.stdout.write(f"{word}：{plan.title}（编号 {plan.pk}）")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        raise SystemExit(2)
