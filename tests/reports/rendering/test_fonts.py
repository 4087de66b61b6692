"""Faces: found, substituted and named, or missed with a clear word."""

import shutil
import struct
from pathlib import Path

import pytest

from reports.rendering.document import Document, Paragraph
from reports.rendering.fonts import FontsMissing, load_faces, substitutions
from reports.rendering.pdf import to_pdf


def test_every_commercial_face_is_named_with_its_substitute(fonts: Path) -> None:
    assert substitutions(fonts, host=()) == [
        "方正小标宋简体 → Noto Serif SC",
        "仿宋_GB2312 → Noto Serif SC",
        "黑体 → Noto Sans SC",
        "楷体_GB2312 → LXGW WenKai",
        "宋体 → Noto Serif SC",
    ]


def test_a_fangsong_of_the_host_sets_the_body(fonts: Path, tmp_path: Path) -> None:
    host = tmp_path / "host" / "truetype"
    host.mkdir(parents=True)
    kai = next(fonts.glob("LXGWWenKai*.ttf")).read_bytes()
    (host / "simfang.ttf").write_bytes(_renamed(kai, "FangSong"))
    folders = (tmp_path / "host",)
    assert load_faces(fonts, folders).families["body"][0] == "FangSong"
    assert not [line for line in substitutions(fonts, folders) if line.startswith("仿宋")]
    pdf = to_pdf(Document(("标题",), (Paragraph("正文"),)), fonts, folders)
    assert pdf != to_pdf(Document(("标题",), (Paragraph("正文"),)), fonts, host=())


def test_other_faces_of_the_host_are_not_embedded(fonts: Path, tmp_path: Path) -> None:
    kai = next(fonts.glob("LXGWWenKai*.ttf")).read_bytes()
    (tmp_path / "simfang.ttf").write_bytes(_renamed(kai, "FangSong"))
    (tmp_path / "simhei.ttf").write_bytes(_renamed(kai, "SimHei"))
    assert load_faces(fonts, (tmp_path,)).families["hei"][0] == "Noto Sans SC"


def test_a_missing_face_is_named(fonts: Path, tmp_path: Path) -> None:
    for font in fonts.glob("Noto*.ttf"):
        shutil.copy(font, tmp_path)
    with pytest.raises(FontsMissing, match="楷体_GB2312"):
        load_faces(tmp_path, host=())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="nowhere"):
        load_faces(tmp_path / "nowhere", host=())


def test_a_refilled_folder_takes_effect_at_once(fonts: Path, tmp_path: Path) -> None:
    for font in fonts.glob("Noto*.ttf"):
        shutil.copy(font, tmp_path)
    with pytest.raises(FontsMissing):
        load_faces(tmp_path, host=())
    shutil.copy(next(fonts.glob("LXGWWenKai*.ttf")), tmp_path)
    assert load_faces(tmp_path, host=()).families["kai"][0] == "LXGW WenKai"


def _renamed(font: bytes, family: str) -> bytes:
    """Give a TrueType font another family name: a new `name` table at its end."""
    records = ((1, family), (2, "Regular"), (4, family), (6, family))
    texts = [text.encode("utf-16-be") for _, text in records]
    table = struct.pack(">HHH", 0, len(records), 6 + 12 * len(records))
    offset = 0
    for (name, _), text in zip(records, texts, strict=True):
        table += struct.pack(">HHHHHH", 3, 1, 0x409, name, len(text), offset)
        offset += len(text)
    table += b"".join(texts)
    result = bytearray(font)
    for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16):
        if font[at : at + 4] == b"name":
            struct.pack_into(">II", result, at + 8, len(font), len(table))
    return bytes(result) + table
