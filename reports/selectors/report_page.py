"""What the page of one report shows: its way, what happened, the opinions, what one may do now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core.models import Job
from departments.models import Department
from reports import policies
from reports.models import (
    FailedAttempt,
    Opinion,
    Publication,
    Report,
    ReportTransition,
    ReportVersion,
)
from reports.rendering.draft import from_json
from reports.selectors.compiled import newest_job
from reports.selectors.concerns import Words, other_units, units_of, words_of
from reports.selectors.reading import ReadPage, read_draft
from reports.selectors.resting import resting_periods
from reports.workflow import VERB_WORDS
from tasks.models import Period

State = Report.State
# What people do on the page with a form of its own.
DEEDS = (
    "consult", "respond", "redraft", "approve", "stamp", "issue", "send_up", "publish",
    "unpublish", "withdraw",
)  # fmt: skip
OF_AN_OPINION = ("record", "answer")  # their forms stand at each opinion


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage on the way: `mark` is past, now or empty (still to come); who took it, and when."""

    word: str
    mark: str
    said: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history."""

    word: str
    who: str
    at: datetime
    text: str = ""


@dataclass(slots=True)
class ReportPage:
    """The page; `words` are those of the person's own unit, `periods` those that issuing locks."""

    report: Report
    job: Job | None
    versions: list[ReportVersion]
    may: set[str]
    way: list[Stage]
    history: list[Event]
    opinions: list[Opinion] = field(default_factory=list)
    earlier: list[Opinion] = field(default_factory=list)
    mine: Opinion | None = None
    words: list[Words] = field(default_factory=list)
    concerned: list[Department] = field(default_factory=list)
    others: list[Department] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    attempt: FailedAttempt | None = None
    kept: ReadPage | None = None
    publication: Publication | None = None
    sent: list[ReportTransition] = field(default_factory=list)
    why_not_public: str = ""

    @property
    def newest(self) -> ReportVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def heard(self) -> int:
        """Return how many of the units asked have answered."""
        return sum(one.state != Opinion.State.WAITING for one in self.opinions)


def report_page(user: Any, report: Report, on: date) -> ReportPage:
    """Return the page of a report that a person may see (a constant number of queries)."""
    # Facts and text are megabytes: they are read of those versions alone that are looked into.
    seen_versions = ReportVersion.objects.visible_to(user).filter(report=report)
    versions = list(seen_versions.defer("facts", "text").order_by("-number"))
    for one in versions:
        one.report = report
    steps = list(report.transitions.select_related("by").order_by("id"))
    seen = Opinion.objects.visible_to(user).filter(report=report)
    opinions = list(seen.select_related("department", "by", "answered_by").order_by("-round", "pk"))
    turn = opinions[0].round if opinions else 0
    page = ReportPage(
        report=report,
        job=_active_job(report),
        versions=versions,
        may=set(),
        way=_way(report, steps),
        history=_history(user, report, steps, versions),
        opinions=[one for one in opinions if one.round == turn],
        earlier=[one for one in opinions if one.round != turn],
        publication=Publication.objects.filter(report=report, ended_at=None).first(),
        sent=[one for one in steps if one.verb == "send_up"],
    )
    _own(page, user, on)
    page.may = _may(page, user, on)
    _beside(page, user, on)
    return page


def _active_job(report: Report) -> Job | None:
    job = newest_job(report)
    return job if job is not None and job.state in Job.ACTIVE else None


def _own(page: ReportPage, user: Any, on: date) -> None:
    """Add the opinion of the person's own unit, with what the report says of that unit."""
    unit = user.acting.department_id
    if unit is None:
        return
    page.mine = next((one for one in page.opinions if one.department_id == unit), None)
    if page.mine is not None and page.newest is not None:
        page.words = words_of(page.newest, unit, on)


