"""Health: what the proxy, the container engine and `run.py up` ask."""

from collections.abc import Callable
from pathlib import Path

import pytest
from celery import Celery
from django.http import JsonResponse
from django.test import Client, RequestFactory

from config import health


@pytest.fixture
def ask() -> Callable[[Callable[..., JsonResponse]], JsonResponse]:
    return lambda view: view(RequestFactory().get("/"))


def test_healthz_answers_anybody_without_a_database(client: Client) -> None:
    # No database mark: pytest-django would refuse any query.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b'{"status": "ok"}')


@pytest.mark.services
@pytest.mark.django_db
def test_readyz_tells_anybody_that_every_part_works(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.content == (
        b'{"status": "ok", "database": "ok", "broker": "ok", "storage": "ok"}'
    )


@pytest.mark.services
@pytest.mark.django_db
def test_readyz_fails_without_saying_why_when_storage_is_gone(
    ask, settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    settings.MEDIA_ROOT = blocked
    answer = ask(health.readyz)
    assert answer.status_code == 503
    assert b'"storage": "failed"' in answer.content
    assert b"a-file" not in answer.content
    assert "a-file" in caplog.text


@pytest.mark.django_db
def test_readyz_fails_when_a_redis_broker_does_not_answer(
    ask, monkeypatch: pytest.MonkeyPatch, unused_port: int
) -> None:
    address = f"redis://127.0.0.1:{unused_port}/0"
    monkeypatch.setattr(health, "app", Celery("away", broker=address, set_as_current=False))
    answer = ask(health.readyz)
    assert answer.status_code == 503
    assert b'"broker": "failed"' in answer.content
    assert b'"database": "ok"' in answer.content


@pytest.mark.django_db
def test_readyz_fails_when_the_database_does_not_answer(
    ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "connection", None)
    assert b'"database": "failed"' in ask(health.readyz).content


def test_health_is_asked_by_get_only(ask) -> None:
    answer = health.healthz(RequestFactory().post("/"))
    assert answer.status_code == 405


def test_tests_keep_their_data_apart_from_the_portal_of_this_checkout(settings) -> None:
    assert settings.BASE_DIR not in settings.DATA_DIR.parents
