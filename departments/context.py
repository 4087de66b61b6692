"""What every page shows of the person: whom they act as, where they may go, unread notices."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from core.models import Notice
from departments.models import Membership, User
from departments.signals import waiting_asked

WORDS = {
    "home": _("待办"),
    "dashboard": _("总览"),
    "plans": _("实施方案"),
    "tasks": _("年度任务"),
    "review": _("核对"),
    "supervision": _("督办"),
    "events": _("活动台账"),
    "indicators": _("指标"),
    "reports": _("报告"),
    "people": _("人员"),
    "mails": _("邮件"),
    "audit": _("审计"),
}
# At most seven entries a role, in the order of the day's work.
MENUS = {
    "office": ("home", "dashboard", "plans", "tasks", "review", "indicators", "reports"),
    "liaison": ("home", "plans", "supervision", "events", "indicators", "reports"),
    "head": ("home", "plans", "supervision", "events", "indicators", "reports"),
    "leader": ("dashboard", "plans", "supervision", "indicators", "reports"),
    "client": ("dashboard", "plans", "indicators", "reports"),
    "auditor": ("audit",),
    "security": ("people",),
    "admin": ("people", "mails"),
}


@dataclass(frozen=True, slots=True)
class OtherRole:
    """A role that the person could switch to, and how much waits for them there."""

    membership: Membership
    waiting: int


def other_roles(user: User) -> list[OtherRole]:
    """Return the person's other roles of today with what waits in each, oldest first."""
    acting = user.acting
    others = [one for one in getattr(user, "choices", []) if one != acting]
    counts: Counter[int] = Counter()
    if others:
        day = timezone.localdate()
        answers: Any = waiting_asked.send(sender=Membership, memberships=others, on=day)
        for _receiver, answer in answers:
            counts.update(answer)
    return [OtherRole(one, counts[one.pk]) for one in others]


def person(request: HttpRequest) -> dict[str, Any]:
    """Give templates `acting`, `roles`, `nav`, `demo`; counted when asked: `unread`, `others`."""
    user = getattr(request, "user", None)
    demo = (settings.DATA_DIR / "demo.json").exists()
    if user is None or not user.is_authenticated:
        return {"acting": None, "roles": [], "others": [], "unread": 0, "nav": [], "demo": demo}
    acting = user.acting
    return {
        "demo": demo,
        "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
        "acting": acting,
        "roles": getattr(user, "choices", []),
        "others": SimpleLazyObject(lambda: other_roles(user)),
        "nav": [(reverse(key), WORDS[key], key) for key in (MENUS[acting.role] if acting else ())],
        "unread": SimpleLazyObject(
            lambda: (
                Notice.objects.visible_to(user)
                .filter(read_at__isnull=True, deliver_after__lte=timezone.now())
                .count()
            )
        ),
    }
