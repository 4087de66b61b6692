"""Mail on paper, so to speak: rows written in the transaction of the deed, for a worker to send.

Every notice passes here once (`core.notices`). What a person wants at once becomes a `Delivery`;
what they want daily waits for the next morning's digest. `core.sending` lets the rows leave.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import Delivery, MailPreference, Notice
from core.querysets import BaseQuerySet

# What a person gets by mail who has not said otherwise.
DEFAULTS: dict[str, str] = {
    Notice.Reason.RETURNED: MailPreference.How.AT_ONCE,
    Notice.Reason.APPROVED: MailPreference.How.DIGEST,
    Notice.Reason.WAITING: MailPreference.How.DIGEST,
    Notice.Reason.DUE: MailPreference.How.DIGEST,
    Notice.Reason.NUDGE: MailPreference.How.AT_ONCE,
    Notice.Reason.INSTRUCTION: MailPreference.How.AT_ONCE,
    Notice.Reason.REPORT: MailPreference.How.DIGEST,
}
DIGEST = "digest:"  # how the keys of daily digests begin; the day follows
OLDEST = timedelta(days=31)  # what was left unread longer is not brought up by mail
MOST_LINES = 60  # notices listed in one digest; the rest is counted

Places = Callable[[Iterable[int]], Mapping[int, str]]
_places: list[Places] = []


def register_places(places: Places) -> None:
    """Name the function that tells in which region (its path) people are; the last one counts."""
    _places[:] = [places]


def _places_of(people: Iterable[int]) -> Mapping[int, str]:
    return _places[-1](people) if _places else {}


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told: `event` names it for ever, `view` and `subject` lead to a page."""

    person: int
    event: str
    text: str
    view: str = ""
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What a person is reminded of this morning: the notice, and the lines of the mail."""

    text: str
    lines: tuple[str, ...]


def plain(text: str) -> str:
    """Return a text as one line without control characters, fit for the head of a mail."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def is_address(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address that every server takes."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return text.isascii()


def _wanted(how: str) -> Q:
    """Match notices that their person wants in this way (by their own word, else the default)."""
    own = MailPreference.objects.filter(person=OuterRef("person"), reason=OuterRef("reason"))
    usual = [reason for reason, default in DEFAULTS.items() if default == how]
    return Q(Exists(own.filter(how=how))) | Q(reason__in=usual) & ~Q(Exists(own))


def link(view: str, subject: int | None) -> str:
    """Return the full address of a page for the text of a mail; "" where there is none."""
    if not view:
        return ""
    return settings.PORTAL_URL + reverse(view, args=() if subject is None else (subject,))


def _body(name: str, *paragraphs: str) -> str:
    """Return a polite plain text: to whom, what, and how to change what comes by mail."""
    foot = _(
        "本邮件由纲要通自动发出，请勿直接回复。\n不想收到或想改为每日汇总，可在“通知设置”中调整：%s"
    ) % link("notice-preferences", None)
    parts = [_("%s，您好：") % plain(name), *(one for one in paragraphs if one), f"-- \n{foot}"]
    return "\n\n".join(parts) + "\n"


def _reachable(people: Iterable[int]) -> BaseQuerySet:
    rows = get_user_model()._default_manager.filter(pk__in=list(people), is_active=True)
    return rows.exclude(email="")  # type: ignore[return-value]


def queue(messages: Iterable[Message], *, reason: str, after: datetime) -> None:
    """Write the mails of notices for those who want this reason at once (four queries)."""
    told = list(messages)
    known = {one.pk: one for one in _reachable({one.person for one in told})}
    said = dict(
        MailPreference.objects.filter(person__in=known, reason=reason).values_list("person", "how")
    )
    at_once = MailPreference.How.AT_ONCE
    wanting = {pk for pk in known if said.get(pk, DEFAULTS[reason]) == at_once}
    if not wanting:
        return
    places = _places_of(wanting)
    Delivery.objects.bulk_create(
        (
            Delivery(
                person_id=one.person,
                key=one.event[:120],
                reason=reason,
                address=known[one.person].email,
                subject=f"【{_('纲要通')}】{plain(one.text)}"[:200],
                body=_body(known[one.person].get_full_name(), one.text, _where(one)),
                region_path=places.get(one.person, ""),
                send_after=after,
            )
            for one in told
            if one.person in wanting
        ),
        ignore_conflicts=True,
    )


