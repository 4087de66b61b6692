"""The styles, fonts and settings of the official page, written into an empty DOCX."""

import math
from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from reports.rendering import layout
from reports.rendering.fonts import OFFICIAL, Role

# What a computer without the standard's faces may take instead, in this order.
_ALTERNATIVES: dict[Role, tuple[str, ...]] = {
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "华文中宋", "Noto Serif SC", "宋体"),
    "body": ("仿宋", "FangSong", "华文仿宋", "FandolFang"),
    "hei": ("SimHei", "华文黑体", "Noto Sans SC"),
    "kai": ("楷体", "KaiTi", "华文楷体", "LXGW WenKai"),
    "song": ("SimSun", "华文宋体", "Noto Serif SC"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style; `line` is its pitch in points, None lets a picture set it."""

    id: str
    name: str
    face: Role = "body"
    size: float = layout.BODY_PT
    line: float | None = layout.LINE_PITCH_PT
    align: str = "left"
    first_line: int = 0  # characters
    outline: int | None = None
    keep_next: bool = False
    page_break: bool = False
    color: str = "000000"
    before: float = 0  # points
    red_rule: bool = False


# The whole twips that bring 28 characters of the body within the width of the type area, and one
# more against the rounding of word processors, some of which otherwise break after 27.
_TIGHT_TWIPS = math.floor((layout.CHARACTER_PT - layout.BODY_PT) * 20) - 1

# How the styles of a table's text are told apart, by its size.
TABLE_SIZES = dict(zip(layout.TABLE_PT, ("", "Small", "Tiny"), strict=True))
_SIZE_NAMES = dict(zip(layout.TABLE_PT, ("", "小字", "最小字"), strict=True))

_RED = "FF0000"
# Measured from the text, whose line reaches further down.
_RULE_SPACE_PT = round(
    layout.RED_RULE_BELOW_MM * layout.MM_IN_PT - (layout.LINE_PITCH_PT - layout.BODY_PT) / 2
)

STYLES: tuple[Style, ...] = (
    Style("Normal", "Normal"),
    Style("BodyText", "Body Text", align="both", first_line=2),
    Style("Title", "Title", "title", layout.TITLE_PT, align="center", keep_next=True),
    Style(
        "RedMark",
        "发文机关标志",
        "title",
        layout.MARK_PT,
        layout.MARK_PT,
        align="center",
        color=_RED,
        before=layout.MARK_BELOW_MM * layout.MM_IN_PT,
    ),
    Style("DocumentNumber", "发文字号", align="center", red_rule=True),
    Style("PlainNumber", "发文字号（无标志）", align="center"),
    Style("Recipient", "主送机关"),
    Style("Heading1", "heading 1", "hei", first_line=2, outline=0, keep_next=True),
    Style("Heading2", "heading 2", "kai", first_line=2, outline=1, keep_next=True),
    Style("Heading3", "heading 3", first_line=2, outline=2, keep_next=True),
    Style("Heading4", "heading 4", first_line=2, outline=3, keep_next=True),
    Style("AttachmentList", "附件说明"),
    Style("Signature", "Signature", align="right", keep_next=True),
    Style("Date", "Date", align="right"),
    Style("AttachmentMark", "附件标记", "hei", keep_next=True, page_break=True),
    Style(
        "AttachmentTitle",
        "附件标题",
        "title",
        layout.TITLE_PT,
        align="center",
        outline=0,
        keep_next=True,
    ),
    Style("Caption", "caption", "hei", layout.CAPTION_PT, align="center", keep_next=True),
    Style("FigureCaption", "图题", "hei", layout.CAPTION_PT, align="center"),
    Style("Figure", "图", line=None, align="center", keep_next=True),
    *(
        Style(
            f"TableText{id}",
            f"表格{_SIZE_NAMES[size] or '文字'}",
            size=size,
            line=layout.table_line_pt(size),
        )
        for size, id in TABLE_SIZES.items()
    ),
    *(
        Style(
            f"TableHead{id}",
            f"表头{_SIZE_NAMES[size]}",
            "hei",
            size,
            layout.table_line_pt(size),
            align="center",
        )
        for size, id in TABLE_SIZES.items()
    ),
    Style("TableNote", "表注", "body", layout.NOTE_PT, layout.NOTE_PT * 1.5),
    # Carries a section's end without taking a line of the page.
    Style("SectionEnd", "分节", size=1, line=1),
    Style("Footer", "footer", "song", layout.PAGE_NUMBER_PT, 20),
)


def dress(word: WordDocument, language: str) -> None:
    """Replace the template's styles, fonts and settings by those of the official page."""
    _drop_template_parts(word)
    _replace_children(word.styles.element, _styles_xml(language))
    _replace_children(word.settings.element, _settings_xml(language))
    fonts = next(part for part in _related(word.part) if part.partname.endswith("fontTable.xml"))
    fonts._blob = _fonts_xml().encode()


def twips(points: float) -> int:
    """Convert points to twentieths."""
    return round(points * 20)


def _related(part: Part) -> list[Part]:
    return [relation.target_part for relation in part.rels.values() if not relation.is_external]


def _drop_template_parts(word: WordDocument) -> None:
    """Leave out what an empty template brings along: thumbnail, lists, statistics, effects."""
    kept = ("styles", "settings", "fontTable", "theme", "officeDocument", "core-properties")
    for owner in (word.part.package, word.part):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.rsplit("/", 1)[1] not in kept:
                del owner.rels[key]


def _replace_children(element: Any, xml: str) -> None:
    for child in list(element):
        element.remove(child)
    for child in list(parse_xml(xml)):
        element.append(child)


def _face_xml(role: Role) -> str:
    name = OFFICIAL[role]
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _run_xml(style: Style) -> str:
    size = round(style.size * 2)
    sizes = f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    # The section states the character grid, but the styles carry its measures themselves: not
    # every word processor squeezes 16 pt characters into its cells, some give each two of them.
    tight = f'<w:spacing w:val="{_TIGHT_TWIPS}"/>' if style.size == layout.BODY_PT else ""
    plain = (
        '<w:b w:val="0"/><w:i w:val="0"/><w:snapToGrid w:val="0"/>'
        f'<w:color w:val="{style.color}"/>' + tight
    )
    return f"<w:rPr>{_face_xml(style.face)}{plain}{sizes}</w:rPr>"


def _paragraph_xml(style: Style) -> str:
    parts = []
    if style.keep_next:
        parts.append("<w:keepNext/>")
    if style.page_break:
        parts.append("<w:pageBreakBefore/>")
    # A page holds 22 lines even where that splits off one line of a paragraph.
    parts.append('<w:widowControl w:val="0"/>')
    if style.red_rule:
        rule = f'w:sz="{round(layout.RED_RULE_PT * 8)}" w:space="{_RULE_SPACE_PT}"'
        parts.append(f'<w:pBdr><w:bottom w:val="single" {rule} w:color="{_RED}"/></w:pBdr>')
    # Punctuation stays inside the type area.
    parts.append('<w:overflowPunct w:val="0"/>')
    # No blank between Chinese and Western signs: it would break the grid of 28 characters.
    parts.append('<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>')
    parts.append('<w:snapToGrid w:val="0"/>')
    line = (
        f'w:line="{twips(style.line)}" w:lineRule="exact"'
        if style.line is not None
        else 'w:line="240" w:lineRule="auto"'
    )
    parts.append(f'<w:spacing w:before="{twips(style.before)}" w:after="0" {line}/>')
    indent = twips(style.first_line * layout.CHARACTER_PT)
    parts.append(f'<w:ind w:firstLineChars="{style.first_line * 100}" w:firstLine="{indent}"/>')
    parts.append(f'<w:jc w:val="{style.align}"/>')
    if style.outline is not None:
        parts.append(f'<w:outlineLvl w:val="{style.outline}"/>')
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def _style_xml(style: Style) -> str:
    root = style.id == "Normal"
    default = ' w:default="1"' if root else ""
    custom = "" if style.name.isascii() else ' w:customStyle="1"'
    based = "" if root else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{default}{custom} w:styleId="{style.id}">'
        f'<w:name w:val="{style.name}"/>{based}<w:qFormat/>'
        f"{_paragraph_xml(style)}{_run_xml(style)}</w:style>"
    )


