"""The written pages name everything there is."""

from makegood import story
from makegood.console.command import COMMANDS, makegood
from makegood.console.reference import commands, facts


def test_every_fact_is_on_its_page() -> None:
    page = facts.page()
    for fact in (*story.HEARD, *story.QUIET):
        assert f"| `{fact.name}` |" in page


def test_every_command_is_on_its_page() -> None:
    page = commands.page(makegood)
    for name in COMMANDS:
        assert f"\n## makegood {name}\n" in page
