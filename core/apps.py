"""The ground floor."""

from django.apps import AppConfig


class CoreApp(AppConfig):
    name = "core"
