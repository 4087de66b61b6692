from django.apps import AppConfig


class PlansApp(AppConfig):
    name = "plans"

    def ready(self) -> None:
        import plans.receivers  # noqa: F401 (connects the signals)
