"""Deeds at the same moment, each on a connection of its own; and what guards them taken away."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

from core.errors import DomainError

PATIENCE = 30  # seconds


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """Start all deeds at the same moment, each on a connection of its own.

    Returns what each gave, or the DomainError that it raised.
    """
    gate = threading.Barrier(len(deeds))

    def one(deed: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=PATIENCE)
            return deed()
        except DomainError as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def together(load: Callable[..., Any], people: int) -> Callable[..., Any]:
    """Return `load` so that nobody goes on before all have loaded: the worst moment, each time."""
    gate = threading.Barrier(people)

    def waits(*args: Any, **kwargs: Any) -> Any:
        found = load(*args, **kwargs)
        gate.wait(timeout=PATIENCE)
        return found

    return waits


@contextmanager
def without_constraint(table: str, name: str) -> Iterator[None]:
    """Take a unique constraint away (PostgreSQL) and put it back into the emptied table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
        )
        (definition,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


@contextmanager
def without_index(table: str, name: str) -> Iterator[None]:
    """Take a unique constraint with a condition away: to PostgreSQL it is an index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        (definition,) = cursor.fetchone()
        cursor.execute(f"DROP INDEX {name}")
        try:
            yield
        finally:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(definition)
