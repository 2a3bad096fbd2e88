"""Plugs the story into the chronicle once all rooms are loaded."""

from importlib import import_module

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """The assembled house."""

    name = "makegood.config"
    label = "house"

    def ready(self) -> None:
        """Hands the table of reactions to the chronicle; models must be loaded first."""
        chronicle = import_module("makegood.ground.chronicle")
        story = import_module("makegood.story")
        chronicle.listen(story.HEARD)
