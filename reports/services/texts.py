"""Sections of a report in its office's own words, figures still tied to their facts."""

import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError, ensure
from reports import policies
from reports.models import Report, ReportVersion, SectionText
from reports.rendering.document import (
    Block,
    Figure,
    Heading,
    Paragraph,
    Run,
    Table,
    clean,
    runs,
)
from reports.rendering.draft import (
    Draft,
    blocks_from_json,
    blocks_to_json,
    refreshed,
)
from reports.rendering.linking import linked
from reports.selectors.sections import edit_mark
from reports.services.requests import ensure_idle, locked, record

MOST_FLAGS = 50  # told one by one
LONGEST = 20_000  # characters of a paragraph
Json = dict[str, Any]


def rewritten(
    report: Report, draft: Draft, figures: Json
) -> tuple[Draft, list[str], dict[str, str]]:
    """Put the sections that the office rewrote into a draft, figures brought up to date.

    Returns what the office must know of them as sentences, and which edits were put in.
    """
    texts = {row.key: row for row in SectionText.objects.filter(report=report)}
    notes: list[str] = []
    sections = []
    used = {one.key: edit_mark(texts[one.key]) for one in draft.sections if one.key in texts}
    for one in draft.sections:
        row = texts.get(one.key)
        if row is None:
            sections.append(one)
            continue
        blocks, gone = refreshed(restored(row.blocks, one.blocks), figures)
        sections.append(replace(one, blocks=blocks))
        named = one.title or _("导语")
        if row.written != written_hash(one.blocks):
            notes.append(
                _("“%(title)s”一节是改写过的；数据更新后，自动生成的文字已经不同，请对照。")
                % {"title": named}
            )
        if gone:
            notes.append(
                _("“%(title)s”一节引用的 %(count)s 个数字已经没有来源，请核对。")
                % {"title": named, "count": len(gone)}
            )
    return replace(draft, sections=tuple(sections)), notes, used


def hashes(draft: Draft) -> dict[str, str]:
    """Return the hash of each section as written by rule, to tell later whether it changed."""
    return {one.key: written_hash(one.blocks) for one in draft.sections}


def written_hash(blocks: Sequence[Block]) -> str:
    """Hash a section's words; the values of its figures are left out, for they follow the facts."""
    told = [
        [[run.fact or run.text for run in runs(block.text)]]
        for block in blocks
        if isinstance(block, (Heading, Paragraph))
    ]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()


def restored(stored: Sequence[Json], written: Sequence[Block]) -> tuple[Block, ...]:
    """Return edited blocks with the tables and charts of the section as they are now.

    They are found by kind and caption: others may have come before them since. Those that the
    edit did not know come at the end.
    """
    drawn = [block for block in written if not isinstance(block, (Heading, Paragraph))]
    waiting: dict[tuple[str, ...], deque[tuple[int, Block]]] = {}
    for place, one in enumerate(drawn):
        waiting.setdefault(_name_of(one), deque()).append((place, one))
    found: list[Block] = []
    used = set()
    for row in stored:
        if "kept" not in row:
            found.extend(blocks_from_json([row]))
        elif waiting.get(name := tuple(row["kept"])):
            at, block = waiting[name].popleft()
            used.add(at)
            found.append(block)
    return (*found, *(block for at, block in enumerate(drawn) if at not in used))


def _name_of(block: Table | Figure) -> tuple[str, str]:
    """Return what tells a table or chart of a section from the others: its kind and caption."""
    return ("table" if isinstance(block, Table) else "figure", clean(block.caption))


