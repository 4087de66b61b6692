"""What a person cannot see in this role, but could in another of their own."""

from collections.abc import Mapping
from typing import Any

from departments.models import Department, HandOver, Membership, User
from plans.models import Draft, Plan
from reports.models import Report
from tasks.models import Entry, Period, Task

# The page of one thing, by the name of its address: which thing its number means.
THINGS: dict[str, Any] = {
    "department": Department,
    "draft": Draft,
    "entry": Entry,
    "entry-history": Entry,
    "hand-over": HandOver,
    "period": Period,
    "plan": Plan,
    "plan-measures": Plan,
    "report": Report,
    "review-entry": Entry,
    "task": Task,
}
# Pages that a role does not have at all, whatever it may see.
ONLY_OFFICE = {"draft", "review-entry"}


def other_role(user: Any, page: str, arguments: Mapping[str, Any]) -> Membership | None:
    """Return the first other role of a person in which this page would be there.

    One query for each role asked, and only after a page was not found; nothing is said of what
    lies outside the person's own roles.
    """
    model = THINGS.get(page)
    if model is None or not isinstance(user, User):
        return None
    acting = user.acting
    try:
        for one in getattr(user, "choices", []):
            if acting is not None and one.pk == acting.pk:
                continue
            if page in ONLY_OFFICE and not one.is_office():
                continue
            user.act_as(one)
            if model.objects.visible_to(user).filter(pk=arguments.get("pk")).exists():
                found: Membership = one
                return found
    finally:
        user.act_as(acting)
    return None
