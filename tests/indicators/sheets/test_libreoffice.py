"""LibreOffice opens both files, prints table C, and gives them back unchanged, as Excel and CSV."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from indicators.models import Observation
from tests.cast import Cast

pytestmark = pytest.mark.services
At = Callable[[Any], Any]
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1"  # commas, quotes, UTF-8
TEXTS = ("=1+1", "含“引号”、<尖括号> & 逗号,分号;", "_x0041_", "00123", "-2", "1e5", "2024-07-01")


@pytest.fixture
def made(cast: Cast, desk: At, tmp_path: Path) -> dict[str, bytes]:
    """Return both files as written, and what LibreOffice made of them, by name."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here (Debian: apt-get install libreoffice-calc-nogui)")
    for number, text in enumerate(TEXTS):
        Observation.objects.create(
            indicator=cast.literacy_ratio, region=cast.county_a1, year=2010 + number,
            value=Decimal(f"1{number}.123456"), source=text, note=text, series=text[:40],
            office=cast.city_a,
        )  # fmt: skip
    browser = desk(cast.office).browser
    files = {
        "tidy": browser.get("/indicators/tidy/").content,
        "c": browser.get("/indicators/table-c/").content,
    }
    for name, content in files.items():
        (tmp_path / f"{name}.xlsx").write_bytes(content)
    wanted = [("xlsx:Calc MS Excel 2007 XML", "again"), (CSV, "."), ("pdf", ".")]
    running = [
        subprocess.Popen(
            [
                office, f"-env:UserInstallation={(tmp_path / f'home{at}').as_uri()}", "--headless",
                "--convert-to", kind, "--outdir", place, "tidy.xlsx", "c.xlsx",
            ],
            cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for at, (kind, place) in enumerate(wanted)
    ]  # fmt: skip
    assert [one.wait(timeout=180) for one in running] == [0, 0, 0]
    return files | {
        one.relative_to(tmp_path).as_posix(): one.read_bytes()
        for one in tmp_path.rglob("*")
        if one.suffix in (".xlsx", ".csv", ".pdf") and "home" not in one.as_posix()
    }


def test_both_files_go_round_unchanged_and_print(
    cast: Cast, desk: At, made: dict[str, bytes]
) -> None:
    office = desk(cast.office)
    for name in ("again/tidy.xlsx", "tidy.csv", "again/c.xlsx"):
        page = office.page(made[name], f"表.{name[-4:].strip('.')}", plan=cast.plan.pk)
        assert "表格与系统里的内容一样" in page, name
    sheet = office.opened(made["again/c.xlsx"]).sheet
    assert sheet.protection.sheet
    hidden = [one for one in sheet.column_dimensions.values() if one.hidden]
    assert sum(one.max - one.min + 1 for one in hidden) == 2
    document = pypdfium2.PdfDocument(made["c.pdf"])
    sizes = {tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in document}
    assert sizes == {(297, 210)}
    text = document[0].get_textpage().get_text_range()
    for words in ("目标指标完成情况表", "完成率", "未完成原因", "单位（盖章）"):
        assert words in text


def test_what_was_filled_in_after_libreoffice_is_read(
    cast: Cast, desk: At, made: dict[str, bytes]
) -> None:
    office = desk(cast.office)
    table = office.opened(made["again/c.xlsx"])
    row = table.row(指标="公民具备科学素质的比例")
    table.put(row, **{"2024年实际值": 0.125})
    table.cell(row, "2024年实际值").number_format = "0.00%"
    assert "新增 1 个数值，改动 0 个" in office.page(table.saved(), plan=cast.plan.pk)
    assert office.apply().status_code == 200
    assert Observation.objects.get(year=2024, value="12.5").region == cast.city_a
