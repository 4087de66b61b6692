"""The register of events: recorded once, changed beside what it was, struck out, never lost."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, ensure
from core.files import Upload, accept, store
from departments.models import Department, Region
from departments.querysets import on_day
from plans.models import Duty, Plan
from tasks import policies
from tasks.fields import MAX_TEXT, MOST_PEOPLE, clean
from tasks.models import Assignment, Event, EventFile, Task
from tasks.services.sayings import said

FIRST_YEAR = 2000  # nothing older is anybody's register
MOST_FILES = 20
WORDS = {"title": 200, "place": 120, "summary": MAX_TEXT}
FIELDS = (
    "department", "kind", "title", "on", "ends", "town", "place", "people", "summary", "task",
    "duty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of an event, shape only; `check` has the rules."""

    department: Department
    kind: str
    title: str
    on: date
    ends: date | None = None
    town: Region | None = None
    place: str = ""
    people: int | None = None
    summary: str = ""
    task: Task | None = None
    duty: Duty | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The event that a form made; `repeated` when it had made it before."""

    event: Event
    repeated: bool


Problems = dict[str, list[str]]


def _days(told: Told, today: date) -> Problems:
    wrong: Problems = {}
    if told.on > today:
        wrong["on"] = [_("这一天还没有到。台账只记已经办过的，将来的会议和活动请办完再记。")]
    elif told.on.year < FIRST_YEAR:
        wrong["on"] = [_("日期早于 %(year)s 年，请核实。") % {"year": FIRST_YEAR}]
    if told.ends is not None and told.ends < told.on:
        wrong["ends"] = [_("结束日期不能早于开始的日期。")]
    elif told.ends is not None and told.ends > today:
        wrong["ends"] = [_("结束日期还没有到，请办完再记，或先空着。")]
    return wrong


def _texts(told: Told) -> Problems:
    wrong: Problems = {}
    if not clean(told.title).strip():
        wrong["title"] = [_("请填写名称，例如“科普大集”。")]
    for name, most in WORDS.items():
        now = len(getattr(told, name))
        if now > most:
            wrong[name] = [_("最多 %(most)s 字，现有 %(now)s 字。") % {"most": most, "now": now}]
    if told.kind not in Event.Kind.values:
        wrong["kind"] = [_("请选类型。")]
    if told.people is not None and not 0 <= told.people < MOST_PEOPLE:
        wrong["people"] = [_("参加人数太大或小于 0，请核实。")]
    return wrong


def _of_plan(plan: Plan, told: Told) -> str:
    """Say why an event of this day cannot belong to a plan; its summing up may follow a year on."""
    if plan.start_year <= told.on.year <= plan.end_year + 1:
        return ""
    return _("方案是 %(first)s—%(last)s 年的，%(day)s 的活动不能记在它下面。请改日期，或改选。") % {
        "first": plan.start_year,
        "last": plan.end_year,
        "day": told.on.isoformat(),
    }


def _task(told: Told, task: Task, by: Any) -> str:
    """Say what is wrong with counting an event to a task; nothing when it is right."""
    if not Task.objects.visible_to(by).filter(pk=task.pk).exists():
        return _("没有这项任务，或者您不能查看。")
    parts = Assignment.objects.filter(task=task).filter(
        Q(department=told.department)
        | Q(department__group_members__member=told.department)
        & on_day(told.on, "department__group_members__")
    )
    if not parts.exists():
        return _("“%(unit)s”在这项任务里没有承办职责，请改选。") % {"unit": told.department}
    if task.year != told.on.year:
        return _("这是 %(year)s 年的任务，活动日期是 %(day)s。请选当年的任务，或改日期。") % {
            "year": task.year,
            "day": told.on.isoformat(),
        }
    return _of_plan(task.plan, told)


def _duty(told: Told, duty: Duty, by: Any) -> str:
    if not Duty.objects.visible_to(by).filter(pk=duty.pk).exclude(plan__state="draft").exists():
        return _("没有这项固定任务，或者您不能查看。")
    if not told.department.region.path.startswith(duty.plan.region.path):
        return _("这项固定任务不是本地区或上级方案的。")
    return _of_plan(duty.plan, told)


def _check(told: Told, by: Any, today: date, before: Event | None = None) -> None:
    """Raise DomainError with a sentence at each field that cannot be right."""
    wrong = {**_days(told, today), **_texts(told)}
    verdict = policies.can_record_event(by, told.department)
    if not verdict and (before is None or before.department_id != told.department.pk):
        wrong["department"] = [verdict.reason]
    here = told.department.region.path
    if told.town is not None and not (told.town.path.startswith(here) and told.town.path != here):
        wrong["town"] = [_("“%(name)s”不在本地区，请改选。") % {"name": told.town}]
    if told.task is not None and (problem := _task(told, told.task, by)):
        wrong["task"] = [problem]
    elif told.task is None and told.duty is not None and (problem := _duty(told, told.duty, by)):
        wrong["duty"] = [problem]
    if wrong:
        raise DomainError(
            _("有 %(count)s 处需要修改，填好的都在。") % {"count": len(wrong)}, fields=wrong
        )


def _values(told: Told) -> dict[str, Any]:
    """Return the columns of an event; what a task carries out, the event carries out too."""
    duty, measure = told.duty, None
    if told.task is not None:
        duty, measure = told.task.duty, told.task.measure
    return {
        **{name: getattr(told, name) for name in FIELDS},
        **{name: clean(getattr(told, name)).strip() for name in WORDS},
        "duty": duty,
        "measure": measure or (duty.measure if duty is not None else None),
        "region": told.department.region,
    }


def _plain(event: Event) -> dict[str, Any]:
    """Return an event's fields as the audit record keeps them."""
    ids = ("department", "town", "task", "duty")
    return {name: getattr(event, f"{name}_id" if name in ids else name) for name in FIELDS}


