"""`manage.py import_plan` on files that nobody should trust: one sentence, exit 2, no row."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from plans.models import Plan, SourceDocument
from tests.plans.importer.papers import pdf_file, word_file

pytestmark = pytest.mark.django_db
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _hundred_megabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)  # a hole: it takes no room on the disk


def _bomb(path: Path) -> None:
    word_file(path, "")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.bmp", bytes(130 * 1024 * 1024))


def _other_office_file(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "huge.txt": (_hundred_megabytes, "文件超过 20 MB，请拆分或去掉图片后再上传。"),
    "huge.docx": (_hundred_megabytes, "文件超过 20 MB，请拆分或去掉图片后再上传。"),
    "bomb.docx": (_bomb, "文件解压后大得异常，请重新导出后再上传。"),
    "blank.docx": (
        lambda path: word_file(path, "<w:p/><w:p/>"),
        "文件里没有文字，请检查后再上传。",
    ),
    "blank.txt": (lambda path: path.write_text(" \n　\n"), "文件里没有文字，请检查后再上传。"),
    "locked.docx": (
        lambda path: path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le")),
        "文件设有密码或已加密，请去掉密码、另存为 .docx 后再上传。",
    ),
    "old.doc": (
        lambda path: path.write_bytes(OLE + "WordDocument".encode("utf-16-le")),
        "这是旧版 Word（.doc）或 WPS 文件，请另存为 .docx 后再上传。",
    ),
    "table.xlsx": (
        _other_office_file,
        "只能读取 .txt、.docx 和 .pdf 文件，请另存为其中一种再上传。",
    ),
    "scan.pdf": (
        lambda path: pdf_file(path, "#rect(width: 100%, height: 100%, fill: gray)"),
        "PDF 文件是扫描图片，没有可读的文字，请上传带文字的版本。",
    ),
    "cut.pdf": (
        lambda path: path.write_bytes(b"%PDF-1.7\n1 0 obj\n<<"),
        "PDF 文件已损坏，无法打开，请重新保存后再上传。",
    ),
    "folder.txt": (lambda path: path.mkdir(), "这是文件夹，请选择一个文件。"),
}


@pytest.mark.parametrize("options", [[], ["--dry-run", "--json"]], ids=["write", "dry run"])
@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_sentence(
    tmp_path: Path, name: str, options: list[str]
) -> None:
    make, sentence = BAD[name]
    make(tmp_path / name)
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("import_plan", str(tmp_path / name), *options, stdout=out, stderr=err)
    assert (end.value.code, out.getvalue(), err.getvalue().strip()) == (2, "", sentence)
    assert not Plan.objects.exists()
    assert not SourceDocument.objects.exists()
