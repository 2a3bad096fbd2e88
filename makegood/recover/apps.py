from django.apps import AppConfig


class RecoverConfig(AppConfig):
    name = "makegood.recover"
    label = "recover"
    default_auto_field = "django.db.models.BigAutoField"
