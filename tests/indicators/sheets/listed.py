"""Lines of a tidy list as somebody fills them in, and the value that came of one."""

from __future__ import annotations

from typing import Any

from indicators.models import Observation
from tests.cast import Cast

HEAD = "指标代码,地区代码,年份,数值"


def lines(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\r\n".join((head, *rows)).encode(encoding)


def of(cast: Cast, year: int, indicator: Any = None) -> Observation:
    return Observation.objects.get(
        indicator=indicator or cast.literacy_ratio, region=cast.city_a, year=year, department=None
    )