@dataclass(frozen=True, slots=True)
class Editable:
    """A section as it can be edited: its blocks as they read now, and what they were made of.

    `seen` tells the version and the edit: texts are sent back by the place of their block, and
    the places are others in another version as well as after a colleague's edit.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    seen: str
    number: int  # 0 where nobody has edited it
    flags: list[str]
    by: Any = None
    at: Any = None


def editable(version: ReportVersion, key: str) -> Editable | None:
    """Return a section of the newest version with the edits made since, if there is such one."""
    section = next((one for one in version.text["sections"] if one["key"] == key), None)
    if section is None:
        return None
    blocks = blocks_from_json(section["blocks"])
    row = SectionText.objects.filter(report=version.report_id, key=key).select_related("by").first()
    if row is None:
        return Editable(key, section["title"], blocks, f"{version.number}.", 0, [])
    now, _gone = refreshed(restored(row.blocks, blocks), version.facts["figures"])
    seen = f"{version.number}.{edit_mark(row)}"
    return Editable(key, section["title"], now, seen, row.number, row.flags, row.by, row.updated_at)


def edit_section(
    report: Report, key: str, texts: Mapping[int, str], more: str, *, seen: str, by: Any
) -> SectionText:
    """Keep a section in the office's own words.

    `texts` are the new texts by the place of their block in the section as it was seen (`seen` of
    `editable`); an emptied block goes, a line end begins a new paragraph; `more` comes at the end.
    Figures stay tied to their facts where they are left in the text; what is lost, and numbers
    that no fact stands behind, are noted as flags.
    """
    with transaction.atomic():
        report = locked(report)
        ensure(policies.can(by, report, "edit"))
        ensure_idle(report)
        version = ReportVersion.objects.filter(report=report).order_by("-number").first()
        shown = editable(version, key) if version else None
        if version is None or shown is None:
            raise DomainError(_("报告里现在没有这一节，请刷新页面。"), code="stale")
        if shown.seen != seen:
            raise _stale(version, shown, seen)
        blocks, flags = _edited(shown.blocks, texts, more, version.facts["figures"])
        row, _new = SectionText.objects.update_or_create(
            report=report,
            key=key,
            defaults={
                "number": shown.number + 1,
                "blocks": blocks,
                "written": version.text["written"][key],
                "flags": flags,
                "by": by,
            },
        )
        record(report, "edit", by, section=key, flags=len(flags))
    return row


def _stale(version: ReportVersion, shown: Editable, seen: str) -> DomainError:
    """Say what happened to a section since it was opened."""
    if seen.split(".")[0] == str(version.number):
        what = _("%(who)s刚刚改过这一节。") % {"who": shown.by or _("同事")}
    else:
        what = _("报告已经生成第 %(number)s 版，这一节的段落可能变了。") % {
            "number": version.number
        }
    rest = _("下面是最新的文字；您输入的内容另外列出，可以对照后再改。")
    return DomainError(f"{what}{rest}", code="stale")


def restore_section(report: Report, key: str, *, seen: str, by: Any) -> None:
    """Drop the office's own words of a section; the next version has those by rule again.

    `seen` is what the person looked at (`editable`): a colleague's newer words are not dropped.
    """
    with transaction.atomic():
        report = locked(report)
        ensure(policies.can(by, report, "edit"))
        ensure_idle(report)
        version = ReportVersion.objects.filter(report=report).order_by("-number").first()
        shown = editable(version, key) if version else None
        if version is not None and shown is not None and shown.number and shown.seen != seen:
            raise _stale(version, shown, seen)
        gone, _rows = SectionText.objects.filter(report=report, key=key).delete()
        if gone:
            record(report, "restore", by, section=key)


def _edited(
    blocks: Sequence[Block], texts: Mapping[int, str], more: str, figures: Json
) -> tuple[list[Json], list[str]]:
    """Return the blocks as they are to be stored, and what is to be flagged."""
    found: list[Json] = []
    lost: list[Run] = []
    loose: list[str] = []
    for at, block in enumerate(blocks):
        if not isinstance(block, (Heading, Paragraph)):
            found.append({"kept": list(_name_of(block))})
            continue
        text = _bounded(texts.get(at, ""), f"block-{at}")
        result = linked(
            runs(block.text), " ".join(text.split("\n")) if isinstance(block, Heading) else text
        )
        lost += result.lost
        loose += result.loose
        level = block.level if isinstance(block, Heading) else 0
        found += _stored(result.runs, level)
    added = linked((), _bounded(more, "more"))
    loose += added.loose
    found += _stored(added.runs, 0)
    if not found:
        raise DomainError(_("一节不能是空的；不要这一节，请在“章节设置”里去掉。"))
    return found, _flags(lost, loose, figures)


def _bounded(text: str, field: str) -> str:
    if len(text) > LONGEST:
        sentence = _("一段不要超过 %(most)s 个字。") % {"most": LONGEST}
        raise DomainError(sentence, fields={field: [sentence]})
    return clean(text).strip()


def _stored(text: Sequence[Run], level: int) -> list[Json]:
    """Return the block, or the paragraphs of a text at its line ends, without blank ones."""
    lines: list[list[Run]] = [[]]
    for run in text:
        first, *rest = run.text.split("\n")
        lines[-1].append(Run(first, run.fact))
        lines.extend([Run(part, run.fact)] for part in rest)
    kept = [tuple(line) for line in lines if "".join(run.text for run in line).strip()]
    made: list[Block] = [Heading(level, line) if level else Paragraph(line) for line in kept]
    return blocks_to_json(made)


def _flags(lost: Sequence[Run], loose: Sequence[str], figures: Json) -> list[str]:
    found = [
        _("修改后不再有“%(value)s”（%(label)s）。")
        % {"value": run.text, "label": figures.get(run.fact or "", {}).get("label", run.fact)}
        for run in lost
    ]
    found += [
        _("“%(number)s”是手工写入的数字，系统中没有来源。") % {"number": number}
        for number in dict.fromkeys(loose)
    ]
    if len(found) > MOST_FLAGS:
        left = _("还有 %(count)s 处没有列出。") % {"count": len(found) - MOST_FLAGS}
        return [*found[:MOST_FLAGS], left]
    return found
