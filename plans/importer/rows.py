"""Share out values that stand in one row: 2018年、2020年分别达到8%和10%."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from plans.importer.model import Operator, ParsedTarget, Scope
from plans.importer.subjects import LITERACY, bare_label, literacy_code, made_code, suffix_of
from plans.importer.values import COUNTIES, TOWNS, Value, clause_start, operator_at

# What may stand between two values of one row: 省级0.8元、市级1元.
_ROW = re.compile(r"(?:、|和|，|以及|及|与)?(?:[一-龥]{1,3}级)?(?:人均)?")


def respectively(
    words: str, found: list[tuple[Value, ParsedTarget]]
) -> Iterator[tuple[Value, ParsedTarget]]:
    """Share several values out: 2018年、2020年分别达到8%和10%; 省、市级基地分别达到40个、260个."""
    at = 0
    while at < len(found):
        run = _run_at(words, found, at)
        first = found[at][0]
        begin = clause_start(words, first.begin)
        sentence = max(words.rfind(char, 0, begin) for char in "。；") + 1
        apart = words.rfind("分别", sentence, first.start)
        begin = min(begin, clause_start(words, apart)) if apart >= 0 else begin
        if len(run) > 1 and apart >= 0:
            near = re.findall(r"20\d\d(?=年|、)", words[clause_start(words, apart) : apart])
            years = near or re.findall(r"20\d\d(?=年|、)", words[sentence:apart])
            behind = apart + 2 + words.startswith("按", apart + 2)
            operator = operator_at(words, behind) or first.operator
            yield from _shared_out(words, run, words[begin:apart], years, operator)
        else:
            yield from run
        at += len(run)


def _run_at(
    words: str, found: list[tuple[Value, ParsedTarget]], at: int
) -> list[tuple[Value, ParsedTarget]]:
    """Return the values that follow one another with nothing but a mark or 和 between."""
    run = [found[at]]
    while at + len(run) < len(found):
        after = found[at + len(run)][0]
        if not _ROW.fullmatch(words, run[-1][0].end, after.begin):
            break
        run.append(found[at + len(run)])
    return run


def _shared_out(
    words: str,
    run: list[tuple[Value, ParsedTarget]],
    subject: str,
    years: list[str],
    operator: Operator,
) -> Iterator[tuple[Value, ParsedTarget]]:
    first = run[0][1]
    parts = _parts_of(subject, len(run))
    for index, (each, target) in enumerate(run):
        shared = replace(
            first, value=each.value, unit=each.unit, operator=operator, stretch=each.stretch
        )
        level = re.search(r"(?:市|州|县|区|乡|镇)级$", words[: each.begin])
        if len(years) == len(run):
            shared = replace(shared, year=int(years[index]))
        elif parts and first.kind in ("survey", "level"):
            below = re.search(rf"^(?:{COUNTIES}|县|{TOWNS})", parts[index]) or (
                index and re.match(r"[市州区盟](?:（|本级|级|$)", parts[index])
            )
            code = first.indicator
            if code.startswith(LITERACY.indicator):
                code = literacy_code(parts[index])
            scope: Scope = "each_child" if below else "self"
            named = parts[index] if first.kind == "survey" else first.label
            shared = replace(shared, scope=scope, indicator=code, label=named)
        elif parts:
            suffix = suffix_of(each.unit)
            code = made_code(parts[index], suffix)
            shared = replace(shared, label=parts[index], indicator=code)
        elif first.kind == "level" and level:
            shared = replace(shared, scope="each_child" if index else "self")
        else:
            shared = replace(target, operator=operator)
        yield each, shared


def _parts_of(subject: str, count: int) -> list[str]:
    """Divide 全国、省级科普教育基地 into two subjects; nothing where the parts do not match."""
    bare = bare_label(subject)
    if len(re.findall(r"[、和与及]", bare)) < count - 1:
        bare = subject.strip("，：")
    outside = re.sub(r"（[^（）]*）", lambda hit: "〇" * len(hit.group()), bare)
    cuts = [hit.start() for hit in re.finditer(r"[、和与及]", outside)]
    edges = [-1, *cuts, len(bare)]
    parts = [bare[a + 1 : b] for a, b in pairwise(edges)]
    if len(parts) != count:
        return []
    noun = re.sub(r"^(?:国家|全国|省|市|县|区|乡镇|镇|村|社区)级?", "", parts[-1])
    return [part if len(part) > 4 else part + noun for part in parts[:-1]] + parts[-1:]
