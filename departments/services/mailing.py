"""What a person wants by mail, and at which address."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, mail
from core.errors import DomainError
from core.models import MailPreference, Notice
from departments.models import User


@transaction.atomic
def set_mail(person: User, address: str, ways: Mapping[str, str], *, by: User) -> User:
    """Keep a person's address and how each reason comes by mail; only their own.

    Raises DomainError per field. An empty address means that nothing comes by mail.
    """
    if person.pk != by.pk:
        raise DomainError(_("只能设置您本人的邮件提醒。"), code="not_allowed")
    address = address.strip()
    wrong: dict[str, list[str]] = {}
    if address and not mail.is_address(address):
        wrong["email"] = [_("邮箱地址格式不对，例如 name@example.cn。")]
    for reason, how in ways.items():
        if reason not in Notice.Reason.values or how not in MailPreference.How.values:
            wrong[f"how_{reason}"] = [_("请选一种方式。")]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    person = User.objects.select_for_update().get(pk=person.pk)
    changed = address != person.email
    person.email = address
    person.save(update_fields=["email"])
    MailPreference.objects.bulk_create(
        [MailPreference(person=person, reason=reason, how=how) for reason, how in ways.items()],
        update_conflicts=True,
        unique_fields=["person", "reason"],
        update_fields=["how"],
    )
    audit.record(
        "departments.user.set_mail",
        person,
        by=by,
        detail={"address_changed": changed, "ways": dict(ways)},
    )
    return person
