"""The page on which two plans stand side by side: its rows, words that differ, and choices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.words import Word
from plans.comparison import ALIKE, GONE, NEW, REASONS, REWORDED, Choice, Comparison, Pairing, Row
from plans.marking import own_stretches
from plans.models import Action, Measure

STATES: Mapping[str, Word] = {
    ALIKE: Word(gettext_lazy("相近"), "git-compare"),
    REWORDED: Word(gettext_lazy("改写"), "replace"),
    NEW: Word(gettext_lazy("新增"), "plus"),
    GONE: Word(gettext_lazy("未列入"), "minus"),
}
# Two letters in a row are a word in a title, and a chance in a text.
IN_TITLES = (2, 2)
OFFERS: Mapping[str, str | Promise] = {
    "parent": gettext_lazy("本方案的上级方案"),
    "above": gettext_lazy("上级地区的方案"),
    "earlier": gettext_lazy("本地区更早一期的方案"),
    "other": gettext_lazy("其他方案"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: on both sides (`same`), of this plan only (`ins`) or the other (`del`)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """A measure or action on one side; of the `pieces` some may differ from the other side."""

    label: str
    title: list[Piece]
    text: list[Piece]
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A measure that can be chosen as parent."""

    value: int
    words: str


@dataclass(frozen=True, slots=True)
class Picked:
    """What a person sent for a row before it came back: chosen or not, the parent, an answer."""

    checked: bool
    value: int | None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Chooser:
    """What a row offers for the parent of its measure: a few `options`, or all by action."""

    options: list[Option]
    groups: list[tuple[str, list[Option]]]
    value: int | None
    checked: bool
    hint: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page.

    `elsewhere` is the action of a partner that stands in another one than expected, `nearest`
    the measure most like one without a partner, `parent` what a measure carries out.
    """

    key: str
    state: Word | None
    left: Side | None
    right: Side | None
    same: bool = False
    percent: int | None = None
    elsewhere: str = ""
    nearest: Measure | None = None
    parent: Measure | None = None
    chooser: Chooser | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """An action of one or both plans with its lines; `head` holds the two actions."""

    head: Line
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """The page: parts and safeguards to show, counts of all states, and sentences about them."""

    parts: list[Part]
    safeguards: list[Line]
    chips: list[tuple[str, Word, int]]
    total: int
    sentence: str
    actions: str
    advice: str
    choosers: int


def offers(choices: Iterable[Choice]) -> list[tuple[str | Promise, list[Choice]]]:
    """Return the plans to compare with, under the reason for which each is offered."""
    found = list(choices)
    grouped = [(OFFERS[code], [one for one in found if one.reason == code]) for code in REASONS]
    return [(words, rows) for words, rows in grouped if rows]


def comparison_page(
    compared: Comparison,
    *,
    state: str = "",
    choose: bool = False,
    opened: int = 0,
    picked: Mapping[int, Picked] | None = None,
) -> ComparisonPage:
    """Return what the page shows; no query is made.

    `state` narrows the rows, `choose` offers parents, `opened` is the measure whose choice holds
    every measure of the other plan, `picked` what a person sent that has to be looked at again.
    """
    whole = _everything(compared.theirs)
    parts = []
    for pairing in compared.parts:
        lines = [
            _line(row, pairing, _chooser(compared, row, opened, whole, picked) if choose else None)
            for row in pairing.rows
            if not state or row.status == state
        ]
        if lines or not state:
            parts.append(Part(_head(pairing), lines))
    counts = compared.counts
    ticks = [line.chooser for part in parts for line in part.lines if line.chooser]
    return ComparisonPage(
        parts=parts,
        safeguards=[] if state else [_safeguard(one) for one in compared.safeguards],
        chips=[(code, word, counts[code]) for code, word in STATES.items()],
        total=len(compared.rows),
        sentence=_sentence(counts),
        actions=_actions(compared.parts),
        advice=_advice(sum(one.checked for one in ticks), compared),
        choosers=len(ticks),
    )


def _sentence(counts: Mapping[str, int]) -> str:
    """Say first what a reader wants to know: how much of the two plans is the same."""
    both = counts[ALIKE] + counts[REWORDED]
    return _(
        "两份方案分别有 %(ours)s 项和 %(theirs)s 项措施：%(alike)s 项相近，%(reworded)s 项改写，"
        "%(new)s 项本方案新增，%(gone)s 项对方有而本方案没有。"
    ) % {"ours": both + counts[NEW], "theirs": both + counts[GONE], **counts}


def _actions(parts: Iterable[Pairing]) -> str:
    """Say how the actions correspond."""
    rows = list(parts)
    both = sum(one.left is not None and one.right is not None for one in rows)
    ours = sum(one.right is None for one in rows)
    theirs = sum(one.left is None for one in rows)
    if not ours and not theirs:
        return _("%(both)s 项重点任务一一对应。") % {"both": both}
    return _("%(both)s 项重点任务相互对应，%(ours)s 项只有本方案有，%(theirs)s 项只有对方有。") % {
        "both": both,
        "ours": ours,
        "theirs": theirs,
    }


def _advice(ticked: int, compared: Comparison) -> str:
    """Say how many measures have a parent, and what is ticked beforehand."""
    known = sum(row.left is not None and row.left.parent_id is not None for row in compared.rows)
    told = _("已有 %(count)s 项措施确定了上级措施。") % {"count": known} if known else ""
    if not ticked:
        return told + _("要采纳或改动的，请先勾选。")
    return told + _(
        "已预先勾选 %(count)s 项相近程度高的上级措施，其余请核对后再选；采纳前都可以改。"
    ) % {"count": ticked}


def _own(text: str, other: str, kind: str, *runs: int) -> list[Piece]:
    """Return a text with what the other one says nowhere marked as `kind`."""
    cut = own_stretches(text, other, *runs)
    return [Piece(kind if own else "same", words) for words, own in cut]


def _after(title: str, text: str) -> str:
    """Return a text without the title that stands in front of it."""
    return (text[len(title) :] if text.startswith(title) else text).lstrip("。.:： \u3000\n")


def _plain(text: str) -> list[Piece]:
    return [Piece("same", text)] if text else []


def _sides(
    left: Measure | Action | None, right: Measure | Action | None
) -> tuple[Side | None, Side | None]:
    """Return both sides of a row; where there are two, with what differs marked."""
    ours, theirs = _words(left), _words(right)
    if left is None or right is None:
        return _side(left, *map(_plain, ours)), _side(right, *map(_plain, theirs))
    titles = (
        _own(ours[0], theirs[0], "ins", *IN_TITLES),
        _own(theirs[0], ours[0], "del", *IN_TITLES),
    )
    texts = _own(ours[1], theirs[1], "ins"), _own(theirs[1], ours[1], "del")
    return _side(left, titles[0], texts[0]), _side(right, titles[1], texts[1])


def _words(one: Measure | Action | None) -> tuple[str, str]:
    """Return title and text; a safeguard's text is its own and that of its measures."""
    if one is None:
        return "", ""
    texts = [_after(one.title, one.text)]
    if isinstance(one, Action) and one.kind == Action.Kind.SAFEGUARD:
        texts += [measure.text for measure in one.measures.all()]
    return one.title, "\n".join(text for text in texts if text)


