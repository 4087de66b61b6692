"""征求意见: a draft goes to the units that it concerns."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notices, workdays
from core.errors import DomainError, ensure
from departments.models import Department
from departments.selectors import department_people
from reports import policies
from reports.models import Opinion, Report, ReportVersion
from reports.selectors.concerns import newest_version, other_units, units_of
from reports.selectors.opinions import last_round
from reports.services.approving import changed_since
from reports.services.moves import invitation, leaders, repeated, take, wrong
from reports.services.requests import ensure_idle, locked


@transaction.atomic
def consult(
    report: Report, until: date, *, by: Any, now: datetime, units: Iterable[Department] = ()
) -> Report:
    """Ask every unit that the newest version concerns, and `units` besides, for its opinion.

    Each round is asked anew: a draft that was sent back is another text.
    """
    report, today = locked(report), timezone.localdate(now)
    note = _("请于 %(day)s前反馈") % {"day": until.isoformat()}
    if repeated(report, "consult", by, note):
        return report
    ensure(policies.can(by, report, "consult"))
    ensure_idle(report)
    version = _to_be_read(report, until, today)
    asked = units_of(report, version, today)
    asked += _besides(report, asked, units, today)
    if not asked:
        raise DomainError(_("没有可以征求意见的单位，请另选单位。"), code="nobody")
    turn = last_round(report) + 1
    Opinion.objects.bulk_create(
        Opinion(report=report, department=unit, round=turn) for unit in asked
    )
    report.consult_until = until
    take(
        report, "consult", by=by, now=now, note=note,
        round=turn, until=until, units=[one.pk for one in asked], version=version.number,
    )  # fmt: skip
    _invite(report, turn, asked, now)
    return report


def _to_be_read(report: Report, until: date, today: date) -> ReportVersion:
    """Return the version that units will read; refuse one that is not what the office wrote."""
    if until < today:
        raise wrong("until", _("请选今天或以后的日期。"))
    if beyond := workdays.beyond(until):
        raise wrong("until", beyond)
    version = newest_version(report)
    if version is None:
        raise DomainError(_("报告还没有生成过，请先生成。"))
    if sentence := changed_since(report, version):
        raise DomainError(sentence, code="changed")
    return version


def _besides(
    report: Report, asked: list[Department], units: Iterable[Department], today: date
) -> list[Department]:
    """Return the units picked by the office that are not asked anyway; others are refused."""
    picked = {one.pk: one for one in units}
    known = {one.pk for one in asked}
    allowed = {one.pk for one in other_units(report, asked, today)}
    if strange := [one for pk, one in picked.items() if pk not in known | allowed]:
        raise wrong(
            "units", _("“%(unit)s”不能列入：不是本地区现有的单位。") % {"unit": strange[0].name}
        )
    return [one for pk, one in picked.items() if pk in allowed]


def _invite(report: Report, turn: int, asked: list[Department], now: datetime) -> None:
    told = {
        "report": report.name,
        "day": report.consult_until.isoformat() if report.consult_until else "",
    }
    today = timezone.localdate(now)
    notices.tell(
        department_people([one.pk for one in asked], today),
        event=invitation(report, turn),
        reason="waiting",
        text=_("%(report)s征求意见，请于 %(day)s前反馈。") % told,
        view="report",
        subject=report.pk,
        after=now,
    )
    notices.tell(
        leaders(report, now),
        event=f"{invitation(report, turn)}:leaders",
        reason="report",
        text=_("%(report)s正在征求成员单位意见，%(day)s截止。") % told,
        view="report",
        subject=report.pk,
        after=now,
    )
