"""A region reports on the same days in one period only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0007_year_of_tasks")]
    operations = [
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(
                fields=("region", "starts", "ends"), name="tasks_period_days_once"
            ),
        ),
    ]
