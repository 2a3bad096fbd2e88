from django.apps import AppConfig


class AmendsConfig(AppConfig):
    name = "makegood.amends"
    label = "amends"
    default_auto_field = "django.db.models.BigAutoField"