def accepted(files: Iterable[tuple[str, bytes]]) -> list[Upload]:
    """Check files by their content; raises DomainError at `file` with a sentence for each."""
    good, wrong = [], []
    for name, content in files:
        try:
            good.append(accept(name, content))
        except DomainError as problem:
            wrong.append(problem.message)
    if len(good) > MOST_FILES:
        wrong.append(_("每条记录最多 %(most)s 个文件。") % {"most": MOST_FILES})
    if wrong:
        raise DomainError(wrong[0], fields={"file": wrong})
    return good


def record(
    token: uuid.UUID, told: Told, *, by: Any, now: datetime, uploads: Iterable[Upload] = ()
) -> Recorded:
    """Put an event into the register, once for the form's token however often it is sent.

    Raises DomainError per field. The constraint on the token decides, not a look beforehand: of
    two taps at once the second waits for the first, and gets its event.
    """
    again = Event.objects.filter(token=token).first()
    if again is None:
        _check(told, by, timezone.localdate(now))
        try:
            with transaction.atomic():
                return Recorded(_record(token, told, by, list(uploads)), repeated=False)
        except IntegrityError:
            again = Event.objects.filter(token=token).first()
            if again is None:
                raise
    if again.by_id != by.pk:
        raise DomainError(_("这张表已经用过，请刷新页面后再记。"), code="token_used")
    return Recorded(again, repeated=True)


def _record(token: uuid.UUID, told: Told, by: Any, uploads: list[Upload]) -> Event:
    event = Event.objects.create(token=token, by=by, **_values(told))
    _attach(event, uploads, by)
    audit.record(
        "tasks.event.record",
        event,
        by=by,
        detail={**_plain(event), "files": [one.sha256 for one in uploads]},
        region_path=event.region.path,
    )
    return event


def _attach(event: Event, uploads: list[Upload], by: Any) -> None:
    present = set(EventFile.objects.filter(event=event).values_list("sha256", flat=True))
    fresh = {one.sha256: one for one in uploads if one.sha256 not in present}
    if len(present) + len(fresh) > MOST_FILES:
        sentence = _("每条记录最多 %(most)s 个文件。") % {"most": MOST_FILES}
        raise DomainError(sentence, fields={"file": [sentence]})
    for one in fresh.values():
        row = EventFile(
            event=event,
            name=one.name,
            sha256=one.sha256,
            size=len(one.content),
            media_type=one.media_type,
            uploaded_by=by,
        )
        suffix = one.name.rsplit(".", 1)[-1].lower()
        row.file.name = store("events", one.sha256, suffix, one.content)
        row.save()


def _locked(pk: int) -> Event:
    return (
        Event.objects.select_for_update(of=("self",))
        .select_related("region", "department__region")
        .get(pk=pk)
    )


def version(event: Event) -> str:
    """Return what tells two states of an event apart."""
    return event.updated_at.isoformat()


@transaction.atomic
def edit(
    pk: int, told: Told, *, by: Any, now: datetime, seen: str, uploads: Iterable[Upload] = ()
) -> Event:
    """Change an event that the person saw as `seen`; what it was stays in the audit record.

    Raises Conflict when somebody changed it meanwhile, DomainError per field. Files are added.
    """
    event = _locked(pk)
    ensure(policies.can_edit_event(by, event))
    if seen != version(event):
        raise Conflict(
            _("这条记录刚被别人改过，请看过最新内容再改。"),
            current={"version": version(event)},
        )
    _check(told, by, timezone.localdate(now), event)
    before, files = _plain(event), list(uploads)
    for name, value in _values(told).items():
        setattr(event, name, value)
    event.save()
    _attach(event, files, by)
    after = _plain(event)
    changed = [name for name in FIELDS if before[name] != after[name]]
    audit.record(
        "tasks.event.edit",
        event,
        by=by,
        detail={
            "before": {name: before[name] for name in changed},
            "after": {name: after[name] for name in changed},
            "files": [one.sha256 for one in files],
        },
        region_path=event.region.path,
    )
    return event


@transaction.atomic
def strike(pk: int, reason: str, *, by: Any, now: datetime) -> Event:
    """Strike an event out, with the reason; it counts nowhere any more and stays on record."""
    event = _locked(pk)
    ensure(policies.can_edit_event(by, event))
    words = said(reason, "reason", _("请写明删除的理由。"))
    event.struck_at, event.struck_reason = now, words
    event.save()
    audit.record(
        "tasks.event.strike", event, by=by, detail={"reason": words}, region_path=event.region.path
    )
    return event
