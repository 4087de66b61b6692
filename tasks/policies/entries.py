"""What a person may do with an entry and its evidence, until when, and why not.

The tables in `tasks.workflow` name who may take a step; the tests behind those names are here.
Every function takes the day or moment it is asked for.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.models import Membership
from departments.policies import is_office_of
from departments.selectors import second_person
from tasks.models import Assignment, Entry, Evidence, Period, Revision, Transition
from tasks.querysets import HANDED_IN
from tasks.workflow import VERB_WORDS, table_of

UNDO = timedelta(seconds=10)


def of_unit(user: Any, entry: Entry) -> bool:
    """Tell whether the person acts for the department that fills in this entry."""
    acting = getattr(user, "acting", None)
    return acting is not None and acting.department_id == entry.department_id


def gathers(user: Any, task_id: int) -> bool:
    """Tell whether the person acts for the task's 汇总单位."""
    acting = getattr(user, "acting", None)
    return (
        acting is not None
        and acting.department_id is not None
        and Assignment.objects.filter(
            task=task_id, department=acting.department_id, role=Assignment.Role.LEAD
        ).exists()
    )


def worked_on(user: Any, entry: Entry) -> bool:
    """Tell whether the person edited or submitted what stands to be checked."""
    if entry.submitted_id and entry.submitted and entry.submitted.submitted_by_id == user.pk:
        return True
    return any(one.get("by") == user.pk for one in entry.draft.values())


def stands_behind(user: Any, entry: Entry) -> bool:
    """Tell whether the person edited, submitted or signed what stands to be checked."""
    return (
        worked_on(user, entry)
        or Transition.objects.filter(
            entry=entry, verb="sign", revision=entry.submitted_id, by=user.pk
        ).exists()
        or Evidence.objects.filter(revisions=entry.submitted_id, uploaded_by=user.pk).exists()
    )


def _checker(user: Any, entry: Entry, now: datetime) -> Verdict:
    if not is_office_of(user, entry.period.region):
        return no(_("由本地区纲要办核对。"))
    another = second_person(entry.period.region, user, timezone.localdate(now))
    if another and stands_behind(user, entry):
        return no(_("本单位填报，须由他人核对。"))
    return YES


def _same_person(user: Any, entry: Entry, now: datetime) -> Verdict:
    last = Transition.objects.filter(entry=entry).order_by("-id").first()
    if last is None or last.verb not in ("approve", "return") or last.by_id != user.pk:
        return no(_("只能由本人撤销自己刚做的核对。"))
    if now - last.at > UNDO:
        return no(_("已超过 10 秒，通知已发出，不能撤销。"))
    return YES


def _who(name: str, user: Any, entry: Entry, now: datetime) -> Verdict:
    """Answer one of the names in a table's `who`."""
    match name:
        case "unit":
            return YES if of_unit(user, entry) else no(_("由承办单位填报。"))
        case "head":
            is_head = of_unit(user, entry) and user.acting.role == Membership.Role.HEAD
            return YES if is_head else no(_("由本单位负责人审签。"))
        case "office":
            return YES if is_office_of(user, entry.period.region) else no(_("由纲要办办理。"))
        case "checker":
            return _checker(user, entry, now)
        case "gatherer":
            return YES if gathers(user, entry.task_id) else no(_("由汇总单位办理。"))
        case "same_person":
            return _same_person(user, entry, now)
    raise ValueError(name)


def _state_sentence(entry: Entry, verb: str) -> str:
    """Say why a state does not allow a verb, and who can change that."""
    match entry.state:
        case Entry.State.SUBMITTED:
            return _("已经报送，正在等待核对。需要修改可以先撤回。")
        case Entry.State.APPROVED:
            return _("已经核对通过。需要更正请联系纲要办重新开放。")
        case Entry.State.TAKEN_OVER:
            return _("汇总单位已采纳这一部分。需要更正请联系汇总单位。")
        case Entry.State.WAIVED:
            return _("本期免报，无须填报。")
        case Entry.State.AWAITING:
            return _("正在等本单位负责人审签。")
    return _("现在的状态不能%(verb)s。") % {"verb": VERB_WORDS[verb]}


def _extended(entry: Entry) -> list[date]:
    """Return until when the office gave this entry's unit more time, if it did."""
    return [
        one.until
        for one in entry.period.extensions.all()
        if one.department_id == entry.department_id
    ]


def deadline(entry: Entry) -> date:
    """Return the last day on which this entry is in time, with its unit's extension."""
    return max([entry.period.due_on, *_extended(entry)])


