"""Places and units (`places`), people and roles (`people`), the 成员单位名册 (`roster`)."""

from departments.models.people import ApiToken, Membership, User
from departments.models.places import (
    Department,
    DepartmentName,
    GroupMember,
    Region,
    Succession,
)
from departments.models.roster import HandOver, Seat

__all__ = [
    "ApiToken",
    "Department",
    "DepartmentName",
    "GroupMember",
    "HandOver",
    "Membership",
    "Region",
    "Seat",
    "Succession",
    "User",
]
