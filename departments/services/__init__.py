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
from departments.services.units import confirm_succession, departments_named, establish

__all__ = [
    "appoint",
    "confirm_succession",
    "create_person",
    "departments_named",
    "end_membership",
    "establish",
    "first_administrator",
    "issue_token",
    "password_changed",
    "region_entered",
    "region_named",
    "region_of_code",
    "switch",
]
