"""Plugs the story into the chronicle once all rooms are loaded."""

from importlib import import_module

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """The assembled house."""

    name = "makegood.config"
    label = "house"

    def ready(self) -> None:
        """Hands the story to the ground it is told on; models must be loaded first."""
        chronicle = import_module("makegood.ground.chronicle")
        locks = import_module("makegood.ground.locks")
        story = import_module("makegood.story")
        chronicle.listen(story.HEARD)
        locks.let_hold(*story.HELD_FIRST)
