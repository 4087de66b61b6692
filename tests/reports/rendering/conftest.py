"""One report with every kind of part, and the folder of fonts that documents are set in."""

import datetime as dt
import os
from pathlib import Path

import pytest

from reports.rendering.document import (
    Attachment,
    Column,
    Document,
    Figure,
    Heading,
    Paragraph,
    Run,
    Table,
)

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def fonts() -> Path:
    """The fonts that the front-end build puts into build/fonts; without them the tests fail."""
    folder = Path(os.environ.get("GANGYAO_FONTS", ROOT / "build" / "fonts"))
    assert any(folder.glob("*.ttf")), "build/fonts holds no fonts: run `python3 run.py setup`"
    return folder


@pytest.fixture(scope="session")
def chart() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300">'
        '<rect x="60" y="60" width="80" height="200" fill="#345"/>'
        '<text x="200" y="160" font-family="sans-serif" font-size="30">具备素质比例</text></svg>'
    )


@pytest.fixture(scope="session")
def report(chart: str) -> Document:
    targets = Table(
        columns=(Column("序号", 1, "center"), Column("指标", 4), Column("实际值", 2, "right")),
        rows=tuple((str(n), f"指标{n}", (Run(f"{n}.5", f"indicator.{n}"),)) for n in range(1, 61)),
        caption="表1　目标指标完成情况",
        note="注：未测指当年没有调查。",
    )
    progress = Table(
        columns=tuple(Column(f"列{n}") for n in range(1, 9)),
        rows=tuple(tuple(f"{row}行{n}" for n in range(1, 9)) for row in range(1, 4)),
        wide=True,
    )
    return Document(
        title=("关于全民科学素质行动", "工作情况的报告"),
        recipient="领导小组",
        blocks=(
            Heading(1, "一、主要工作"),
            Heading(2, "（一）青少年行动"),
            Heading(3, "1. 学校"),
            Heading(4, "（1）课程"),
            Paragraph((Run("全年举办活动"), Run("128", "events.count"), Run("场。"))),
            targets,
            Figure(chart, "柱状图：比例为一成", "图1　比例", facts=("indicator.ratio",)),
        ),
        attachments=(
            Attachment(("工作进展情况表",), (progress,)),
            Attachment(("情况说明",), (Heading(1, "一、来源"), Paragraph("各单位报送。"))),
        ),
        signature="全民科学素质工作领导小组办公室",
        date=dt.date(2018, 1, 5),
    )
