"""Let the database refuse changes to the steps of a scorecard."""

from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_scores")]
    operations = append_only("reports_scorestep")
