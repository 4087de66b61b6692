"""What every step of a 督办件 shares: its lock, its step and audit row, its files and notices."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core import audit, notices
from core.errors import DomainError
from core.files import Upload, accept, store
from departments.selectors import department_people, office_people
from tasks.models import Instruction, SupervisionFile, SupervisionItem, SupervisionStep

MOST_FILES = 10  # of one step or instruction
MOST_WORDS = 5000
File = tuple[str, bytes]  # a name and the content


def locked(pk: int) -> SupervisionItem:
    """Load and lock an item with what its rules need."""
    return (
        SupervisionItem.objects.select_for_update(of=("self",))
        .select_related("region", "department", "instruction")
        .prefetch_related("helpers", "extensions")
        .get(pk=pk)
    )


def accept_all(files: Sequence[File]) -> list[Upload]:
    """Check uploaded files by content; call it outside the transaction. Raises DomainError.

    All that is wrong is said at once, and nothing is kept.
    """
    if len(files) > MOST_FILES:
        raise DomainError(_("一次最多 %(most)s 个文件。") % {"most": MOST_FILES})
    accepted, wrong = [], []
    for name, content in files:
        try:
            accepted.append(accept(name, content))
        except DomainError as error:
            wrong.append(error.message)
    if wrong:
        raise DomainError(" ".join(wrong), fields={"attachments": wrong})
    return accepted


def keep(
    uploads: Iterable[Upload],
    *,
    by: Any,
    step: SupervisionStep | None = None,
    instruction: Instruction | None = None,
) -> list[str]:
    """Store checked files with a step or an instruction; returns their names for the audit row."""
    names = []
    for upload in uploads:
        row = SupervisionFile(
            item=step.item if step else None,
            step=step,
            instruction=instruction,
            name=upload.name,
            sha256=upload.sha256,
            size=len(upload.content),
            media_type=upload.media_type,
            uploaded_by=by,
        )
        suffix = upload.name.rsplit(".", 1)[-1].lower()
        row.file.name = store("evidence", upload.sha256, suffix, upload.content)
        row.save()
        names.append(upload.name)
    return names


def log(
    item: SupervisionItem,
    verb: str,
    before: str,
    *,
    by: Any,
    now: datetime,
    text: str = "",
    uploads: Iterable[Upload] = (),
    **detail: Any,
) -> SupervisionStep:
    """Write the step with its files, and the audit row of one deed."""
    step = SupervisionStep(
        item=item,
        verb=verb,
        from_state=before,
        to_state=item.state,
        by=by,
        acting_as=str(by.acting or ""),
        at=now,
        text=text,
    )
    step.save(force_insert=True)
    files = keep(uploads, by=by, step=step)
    audit.record(
        f"tasks.supervision.{verb}",
        item,
        by=by,
        detail={"from": before, "to": item.state, "text": text, "files": files, **detail},
        region_path=item.region.path,
    )
    return step


def unit(item: SupervisionItem, on: date) -> list[int]:
    """Return the ids of the people of the 承办单位."""
    return department_people([item.department_id], on)


def helpers(item: SupervisionItem, on: date) -> list[int]:
    """Return the ids of the people of the 协办单位."""
    return department_people([one.pk for one in item.helpers.all()], on)


def office(item: SupervisionItem, on: date) -> list[int]:
    return office_people(item.region, on)


def leader(item: SupervisionItem) -> list[int]:
    """Return who asked for it: a leader with an account, or nobody."""
    asked = item.instruction
    return [asked.by_id] if asked and asked.kind == Instruction.Kind.DEMAND else []


def tell(people: Iterable[int], step: SupervisionStep, reason: str, text: str) -> None:
    """Leave a notice with those concerned, never with who did it."""
    notices.tell(
        [person for person in people if person != step.by_id],
        event=f"supervision:{step.item_id}:{step.pk}",
        reason=reason,
        text=text,
        view="supervision-item",
        subject=step.item_id,
        after=step.at,
    )
