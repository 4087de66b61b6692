"""Migration operations that make the database itself refuse changes to append-only rows.

PostgreSQL refuses UPDATE and DELETE. SQLite, the embedded database, refuses UPDATE; deletion there
is refused by the model only, because Django empties SQLite tables by DELETE in its tests.
"""

from collections.abc import Callable
from typing import Any

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION gangyao_refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME;
END $$ LANGUAGE plpgsql
"""


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            FUNCTION,
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION gangyao_refuse_change()",
        ]
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
    ]


def _drop(schema_editor: Any, table: str) -> None:
    on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only{on}")


def _run(table: str) -> Callable[[Any, Any], None]:
    def forwards(apps: Any, schema_editor: Any) -> None:
        _drop(schema_editor, table)  # a rebuilt table of SQLite has lost it, others have not
        for statement in _statements(schema_editor.connection.vendor, table):
            # None, not no parameters: the % in the function is not a placeholder.
            schema_editor.execute(statement, params=None)

    return forwards


def _undo(table: str) -> Callable[[Any, Any], None]:
    def backwards(apps: Any, schema_editor: Any) -> None:
        _drop(schema_editor, table)

    return backwards


def append_only(*tables: str) -> list[migrations.RunPython]:
    """Return operations that guard these tables; put them into a migration of their own."""
    return [migrations.RunPython(_run(table), _undo(table)) for table in tables]
