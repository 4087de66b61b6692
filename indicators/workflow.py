"""How an observation goes from a draft to a verified value, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed transition; `reason` says that it asks for one."""

    verb: str
    sources: tuple[str, ...]
    target: str
    reason: bool = False


STEPS: dict[str, Step] = {
    step.verb: step
    for step in (
        Step("submit", ("draft", "returned"), "submitted"),
        Step("withdraw", ("submitted",), "draft"),
        Step("verify", ("submitted",), "verified"),
        Step("return", ("submitted",), "returned", reason=True),
    )
}
