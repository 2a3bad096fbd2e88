from django.apps import AppConfig


class PageConfig(AppConfig):
    name = "makegood.page"
    label = "page"
    default_auto_field = "django.db.models.BigAutoField"
