"""Let the database refuse changes to rows that are written once."""

from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]
    operations = append_only(
        "tasks_revision",
        "tasks_transition",
        "tasks_judgement",
        "tasks_consultation",
        "tasks_reminder",
        "tasks_supervisionstep",
    )
