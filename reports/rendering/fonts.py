"""Find the faces of the official page and say which of them stand in for others.

The faces that the standard names are commercial. The PDF embeds what the font folder holds, plus
a FangSong of the host where there is one; Song stands in for FangSong elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import typst

Role = Literal["title", "body", "hei", "kai", "song"]

OFFICIAL: dict[Role, str] = {
    "title": "方正小标宋简体",
    "body": "仿宋_GB2312",
    "hei": "黑体",
    "kai": "楷体_GB2312",
    "song": "宋体",
}
# Family names as the font files state them. The standard's own face comes first, the same design
# under another name next: those need no mention; everything after is a substitute.
_GENUINE: dict[Role, tuple[str, ...]] = {
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05"),
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "华文仿宋"),
    "hei": ("SimHei", "黑体", "STHeiti", "华文黑体"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "华文楷体"),
    "song": ("SimSun", "宋体", "NSimSun", "STSong", "华文宋体"),
}
_SUBSTITUTES: dict[Role, tuple[str, ...]] = {
    "title": ("Noto Serif SC",),
    "body": ("FandolFang R", "FandolFang", "Noto Serif SC"),
    "hei": ("Noto Sans SC",),
    "kai": ("LXGW WenKai",),
    "song": ("Noto Serif SC",),
}

HOST_FONT_FOLDERS: tuple[Path, ...] = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
    Path("/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
_FANGSONG_FILES = frozenset(
    ("simfang.ttf", "fangsong.ttf", "fangsong_gb2312.ttf", "stfangso.ttf", "fandolfang-regular.otf")
)


class FontsMissing(RuntimeError):
    """The font folder lacks a face that a document cannot do without."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The loaded fonts and, per role, the family names to try in order."""

    book: typst.Fonts
    families: dict[Role, tuple[str, ...]]


def load_faces(fonts: Path, host: Iterable[Path] = HOST_FONT_FOLDERS) -> Faces:
    """Load the fonts of a folder and a FangSong of the host; raise FontsMissing for a gap."""
    folders = [fonts, *_fangsong_folders(tuple(host))]
    return _load(tuple(folders), _fingerprint(fonts))


def substitutions(fonts: Path, host: Iterable[Path] = HOST_FONT_FOLDERS) -> list[str]:
    """List which faces of the standard the PDF replaces, as ``仿宋_GB2312 → Noto Serif SC``."""
    families = load_faces(fonts, host).families
    return [
        f"{OFFICIAL[role]} → {names[0]}"
        for role, names in families.items()
        if names[0] not in _GENUINE[role]
    ]


def _fingerprint(fonts: Path) -> tuple[tuple[str, int, int], ...]:
    """Describe the folder's files, so that refilling it takes effect without a restart."""
    if not fonts.is_dir():
        raise FontsMissing(f"font folder not found: {fonts.name}")
    stats = sorted((path.name, path.stat()) for path in fonts.iterdir() if path.is_file())
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


@lru_cache(maxsize=4)
def _load(folders: tuple[Path, ...], fingerprint: tuple[tuple[str, int, int], ...]) -> Faces:
    book = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )
    own = {
        font.family
        for font in book.fonts()
        if font.path and Path(font.path).is_relative_to(folders[0])
    }
    families: dict[Role, tuple[str, ...]] = {}
    for role in OFFICIAL:
        wanted = (*_GENUINE[role], *_SUBSTITUTES[role])
        # Beside its FangSong a host may keep faces that must not be embedded: only the folder's
        # own fonts serve the other roles.
        present = set(book.families()) if role == "body" else own
        found = tuple(name for name in wanted if name in present)
        if not found:
            raise FontsMissing(
                f"no font for {OFFICIAL[role]} in folder {folders[0].name}: "
                f"expected one of {', '.join(wanted)}"
            )
        # Rare characters of names are missing from small faces: every role ends in the large ones.
        large = tuple(name for name in ("Noto Serif SC", "Noto Sans SC") if name in own)
        families[role] = tuple(dict.fromkeys((found[0], *large)))
    return Faces(book, families)


@lru_cache(maxsize=4)
def _fangsong_folders(host: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the folder of the first FangSong found on the host, or nothing."""
    for folder in host:
        if folder.is_dir():
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            for path in files:
                if path.name.lower() in _FANGSONG_FILES:
                    return (path.parent,)
    return ()
