"""A year's 考核细则: entered, confirmed with its document, sent back to be mended; units asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, notices
from core.errors import DomainError, ensure
from core.files import accept, store
from core.models import Notice
from departments.models import Department
from departments.selectors import department_people
from plans.models import Plan
from reports import policies
from reports.models import Score, ScoreCard, ScoreDocument, ScoreItem, ScoreScheme
from tasks.models import Assignment

LONGEST_ASK = timedelta(days=366)
DOCUMENT_KINDS = ("pdf", "docx", "doc", "png", "jpg", "jpeg")
File = tuple[str, bytes]  # a name and the content


@dataclass(frozen=True, slots=True)
class Approval:
    """What the approving document says, as far as it was typed."""

    title: str
    document_number: str = ""
    approving_body: str = ""
    approved_on: date | None = None
    files: Sequence[File] = field(default_factory=tuple)


def make_scheme(plan: Plan, year: int, title: str, *, by: Any) -> ScoreScheme:
    """Begin the scheme of a year; there is one for each plan and year."""
    ensure(policies.can_keep_scheme(by, plan))
    if year not in plan.years:
        raise refusal(
            "year",
            _("%(year)s 年不在方案的实施年份（%(start)s—%(end)s 年）内。")
            % {"year": year, "start": plan.start_year, "end": plan.end_year},
        )
    if not title.strip():
        raise refusal("title", _("请填写考核细则的名称。"))
    try:
        with transaction.atomic():
            made = ScoreScheme.objects.create(
                plan=plan, year=year, title=title.strip(), created_by=by
            )
            record(made, "make", by)
    except IntegrityError:
        raise refusal(
            "year", _("这份方案 %(year)s 年的考核细则已经有了。") % {"year": year}
        ) from None
    return made


def change_scheme(scheme: ScoreScheme, told: Approval, *, by: Any, now: datetime) -> ScoreScheme:
    """Note what the approving document says, and keep the document where one was sent."""
    ensure(policies.can_change_scheme(by, scheme))
    kept = _kept(told.files, by)
    with transaction.atomic():
        scheme = locked(scheme)
        ensure(policies.can_change_scheme(by, scheme))
        if not told.title.strip():
            raise refusal("title", _("请填写考核细则的名称。"))
        if told.approved_on is not None and told.approved_on > timezone.localdate(now):
            raise refusal("approved_on", _("批准日期还没有到，请照文件填写。"))
        scheme.title = told.title.strip()
        scheme.document_number = told.document_number.strip()
        scheme.approving_body = told.approving_body.strip()
        scheme.approved_on = told.approved_on
        if kept is not None:
            kept.save()
            scheme.document = kept
        scheme.save()
        record(scheme, "change", by, sha256=kept.sha256 if kept else "")
    return scheme


def _kept(files: Sequence[File], by: Any) -> ScoreDocument | None:
    """Check and store the document; called outside of transactions."""
    if not files:
        return None
    if len(files) > 1:
        raise refusal("document", _("请只选一个文件；有几个附件的，请并成一个。"))
    try:
        upload = accept(*files[0], DOCUMENT_KINDS)
    except DomainError as problem:
        raise refusal("document", problem.message) from None
    suffix = upload.name.rsplit(".", 1)[-1].lower()
    return ScoreDocument(
        file=store("scores", upload.sha256, suffix, upload.content),
        name=upload.name,
        sha256=upload.sha256,
        size=len(upload.content),
        media_type=upload.media_type,
        uploaded_by=by,
    )


def confirm_scheme(scheme: ScoreScheme, *, by: Any, now: datetime) -> ScoreScheme:
    """Confirm that the scheme stands as its document approved it; from then on it is locked."""
    with transaction.atomic():
        scheme = locked(scheme)
        if scheme.state == ScoreScheme.State.APPROVED and scheme.confirmed_by_id == by.pk:
            return scheme
        ensure(policies.can_change_scheme(by, scheme))
        _ensure_whole(scheme)
        scheme.state = ScoreScheme.State.APPROVED
        scheme.confirmed_by, scheme.confirmed_at = by, now
        scheme.sent_back_reason, scheme.sent_back_by, scheme.sent_back_at = "", None, None
        scheme.save()
        record(
            scheme,
            "confirm",
            by,
            document=scheme.document_number,
            sha256=scheme.document.sha256 if scheme.document else "",
        )
    return scheme


def _ensure_whole(scheme: ScoreScheme) -> None:
    """Refuse a scheme without its document or items, field by field."""
    missing = {
        "document_number": (
            scheme.document_number,
            _("请填写批准文件的发文字号；没有文号就没有考核依据。"),
        ),
        "approving_body": (scheme.approving_body, _("请填写批准机关。")),
        "approved_on": (scheme.approved_on, _("请填写批准日期。")),
        "document": (scheme.document_id, _("请上传批准文件。")),
    }
    wrong = {name: [words] for name, (value, words) in missing.items() if not value}
    if not ScoreItem.objects.filter(scheme=scheme).exists():
        wrong["file"] = [_("请先用 Excel 表录入考核项目。")]
    if wrong:
        raise DomainError(_("考核细则还不完整，不能确认。"), fields=wrong)


def send_back_scheme(scheme: ScoreScheme, reason: str, *, by: Any, now: datetime) -> ScoreScheme:
    """Open a confirmed scheme again, with a reason; units that were asked are told to wait.

    Their cards stay with what was written on them (`items.set_items` says what of it lasts).
    """
    with transaction.atomic():
        scheme = locked(scheme)
        if scheme.state == ScoreScheme.State.DRAFT and scheme.sent_back_by_id == by.pk:
            return scheme
        ensure(policies.can_send_back_scheme(by, scheme))
        text = reason.strip()
        if not text:
            raise refusal("reason", _("请写明理由。"))
        before = {"document": scheme.document_number, "until": scheme.rate_until}
        asked = scheme.rate_until is not None
        scheme.state, scheme.rate_until = ScoreScheme.State.DRAFT, None
        scheme.confirmed_by, scheme.confirmed_at = None, None
        scheme.sent_back_reason, scheme.sent_back_by, scheme.sent_back_at = text[:300], by, now
        scheme.save()
        cards = ScoreCard.objects.filter(scheme=scheme)
        units = list(cards.order_by("department").values_list("department", flat=True))
        # A page that was opened before saves nothing any more.
        cards.update(version=F("version") + 1)
        record(scheme, "send_back", by, reason=text, units=units, **before)
        if asked:
            _call_off(scheme, units, by, now)
    return scheme


def _call_off(scheme: ScoreScheme, units: Sequence[int], by: Any, now: datetime) -> None:
    """Take back what asks the units to rate themselves, and tell them to wait."""
    asking = Notice.objects.filter(event__startswith=f"scores:{scheme.pk}:ask:")
    notices.recall(list(asking.order_by().values_list("event", flat=True).distinct()))
    told = {"year": scheme.year, "reason": scheme.sent_back_reason}
    people = department_people(units, timezone.localdate(now))
    notices.tell(
        [person for person in people if person != by.pk],
        event=f"scores:{scheme.pk}:back:{now.isoformat()}",
        reason="report",
        text=_(
            "%(year)s 年度考核细则退回修改，请暂停自评；已填的先保留，改好后另行通知。"
            "原因：%(reason)s"
        )
        % told,
        after=now,
    )


def drop_scheme(scheme: ScoreScheme, *, by: Any) -> None:
    """Remove a scheme that was begun by mistake, with cards on which nobody wrote."""
    with transaction.atomic():
        standing = ScoreScheme.objects.filter(pk=scheme.pk).exists()
        if not standing:
            return
        scheme = locked(scheme)
        ensure(policies.can_drop_scheme(by, scheme))
        record(scheme, "drop", by)
        ScoreCard.objects.filter(scheme=scheme).delete()
        scheme.delete()


def ask_for_rating(scheme: ScoreScheme, until: date, *, by: Any, now: datetime) -> int:
    """Give each unit with a task in the scheme's year its card; return how many are new.

    Asked again, it moves the day and gives cards to units that came in meanwhile; every unit
    still to rate is told.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        scheme = locked(scheme)
        ensure(policies.can_ask_for_rating(by, scheme))
        if not today <= until <= today + LONGEST_ASK:
            raise refusal("until", _("自评截止日期应在今天之后的一年内。"))
        known = set(ScoreCard.objects.filter(scheme=scheme).values_list("department", flat=True))
        new = [unit for unit in units_of(scheme) if unit.pk not in known]
        if not known and not new:
            raise refusal("until", _("这一年还没有单位承担任务，不能发起自评。"))
        if not new and scheme.rate_until == until:
            return 0
        cards = ScoreCard.objects.bulk_create(
            ScoreCard(scheme=scheme, department=unit) for unit in new
        )
        items = list(ScoreItem.objects.filter(scheme=scheme))
        Score.objects.bulk_create(
            Score(card=card, item=item, full=item.points) for card in cards for item in items
        )
        scheme.rate_until = until
        scheme.save()
        record(scheme, "ask", by, until=until, units=[unit.pk for unit in new])
        waiting = ScoreCard.objects.filter(scheme=scheme, state=ScoreCard.State.DRAFT)
        notices.tell(
            department_people(waiting.values_list("department", flat=True), today),
            event=f"scores:{scheme.pk}:ask:{now.isoformat()}",
            reason="waiting",
            text=_("请在 %(day)s 前完成 %(year)s 年度考核自评。")
            % {"day": until.isoformat(), "year": scheme.year},
            view="score-scheme",
            subject=scheme.pk,
            after=now,
        )
    return len(cards)


