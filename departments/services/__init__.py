"""What is done to regions, departments and people: one verb each, checked and recorded."""

from departments.services.people import (
    appoint,
    create_person,
    end_membership,
    first_administrator,
    issue_token,
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
    "appoint",
    "confirm_department",
    "confirm_succession",
    "create_person",
    "drop_succession",
    "end_membership",
    "establish",
    "first_administrator",
    "issue_token",
    "merge_department",
    "password_changed",
    "record_succession",
    "region_entered",
    "region_named",
    "region_of_code",
    "rename_department",
    "switch",
]
