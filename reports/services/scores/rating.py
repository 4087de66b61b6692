"""The unit's side of a scorecard: rated, handed in, taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError, ensure
from core.files import Upload, accept, store
from reports import policies
from reports.models import Score, ScoreCard, ScoreEvidence
from reports.scoring import Found
from reports.services.scores import steps

MOST_FILES = 5  # of one item
File = tuple[str, bytes]  # a name and the content


@dataclass(frozen=True, slots=True)
class Rated:
    """What a unit says of one item; `remove` are ids of its files."""

    points: Decimal | None = None
    note: str = ""
    files: Sequence[File] = ()
    remove: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file that passed the checks, and where it lies."""

    upload: Upload
    path: str


def rate(
    pk: int,
    version: int,
    given: Mapping[int, Rated],
    *,
    hand_in: bool = False,
    by: Any,
    now: datetime,
) -> ScoreCard:
    """Keep a unit's rating (by the id of its score); with `hand_in`, give it to the office.

    `version` is that of the card that the person saw. Doing it twice is doing it once.
    """
    verb, today = "hand_in" if hand_in else "rate", timezone.localdate(now)
    if any(one.files for one in given.values()):
        with transaction.atomic():  # before any file is kept
            done, card = _opened(pk, verb, by, today)
            if done:
                return card
    kept = _accepted(given)
    with transaction.atomic():
        done, card = _opened(pk, verb, by, today)
        if done:
            return card
        rows = steps.scores_of(card)
        changed = [one for one in rows if one.pk in given and _take(one, given[one.pk])]
        gone, new = _files(rows, given, kept, by)
        touched = bool(changed or gone or new)
        if touched:
            steps.ensure_version(card, version)
            card.version += 1
            Score.objects.bulk_update(changed, ["self_points", "self_note"])
            ScoreEvidence.objects.filter(pk__in=[one.pk for one in gone]).delete()
            ScoreEvidence.objects.bulk_create(new)
        if hand_in:
            _ensure_rated(rows, steps.found_now(card, now))
            card.rated_at = now
        if touched or hand_in:
            step = steps.move(
                card,
                verb,
                by,
                now,
                changed={one.pk: [one.self_points, one.self_note] for one in changed},
                files=[one.name for one in new],
                removed=[one.name for one in gone],
            )
        if hand_in:
            steps.tell(steps.office(card, now), step, "waiting", _arrived(card))
    return card


def _opened(pk: int, verb: str, by: Any, on: date) -> tuple[bool, ScoreCard]:
    """Return the card, locked, if the person may rate it; True if this very step was their last."""
    card = steps.locked(pk)
    if verb == "hand_in" and steps.repeated(card, verb, by):
        return True, card
    ensure(policies.can_on_card(by, card, verb, on))
    return False, card


def _arrived(card: ScoreCard) -> str:
    told = {"unit": card.department.name, "year": card.scheme.year}
    return _("%(unit)s报来 %(year)s 年度考核自评，请审核。") % told


def _take(score: Score, given: Rated) -> bool:
    """Put what was given on a score; tell whether it changed anything. Raises DomainError."""
    note = given.note.strip()
    steps.ensure_within(f"points_{score.pk}", given.points, score.full)
    before = (score.self_points, score.self_note)
    score.self_points, score.self_note = given.points, note
    return before != (given.points, note)


def _accepted(given: Mapping[int, Rated]) -> dict[int, list[_Kept]]:
    """Check and store files outside of the transaction; all that is wrong is said at once."""
    accepted: dict[int, list[Upload]] = {}
    wrong: dict[str, list[str]] = {}
    for pk, one in given.items():
        for name, content in one.files:
            try:
                accepted.setdefault(pk, []).append(accept(name, content))
            except DomainError as problem:
                wrong.setdefault(f"files_{pk}", []).append(problem.message)
    if wrong:
        raise DomainError(_("有文件不能上传。"), fields=wrong)
    return {pk: [_stored(one) for one in uploads] for pk, uploads in accepted.items()}


def _stored(upload: Upload) -> _Kept:
    suffix = upload.name.rsplit(".", 1)[-1].lower()
    return _Kept(upload, store("evidence", upload.sha256, suffix, upload.content))


def _files(
    rows: Sequence[Score], given: Mapping[int, Rated], kept: Mapping[int, list[_Kept]], by: Any
) -> tuple[list[ScoreEvidence], list[ScoreEvidence]]:
    """Return which files go and which come; the same file twice at one item is one file."""
    known: dict[int, dict[str, ScoreEvidence]] = {one.pk: {} for one in rows}
    for row in ScoreEvidence.objects.filter(score__in=known):
        known[row.score_id][row.sha256] = row
    asked = {pk for one in given.values() for pk in one.remove}
    gone = [row for files in known.values() for row in files.values() if row.pk in asked]
    new: list[ScoreEvidence] = []
    for pk, files in known.items():
        come: dict[str, ScoreEvidence] = {}
        for one in kept.get(pk, ()):
            if one.upload.sha256 not in files:
                come[one.upload.sha256] = _evidence(pk, one, by)
        if len(files) + len(come) - sum(1 for row in gone if row.score_id == pk) > MOST_FILES:
            words = _("一项最多 %(most)s 个文件。") % {"most": MOST_FILES}
            raise DomainError(words, fields={f"files_{pk}": [words]})
        new += come.values()
    return gone, new


def _evidence(pk: int, kept: _Kept, by: Any) -> ScoreEvidence:
    return ScoreEvidence(
        score_id=pk,
        file=kept.path,
        name=kept.upload.name,
        sha256=kept.upload.sha256,
        size=len(kept.upload.content),
        media_type=kept.upload.media_type,
        uploaded_by=by,
    )


def _ensure_rated(rows: Sequence[Score], found: Mapping[int, Found]) -> None:
    """Refuse to hand in while an item has neither points nor a word on why not."""
    wrong = {
        f"points_{one.pk}": [_("请填自评分；没有依据、不能自评的，请在说明里写明。")]
        for one in rows
        if one.self_points is None
        and not one.self_note
        and (one.item_id not in found or found[one.item_id].total)
    }
    if wrong:
        raise DomainError(_("还有 %(n)s 项没有自评。") % {"n": len(wrong)}, fields=wrong)


def withdraw(pk: int, *, by: Any, now: datetime) -> ScoreCard:
    """Take a rating back before the office begins with it."""
    with transaction.atomic():
        card = steps.locked(pk)
        if steps.repeated(card, "withdraw", by):
            return card
        ensure(policies.can_on_card(by, card, "withdraw", timezone.localdate(now)))
        steps.move(card, "withdraw", by, now)
    return card