def time_given(entry: Entry) -> date:
    """Return the deadline, or the later day until which a returned or reopened entry is open."""
    return max(deadline(entry), entry.open_until or date.min)


def is_late(entry: Entry, on: date) -> bool:
    """Tell whether what is handed in on a day is late (迟报).

    Mending what was in time within the days given for it is not; what came late stays late.
    """
    if entry.period.retrospective:
        return False
    was_late = entry.submitted is not None and entry.submitted.is_late
    return was_late or on > time_given(entry)


def can_write(user: Any, entry: Entry, on: date) -> Verdict:
    """A unit types into its own draft or returned entry while the period accepts entries."""
    if not of_unit(user, entry):
        return no(_("由承办单位填报。"))
    if entry.state not in (Entry.State.DRAFT, Entry.State.RETURNED):
        return no(_state_sentence(entry, "submit"))
    return accepts(entry, on)


def accepts(entry: Entry, on: date) -> Verdict:
    """Tell whether the period takes this entry on a day, and if not, who can change that."""
    period = entry.period
    if period.state == Period.State.SCHEDULED:
        return no(
            _("填报期还没有启动，预计 %(day)s 开始。需要提前填报请联系纲要办启动。")
            % {"day": period.opens_on.isoformat()}
        )
    if period.state in (Period.State.OPEN, Period.State.GRACE):
        return YES
    # Closing counts at once, even before the announced day: only what was granted stays open.
    granted = [entry.open_until] if entry.open_until else []
    if period.state == Period.State.FROZEN:
        if entry.approved_id and any(on <= until for until in granted):
            return YES
        return no(_("本期已归档，只能更正已核对的内容。需要更正请联系纲要办重新开放。"))
    if any(on <= until for until in [*granted, *_extended(entry)]):
        return YES
    return no(_("填报期已截止。需要补报请联系纲要办延期或重新开放。"))


def can(user: Any, entry: Entry, verb: str, now: datetime) -> Verdict:
    """Answer whether a person may take a step of an entry's table now."""
    step = table_of(entry.kind).get(verb)
    if step is None:
        return no(_("这类填报没有这个步骤。"))
    for name in step.who:
        verdict = _who(name, user, entry, now)
        if not verdict:
            return verdict
    if entry.state not in step.sources:
        return no(_state_sentence(entry, verb))
    if verb == "submit":
        return can_write(user, entry, timezone.localdate(now))
    if verb == "unwaive":
        return accepts(entry, timezone.localdate(now))
    if verb == "waive" and entry.period.state == Period.State.FROZEN:
        return no(_("本期已归档，不能再改为免报。"))
    if verb == "withdraw" and not accepts(entry, timezone.localdate(now)):
        return no(_("填报期已截止，撤回后就不能再报送。需要更正请联系纲要办退回。"))
    return YES


def can_read_text(user: Any, entry: Entry) -> Verdict:
    """The text of a draft stays with its unit until it is handed in."""
    if of_unit(user, entry) or entry.submitted_id or entry.approved_id:
        return YES
    return no(_("尚未报送，只能看到状态。"))


def can_remove_evidence(user: Any, evidence: Evidence, on: date) -> Verdict:
    if Revision.objects.filter(evidence=evidence).exists():
        return no(_("已随报送提交的佐证材料不能删除。"))
    return can_write(user, evidence.entry, on)


def can_copy(user: Any, entry: Entry, part: Entry) -> Verdict:
    """Words are copied from what stands of a part of the same task and period."""
    same = (part.task_id, part.period_id) == (entry.task_id, entry.period_id)
    if not (same and part.kind == Entry.Kind.PART and gathers(user, entry.task_id)):
        return no(_("由汇总单位办理。"))
    if part.state not in (Entry.State.SUBMITTED, Entry.State.TAKEN_OVER):
        return no(_("这一部分还没有报来。"))
    return YES


def can_read_submitted(user: Any, entry: Entry) -> Verdict:
    """Tell who reads what was handed in last, approved or not (no query: regions are loaded).

    What the unit's head has not signed is the unit's own. Beyond the region's office, those who
    supervise read it only while it stands: what was taken back or returned is between the unit
    and its office, and the approved text is theirs.
    """
    readable = can_read_text(user, entry)
    if not readable or of_unit(user, entry):
        return readable
    if entry.state == Entry.State.AWAITING:
        return no(_state_sentence(entry, "submit"))
    if (
        user.acting.sees_below
        and not is_office_of(user, entry.period.region)
        and entry.state not in HANDED_IN
    ):
        return no(_("尚未报送，只能看到已核对的内容。"))
    return YES