def _side(one: Measure | Action | None, title: list[Piece], text: list[Piece]) -> Side | None:
    if one is None:
        return None
    if isinstance(one, Measure):
        return Side(one.label, title, text, one)
    return Side(one.number or "", title, text)


def _text_of(pieces: Iterable[Piece]) -> str:
    return "".join(one.text for one in pieces)


def _same(left: Side | None, right: Side | None) -> bool:
    """Tell whether both sides say the same to the letter."""
    if left is None or right is None:
        return False
    return all(
        _text_of(one) == _text_of(other)
        for one, other in ((left.title, right.title), (left.text, right.text))
    )


def _head(pairing: Pairing) -> Line:
    left, right = _sides(pairing.left, pairing.right)
    key = pairing.left or pairing.right
    return Line(f"a{key.pk if key else 0}", None, left, right, same=_same(left, right))


def _safeguard(pairing: Pairing) -> Line:
    head = _head(pairing)
    if pairing.likeness is None:
        code = NEW if head.left else GONE
    else:
        code = ALIKE if pairing.likeness.alike else REWORDED
    return replace(head, state=STATES[code])


def _line(row: Row, pairing: Pairing, chooser: Chooser | None) -> Line:
    left, right = _sides(row.left, row.right)
    key = f"m{row.left.pk}" if row.left else f"o{row.right.pk if row.right else 0}"
    elsewhere = ""
    if (
        row.left
        and row.right
        and (pairing.right is None or row.right.action_id != pairing.right.pk)
    ):
        elsewhere = row.right.action.title
    return Line(
        key=key,
        state=STATES[row.status],
        left=left,
        right=right,
        same=_same(left, right),
        percent=round(row.likeness.wording * 100) if row.likeness else None,
        elsewhere=elsewhere,
        nearest=row.suggested.measure if row.suggested and not row.right else None,
        parent=row.left.parent if row.left else None,
        chooser=chooser,
    )


def _option(measure: Measure) -> Option:
    return Option(measure.pk, f"{measure.label} {measure.title}")


def _everything(actions: Iterable[Action]) -> list[tuple[str, list[Option]]]:
    """Return every measure of the other plan by action."""
    return [(one.title, [_option(m) for m in one.measures.all()]) for one in actions]


def _chooser(
    compared: Comparison,
    row: Row,
    opened: int,
    whole: list[tuple[str, list[Option]]],
    picked: Mapping[int, Picked] | None,
) -> Chooser | None:
    """Return what a row of this plan offers; a sure suggestion is ticked where none is set."""
    if row.left is None:
        return None
    now, suggested = row.left.parent, row.suggested
    here = now is not None and now.action.plan_id == compared.other.pk
    value = now.pk if now and here else suggested.measure.pk if suggested and not now else None
    checked = now is None and suggested is not None and suggested.candidate.sure
    message = ""
    if picked is not None:
        sent = picked.get(row.left.pk, Picked(False, value))
        known = sent.value is None or any(sent.value == one.pk for one in compared.measures)
        value, checked = (sent.value, sent.checked) if known else (value, False)
        message = sent.message
    offered = {one.measure.pk: one.measure for one in row.suggestions}
    if now and here:
        offered.setdefault(now.pk, now)
    everything = opened == row.left.pk or not offered or (value and value not in offered)
    return Chooser(
        options=[_option(one) for one in offered.values()],
        groups=whole if everything else [],
        value=value,
        checked=checked,
        hint=_hint(row, now),
        message=message,
    )


def _hint(row: Row, now: Measure | None) -> str:
    """Say how far a suggestion can be relied upon."""
    if now is not None:
        return ""
    if row.suggested is None:
        return _("没有足够相近的措施，请人工选择。")
    return "" if row.suggested.candidate.sure else _("相近程度不高，请核对后再采纳。")
