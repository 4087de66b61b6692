"""Write a report as one file, in a process whose memory nothing else uses.

`python -m tests.bench._report_file SUFFIX DRAFT` prints what it took as JSON; DRAFT is the stored
text of a report, or the word `smallest`. The writer is warm, as a worker's is after its first
report: it has written another small one before the clock starts. It writes once, because the
typesetter of the PDF remembers what it has set before.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

SMALLEST = "smallest"


def measured(suffix: str, source: str) -> dict[str, Any]:
    """Return seconds, the peak of memory in MB, and the size and pages of the file."""
    import django

    django.setup()
    from config.collector import settle
    from reports.rendering.draft import from_json

    settle()  # as every worker does
    _written(suffix, _small("另一段。"))
    draft = (
        _small("一段。") if source == SMALLEST else from_json(json.loads(Path(source).read_bytes()))
    )
    gc.collect()
    began = time.perf_counter()
    content = _written(suffix, draft)
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "peak": _peak(),
        "size": len(content),
        "pages": _pages(content) if suffix == "pdf" else 0,
    }


def _small(text: str) -> Any:
    """Return the smallest report: a title and one paragraph."""
    from reports.rendering.document import Paragraph
    from reports.rendering.draft import Draft, Section

    return Draft(("报告",), "", (Section("opening", "", (Paragraph(text),)),), (), "")


def _written(suffix: str, draft: Any) -> bytes:
    from django.conf import settings

    from reports.rendering.draft import document
    from reports.rendering.excel import to_xlsx
    from reports.rendering.pdf import to_pdf
    from reports.rendering.word import to_docx

    if suffix == "xlsx":
        return to_xlsx(draft)
    return (to_docx if suffix == "docx" else to_pdf)(document(draft), settings.FONT_DIR)


def _peak() -> float:
    """Return the most memory that this program ever held, in MB.

    Linux counts it for each program. getrusage would not do: after fork and exec it begins with
    what the parent held.
    """
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _pages(content: bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        return len(document)


if __name__ == "__main__":
    print(json.dumps(measured(*sys.argv[1:])))
