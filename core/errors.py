"""What services raise: errors whose words are for the person who acts."""

from typing import Any

from core.verdict import Verdict


class DomainError(Exception):
    """Say what is wrong with a request, as a sentence and, where known, per field.

    `fields` maps a field's name to its sentences; `code` is stable and for machines.
    """

    code = "invalid"
    keeps = False  # whether what was written before the refusal stays: the questions it is about

    def __init__(
        self, message: object, *, fields: dict[str, list[str]] | None = None, code: str = ""
    ) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.fields = fields or {}
        if code:
            self.code = code

    @property
    def sentences(self) -> dict[str, list[str]]:
        """What to say at which field; at "" what is said of the whole."""
        return self.fields or {"": [self.message]}


class NotAllowed(DomainError):
    """Refuse a deed because of who asks or because of the state of things."""

    code = "not_allowed"


class Conflict(DomainError):
    """Refuse because somebody else was quicker; `current` holds what is stored now."""

    code = "conflict"

    def __init__(self, message: object, *, current: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.current = current or {}


def ensure(verdict: Verdict) -> None:
    """Raise `NotAllowed` with the verdict's reason unless it allows."""
    if not verdict:
        raise NotAllowed(verdict.reason)
