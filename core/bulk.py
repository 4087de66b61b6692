"""Insert thousands of rows in one statement, without a round of Python for every field of each."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection, models


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and give them their ids, as bulk_create does.

    On PostgreSQL the rows go as one JSON document, which takes a fifth of the time of preparing
    each field of each row for an array; so fields must hold what their columns hold (no
    expressions, no JSON) and their times must be set.
    """
    if not rows:
        return
    if connection.vendor != "postgresql":
        type(rows[0])._base_manager.bulk_create(rows)
        return
    for row, (pk,) in zip(rows, _inserted(rows), strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, connection.alias


def _inserted(rows: Sequence[models.Model]) -> list[tuple[Any, ...]]:
    """Insert rows and return their ids; what is the same in all of them is sent once."""
    meta, quote = type(rows[0])._meta, connection.ops.quote_name
    fields = [one for one in meta.concrete_fields if not one.primary_key]
    values_of = itemgetter(*(one.attname for one in fields))
    differ: dict[str, Sequence[Any]] = {}
    same: dict[str, Any] = {}
    for field, column in zip(
        fields, zip(*map(values_of, map(vars, rows)), strict=True), strict=True
    ):
        name = str(field.column)
        if differ and column.count(column[0]) == len(rows):
            same[name] = column[0]
        else:
            differ[name] = column  # at least one: they are as many as the rows
    documents = [
        [dict(zip(differ, row, strict=True)) for row in zip(*differ.values(), strict=True)],
        same,
    ]
    columns = ", ".join(map(quote, [*differ, *same]))
    taken = [f"one.{quote(name)}" for name in differ] + [f"every.{quote(name)}" for name in same]
    table = quote(meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {', '.join(taken)} "  # noqa: S608 (our names)
            f"FROM json_populate_recordset(NULL::{table}, %s) AS one, "
            f"json_populate_record(NULL::{table}, %s) AS every RETURNING id",
            [orjson.dumps(one, default=str).decode() for one in documents],
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
