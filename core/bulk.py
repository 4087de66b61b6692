"""Insert thousands of rows in one statement, without a round of Python for every field of each."""

from collections.abc import Sequence
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
    model = type(rows[0])
    if connection.vendor != "postgresql":
        model._base_manager.bulk_create(rows)
        return
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    columns = ", ".join(connection.ops.quote_name(one.column or "") for one in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    names = [(one.column, one.attname) for one in fields]
    document = orjson.dumps(  # what is left out is NULL
        [
            {column: value for column, name in names if (value := values[name]) is not None}
            for values in map(vars, rows)
        ],
        default=str,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} "  # noqa: S608 (names of our own)
            f"FROM json_populate_recordset(NULL::{table}, %s) RETURNING id",
            [document.decode()],
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
    for row, (pk,) in zip(rows, found, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, connection.alias
