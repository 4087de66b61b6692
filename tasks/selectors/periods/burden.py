"""What the portal asks of departments, and how long both sides take: counted by the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Window,
)
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from departments.models import Department
from departments.selectors import by_id
from tasks.fields import fields_of
from tasks.models import Entry, Period, Reminder, Revision, Task, Transition
from tasks.policies import UNDO

DAY = timedelta(days=1)
FIELDS = len(fields_of(Task()))  # every form asks for as many, whatever the kind of its task
Key = tuple[int, int]  # period, department
Count_ = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Row:
    """What one period asked of one department, or of all (`department` is None).

    `reminders` and `nudges` count messages by channel; `reporting` and `checking` are medians in
    days, None where nothing was handed in or decided.
    """

    department: Department | None
    asked: int
    handed: int
    prefilled: int
    unchanged: int
    returns: int
    reminders: dict[str, int] = field(default_factory=dict)
    nudges: dict[str, int] = field(default_factory=dict)
    reporting: Decimal | None = None
    checking: Decimal | None = None

    @property
    def fields(self) -> int:
        return self.asked * FIELDS

    @property
    def reminded(self) -> int:
        return sum(self.reminders.values())

    @property
    def nudged(self) -> int:
        return sum(self.nudges.values())


def _spent(days: Decimal) -> str:
    return _(" %s 天") % days if days >= Decimal("0.1") else _("不到 0.1 天")


@dataclass(frozen=True, slots=True)
class PeriodBurden:
    """A period: its departments in the order of the register, and all together."""

    period: Period
    rows: list[Row]
    whole: Row

    @property
    def sentence(self) -> str:
        """Say the period's burden in one sentence."""
        one = self.whole
        said = _(
            "%(period)s共请 %(units)s 个单位填报 %(asked)s 项、%(fields)s 栏，"
            "其中 %(prefilled)s 栏由系统预填；发提醒 %(reminded)s 次、催办 %(nudged)s 次，"
            "退回 %(returns)s 项次。"
        ) % {
            "period": self.period.name,
            "units": len(self.rows),
            "asked": one.asked,
            "fields": one.fields,
            "prefilled": one.prefilled,
            "reminded": one.reminded,
            "nudged": one.nudged,
            "returns": one.returns,
        }
        if one.checking is not None and one.reporting is not None:
            said += _("单位用时中位数%(reporting)s，纲要办核对用时中位数%(checking)s。") % {
                "reporting": _spent(one.reporting),
                "checking": _spent(one.checking),
            }
        return said


@dataclass(frozen=True, slots=True)
class BurdenPage:
    """A year's burden, newest period first."""

    year: int
    years: list[int]
    periods: list[PeriodBurden]
    own_only: bool


def _by_key(rows: Iterable[dict[str, Any]], period: str, unit: str) -> dict[Key, dict[str, Any]]:
    return {(row[period], row[unit]): row for row in rows}


def _entries(entries: Any) -> dict[Key, dict[str, Any]]:
    """Count what was asked and handed in, and the fields carried forward in it (one query)."""
    asked = ~Q(state=Entry.State.WAIVED)
    rows = (
        entries.order_by()
        .values("period", "department")
        .annotate(
            asked=Count("pk", filter=asked),
            handed=Count("pk", filter=asked & Q(submitted__isnull=False)),
            prefilled=Sum("submitted__prefilled", filter=asked, default=0),
            unchanged=Count("pk", filter=asked & Q(submitted__unchanged=True)),
        )
    )
    return _by_key(rows, "period", "department")


def _decisions(entries: Any) -> Any:
    """Return what the office approved or returned, without what it took back at once."""
    undone = Transition.objects.filter(
        entry=OuterRef("entry"),
        verb="undo",
        at__gte=OuterRef("at"),
        at__lte=OuterRef("at") + UNDO,
    )
    return Transition.objects.filter(
        entry__in=entries.filter(kind=Entry.Kind.REPORT).values("pk"),
        verb__in=("approve", "return"),
        revision__isnull=False,
    ).filter(~Exists(undone))


def _returns(entries: Any) -> dict[Key, int]:
    rows = (
        _decisions(entries)
        .filter(verb="return")
        .order_by()
        .values_list("entry__period", "entry__department")
        .annotate(n=Count("pk"))
    )
    return {(period, unit): n for period, unit, n in rows}


def _reminders(periods: list[Period], unit: int | None) -> dict[Key, dict[tuple[str, str], int]]:
    """Count messages by kind and channel (one query)."""
    rows = Reminder.objects.filter(period__in=periods)
    if unit is not None:
        rows = rows.filter(department=unit)
    found: dict[Key, dict[tuple[str, str], int]] = {}
    for period, department, kind, channel, n in (
        rows.order_by()
        .values_list("period", "department", "kind", "channel")
        .annotate(n=Count("pk"))
    ):
        found.setdefault((period, department), {})[kind, channel] = n
    return found


