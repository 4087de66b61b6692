from django.apps import AppConfig


class PlansApp(AppConfig):
    name = "plans"
