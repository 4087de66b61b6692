"""The ground floor."""

from typing import Any

from django.apps import AppConfig, apps
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import pre_migrate

from core.forms import speak_plainly


class CoreApp(AppConfig):
    name = "core"

    def ready(self) -> None:
        speak_plainly()
        pre_migrate.connect(refuse_strange_database, sender=self)


def refuse_strange_database(using: str, **_more: Any) -> None:
    """Raise CommandError where a database holds migrations that this version does not know.

    It was made by another version; to migrate on top of that would leave tables half changed.
    """
    loader = MigrationLoader(connections[using])
    ours = {one.label for one in apps.get_app_configs()}
    strange = [key for key in loader.applied_migrations if key not in loader.disk_migrations]
    names = sorted(f"{app}.{name}" for app, name in strange if app in ours)
    if names:
        raise CommandError(
            f"This database was made by another version (it knows {', '.join(names)}). Use that"
            " version, or begin afresh with an empty database (embedded portal: delete var/)."
        )