def _may(page: ReportPage, user: Any, on: date) -> set[str]:
    report = page.report
    may = {verb for verb in (*DEEDS, *OF_AN_OPINION, "typeset") if policies.can(user, report, verb)}
    if not policies.can_respond(user, report, page.mine, on):
        may.discard("respond")
    if page.publication is not None:
        may.discard("publish")
    else:
        may.discard("unpublish")
    verdict = policies.can_publish(user, report)
    if "publish" in may and not verdict:
        may.discard("publish")
        page.why_not_public = str(verdict.reason)
    if page.job is not None:
        may -= {"consult", "redraft", "stamp", "typeset", "withdraw"}
        may |= {"cancel"} if policies.can_cancel(user, report) else set()
    elif policies.can_recompile(user, report):
        may.add("recompile")
    return may if page.newest is not None else may - {"consult", "typeset"}


def _beside(page: ReportPage, user: Any, on: date) -> None:
    """Add what the forms speak of: units that can be asked, periods that will be locked."""
    if "consult" in page.may and page.newest is not None:
        page.concerned = units_of(page.report, page.newest, on)
        page.others = other_units(page.report, page.concerned, on)
    if "issue" in page.may and page.newest is not None:
        page.periods = resting_periods(page.report, page.newest)
    if policies.can_cancel(user, page.report):  # the office alone looks at what went wrong
        page.attempt = FailedAttempt.objects.filter(report=page.report).first()
        if page.attempt is not None:
            page.kept = read_draft(from_json(page.attempt.text), {})


# --- The way -------------------------------------------------------------------------------
def _way(report: Report, steps: Iterable[ReportTransition]) -> list[Stage]:
    """Tell where the report is on its way; what was sent back has to be gone again."""
    taken: dict[str, ReportTransition] = {}
    for one in steps:
        if one.verb == "redraft":
            taken.clear()
        taken[one.verb] = one
    reached = {State.CONSULTING: 1, State.APPROVED: 3, State.ISSUED: 3}.get(State(report.state), 0)
    if report.state == State.WITHDRAWN:
        reached = max([0, *(n for n, verb in enumerate(_STAGES) if verb in taken)])
    asked = str(report.created_by) if report.created_by else ""
    listed: list[tuple[str, str, datetime | None]] = [(_("起草"), asked, report.created_at)]
    for verb, word in _STAGES.items():
        step = taken.get(verb)
        listed.append((str(word), _said(report, step), step.at if step else None))
    return [
        Stage(word, _mark(number, reached, report), said, at)
        for number, (word, said, at) in enumerate(listed)
    ]


_STAGES = {
    "consult": VERB_WORDS["consult"],
    "approve": VERB_WORDS["approve"],
    "issue": VERB_WORDS["issue"],
}


def _said(report: Report, step: ReportTransition | None) -> str:
    if step is None:
        return ""
    if step.verb == "issue":
        return report.document_number or str(step.by)
    return f"{step.by}，{step.note}"


def _mark(number: int, reached: int, report: Report) -> str:
    if number < reached or (number == reached and report.state == State.ISSUED):
        return "past"
    return "now" if number == reached and report.state != State.WITHDRAWN else ""


# What office and leaders do between them: no affair of the other readers.
_INSIDE = ("respond", "record", "answer", "redraft", "stamp", "publish", "unpublish")


def _history(
    user: Any, report: Report, steps: Iterable[ReportTransition], versions: Iterable[ReportVersion]
) -> list[Event]:
    """Return what happened, newest first: steps of people, and the versions that were made.

    Units read of the way alone, not who else has an opinion, nor the words of a review.
    """
    inside = user.acting.role in ("office", "leader") and user.acting.here == report.plan.region
    events = [
        Event(str(VERB_WORDS[one.verb]), str(one.by or ""), one.at, one.note)
        for one in steps
        if inside or one.verb not in _INSIDE
    ]
    for one in versions:
        word = _("第 %(number)s 版") % {"number": one.number}
        events.append(Event(word, "", one.compiled_at, str(one.get_cause_display())))
    asked = str(report.created_by) if report.created_by else ""
    events.append(Event(_("开始起草"), asked, report.created_at))
    return sorted(events, key=lambda one: one.at, reverse=True)
