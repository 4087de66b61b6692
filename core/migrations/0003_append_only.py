"""Let the database refuse changes to rows that are written once."""

from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0002_people")]
    operations = append_only("core_auditevent", "core_auditseal", "core_auditsealed")