def _styles_xml(language: str) -> str:
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = (
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="{0}" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="{0}" w:type="dxa"/></w:tblCellMar>'
    )
    # The character grid counts from the default size, so that must be the body's.
    size = round(layout.BODY_PT * 2)
    base = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_face_xml('body')}"
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        f'<w:lang w:val="en-US" w:eastAsia="{language}" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    tables = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        f'<w:name w:val="Default Paragraph Font"/><w:rPr>{_face_xml("body")}</w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        f'<w:name w:val="Normal Table"/><w:rPr>{_face_xml("body")}</w:rPr>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{margins.format(0)}</w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        f'<w:basedOn w:val="TableNormal"/><w:rPr>{_face_xml("body")}</w:rPr>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders>{margins.format(60)}</w:tblPr></w:style>"
    )
    styles = "".join(_style_xml(style) for style in STYLES)
    return f"<w:styles {nsdecls('w')}>{base}{styles}{tables}</w:styles>"


def _settings_xml(language: str) -> str:
    uri = "http://schemas.microsoft.com/office/word"
    return (
        f"<w:settings {nsdecls('w')}>"
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/>"
        "<w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/>"
        "<w:adjustLineHeightInTable/><w:useFELayout/>"
        f'<w:compatSetting w:name="compatibilityMode" w:uri="{uri}" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="en-US" w:eastAsia="{language}"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def _fonts_xml() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(_ALTERNATIVES[role])}"/>'
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for role, name in OFFICIAL.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
