"""What a person may do with tasks, periods and entries, and why not.

The tables in `tasks.workflow` name who may take a step; the tests behind those names are here.
Every function takes the day or moment it is asked for.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.models import Department, Membership
from departments.policies import is_office_of
from departments.selectors import second_person
from plans.models import Plan
from tasks.models import Assignment, Entry, Event, Evidence, Period, Revision, Task, Transition
from tasks.querysets import HANDED_IN
from tasks.workflow import PERIOD, VERB_WORDS, table_of

UNDO = timedelta(seconds=10)


def can_make_tasks(user: Any, plan: Plan) -> Verdict:
    if not is_office_of(user, plan.region):
        return no(_("年度任务由本地区纲要办分解。"))
    if plan.state != Plan.State.ACTIVE:
        return no(_("方案启用后才能分解年度任务。"))
    return YES


def can_edit_task(user: Any, task: Task) -> Verdict:
    if not is_office_of(user, task.plan.region):
        return no(_("年度任务由本地区纲要办维护。"))
    if task.cancelled_at:
        return no(_("任务已取消。"))
    return YES


def handed_to(user: Any, task: Task) -> Verdict:
    """A task is handed down to the office of a lower region through that region's 科协."""
    acting = getattr(user, "acting", None)
    if acting is None or not acting.is_office():
        return no(_("上级交办的任务由本地区纲要办分解。"))
    here, above = acting.region_path, task.plan.region.path
    if here == above or not here.startswith(above):
        return no(_("这不是上级交办的任务。"))
    given = any(
        one.department.region_id == acting.region_id
        and one.department.kind == Department.Kind.ASSOCIATION
        for one in task.assignments.all()
    )
    return YES if given else no(_("这项任务没有交办给本地区。"))


def can_break_down(user: Any, task: Task, plan: Plan | None) -> Verdict:
    """The lower office breaks a task down in its own plan, in force in the year of the task."""
    if not (verdict := handed_to(user, task)):
        return verdict
    if task.cancelled_at:
        return no(_("任务已取消。"))
    if plan is None or plan.state != Plan.State.ACTIVE or task.year not in plan.years:
        return no(
            _("本地区还没有启用的、包括 %(year)s 年的方案，请先启用方案再分解。")
            % {"year": task.year}
        )
    if not is_office_of(user, plan.region):
        return no(_("只能分解到本地区的方案里。"))
    return YES


def can_move_period(user: Any, period: Period, verb: str, on: date | None = None) -> Verdict:
    """The region's office moves a period; the calendar (`user` None) does on its days.

    `on` is the day on which the calendar asks.
    """
    if user is None:
        verdict = _calendar_moves(period, verb, on)
        if not verdict:
            return verdict
    elif not is_office_of(user, period.region):
        return no(_("填报期由本地区纲要办管理。"))
    if period.state not in PERIOD[verb].sources:
        return no(
            _("填报期“%(name)s”现在是“%(state)s”，不能%(verb)s。")
            % {
                "name": period.name,
                "state": period.get_state_display(),
                "verb": VERB_WORDS[verb],
            }
        )
    if period.retrospective and verb == "prolong":
        return no(_("补录不计迟报，没有时限可以推迟。"))
    return YES


def _calendar_moves(period: Period, verb: str, on: date | None) -> Verdict:
    """Only what is left to its dates moves by itself, and not before them."""
    if "calendar" not in PERIOD[verb].who or not period.by_calendar or period.retrospective:
        return no(_("“%s”由纲要办人工启动和截止。") % period.name)
    come = on is not None and (
        period.opens_on <= on <= period.closes_on if verb == "open" else period.closes_on < on
    )
    if not come:
        return no(
            _("“%(name)s”还没有到%(verb)s的日期。")
            % {
                "name": period.name,
                "verb": VERB_WORDS[verb],
            }
        )
    return YES


def can_nudge(user: Any, period: Period) -> Verdict:
    """The office chases units while the period still takes what they owe."""
    if not is_office_of(user, period.region):
        return no(_("催办由本地区纲要办进行。"))
    if period.state == Period.State.SCHEDULED:
        return no(_("填报期还没有启动，不用催办。"))
    if period.retrospective:
        return no(_("补录的填报期不催办。"))
    if period.state not in (Period.State.OPEN, Period.State.GRACE):
        return no(_("填报期已截止。需要补报的请先延期或重新开放，再催办。"))
    return YES


def can_extend(user: Any, period: Period) -> Verdict:
    """The office gives a unit more time once a period was opened, until it is frozen."""
    if not is_office_of(user, period.region):
        return no(_("延期由本地区纲要办给予。"))
    if period.state == Period.State.SCHEDULED:
        return no(_("填报期还没有启动，可以直接修改日期。"))
    if period.state == Period.State.FROZEN:
        return no(_("填报期已归档，只能对单项填报重新开放更正。"))
    if period.retrospective:
        return no(_("补录不计迟报，不需要延期。"))
    return YES


def can_waive_in(user: Any, period: Period) -> Verdict:
    """The office excuses units in a period that was opened and is not frozen."""
    if not is_office_of(user, period.region):
        return no(_("免报由本地区纲要办办理。"))
    if period.state in (Period.State.SCHEDULED, Period.State.FROZEN):
        return no(_("填报期现在是“%s”，不能办理免报。") % period.get_state_display())
    return YES


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


def can_use_sheet(user: Any, period: Period) -> Verdict:
    """Units fill in their own table of a period; the office takes out those of its region."""
    acting = user.acting
    if is_office_of(user, period.region):
        return YES
    if acting.department_id is not None and acting.region_path == period.region.path:
        return YES
    return no(_("工作进展情况表由承办单位填写，由本地区纲要办汇总。"))


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


def can_judge(user: Any, task: Task) -> Verdict:
    """The office judges tasks that no 汇总单位 reports."""
    if not is_office_of(user, task.plan.region):
        return no(_("综合判定由本地区纲要办作出。"))
    if task.gathering != Task.Gathering.NONE:
        return no(_("这项任务由汇总单位报送，不需要综合判定。"))
    return YES


def can_record_event(user: Any, department: Department) -> Verdict:
    """A unit records what it held; the office records for the units of its region."""
    acting = getattr(user, "acting", None)
    if acting is None or not (acting.department_id or acting.is_office()):
        return no(_("活动台账由各单位和本地区纲要办登记。"))
    if department.is_group:
        return no(_("“%(name)s”是单位集合，请选具体的单位。") % {"name": department})
    if acting.department_id is not None:
        mine = acting.department_id == department.pk
        return YES if mine else no(_("只能登记本单位的活动。"))
    if acting.region_id != department.region_id:
        return no(_("只能登记本地区各单位的活动。"))
    return YES


def can_edit_event(user: Any, event: Event) -> Verdict:
    acting = getattr(user, "acting", None)
    mine = acting is not None and acting.department_id == event.department_id
    if not mine and not is_office_of(user, event.region):
        return no(_("由登记的单位或本地区纲要办修改。"))
    if event.struck_at:
        return no(_("这条记录已删除，不能再改。"))
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
