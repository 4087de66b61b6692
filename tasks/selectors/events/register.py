"""The register of events as its pages and reports need it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from core.params import whole
from core.querysets import BaseQuerySet
from core.verdict import YES, Verdict, no
from departments.models import Department, Region
from plans.models import Duty
from tasks.models import Entry, Event, EventFile, Task

LAST_TOWNS = 3  # places used last, offered first
TASK_YEARS = 2


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form of an event offers: (value, words), grouped where there are groups."""

    departments: list[tuple[str, str]]
    towns: list[tuple[str, list[tuple[str, str]]]]
    about: list[tuple[str, list[tuple[str, str]]]]
    department: Department | None  # the person's own, or the one proposed to the office
    fixed: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """How many events, of which kinds, how many people, and how many do not say."""

    events: int
    kinds: list[tuple[str, int]]
    people: int
    without: int


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _towns(user: Any, here: Region) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the places below, towns under their counties; those used last come first."""
    below = list(Region.objects.within(here).exclude(pk=here.pk).order_by("path"))
    names = {one.path: one.name for one in below}
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in below:
        county = names.get(one.path[:-6], "") if one.level == Region.Level.TOWN else ""
        groups.setdefault(county, []).append((str(one.pk), one.name))
    # Counties as one group, each county's towns as another, in the order of the paths.
    made = [(county or _("县（市、区）和其他"), rows) for county, rows in groups.items()]
    known = {str(one.pk): one.name for one in below}
    used = (
        Event.objects.filter(by=user.pk, town__isnull=False)
        .order_by("-id")
        .values_list("town", flat=True)[:30]
    )
    last = [str(pk) for pk in dict.fromkeys(used) if str(pk) in known][:LAST_TOWNS]
    if last:
        made.insert(0, (_("最近用过"), [(pk, known[pk]) for pk in last]))
    return made


def _task_label(task: Task) -> str:
    return _("%(year)s 年：%(title)s") % {"year": task.year, "title": _short(task.title, 40)}


def duty_label(duty: Duty) -> str:
    return _short(duty.quote, 44)


def tasks_of(user: Any, today: date) -> BaseQuerySet:
    """Return the tasks that a person may count events to: of the newest two years, not cancelled.

    A department has those in which it has a part; the office all of its own region.
    """
    acting = user.acting
    rows = Task.objects.visible_to(user).standing().filter(plan__state="active")
    if acting.department_id is None:
        rows = rows.filter(plan__region__path=acting.region_path)
    years = rows.filter(year__lte=today.year).order_by("-year").values_list("year").distinct()
    return rows.filter(year__in=[year for (year,) in years[:TASK_YEARS]]).order_by(
        "-year", "measure__action__position", "measure__position", "pk"
    )


def duties_of(user: Any) -> BaseQuerySet:
    """Return the duties of active plans of one's region and those above it."""
    here = user.acting.region_path
    above = [here[:end] for end in range(6, len(here) + 1, 6)]
    return (
        Duty.objects.visible_to(user)
        .filter(plan__state="active", plan__region__path__in=above)
        .select_related("plan__region")
        .order_by("-plan__region__path", "plan", "position")
    )


def _about(
    user: Any, today: date, keep: Iterable[Task | Duty]
) -> list[tuple[str, list[tuple[str, str]]]]:
    tasks = {f"task-{one.pk}": _task_label(one) for one in tasks_of(user, today)}
    duties = {f"duty-{one.pk}": duty_label(one) for one in duties_of(user)}
    for one in keep:  # what an event names already stays a choice
        if isinstance(one, Task):
            tasks.setdefault(f"task-{one.pk}", _task_label(one))
        else:
            duties.setdefault(f"duty-{one.pk}", duty_label(one))
    made = [(_("固定任务"), list(duties.items())), (_("年度任务"), list(tasks.items()))]
    return [(name, rows) for name, rows in made if rows]


def choices(user: Any, today: date, keep: Iterable[Task | Duty] = ()) -> Choices:
    """Return what a person may choose when recording an event (seven queries)."""
    acting = user.acting
    if acting.department_id is not None:
        own = acting.department
        units: list[tuple[str, str]] = []
    else:
        rows = list(
            Department.objects.filter(region=acting.region_id)
            .exclude(kind=Department.Kind.GROUP)
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        )
        units = [(str(one.pk), one.name) for one in rows]
        office = (one for one in rows if one.kind == Department.Kind.ASSOCIATION)
        own = next(office, rows[0] if rows else None)
    fixed = acting.department_id is not None
    return Choices(units, _towns(user, acting.here), _about(user, today, keep), own, fixed)


def unit_of(user: Any, pk: int) -> Department | None:
    """Return a department that a person may see, with its region."""
    rows = Department.objects.visible_to(user).select_related("region")
    return rows.filter(pk=pk).first()


def place_of(user: Any, pk: int) -> Region | None:
    return Region.objects.visible_to(user).filter(pk=pk).first()


def task_of(user: Any, pk: int) -> Task | None:
    rows = Task.objects.visible_to(user).select_related("plan", "measure", "duty__measure")
    return rows.filter(pk=pk).first()


def duty_of(user: Any, pk: int) -> Duty | None:
    return (
        Duty.objects.visible_to(user)
        .select_related("plan__region", "measure")
        .filter(pk=pk)
        .first()
    )


