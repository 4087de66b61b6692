"""What a person may do with reporting periods, and why not; what the calendar may.

`tasks.workflow.PERIOD` names the states from which a period moves.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.policies import is_office_of
from tasks.models import Period
from tasks.workflow import PERIOD, VERB_WORDS


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


def can_use_sheet(user: Any, period: Period) -> Verdict:
    """Units fill in their own table of a period; the office takes out those of its region."""
    acting = user.acting
    if is_office_of(user, period.region):
        return YES
    if acting.department_id is not None and acting.region_path == period.region.path:
        return YES
    return no(_("工作进展情况表由承办单位填写，由本地区纲要办汇总。"))
