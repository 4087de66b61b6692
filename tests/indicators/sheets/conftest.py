"""What tests of files with values share: downloading, filling in, uploading and applying."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators.models import Indicator
from tests.cast import Cast
from tests.cast_texts import NOW


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages live in the days of the cast."""
    monkeypatch.setattr("indicators.views.sheets.timezone.now", lambda: NOW)


class Filled:
    """A downloaded table as a person works on it in Excel: by row and by column title."""

    def __init__(self, content: bytes, header: str) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[0]
        self.header = next(
            row[0].row for row in self.sheet.iter_rows() if header in [c.value for c in row]
        )
        self.at = {cell.value: cell.column for cell in self.sheet[self.header]}

    def row(self, **wanted: str) -> int:
        """Return the first row in which columns have these texts."""
        for number in range(self.header + 1, self.sheet.max_row + 1):
            if all(str(self.cell(number, title).value) == text for title, text in wanted.items()):
                return number
        raise AssertionError(f"no row with {wanted}")

    def cell(self, row: int, title: str) -> Any:
        return self.sheet.cell(row, self.at[title])

    def put(self, row: int, /, **cells: object) -> int:
        for title, value in cells.items():
            self.cell(row, title).value = value
        return row

    def blank(self) -> int:
        """Return the first empty row below the header."""
        titles = [title for title in ("指标代码", "指标") if title in self.at]
        return next(
            number
            for number in range(self.header + 1, 5000)
            if not any(self.cell(number, title).value for title in titles)
        )

    def saved(self) -> bytes:
        made = io.BytesIO()
        self.book.save(made)
        return made.getvalue()


class Desk:
    """A person at the pages of files."""

    def __init__(self, browser: Client) -> None:
        self.browser = browser

    def table_c(self, plan: Any) -> Filled:
        answer = self.browser.get("/indicators/table-c/", {"plan": plan.pk})
        assert answer.status_code == 200
        return Filled(answer.content, "目标值（年）")

    def tidy(self, **asked: object) -> Filled:
        answer = self.browser.get("/indicators/tidy/", asked)
        assert answer.status_code == 200
        return Filled(answer.content, "指标代码")

    def opened(self, content: bytes) -> Filled:
        """Return table C as it came from elsewhere."""
        return Filled(content, "目标值（年）")

    def upload(
        self, content: bytes, name: str = "表.xlsx", to: str = "/indicators/sheets/", **more: object
    ) -> Any:
        data = {"file": SimpleUploadedFile(name, content), **more}
        return self.browser.post(to, data, follow=True)

    def page(self, content: bytes, name: str = "表.xlsx", **more: object) -> str:
        """Upload a file and return its preview."""
        answer = self.upload(content, name, **more)
        assert answer.status_code == 200, answer.content.decode()
        return str(answer.content.decode())

    def apply(self, seen: str | None = None, **answers: str) -> Any:
        """Apply the newest file as its preview offers it."""
        from indicators.models import ObservationSheet

        sheet = ObservationSheet.objects.latest("pk")
        if seen is None:
            told = self.browser.get(f"/indicators/sheets/{sheet.pk}/").context["told"]
            seen = told.mark if told else ""
        data = {"seen": seen, **answers}
        return self.browser.post(f"/indicators/sheets/{sheet.pk}/apply/", data, follow=True)


@pytest.fixture
def desk(browse: Callable[..., Client]) -> Callable[[Any], Desk]:
    return lambda person: Desk(browse(person))


@pytest.fixture
def money(cast: Cast) -> Indicator:
    """An amount in yuan that is filled in as a number."""
    return Indicator.objects.create(
        code="budget", name="科普经费", unit="元", kind="level", money=True, region=cast.city_a
    )
