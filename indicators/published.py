"""Published survey values that orient every plan (see `data/literacy.csv`)."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "literacy.csv"
EARLIER, LAST_OF_EARLIER = "2010 年及以前的合格标准", 2010
SOURCE = "中国科协公布的中国公民科学素质抽样调查结果（2022 年起与国家统计局联合开展）"


@dataclass(frozen=True, slots=True)
class Published:
    """One published value: percent of 18–69-year-olds in a place and year."""

    code: str
    year: int
    percent: Decimal
    note: str

    @property
    def series(self) -> str:
        """Return the series: up to 2010 another rule said who passed, so nothing joins the two."""
        return EARLIER if self.year <= LAST_OF_EARLIER else ""


@cache
def literacy() -> tuple[Published, ...]:
    """Return every published value of the literacy ratio; sample sizes are not published."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Published(
                row["division_code"], int(row["year"]), Decimal(row["percent"]), row["note"] or ""
            )
            for row in csv.DictReader(file)
        )
