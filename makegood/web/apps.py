"""The Django app that carries every screen."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Screens for guests, staff and managers."""

    name = "makegood.web"
    label = "web"
    verbose_name = "Screens"
