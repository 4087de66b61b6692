"""The entries of a period, made by the database itself: one INSERT … SELECT."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, F, Value, When

from core.querysets import BaseQuerySet
from tasks.models import Entry, Period
from tasks.selectors.periods.opening import TO_THE_OFFICE, reporting


def make_entries(period: Period, now: datetime) -> int:
    """Make an entry for each assignment that reports in a period; return how many are new.

    One statement, however many entries. What exists already is left as it is: the constraint on
    (period, assignment) decides, not a look beforehand.
    """
    sources: dict[str, Any] = {
        "created_at": Value(now),
        "updated_at": Value(now),
        "period": Value(period.pk),
        "task": F("task_id"),
        "assignment": F("pk"),
        "department": F("department_id"),
        "kind": Case(
            When(TO_THE_OFFICE, then=Value(Entry.Kind.REPORT.value)),
            default=Value(Entry.Kind.PART.value),
        ),
    }
    # Every other column begins as it does for a new row; NULL is what a column has by itself.
    fields = [one for one in Entry._meta.concrete_fields if not one.primary_key]
    for field in fields:
        if field.name not in sources and not field.null:
            sources[field.name] = Value(field.get_default(), output_field=field)
    columns = {str(field.column): sources[field.name] for field in fields if field.name in sources}
    # Names of their own: an annotation may not be called like a field of the assignment.
    named = {f"new_{column}": value for column, value in columns.items()}
    rows = reporting(period).annotate(**named).order_by("task_id", "pk").values_list(*named)
    return _insert(list(columns), rows)


def _insert(columns: list[str], rows: BaseQuerySet) -> int:
    """Put what a query selects into the table of entries; return how many rows are new."""
    query, params = rows.query.sql_with_params()
    quote = connection.ops.quote_name
    into = f"{quote(Entry._meta.db_table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {into} {query} ON CONFLICT DO NOTHING", params)
        return int(cursor.rowcount)
