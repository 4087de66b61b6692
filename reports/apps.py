"""Compiled reports, and the pages that mix floors."""

from django.apps import AppConfig


class ReportsApp(AppConfig):
    name = "reports"

    def ready(self) -> None:
        import reports.receivers  # noqa: F401 (connects the signals)