def _where(message: Message) -> str:
    where = link(message.view, message.subject)
    return _("查看：%s") % where if where else ""


def withdraw(event: str) -> None:
    """Take back mails of an event that was undone before they left."""
    Delivery.objects.filter(key=event, state=Delivery.State.QUEUED).update(
        state=Delivery.State.WITHDRAWN
    )


def digest_key(day: date) -> str:
    return f"{DIGEST}{day.isoformat()}"


def collect(day: date, dues: Mapping[int, Due], *, now: datetime, until: datetime) -> int:
    """Write the day's digests: what people are reminded of, and notices that they want daily.

    One mail per person and day, with what had come by `until` (the morning): what comes later
    waits for tomorrow. Returns how many were written; queries do not grow with people.
    """
    served = Delivery.objects.filter(key=digest_key(day))
    waiting = (
        Notice.objects.filter(_wanted(MailPreference.How.DIGEST))
        .filter(read_at__isnull=True, mailed_on__isnull=True)
        .filter(deliver_after__lte=until, deliver_after__gt=until - OLDEST)
        .exclude(event__startswith=DIGEST)
        .exclude(person__in=served.values("person"))
    )
    news: dict[int, list[Notice]] = {}
    for one in waiting.order_by("deliver_after", "id"):
        news.setdefault(one.person_id, []).append(one)
    silent = set(
        MailPreference.objects.filter(
            reason=Notice.Reason.DUE, how=MailPreference.How.NONE
        ).values_list("person", flat=True)
    )
    done = set(served.values_list("person", flat=True))
    reminded = {person: due for person, due in dues.items() if person not in silent}
    people = list(_reachable({*news, *reminded} - done))
    places = _places_of(one.pk for one in people) if people else {}
    Delivery.objects.bulk_create(
        (
            Delivery(
                person_id=one.pk,
                key=digest_key(day),
                reason=Notice.Reason.DUE,
                address=one.email,
                subject=_digest_subject(day, reminded.get(one.pk)),
                body=_digest_body(one.get_full_name(), reminded.get(one.pk), news.get(one.pk, [])),
                region_path=places.get(one.pk, ""),
                send_after=now,
            )
            for one in people
        ),
        ignore_conflicts=True,
    )
    mailed = [one.pk for person in people for one in news.get(person.pk, [])]
    if mailed:
        Notice.objects.filter(pk__in=mailed).update(mailed_on=day)
    return len(people)


def _digest_subject(day: date, due: Due | None) -> str:
    told = plain(due.text) if due else _("%s 的消息汇总") % day.isoformat()
    return f"【{_('纲要通')}】{told}"[:200]


def _digest_body(name: str, due: Due | None, news: list[Notice]) -> str:
    parts = []
    if due:
        parts.append(_("请留意以下待办：\n%s") % "\n".join(f"· {plain(one)}" for one in due.lines))
    if news:
        lines = [f"· [{one.get_reason_display()}] {plain(one.text)}" for one in news[:MOST_LINES]]
        if len(news) > MOST_LINES:
            lines.append(_("还有 %s 条，请登录查看。") % (len(news) - MOST_LINES))
        parts.append(_("以下消息您还没有读：\n%s") % "\n".join(lines))
    parts.append(
        _("待办：%(home)s\n通知：%(notices)s")
        % {"home": link("home", None), "notices": link("notices", None)}
    )
    return _body(name, *parts)