def _took(rows: Any, end: str, start: Any) -> Any:
    """Annotate how long each row took; rows without a beginning fall out."""
    took = ExpressionWrapper(F(end) - start, output_field=DurationField())
    return rows.annotate(took=took).filter(took__isnull=False)


def _medians(rows: Any, keys: tuple[str, ...]) -> dict[Any, Decimal]:
    """Return the median of `took` in days for each combination of keys (one query).

    The database numbers the rows of each group by their length and gives only the one or two in
    the middle.
    """
    middle = (
        rows.order_by()
        .annotate(
            place=Window(
                RowNumber(), partition_by=[F(key) for key in keys], order_by=[F("took"), F("pk")]
            ),
            size=Window(Count("pk"), partition_by=[F(key) for key in keys]),
        )
        .annotate(twice=F("place") * 2)
        .filter(twice__gte=F("size"), twice__lte=F("size") + 2)
        .values_list(*keys, "took")
    )
    found: dict[Any, list[timedelta]] = {}
    for *group, took in middle:
        found.setdefault(tuple(group), []).append(took)
    return {
        group: Decimal(sum(times, timedelta()) / len(times) / DAY).quantize(Decimal("0.1"))
        for group, times in found.items()
    }


def _checking(entries: Any) -> Any:
    """Return the office's decisions with how long each took from the day it could begin."""
    arrived = Transition.objects.filter(
        revision=OuterRef("revision"), to_state=Entry.State.SUBMITTED
    ).exclude(verb="undo")
    return _took(_decisions(entries), "at", Subquery(arrived.order_by("-id").values("at")[:1]))


def _reporting(entries: Any) -> Any:
    """Return first submissions with how long each took from the opening of its period."""
    first = Revision.objects.filter(entry__in=entries.values("pk"), number=1)
    return _took(
        first.filter(entry__period__retrospective=False),
        "submitted_at",
        F("entry__period__opened_at"),
    )


def _split(counts: Count_, kind: str) -> dict[str, int]:
    words = dict(Reminder.Channel.choices)
    order = list(words)
    found = {channel: n for (one, channel), n in counts.items() if one == kind}
    return {str(words[channel]): found[channel] for channel in sorted(found, key=order.index)}


def _total(rows: list[Row], reporting: Decimal | None, checking: Decimal | None) -> Row:
    def channels(name: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in rows:
            for channel, n in getattr(row, name).items():
                found[channel] = found.get(channel, 0) + n
        return found

    return Row(
        department=None,
        asked=sum(row.asked for row in rows),
        handed=sum(row.handed for row in rows),
        prefilled=sum(row.prefilled for row in rows),
        unchanged=sum(row.unchanged for row in rows),
        returns=sum(row.returns for row in rows),
        reminders=channels("reminders"),
        nudges=channels("nudges"),
        reporting=reporting,
        checking=checking,
    )


def years_of(region_id: int) -> list[int]:
    rows = Period.objects.filter(region=region_id).exclude(state=Period.State.SCHEDULED)
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


def burden_page(user: Any, year: int) -> BurdenPage:
    """Return a year's burden: the office and leaders see every unit, a unit its own.

    Ten queries, however many entries, units and periods.
    """
    acting = user.acting
    unit = acting.department_id
    years = years_of(acting.here.pk)
    if year not in years:
        year = years[0] if years else year
    periods = list(
        Period.objects.filter(region=acting.here, year=year)
        .exclude(state=Period.State.SCHEDULED)
        .order_by("-ends", "-pk")
    )
    entries = Entry.objects.filter(period__in=[one.pk for one in periods])
    if unit is not None:
        entries = entries.filter(department=unit)
    counted, returns = _entries(entries), _returns(entries)
    reminders = _reminders(periods, unit)
    both = ("entry__period", "entry__department")
    reporting, checking = _reporting(entries), _checking(entries)
    report_days, check_days = _medians(reporting, both), _medians(checking, both)
    report_whole, check_whole = _medians(reporting, both[:1]), _medians(checking, both[:1])
    units = by_id({department for _period, department in counted})
    made = []
    for period in periods:
        rows = []
        for key in sorted(key for key in counted if key[0] == period.pk):
            told, sent = counted[key], reminders.get(key, {})
            rows.append(
                Row(
                    units[key[1]],
                    told["asked"],
                    told["handed"],
                    told["prefilled"],
                    told["unchanged"],
                    returns.get(key, 0),
                    _split(sent, Reminder.Kind.CALENDAR),
                    _split(sent, Reminder.Kind.NUDGE),
                    report_days.get(key),
                    check_days.get(key),
                )
            )
        whole = (period.pk,)
        total = _total(rows, report_whole.get(whole), check_whole.get(whole))
        made.append(PeriodBurden(period, rows, total))
    return BurdenPage(year, years, made, unit is not None)
