"""Run the steps: clean, outline, actions, targets, duties, phases, header, result."""

from __future__ import annotations

import re
from dataclasses import replace

from plans.importer.actions import read_actions
from plans.importer.blocks import tile
from plans.importer.checks import damage_warnings, declared_leads, unit_warnings
from plans.importer.cleaning import clean
from plans.importer.header import (
    is_notice_line,
    is_title_line,
    kind_of,
    read_header,
)
from plans.importer.levels import correct_levels
from plans.importer.model import (
    CleanText,
    HeaderField,
    ImportWarning,
    NotAPlan,
    ParsedPlan,
    Span,
)
from plans.importer.notations import (
    HAN_STOP,
    ISSUER_LINE,
    LOOKS_BACK,
    OTHER_NOTICE,
    PLAN_WORD,
    SUBJECT,
)
from plans.importer.outline import Entry, build_tree, read_entries
from plans.importer.promises import (
    duties_and_phases,
    header_warnings,
    last_year,
    repeated_targets,
    targets_of,
)
from plans.importer.tables import read_tables


def parse_text(text: str) -> list[ParsedPlan]:
    """Parse a document into its plans; raise NotAPlan when it holds none."""
    cleaned = clean(text)
    entries = read_entries(cleaned)
    if not _may_be_plan(cleaned.text, entries):
        raise NotAPlan
    parts = _parts(cleaned.text, entries)
    plans = [plan for part in parts if (plan := _parse(cleaned, part))]
    if len(plans) < len(parts):
        # A second title without any action is an annex of the first plan.
        whole = _parse(cleaned, entries)
        plans = [whole] if whole else plans
    if not plans:
        raise NotAPlan
    first = plans[0]
    return [first, *(_with_notice(plan, first) for plan in plans[1:])]


def _may_be_plan(text: str, entries: list[Entry]) -> bool:
    """Refuse what has the form of a plan but another subject, or reports on the past."""
    if not SUBJECT.search(text):
        return False
    head = [text[entry.start : entry.end] for entry in entries[:4] if entry.kind != "marker"]
    joined = re.sub("《[^》]*》", "", "".join(head))
    if OTHER_NOTICE.search(joined) and not PLAN_WORD.search(OTHER_NOTICE.sub("", joined)):
        return False
    return not any(LOOKS_BACK.fullmatch(line) for line in head)


def _parts(text: str, entries: list[Entry]) -> list[list[Entry]]:
    """Cut the entries where a new plan begins: a title, then a section 一 again."""
    cuts = [0]
    opened = False
    for at, entry in enumerate(entries):
        if entry.kind != "marker" or entry.rank != HAN_STOP or entry.ordinal != 1:
            continue
        if opened and (begin := _title_before(text, entries, at)) is not None:
            cuts.append(begin)
        opened = True
    return [entries[a:b] for a, b in zip(cuts, [*cuts[1:], len(entries)], strict=True)]


def _title_before(text: str, entries: list[Entry], at: int) -> int | None:
    """Look back from a section 一 for the title of its plan; return where the title begins."""
    found = None
    for index in range(at - 1, max(at - 12, -1), -1):
        entry = entries[index]
        words = text[entry.start : entry.end]
        if entry.kind == "marker" or entry.statements:
            break
        opens = PLAN_WORD.search(words) or words[0] in "（("
        if is_title_line(words) and (found is not None or opens):
            found = index
        elif found is not None:
            break
    if found is None or not any(
        PLAN_WORD.search(text[e.start : e.end]) for e in entries[found:at] if e.kind != "marker"
    ):
        return None
    return _notice_before(text, entries, found)


def _notice_before(text: str, entries: list[Entry], title: int) -> int:
    """Move back over the notice that brings a plan, if it has one of its own."""
    begin = title
    for index in range(title - 1, max(title - 16, -1), -1):
        entry = entries[index]
        words = text[entry.start : entry.end]
        if entry.kind == "marker" or entry.statements or re.search(r"^抄送|日印发$", words):
            break
        if is_notice_line(words):
            begin = index
            if index > 0 and entries[index - 1].kind == "remainder":
                before = text[entries[index - 1].start : entries[index - 1].end]
                begin -= bool(ISSUER_LINE.fullmatch(before))
    return begin


def _with_notice(plan: ParsedPlan, first: ParsedPlan) -> ParsedPlan:
    """Give the second plan of a notice the number, issuer and date that both share."""
    if plan.issuer or plan.issued_on or plan.document_number:
        return plan
    return replace(
        plan,
        document_number=first.document_number,
        issuer=first.issuer,
        issued_on=first.issued_on,
        region=plan.region or first.region,
        recipients=plan.recipients or first.recipients,
        copies=plan.copies or first.copies,
        header_spans={**first.header_spans, **plan.header_spans},
    )


def _parse(cleaned: CleanText, entries: list[Entry]) -> ParsedPlan | None:
    text = cleaned.text
    warnings: list[ImportWarning] = []
    header = read_header(cleaned, entries)
    root = build_tree(text, correct_levels([replace(e) for e in entries], warnings))
    actions = read_actions(text, root, header.title, warnings)
    actions = read_tables(text, entries, actions, header.title)
    span = (entries[0].start, entries[-1].end) if entries else (0, 0)
    actions = declared_leads(cleaned, span, actions, warnings)
    if not actions:
        return None
    targets = targets_of(text, root, entries, header)
    duties, phases = duties_and_phases(text, root, actions)
    end = last_year(text, root, phases) if header.end_year is None else None
    if end:
        spans: dict[HeaderField, Span] = {**header.spans, "end_year": end[1]}
        header = replace(header, end_year=end[0], spans=spans)
    warnings += unit_warnings(cleaned, entries, actions)
    warnings += header_warnings(cleaned, header)
    warnings += repeated_targets(cleaned, targets)
    warnings += damage_warnings(cleaned)
    return ParsedPlan(
        title=header.title,
        region=header.region,
        document_number=header.document_number,
        issuer=header.issuer,
        issued_on=header.issued_on,
        start_year=header.start_year,
        end_year=header.end_year,
        actions=tuple(actions),
        targets=tuple(targets),
        duties=tuple(duties),
        phases=tuple(phases),
        warnings=tuple(sorted(warnings, key=lambda w: (w.line, w.code))),
        blocks=tile(text, entries),
        text=text,
        kind=kind_of(header.title),
        basis=header.basis,
        recipients=header.recipients,
        copies=header.copies,
        header_spans=header.spans,
    )