def units_of(scheme: ScoreScheme) -> list[Department]:
    """Return the region's units with a task of the plan in the scheme's year, as in the roster."""
    carried = Assignment.objects.filter(
        task__plan=scheme.plan_id, task__year=scheme.year, task__cancelled_at__isnull=True
    )
    rows = Department.objects.filter(
        region=scheme.plan.region_id, pk__in=carried.values("department")
    )
    return list(rows.exclude(kind=Department.Kind.GROUP).order_by("id"))


def locked(scheme: ScoreScheme) -> ScoreScheme:
    """Return the scheme as it is now, locked until the end of the transaction."""
    rows = ScoreScheme.objects.select_for_update(of=("self",)).select_related(
        "plan__region", "plan__settings", "document"
    )
    return rows.get(pk=scheme.pk)


def exported(scheme: ScoreScheme, *, by: Any) -> None:
    """Record that somebody took the table of items."""
    record(scheme, "export", by)


def refusal(name: str, sentence: str) -> DomainError:
    """Return what to raise for one field."""
    return DomainError(sentence, fields={name: [sentence]})


def record(scheme: ScoreScheme, verb: str, by: Any, **detail: Any) -> None:
    """Write the audit row of a deed on a scheme."""
    audit.record(
        f"reports.scheme.{verb}",
        scheme,
        by=by,
        detail={"plan": scheme.plan_id, "year": scheme.year, **detail},
        region_path=scheme.plan.region.path,
    )
