"""How units are chased (催办): by notice once a day about one thing, by calls as they happen."""

from datetime import date

from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from tasks.models import Period, Reminder, SupervisionItem

CHANNELS = (Reminder.Channel.NOTICE, Reminder.Channel.PHONE, Reminder.Channel.IN_PERSON)


def chased_on(day: date, subject: Period | SupervisionItem) -> set[int]:
    """Return the units (ids) that a notice chased on a day about a period or a 督办件 (one query).

    Whoever asks before sending holds the subject's row; the constraints
    `tasks_reminder_nudge_once_a_day` and `…_item_nudge_once_a_day` stand behind that.
    """
    about = {"period" if isinstance(subject, Period) else "item": subject}
    rows = Reminder.objects.filter(
        kind=Reminder.Kind.NUDGE, channel=Reminder.Channel.NOTICE, on=day, **about
    )
    return set(rows.values_list("department", flat=True))


def can_chase_again(unit: int, name: str, chased: set[int]) -> Verdict:
    """Another notice to a unit waits for tomorrow."""
    return no(_("%s今天已经催办过，明天可以再催") % name) if unit in chased else YES
