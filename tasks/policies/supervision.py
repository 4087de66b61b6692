"""What a person may do with instructions and 督办件, and why not.

`tasks.workflow.SUPERVISION` names who may take a step; the tests behind those names are here.
Every function takes the day or moment it is asked for.
"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.models import Membership, Region
from departments.policies import is_office_of
from departments.selectors import second_person
from tasks.models import ExtensionRequest, Instruction, SupervisionItem, SupervisionStep
from tasks.workflow import SUPERVISION, SUPERVISION_WORDS


def can_demand(user: Any) -> Verdict:
    """Only leaders ask for something; what a leader wrote on paper is registered by the office."""
    acting = getattr(user, "acting", None)
    if acting is None or acting.role != Membership.Role.LEADER:
        return no(_("提出要求由领导小组成员办理；书面批示由纲要办登记。"))
    return YES


def can_register(user: Any, region: Region) -> Verdict:
    return YES if is_office_of(user, region) else no(_("批示由本地区纲要办登记。"))


def can_assign(user: Any, region: Region) -> Verdict:
    return YES if is_office_of(user, region) else no(_("督办件由本地区纲要办立项交办。"))


def can_note(user: Any, instruction: Instruction) -> Verdict:
    """The office answers an instruction once; what was passed on is answered by its 督办件."""
    if not is_office_of(user, instruction.region):
        return no(_("领导要求由本地区纲要办处理。"))
    if instruction.settled_at is not None:
        return no(_("这条要求已经处理过了。"))
    return YES


def of_unit(user: Any, item: SupervisionItem) -> bool:
    """Tell whether the person acts for the 承办单位."""
    acting = getattr(user, "acting", None)
    return acting is not None and acting.department_id == item.department_id


def helps(user: Any, item: SupervisionItem) -> bool:
    """Tell whether the person acts for one of the 协办单位."""
    acting = getattr(user, "acting", None)
    if acting is None or acting.department_id is None:
        return False
    return any(one.pk == acting.department_id for one in item.helpers.all())


def last_feedback(item: SupervisionItem) -> SupervisionStep | None:
    steps = SupervisionStep.objects.filter(item=item, verb="feedback")
    return steps.order_by("-id").first()


def open_extension(item: SupervisionItem) -> ExtensionRequest | None:
    """Return the request for more time that waits for an answer; there is at most one."""
    return next((one for one in item.extensions.all() if not one.answer), None)


def _reviewer(user: Any, item: SupervisionItem, on: date) -> Verdict:
    """Ask for the office, and for another person than who wrote the feedback, if there is one."""
    if not is_office_of(user, item.region):
        return no(_("由本地区纲要办审核。"))
    written = last_feedback(item)
    own = written is not None and written.by_id == user.pk
    if own and second_person(item.region, user, on):
        return no(_("反馈是您本人写的，须由他人审核。"))
    return YES


def _who(name: str, user: Any, item: SupervisionItem, on: date) -> Verdict:
    """Answer one of the names in the table's `who`."""
    match name:
        case "unit":
            return YES if of_unit(user, item) else no(_("由承办单位办理。"))
        case "office":
            return YES if is_office_of(user, item.region) else no(_("由本地区纲要办办理。"))
        case "reviewer":
            return _reviewer(user, item, on)
        case "party":
            known = of_unit(user, item) or helps(user, item) or is_office_of(user, item.region)
            return YES if known else no(_("由纲要办和承办、协办单位补充说明。"))
    raise ValueError(name)


def _extension(item: SupervisionItem, verb: str, on: date) -> Verdict:
    """Say what stands in the way of asking for more time, or of answering."""
    waiting = open_extension(item)
    if verb != "ask_extension":
        return YES if waiting else no(_("没有等待答复的延期申请。"))
    if item.due is None:
        return no(_("长期坚持的督办件没有时限，不需要延期。"))
    if waiting:
        return no(_("已有一份延期申请在等纲要办答复。"))
    if on > item.due:
        return no(_("时限已过，不能再申请延期。请尽快反馈，并说明原因。"))
    return YES


def can(user: Any, item: SupervisionItem, verb: str, now: datetime) -> Verdict:
    """Answer whether a person may take a step of the table on an item now.

    `item` comes with its region, helpers and extensions loaded.
    """
    step = SUPERVISION.get(verb)
    if step is None or not step.sources:
        return no(_("督办件没有这个步骤。"))
    on = timezone.localdate(now)
    for name in step.who:
        verdict = _who(name, user, item, on)
        if not verdict:
            return verdict
    if item.state not in step.sources:
        return no(
            _("督办件现在是“%(state)s”，不能%(verb)s。")
            % {"state": item.get_state_display(), "verb": SUPERVISION_WORDS[verb]}
        )
    if verb in ("ask_extension", "grant", "refuse"):
        return _extension(item, verb, on)
    return YES


def own_review(user: Any, item: SupervisionItem) -> bool:
    """Tell whether a review would be of one's own feedback (本单位自核)."""
    written = last_feedback(item)
    return written is not None and written.by_id == user.pk
