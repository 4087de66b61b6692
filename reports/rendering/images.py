"""Measure charts given as SVG and turn them into PNG for formats without vector pictures."""

import json
import re

import typst
from lxml import etree  # type: ignore[import-untyped]

from reports.rendering.fonts import Faces
from reports.rendering.layout import FIGURE_HEIGHT_MM, FIGURE_WIDTH_MM, MM_IN_PT

PNG_PPI = 220.0
_PIXEL_PT = 0.75
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(px|pt|mm)?\s*$")
_UNIT_PT = {"px": _PIXEL_PT, "pt": 1.0, "mm": MM_IN_PT, None: _PIXEL_PT}

_DRAWING = b"""
#set page(width: auto, height: auto, margin: 0pt)
// Texts of a chart take the document's font wherever theirs is not loaded.
#set text(font: json(bytes(sys.inputs.families)))
#image(bytes(sys.inputs.svg), format: "svg",
  width: float(sys.inputs.width) * 1pt, height: float(sys.inputs.height) * 1pt)
"""


def fitted_size(svg: str, width_mm: float | None = None) -> tuple[float, float]:
    """Return width and height in points, shrunk or stretched to the type area or a given width.

    Raise ValueError when the text is no SVG or states no size.
    """
    width, height = _natural_size(svg)
    scale = min(
        (width_mm or FIGURE_WIDTH_MM) * MM_IN_PT / width, FIGURE_HEIGHT_MM * MM_IN_PT / height
    )
    return round(width * scale, 2), round(height * scale, 2)


def svg_to_png(svg: str, faces: Faces, width_mm: float | None = None) -> bytes:
    """Draw an SVG at its size on the page, Chinese text included."""
    width, height = fitted_size(svg, width_mm)
    return typst.compile(
        _DRAWING,
        format="png",
        ppi=PNG_PPI,
        font_paths=faces.book,
        ignore_system_fonts=True,
        sys_inputs={
            "svg": svg,
            "width": str(width),
            "height": str(height),
            "families": json.dumps(faces.families["hei"]),
        },
    )


def _natural_size(svg: str) -> tuple[float, float]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(svg.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("the figure is not well-formed SVG") from error
    if etree.QName(root).localname != "svg":
        raise ValueError("the figure is not SVG")
    sides = [_length(root.get(side, "")) for side in ("width", "height")]
    if not all(sides):
        box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
        sides = [_length(side) for side in box[2:]] if len(box) == 4 else [0.0, 0.0]
    if min(sides) <= 0:
        raise ValueError("the figure states neither width and height nor a viewBox")
    return sides[0], sides[1]


def _length(value: str) -> float:
    match = _NUMBER.match(value)
    return float(match[1]) * _UNIT_PT[match[2]] if match else 0.0
