"""The record: every refusal leaves its row, no row is changed, no secret gets in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from core import audit
from core.models import AuditEvent, AuditSeal, AuditSealed
from departments.services import issue_token
from tasks.models import Judgement, Revision, Transition
from tests.cast import Cast

pytestmark = pytest.mark.services
Browse = Callable[..., Client]
REFUSED = [  # who, address, what is sent
    ("leader", "/entries/{entry_submitted}/approve/", {}),
    ("head", "/entries/{entry_submitted}/return/", {"reason-done": "x"}),
    ("office", "/entries/{entry_draft}/save/", {"field": "done", "value": "x", "version": "1"}),
    ("office", "/entries/{entry_draft}/", {"act": "save", "done": "x", "version-done": "1"}),
    ("office", "/plans/{plan}/activate/", {}),
    ("liaison", "/plans/{plan}/publish/", {"public": "0"}),
    ("liaison", "/plans/import/", {}),
    ("liaison", "/tasks/year/", {"plan": "{plan}", "year": "2025"}),
    ("liaison", "/tasks/leads/", {"plan": "{plan}", "year": "2024", "lead-{task_1}": "none"}),
    ("liaison", "/tasks/{task_1}/units/", {"lead": "none"}),
    ("leader", "/tasks/{task_1}/cancel/", {"reason": "x"}),
    ("leader", "/tasks/{task_4}/judge/", {"period": "{period}", "percent": "1", "reason": "x"}),
    ("head", "/periods/{period}/close/", {}),
    ("office", "/periods/{period}/open/", {}),
    ("liaison_b", "/indicators/funding_per_capita/observe/?region=980100", {
        "year": "2020", "status": "measured", "numerator": "1", "denominator": "2"}),
    ("office_province", "/observations/{observed}/verify/", {}),
    ("leader", "/reports/{report_draft}/recompile/", {}),
    ("security", "/people/", {
        "username": "x", "name": "x", "role": "office", "region": "{city_a}"}),
    ("office", "/people/{double_liaison}/end/", {}),
]  # fmt: skip


@pytest.mark.parametrize(("person", "path", "data"), REFUSED, ids=lambda one: str(one)[:40])
def test_every_refusal_leaves_its_row(
    person: str, path: str, data: dict[str, str], cast: Cast, browse: Browse
) -> None:
    ids = {name: getattr(getattr(cast, name), "pk", 0) for name in Cast.__slots__}
    sent = {name.format(**ids): text.format(**ids) for name, text in data.items()}
    browse(getattr(cast, person)).post(path.format(**ids), sent)
    row = AuditEvent.objects.get(result="refused")
    assert row.actor == getattr(cast, person)
    assert row.detail["reason"]
    assert row.region_path
    assert row.address == "127.0.0.1"


def test_every_download_and_export_leaves_its_row(cast: Cast, browse: Browse, call: Browse) -> None:
    browse(cast.leader).get(f"/evidence/{cast.evidence.pk}/")
    assert AuditEvent.objects.filter(code="tasks.evidence.download", actor=cast.leader).exists()
    answer = call(cast.client).get("/api/v1/entries/?format=csv")
    assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert AuditEvent.objects.filter(code="api.export", actor=cast.client).exists()


@pytest.mark.parametrize(
    "model", [AuditEvent, AuditSeal, AuditSealed, Revision, Transition, Judgement]
)
def test_the_database_itself_refuses_to_change_what_is_written_once(
    model: type, cast: Cast
) -> None:
    audit.seal(timezone.now())
    table = model._meta.db_table  # type: ignore[attr-defined]
    key = model._meta.pk.column  # type: ignore[attr-defined]
    statements = [f"UPDATE {table} SET {key} = {key}"]
    if connection.vendor == "postgresql":
        statements.append(f"DELETE FROM {table}")
    for statement in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("model", [AuditEvent, AuditSeal, AuditSealed])
def test_neither_one_row_nor_a_set_of_the_record_is_changed_or_deleted(
    model: type[AuditEvent], cast: Cast
) -> None:
    audit.seal(timezone.now())
    rows = model.objects.all()
    row = rows.first()
    assert row is not None
    for deed in (rows.delete, row.delete, row.save, lambda: rows.update(pk=1)):
        with pytest.raises(TypeError):
            deed()


def test_a_changed_row_of_the_record_is_found(cast: Cast) -> None:
    audit.seal(timezone.now())
    assert audit.broken() == []
    with connection.cursor() as cursor:
        on = " ON core_auditevent" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER core_auditevent_append_only{on}")
        cursor.execute("UPDATE core_auditevent SET result = 'ok', code = 'x' WHERE id = 1")
        cursor.execute("DELETE FROM core_auditsealed WHERE event_id = 2") if not on else None
    pk = AuditEvent.objects.order_by("id").values_list("pk", flat=True)[0]
    assert any(str(pk) in fault for fault in audit.broken())


def test_no_key_of_a_client_gets_into_the_record(cast: Cast) -> None:
    _token, text = issue_token(cast.client.memberships.get(), "x", by=cast.admin)
    details = str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert text not in details
