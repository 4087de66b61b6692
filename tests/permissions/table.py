"""Read the table of who gets which answer where (`table.txt`), and ask for one row of it.

A line is `name | arguments | method | answers | data`, one answer per role in the order of
`ROLES`; `@name` stands for the id of whom or what the cast calls so. An answer with a star
(`302*`) also changed something; what a refused person sends must leave everything as it was.
What is posted to REST is JSON, sent with a token for writing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

APPS = ("core", "departments", "plans", "indicators", "tasks", "reports")
TABLE = Path(__file__).parent / "table.txt"
PUBLIC = "public"
# A column of the table: its heading, and the name in the cast.
ROLES = {
    PUBLIC: None,
    "office": "office",
    "leader": "leader",
    "client": "client",
    "liaison": "liaison",
    "head": "head",
    "finance": "liaison_finance",
    "above": "office_province",
    "beside": "office_b",
    "outside": "liaison_b",
    "auditor": "auditor",
    "security": "security",
    "admin": "admin",
}
FILES = {
    "PDF": ("a.pdf", b"%PDF-1.4\n%%EOF\n"),
    "VALUES": ("值.csv", "指标代码,地区代码,年份,数值\nliteracy_ratio,980100,2024,12\n".encode()),
    "PLAN": (
        "plan.txt",
        "子市全民科学素质行动实施方案（2026—2030年）\n一、重点任务\n（一）农民科学素质行动\n"
        "1.送书下乡。（市农业局负责）\n".encode(),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the address by name with its objects, the method, what is sent, the answers."""

    name: str
    arguments: str
    method: str
    data: str
    answers: tuple[str, ...]

    @property
    def label(self) -> str:
        return " ".join(part for part in (self.method, self.name, self.arguments) if part)

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api-")

    def ask(self, client: Client, cast: Cast) -> int:
        """Send the request and return the status of its answer."""
        address = reverse(self.name, kwargs=dict(_pairs(self.arguments, cast)))
        if self.method == "GET":
            return client.get(address).status_code
        if self.is_api:
            body = re.sub(
                r"@(\w+)", lambda found: str(getattr(cast, found[1]).pk), _dated(self.data)
            )
            return client.post(address, body or "{}", content_type="application/json").status_code
        data: dict[str, Any] = dict(_pairs(_dated(self.data), cast))
        if data.get("file") in FILES:
            data["file"] = SimpleUploadedFile(*FILES[data["file"]])
        return client.post(address, data).status_code


def state() -> str:
    """Return a hash of everything stored, the audit record aside (refusals are noted there)."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for app in APPS:
            for model in apps.get_app_config(app).get_models(include_auto_created=True):
                if model._meta.model_name in ("auditevent", "apitoken"):
                    continue
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
                digest.update(repr(sorted(cursor.fetchall(), key=repr)).encode())
    return digest.hexdigest()


def _dated(text: str) -> str:
    """Replace `SOON` by a day that lies ahead whenever the tests run."""
    return text.replace("SOON", (timezone.localdate() + timedelta(days=10)).isoformat())


def _resolved(text: str, cast: Cast) -> str:
    """Replace `@name` by the id of whom or what the cast calls so."""
    before, at, name = text.partition("@")
    return f"{before}{getattr(cast, name).pk}" if at else text


def _pairs(text: str, cast: Cast) -> Iterator[tuple[str, str]]:
    for pair in text.split():
        name, _equals, value = pair.partition("=")
        yield _resolved(name, cast), _resolved(value, cast)


def read() -> list[Row]:
    """Return the rows of the table."""
    rows = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, arguments, method, answers, data = (part.strip() for part in line.split("|"))
        rows.append(Row(name, arguments, method, data, tuple(answers.split())))
    return rows
