"""An official document is taken in: stored once, read, and opened as drafts to be checked."""

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.files import store
from departments.models import Region
from departments.services import region_named
from plans.importer import parse_text
from plans.models import Draft, Plan, SourceDocument
from plans.services.confirming import confirm
from plans.services.drafting import write


def _source(name: str, content: bytes, text: str, by: Any) -> SourceDocument:
    """Store an official document; the file lies under its own hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    source = SourceDocument(
        name=name[:200], sha256=sha256, size=len(content), text=text, uploaded_by=by
    )
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else "txt"
    source.file.name = store("documents", sha256, suffix, content)
    source.save()
    return source


def existing_drafts(content: bytes) -> list[Draft]:
    """Return the drafts that this very file already gave, confirmed ones too."""
    sha256 = hashlib.sha256(content).hexdigest()
    rows = Draft.objects.filter(source__sha256=sha256).select_related("plan", "home")
    return list(rows.order_by("part"))


def open_document(
    name: str, content: bytes, text: str, *, by: Any = None, home: Region | None = None
) -> list[Draft]:
    """Read a document into drafts, one for each plan in it; the same file opens the same drafts.

    `home` is the region whose office checks them; without it, the region that the document
    names. Raises NotAPlan when there is nothing to check.
    """
    if found := existing_drafts(content):
        return found
    parsed = parse_text(text)
    try:
        with transaction.atomic():
            source = _source(name, content, text, by)
            return [
                _opened(write(source, part, home or _named(one.region), one), by)
                for part, one in enumerate(parsed)
            ]
    except IntegrityError:
        if found := existing_drafts(content):  # somebody was quicker with the same file
            return found
        raise


def _named(region: str | None) -> Region:
    if not region:
        raise DomainError(_("文件里没有写明是哪个地区的方案，请指定地区。"), code="no_region")
    return region_named(region)


def _opened(draft: Draft, by: Any) -> Draft:
    audit.record(
        "plans.draft.open",
        draft,
        by=by,
        detail={"file": draft.source.name, "sha256": draft.source.sha256},
        region_path=draft.home.path,
    )
    return draft


def import_document(
    name: str, content: bytes, text: str, *, by: Any = None, region: Region | None = None
) -> list[Plan]:
    """Read a document and confirm it as it was read: for commands, where nobody looks on.

    The same file again gives the plans it gave the first time. `region` overrides what the
    document says; without both a DomainError asks for it. What cannot be confirmed stays a draft
    for a person to complete, and the DomainError says what is missing.
    """
    return [
        _confirmed(draft, region, by)
        for draft in open_document(name, content, text, by=by, home=region)
    ]


def _confirmed(draft: Draft, region: Region | None, by: Any) -> Plan:
    if draft.plan is not None:
        return draft.plan
    if region is not None:
        draft.region_name = region.name
    if not draft.title:
        draft.title = draft.source.name[:200]
    draft.save(update_fields=["region_name", "title", "updated_at"])
    try:
        return confirm(draft, by=by, as_read=True)
    except DomainError as problem:
        if problem.code != "confirmed":
            raise
        return Plan.objects.get(draft=draft)  # somebody was quicker
