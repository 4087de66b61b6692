"""What is done to regions, departments and people: one verb each, checked and recorded."""

from departments.services.accounts import (
    deactivate,
    edit_person,
    reactivate,
    reset_password,
    unlock,
)
from departments.services.accounts_in import bring_in_accounts, preview_accounts
from departments.services.handover import HandedOver, Newcomer, hand_over
from departments.services.handover_cancelled import cancel_hand_over
from departments.services.mailing import set_mail
from departments.services.people import (
    Issued,
    appoint,
    create_person,
    end_membership,
    first_administrator,
    issue_token,
    others_in_role,
    password_changed,
    switch,
)
from departments.services.regions import region_entered, region_named, region_of_code
from departments.services.register import (
    confirm_department,
    confirm_succession,
    drop_succession,
    merge_department,
    record_succession,
    rename_department,
)
from departments.services.units import establish

__all__ = [
    "HandedOver",
    "Issued",
    "Newcomer",
    "appoint",
    "bring_in_accounts",
    "cancel_hand_over",
    "confirm_department",
    "confirm_succession",
    "create_person",
    "deactivate",
    "drop_succession",
    "edit_person",
    "end_membership",
    "establish",
    "first_administrator",
    "hand_over",
    "issue_token",
    "merge_department",
    "others_in_role",
    "password_changed",
    "preview_accounts",
    "reactivate",
    "record_succession",
    "region_entered",
    "region_named",
    "region_of_code",
    "rename_department",
    "reset_password",
    "set_mail",
    "switch",
    "unlock",
]
