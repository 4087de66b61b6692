"""Indicators, targets, observations."""

from django.apps import AppConfig


class IndicatorsApp(AppConfig):
    name = "indicators"

    def ready(self) -> None:
        import indicators.receivers  # noqa: F401 (connects the signals)
