"""Refuse a PDF whose packed streams would swell to many times their size in memory.

A page of drawing commands takes some twenty times its length once it is read. Pictures are not
unpacked for the sake of the words and do not count.
"""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_LONGEST_HEAD = 2_000  # bytes of the dictionary before a stream
_STEP = 1024 * 1024
_LARGEST_FONT = 40 * 1024 * 1024
_ALL_FONTS = 80 * 1024 * 1024
_ALL_COMMANDS = 24 * 1024 * 1024
_FONT = re.compile(rb"/Length1\b|/Type1C\b|/CIDFontType0C\b|/OpenType\b")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_PACKED = re.compile(rb"/(?:FlateDecode|Fl)\b")


def swells(data: bytes) -> bool:
    """Say whether what a PDF packs unpacks to far more than the words of a document."""
    fonts = commands = 0
    for found in _STREAM.finditer(data):
        begin = max(found.start() - _LONGEST_HEAD, 0)
        head = data[max(data.rfind(b"obj", begin, found.start()), begin) : found.start()]
        packed = len(_PACKED.findall(head))
        if not packed or _PICTURE.search(head):
            continue
        if packed > 1:  # packed twice: nobody does that to be read
            return True
        if _FONT.search(head):
            fonts += _unpacked(data, found.end(), _LARGEST_FONT)
        else:
            commands += _unpacked(data, found.end(), _ALL_COMMANDS)
        if fonts > _ALL_FONTS or commands > _ALL_COMMANDS:
            return True
    return False


def _unpacked(data: bytes, start: int, most: int) -> int:
    """Measure a packed stream without keeping it, up to a little more than `most` bytes."""
    size = 0
    packed = zlib.decompressobj()
    rest: bytes | memoryview = memoryview(data)[start : start + _STEP]
    at = start + len(rest)
    try:
        while size <= most and not packed.eof:
            size += len(packed.decompress(rest, _STEP))
            rest = packed.unconsumed_tail
            if not rest:
                rest = memoryview(data)[at : at + _STEP]
                at += len(rest)
                if not rest:
                    break
    except zlib.error:
        pass  # encrypted or damaged: the reader will say so
    return size
