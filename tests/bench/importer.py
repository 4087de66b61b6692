"""Read and parse a plan of 60 pages, beside extracting no more than its text.

The document is made of the plans that ship with the portal, as text, Word and PDF. Each
measurement has a process of its own, so that the peak of its memory is its own too; a child begins
with the peak of its parent, so the documents are made in a child as well.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TITLE = "a plan of 60 pages, read and parsed / only its text extracted"
KINDS = ("txt", "docx", "pdf")
PAGES = 60
REPEATS = 5
HEAD = [
    "kind", "pages/s", "read+parse", "read", "reference", "time ratio",
    "peak", "reference peak", "memory ratio",
]  # fmt: skip


def rows() -> list[list[str]]:
    """Measure the three kinds of files; seconds are the best of five, memory in MiB."""
    found = [HEAD]
    with tempfile.TemporaryDirectory() as folder:
        _run("documents", Path(folder))
        for kind in KINDS:
            path = Path(folder) / f"plan.{kind}"
            full, read, bare = (json.loads(_run(job, path)) for job in ("parse", "read", kind))
            found.append(
                [
                    kind,
                    f"{PAGES / full['seconds']:.0f}",
                    f"{full['seconds']:.3f} s",
                    f"{read['seconds']:.3f} s",
                    f"{bare['seconds']:.3f} s",
                    f"{full['seconds'] / bare['seconds']:.1f}",
                    f"{full['peak']:.0f} MiB",
                    f"{bare['peak']:.0f} MiB",
                    f"{full['peak'] / bare['peak']:.1f}",
                ]
            )
    return found


def _run(job: str, path: Path) -> str:
    line = [sys.executable, "-m", "tests.bench.importer", job, str(path)]
    return subprocess.run(line, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


# --- In a process of its own -------------------------------------------------------------------
def _documents(folder: Path) -> None:
    """Write the same 60 pages as text, Word and PDF."""
    from docx import Document

    from tests.plans.importer.papers import pdf_file, set_lines

    texts = [path.read_text("utf-8") for path in sorted((ROOT / "plans/documents").glob("*.txt"))]
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    paths = {kind: folder / f"plan.{kind}" for kind in KINDS}

    def pages(count: int) -> int:
        pdf_file(paths["pdf"], set_lines(lines[:count]), footer="context counter(page).display()")
        return _page_count(paths["pdf"])

    count = bisect_right(range(len(lines) + 1), PAGES, key=pages) - 1
    if pages(count) != PAGES:
        raise RuntimeError(f"the shipped plans no longer fill {PAGES} pages")
    paths["txt"].write_text("\n".join(lines[:count]), "utf-8")
    document = Document()
    for line in lines[:count]:
        document.add_paragraph(line)
    document.save(str(paths["docx"]))


def _page_count(path: Path) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def _text_of_txt(path: Path) -> str:
    return path.read_text("utf-8")


def _text_of_docx(path: Path) -> str:
    from docx import Document

    return "\n".join(one.text for one in Document(str(path)).paragraphs)


def _text_of_pdf(path: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def _read(path: Path) -> str:
    from plans.importer import read_file

    return read_file(path)


def _parse(path: Path) -> object:
    from plans.importer import parse_text

    return parse_text(_read(path))


JOBS: dict[str, Callable[[Path], object]] = {
    "txt": _text_of_txt,
    "docx": _text_of_docx,
    "pdf": _text_of_pdf,
    "read": _read,
    "parse": _parse,
}


def _measured(job: str, path: Path) -> dict[str, float]:
    """Do a job several times; the first also imports what it needs."""
    best = float("inf")
    for _ in range(REPEATS):
        began = time.perf_counter()
        JOBS[job](path)
        best = min(best, time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, on macOS bytes
    return {"seconds": best, "peak": peak / (1024 * (1024 if sys.platform == "darwin" else 1))}


if __name__ == "__main__":
    job, path = sys.argv[1], Path(sys.argv[2])
    if job == "documents":
        _documents(path)
    else:
        print(json.dumps(_measured(job, path)))
