"""The answer to «may they?»: yes or no, and in the latter case why, in words for people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answer a permission question; truthy when allowed, else with a `reason` to show."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


def no(reason: object) -> Verdict:
    """Refuse, with the sentence that the person will read."""
    return Verdict(False, str(reason))
