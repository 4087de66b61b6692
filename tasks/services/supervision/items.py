"""A 督办件 from 交办 to 销号.

Each verb of `tasks.workflow.SUPERVISION` locks the item's row, asks the policy, and writes its
step, its notices and one audit row, all in one transaction. Raises DomainError in words.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import workdays
from core.errors import DomainError, ensure
from departments.models import Department, Region
from tasks.fields import clean
from tasks.models import ExtensionRequest, Instruction, SupervisionItem, Task
from tasks.policies import supervision
from tasks.services.sayings import said
from tasks.services.supervision import steps
from tasks.services.supervision.steps import MOST_WORDS, File, log, tell

State = SupervisionItem.State


def lock_numbers(region: Region) -> None:
    """Let only one item of a region be numbered at a time, until the transaction ends."""
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)


def next_serial(region: Region, year: int) -> int:
    """Return the next number; no row is ever deleted, so that none is left out."""
    rows = SupervisionItem.objects.filter(region=region, year=year)
    return (rows.aggregate(last=Max("serial"))["last"] or 0) + 1


@transaction.atomic
def assign(
    region: Region,
    *,
    title: str,
    department: Department,
    due: date | None,
    instruction: Instruction | None = None,
    decision: str = "",
    requirement: str = "",
    helpers: Iterable[Department] = (),
    token: UUID | None = None,
    by: Any,
    now: datetime,
) -> SupervisionItem:
    """Number an item and hand it to a unit (立项交办); without `due` it is 长期坚持.

    `token` comes with the form: sent twice, it is the same item.
    """
    ensure(supervision.can_assign(by, region))
    lock_numbers(region)
    if token and (same := SupervisionItem.objects.filter(token=token, region=region).first()):
        return same
    on = timezone.localdate(now)
    if instruction is not None:
        instruction = Instruction.objects.select_for_update().get(pk=instruction.pk)
    helping = list({one.pk: one for one in helpers if one.pk != department.pk}.values())
    given = _given(region, title, department, due, instruction, decision, requirement, helping, on)
    item = SupervisionItem.objects.create(
        region=region,
        year=on.year,
        serial=next_serial(region, on.year),
        instruction=instruction,
        plan_id=instruction.plan_id if instruction else None,
        task=_task_of(instruction),
        department=department,
        assigned_on=on,
        due=due,
        token=token,
        by=by,
        **given,
    )
    item.helpers.set(helping)
    if instruction is not None and instruction.settled_at is None:
        instruction.settled_at = now
        instruction.save()
    step = log(
        item,
        "assign",
        "",
        by=by,
        now=now,
        department=department.pk,
        helpers=[one.pk for one in helping],
        due=due,
        instruction=instruction.pk if instruction else None,
    )
    _tell_assigned(item, step, on)
    return item


def _given(
    region: Region,
    title: str,
    department: Department,
    due: date | None,
    instruction: Instruction | None,
    decision: str,
    requirement: str,
    helpers: list[Department],
    on: date,
) -> dict[str, str]:
    """Return the words of a new item; raises DomainError with everything that is wrong."""
    wrong: dict[str, list[str]] = {}
    words = {
        "title": clean(title).strip(),
        "decision": clean(decision).strip(),
        "requirement": clean(requirement).strip(),
    }
    if not words["title"]:
        wrong["title"] = [_("请写明督办事项。")]
    for name, most in (("title", 300), ("decision", 300), ("requirement", MOST_WORDS)):
        if len(words[name]) > most:
            wrong[name] = [_("最多 %(most)s 字。") % {"most": most}]
    if instruction is None and not words["decision"]:
        wrong["decision"] = [_("督办要有依据：选一条领导要求，或写明会议决定、文件等依据。")]
    if instruction is not None and instruction.region_id != region.pk:
        wrong["instruction"] = [_("这条领导要求不是本地区的。")]
    if due is not None and (problem := _bad_day(due, on)):
        wrong["due"] = [problem]
    if problem := _unfit(department, region, on):
        wrong["department"] = [problem]
    if problems := [one for one in (_unfit(unit, region, on) for unit in helpers) if one]:
        wrong["helpers"] = problems
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    return words


def _bad_day(due: date, on: date) -> str:
    return _("办理时限不能早于今天。") if due < on else workdays.beyond(due)


def _unfit(unit: Department, region: Region, on: date) -> str:
    """Say why a unit cannot carry an item, or nothing."""
    if unit.region_id != region.pk:
        return _("“%(unit)s”不是本地区的单位。") % {"unit": unit.name}
    if unit.is_group:
        return _("“%(unit)s”是单位集合，请选具体单位。") % {"unit": unit.name}
    if unit.valid_to is not None and unit.valid_to < on:
        return _("“%(unit)s”已撤销，请选现在的单位。") % {"unit": unit.name}
    return ""


def _task_of(instruction: Instruction | None) -> Task | None:
    """Return the task that an instruction is about, where its figure was one of a task."""
    if instruction is None or instruction.subject_view not in ("task", "entry"):
        return None
    if instruction.subject_view == "task":
        return Task.objects.filter(pk=instruction.subject_id or 0).first()
    return Task.objects.filter(entries__pk=instruction.subject_id or 0).first()


def until(item: SupervisionItem) -> str:
    """Say until when: 2018-10-10前, or 长期坚持."""
    if item.due is None:
        return _("长期坚持")
    return _("%(day)s前办结") % {"day": item.due.isoformat()}


def _tell_assigned(item: SupervisionItem, step: Any, on: date) -> None:
    told = {"number": item.number, "title": item.title, "until": until(item)}
    text = _("督办件 %(number)s“%(title)s”已交办，%(until)s，请签收。") % told
    tell(steps.unit(item, on), step, "instruction", text)
    text = _("督办件 %(number)s“%(title)s”由您单位协办，%(until)s。") % told
    tell(steps.helpers(item, on), step, "instruction", text)
    text = _("您的要求已转督办件 %(number)s，由%(unit)s承办，%(until)s。")
    tell(steps.leader(item), step, "instruction", text % {**told, "unit": item.department.name})


def _moved(item: SupervisionItem, verb: str, target: str, by: Any, now: datetime) -> str:
    """Ask the policy and move an item; returns the state that it was in."""
    ensure(supervision.can(by, item, verb, now))
    before, item.state = item.state, target
    return before


@transaction.atomic
def sign(pk: int, *, by: Any, now: datetime) -> SupervisionItem:
    """Confirm that the unit has received the item (签收)."""
    item = steps.locked(pk)
    before = _moved(item, "sign", State.WORKING, by, now)
    item.save()
    step = log(item, "sign", before, by=by, now=now)
    text = _("%(unit)s已签收督办件 %(number)s。")
    told = {"unit": item.department.name, "number": item.number}
    tell(steps.office(item, timezone.localdate(now)), step, "instruction", text % told)
    return item


def feedback(
    pk: int, text: str, attachments: Sequence[File] = (), *, by: Any, now: datetime
) -> SupervisionItem:
    """Tell the office what was done, with evidence; the item waits for its review."""
    uploads = steps.accept_all(attachments)  # reading and hashing stay outside the transaction
    with transaction.atomic():
        item = steps.locked(pk)
        before = _moved(item, "feedback", State.REVIEWING, by, now)
        words = said(text, "text", _("请写明办理情况。"), MOST_WORDS)
        item.save()
        step = log(item, "feedback", before, by=by, now=now, text=words, uploads=uploads)
        told = {"unit": item.department.name, "number": item.number, "title": item.title}
        sentence = _("%(unit)s反馈了督办件 %(number)s“%(title)s”，请审核。") % told
        tell(steps.office(item, timezone.localdate(now)), step, "waiting", sentence)
    return item


@transaction.atomic
def withdraw(pk: int, *, by: Any, now: datetime) -> SupervisionItem:
    """Take the feedback back before it is reviewed; its text stays on record."""
    item = steps.locked(pk)
    before = _moved(item, "withdraw", State.WORKING, by, now)
    item.save()
    step = log(item, "withdraw", before, by=by, now=now)
    text = _("%(unit)s撤回了督办件 %(number)s的反馈。")
    told = {"unit": item.department.name, "number": item.number}
    tell(steps.office(item, timezone.localdate(now)), step, "instruction", text % told)
    return item


@transaction.atomic
def settle(pk: int, note: str = "", *, by: Any, now: datetime) -> SupervisionItem:
    """Accept the feedback: the item is settled (已办结); a request for more time lapses."""
    item = steps.locked(pk)
    before = _moved(item, "settle", State.SETTLED, by, now)
    own = supervision.own_review(by, item)
    item.settled_on = timezone.localdate(now)
    item.save()
    lapse(item, _("督办件已办结。"), by=by, now=now)
    words = clean(note).strip()[:MOST_WORDS]
    step = log(item, "settle", before, by=by, now=now, text=words, own_check=own)
    told = {"number": item.number, "title": item.title}
    text = _("督办件 %(number)s“%(title)s”审核通过，已办结。") % told
    on = timezone.localdate(now)
    tell([*steps.unit(item, on), *steps.helpers(item, on)], step, "approved", text)
    text = _("您要求的事项已办结：督办件 %(number)s“%(title)s”。") % told
    tell(steps.leader(item), step, "instruction", text)
    return item


def lapse(item: SupervisionItem, note: str, *, by: Any, now: datetime) -> None:
    """Close a request for more time that has become pointless."""
    ExtensionRequest.objects.filter(item=item, answer="").update(
        answer=ExtensionRequest.Answer.REFUSED,
        answer_note=note,
        answered_by=by,
        answered_at=now,
        updated_at=now,
    )


@transaction.atomic
def send_back(pk: int, reason: str, *, by: Any, now: datetime) -> SupervisionItem:
    """Return the feedback to be done again (退回重办), with the reason."""
    item = steps.locked(pk)
    before = _moved(item, "return", State.WORKING, by, now)
    words = said(reason, "reason", _("请写明退回重办的理由。"), MOST_WORDS)
    item.save()
    step = log(item, "return", before, by=by, now=now, text=words)
    text = _("督办件 %(number)s“%(title)s”被退回重办：%(why)s")
    told = {"number": item.number, "title": item.title, "why": words}
    tell(steps.unit(item, timezone.localdate(now)), step, "returned", text % told)
    return item


@transaction.atomic
def strike(pk: int, opinion: str, *, by: Any, now: datetime) -> SupervisionItem:
    """Strike a settled item off the register (销号), with the opinion."""
    item = steps.locked(pk)
    before = _moved(item, "strike", State.STRUCK, by, now)
    item.opinion = said(opinion, "opinion", _("请写明销号意见。"))
    item.save()
    step = log(item, "strike", before, by=by, now=now, text=item.opinion)
    text = _("督办件 %(number)s“%(title)s”已销号。")
    told = {"number": item.number, "title": item.title}
    tell(steps.unit(item, timezone.localdate(now)), step, "approved", text % told)
    return item


@transaction.atomic
def change_unit(
    pk: int, department: Department, reason: str, *, by: Any, now: datetime
) -> SupervisionItem:
    """Hand an item to another unit, which has to sign for it; both are told, with the reason."""
    item = steps.locked(pk)
    before = _moved(item, "change_unit", State.PENDING, by, now)
    on, old = timezone.localdate(now), item.department
    problem = _unfit(department, item.region, on)
    if department.pk == old.pk:
        problem = _("“%(unit)s”已经是承办单位。") % {"unit": old.name}
    if problem:
        raise DomainError(problem, fields={"department": [problem]})
    words = said(reason, "reason", _("请写明变更承办单位的理由。"))
    told_before = steps.unit(item, on)
    item.department = department
    item.save()
    item.helpers.remove(department)
    lapse(item, _("承办单位已变更。"), by=by, now=now)
    change = f"{old.name} → {department.name}：{words}"
    step = log(
        item, "change_unit", before, by=by, now=now, text=change, old=old.pk, new=department.pk
    )
    told = {"number": item.number, "title": item.title, "unit": department.name}
    text = _("督办件 %(number)s“%(title)s”改由%(unit)s承办。") % told
    tell(told_before, step, "instruction", text)
    told["until"] = until(item)
    text = _("督办件 %(number)s“%(title)s”改由您单位承办，%(until)s，请签收。") % told
    tell(steps.unit(item, on), step, "instruction", text)
    return item


def remark(
    pk: int, text: str, attachments: Sequence[File] = (), *, by: Any, now: datetime
) -> SupervisionItem:
    """Add words and files without moving the item: a 协办单位 tells its part, the office asks."""
    uploads = steps.accept_all(attachments)
    with transaction.atomic():
        item = steps.locked(pk)
        ensure(supervision.can(by, item, "remark", now))
        words = said(text, "text", _("请写明要说明的内容。"), MOST_WORDS)
        item.save()
        step = log(item, "remark", item.state, by=by, now=now, text=words, uploads=uploads)
        on = timezone.localdate(now)
        people = [*steps.unit(item, on), *steps.office(item, on)]
        if by.acting.is_office():
            people += steps.helpers(item, on)
        sentence = _("%(who)s对督办件 %(number)s“%(title)s”作了补充说明。")
        told = {"who": by.acting.place, "number": item.number, "title": item.title}
        tell(people, step, "instruction", sentence % told)
    return item