def events_for(user: Any) -> BaseQuerySet:
    """Return the events that a person may see, with what lists and pages show of them."""
    return (
        Event.objects.visible_to(user)
        .select_related("region", "department__region", "town", "task", "duty", "by")
        .annotate(has_files=Exists(EventFile.objects.filter(event=OuterRef("pk"))))
        .order_by("-on", "-id")
    )


def files_for(user: Any) -> Any:
    """Return the files of events that a person may see."""
    rows = Event.objects.visible_to(user)
    return EventFile.objects.filter(event__in=rows.values("pk"))


@dataclass(frozen=True, slots=True)
class Offers:
    """What the list may be narrowed to."""

    kinds: list[tuple[str, str]]
    years: list[int]
    departments: list[Department]
    towns: list[Region]


def offers(user: Any) -> Offers:
    """Return what the events that a person sees can be narrowed to (three queries)."""
    seen = Event.objects.visible_to(user).order_by()
    units = Department.objects.filter(pk__in=seen.values("department"))
    towns = Region.objects.filter(pk__in=seen.exclude(town=None).values("town"))
    one_unit = user.acting is not None and user.acting.department_id is not None
    return Offers(
        [(value, str(label)) for value, label in Event.Kind.choices],
        years_of(user),
        [] if one_unit else list(units.select_related("region").order_by("region__path", "pk")),
        list(towns.order_by("path")),
    )


def chosen(user: Any, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the task or duty that a list is narrowed to, for its heading."""
    found: dict[str, Any] = {}
    for name, find in (("task", task_of), ("duty", duty_of)):
        pk = whole(query.get(name))
        if pk and (row := find(user, pk)) is not None:
            found[name] = row
    return found


def may_record(user: Any) -> Verdict:
    """Tell whether a person records events at all, before any unit is chosen."""
    acting = getattr(user, "acting", None)
    if acting is not None and (acting.department_id is not None or acting.is_office()):
        return YES
    return no(_("活动台账由各单位和本地区纲要办登记。"))


def typed(event: Event) -> dict[str, Any]:
    """Return an event as its form holds it."""
    about = f"task-{event.task_id}" if event.task_id else ""
    return {
        "on": event.on,
        "ends": event.ends,
        "kind": event.kind,
        "title": event.title,
        "department": event.department_id,
        "town": event.town_id or "",
        "place": event.place,
        "people": "" if event.people is None else event.people,
        "summary": event.summary,
        "about": about or (f"duty-{event.duty_id}" if event.duty_id else ""),
    }


def totals(rows: BaseQuerySet) -> Totals:
    """Count a list of events as it is filtered (two queries)."""
    bare = Event.objects.filter(pk__in=rows.order_by().values("pk")).order_by()
    found = dict(bare.values_list("kind").annotate(n=Count("pk")))
    told = bare.aggregate(sum=Sum("people"), without=Count("pk", filter=Q(people__isnull=True)))
    kinds = [(str(Event.Kind(one).label), found[one]) for one in Event.Kind.values if one in found]
    return Totals(sum(found.values()), kinds, told["sum"] or 0, told["without"])


def years_of(user: Any) -> list[int]:
    """Return the years in which a person has events to see, newest first."""
    days = Event.objects.visible_to(user).order_by("-on").dates("on", "year", order="DESC")
    return [day.year for day in days]


def place_words(event: Event) -> str:
    """Return where it was: the town and the place, as far as they are known."""
    return f"{event.town or ''}{event.place}"


def sentence(event: Event) -> str:
    """Tell an event in one sentence, for the text of an entry."""
    words = {
        "day": _("%(month)s 月 %(day)s 日") % {"month": event.on.month, "day": event.on.day},
        "place": _("在%s") % place_words(event) if place_words(event) else "",
        "title": event.title,
    }
    verbs = {
        Event.Kind.MEETING: _("%(day)s%(place)s召开“%(title)s”"),
        Event.Kind.ACTIVITY: _("%(day)s%(place)s开展“%(title)s”"),
        Event.Kind.TRAINING: _("%(day)s%(place)s举办“%(title)s”"),
        Event.Kind.VISIT: _("%(day)s%(place)s开展调研督导“%(title)s”"),
        Event.Kind.INFORMATION: _("%(day)s%(place)s报送信息“%(title)s”"),
    }
    told = verbs[Event.Kind(event.kind)] % words
    if event.people is None:
        return f"{told}。"
    return _("%(told)s，%(people)s 人参加。") % {"told": told, "people": event.people}


def beside(entry: Entry) -> list[tuple[Event, str]]:
    """Return the unit's events of an entry's task in its period, each with its sentence."""
    rows = (
        Event.objects.standing()
        .filter(
            task=entry.task_id,
            department=entry.department_id,
            on__gte=entry.period.starts,
            on__lte=entry.period.ends,
        )
        .select_related("town")
        .order_by("on", "id")
    )
    return [(one, sentence(one)) for one in rows]


def of_task(user: Any, task: Task) -> BaseQuerySet:
    """Return the standing events of a task that a person may see, newest first."""
    rows = Event.objects.visible_to(user).standing().filter(task=task)
    return rows.select_related("department", "town").order_by("-on", "-id")


# --- For reports -----------------------------------------------------------------------------
