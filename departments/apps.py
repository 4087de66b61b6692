"""Regions, departments, people."""

from django.apps import AppConfig


class DepartmentsApp(AppConfig):
    name = "departments"

    def ready(self) -> None:
        import departments.receivers  # noqa: F401 (connects the signals)
        from core.mail import register_places
        from departments.selectors import places_of

        register_places(places_of)
