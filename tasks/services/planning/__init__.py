"""The year's tasks: made from the plan, given to units by the office, changed and cancelled."""

from tasks.services.planning.carrying import carry_over
from tasks.services.planning.editing import cancel_task, edit_task
from tasks.services.planning.handing import break_down
from tasks.services.planning.proposals import Named, propose_lead
from tasks.services.planning.rows import Checked, Row, RowErrors, check_rows, save_rows
from tasks.services.planning.units import (
    add_units,
    confirm_proposals,
    name_members,
    remove_unit,
    set_roles,
    settle_lead,
)
from tasks.services.planning.year import make_year

__all__ = [
    "Checked",
    "Named",
    "Row",
    "RowErrors",
    "add_units",
    "break_down",
    "cancel_task",
    "carry_over",
    "check_rows",
    "confirm_proposals",
    "edit_task",
    "make_year",
    "name_members",
    "propose_lead",
    "remove_unit",
    "save_rows",
    "set_roles",
    "settle_lead",
]
