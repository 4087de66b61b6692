"""The states of a report until it is a draft, as data: from, verb, to, who.

`office` is the office of the plan's region; `worker` the background job. `reports.policies` tests
the names.
"""

from dataclasses import dataclass

JOB = "reports.compile"  # the kind of the background job


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed transition."""

    verb: str
    sources: tuple[str, ...]
    target: str
    who: str


STEPS = {
    step.verb: step
    for step in (
        Step("compile", ("draft", "failed"), "queued", "office"),
        # A worker that died left «compiling» behind; the next one begins again from there.
        Step("begin", ("queued", "compiling"), "compiling", "worker"),
        Step("finish", ("compiling",), "draft", "worker"),
        Step("fail", ("queued", "compiling"), "failed", "worker"),
    )
}
