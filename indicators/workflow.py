"""How an observation goes from a draft to a verified value, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed transition."""

    verb: str
    sources: tuple[str, ...]
    target: str


STEPS: dict[str, Step] = {
    step.verb: step
    for step in (
        Step("submit", ("draft", "returned"), "submitted"),
        Step("verify", ("submitted",), "verified"),
        Step("return", ("submitted",), "returned"),
    )
}
