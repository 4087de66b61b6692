"""Indicators, targets, observations."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.utils import timezone


class IndicatorsApp(AppConfig):
    name = "indicators"

    def ready(self) -> None:
        import indicators.receivers  # noqa: F401 (connects the signals)

        post_migrate.connect(load_reference, sender=self)


def load_reference(using: str, plan: Any = None, **_more: Any) -> None:
    """Bring the catalogue and the published survey values into a database that is up to date.

    Every portal has them from the start, and after an update those that are new. Tests begin
    without the published values (settings.LOAD_PUBLISHED).
    """
    from indicators.services import ensure_catalogue, load_published

    if plan is not None:  # migrating; half-way there the tables have other columns
        executor = MigrationExecutor(connections[using])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
    ensure_catalogue()
    if settings.LOAD_PUBLISHED:
        load_published(timezone.now())
