"""A database that another version made is refused with a sentence, and left as it is."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


def test_a_database_of_another_version_is_not_migrated() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("gone_app", "0001_initial")  # an app that was taken out is no harm
    call_command("migrate", verbosity=0)
    recorder.record_applied("tasks", "0009_of_tomorrow")
    with pytest.raises(CommandError, match=r"another version.*tasks\.0009_of_tomorrow"):
        call_command("migrate", verbosity=0)
