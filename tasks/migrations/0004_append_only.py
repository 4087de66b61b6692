"""Let the database refuse changes to rows that are written once (rebuilt tables lose the guard)."""

from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("tasks", "0003_daily_work")]
    operations = append_only(
        "tasks_revision",
        "tasks_transition",
        "tasks_consultation",
        "tasks_reminder",
        "tasks_supervisionstep",
    )
