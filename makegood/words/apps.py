from django.apps import AppConfig


class WordsConfig(AppConfig):
    name = "makegood.words"
    label = "words"
    default_auto_field = "django.db.models.BigAutoField"
