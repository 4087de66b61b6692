"""Ties the ground floor to the broker, which it does not know."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.jobs import send
        from core.dispatch import register_sender

        register_sender(send)
