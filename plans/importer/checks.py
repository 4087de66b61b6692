"""Say what a person should check about the units that were read, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plans.importer.actions import first_listed_leads, signed_leads
from plans.importer.model import (
    CleanText,
    ImportWarning,
    ParsedAction,
    ParsedMeasure,
    Span,
    Statement,
)
from plans.importer.notations import FIELD, FIRST_LEADS, OCR_SUSPECT, ROLE_VERB, SIGNED_LEADS
from plans.importer.outline import Entry
from plans.importer.refusals import UNREAD_PAGE
from plans.importer.spans import bracket_pairs

_LONGEST_BRACKET = 300
_OFFICE = re.compile(
    r"[省市县区州盟旗镇乡][^、，,；;：:（）()\s]{1,8}?(?:局|厅|委|办|部|科协|妇联|总工会)"
)


def unit_warnings(
    cleaned: CleanText, entries: list[Entry], actions: list[ParsedAction]
) -> list[ImportWarning]:
    """Return what is doubtful about units: open lists, missing verbs, two parts for one unit."""
    found: list[ImportWarning] = []
    items: list[ParsedAction | ParsedMeasure] = [*actions]
    items += [measure for action in actions for measure in action.measures]
    for item in items:
        for statement in item.statements:
            found += _statement_warnings(cleaned, item, statement)
        found += _double_parts(cleaned, item)
    read = [statement.span for item in items for statement in item.statements]
    found += _unread_brackets(cleaned, entries, read)
    return found


def damage_warnings(cleaned: CleanText) -> list[ImportWarning]:
    """Return where the text looks misread or was mended."""
    spans = [(hit.span(), hit.group()) for hit in OCR_SUSPECT.finditer(cleaned.text)]
    found = [
        _warning(cleaned, "ocr_suspect", f"“{words}”像是识别错误，请对照原件。", span)
        for span, words in spans
    ]
    found += [
        _warning(cleaned, "unread_page", f"{hit.group()[1:-1]}，请对照原件补录。", hit.span())
        for hit in UNREAD_PAGE.finditer(cleaned.text)
    ]
    return found + [
        _warning(cleaned, "repaired", "“？”按破折号读入，请对照原件。", (offset, offset + 1))
        for offset in cleaned.repaired
    ]


def declared_leads(
    cleaned: CleanText, span: Span, actions: list[ParsedAction], warnings: list[ImportWarning]
) -> list[ParsedAction]:
    """Give the lead to the unit printed first where the plan declares it so, and say so."""
    if signed := SIGNED_LEADS.search(cleaned.text, *span):
        message = f"原文声明带{signed.group(1)}的为牵头单位，已照此读入。"
        warnings.append(_warning(cleaned, "signed_leads", message, signed.span()))
        return signed_leads(cleaned.text, signed.group(1), actions)
    declared = FIRST_LEADS.search(cleaned.text, *span)
    if declared is None:
        return actions
    message = "原文声明排在首位的为牵头单位，已照此读入。"
    warnings.append(_warning(cleaned, "first_listed_leads", message, declared.span()))
    return first_listed_leads(actions)


def _warning(cleaned: CleanText, code: str, message: str, span: Span) -> ImportWarning:
    return ImportWarning(code, message, cleaned.line_of(span[0]), span)


def _statement_warnings(
    cleaned: CleanText, item: ParsedAction | ParsedMeasure, statement: Statement
) -> Iterator[ImportWarning]:
    name = item.title[:30]
    if statement.open_ended:
        message = f"“{name}”的责任单位没有列完（等相关部门），请核对。"
        yield _warning(cleaned, "open_ended", message, statement.span)
    if statement.missing_verb:
        message = f"“{name}”的分工没有写“配合”或“参与”，已按配合单位读入。"
        yield _warning(cleaned, "missing_verb", message, statement.span)


def _double_parts(
    cleaned: CleanText, item: ParsedAction | ParsedMeasure
) -> Iterator[ImportWarning]:
    """Find units that an item names as lead and as cooperating."""
    for name in item.leads:
        if name in item.cooperators:
            span = next(
                unit.span
                for statement in item.statements
                for unit in statement.units
                if unit.name == name and unit.role == "cooperate"
            )
            message = f"“{item.title[:30]}”把{name}既写为牵头单位，又写为配合单位，请核对。"
            yield _warning(cleaned, "lead_and_cooperator", message, span)


def _unread_brackets(
    cleaned: CleanText, entries: list[Entry], read: list[Span]
) -> Iterator[ImportWarning]:
    """Find brackets at the end of a sentence that name units and could not be read as such."""
    text = cleaned.text
    taken = set(read)
    for entry in entries:
        if entry.kind not in ("marker", "plain") or entry.statements:
            continue
        for start, end in bracket_pairs(text, entry.body, entry.end):
            ends = end >= entry.end or text[end] in "。；;"
            if ends and (start, end) not in taken and _names_units(text[start + 1 : end - 1]):
                message = f"“{text[start:end][:40]}”像是责任单位，但没有读懂，请补填。"
                yield _warning(cleaned, "bracket_unread", message, (start, end))
                break


def _names_units(inside: str) -> bool:
    if not 4 <= len(inside) <= _LONGEST_BRACKET or "《" in inside:
        return False
    names = len(_OFFICE.findall(inside))
    return names > 1 or (names > 0 and bool(ROLE_VERB.search(inside) or FIELD.search(inside)))
