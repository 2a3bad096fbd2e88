"""The `makegood` command: each sub-command is a module, loaded only when it is called."""

import importlib
import os
import sys
from typing import Any

import click
import msgspec

from makegood.config import logs
from makegood.config.env import Misconfigured
from makegood.console.box.failures import BoxFailed


class Entry(msgspec.Struct, frozen=True):
    """Where a sub-command lives; its module holds a click command named `command`."""

    module: str
    help: str
    django: bool = True


COMMANDS = {
    "up": Entry("makegood.console.commands.up", "Start everything on this machine.", django=False),
    "gateway": Entry(
        "makegood.console.commands.gateway",
        "Serve the public port: presses, live pages, and the web behind it.",
        django=False,
    ),
    "intake": Entry("makegood.console.commands.intake", "Serve presses only.", django=False),
    "live": Entry("makegood.console.commands.live", "Serve live pages only.", django=False),
    "devices": Entry(
        "makegood.console.commands.devices",
        "Hear devices through a broker of your own.",
        django=False,
    ),
    "web": Entry("makegood.console.commands.web", "Serve the screens on loopback.", django=False),
    "worker": Entry("makegood.console.commands.worker", "Do the work that waits, lane by lane."),
    "tick": Entry("makegood.console.commands.tick", "Let time pass: the worker of lane tick."),
    "audit": Entry(
        "makegood.console.commands.audit", "Say what lies still; fail if anything does."
    ),
    "pager": Entry("makegood.console.commands.pager", "Give somebody a wrist pager."),
    "broker": Entry(
        "makegood.console.commands.broker", "Print who may what at a broker of your own."
    ),
    "mail": Entry(
        "makegood.console.commands.mail", "Print where a mail provider tells us what came of it."
    ),
    "press": Entry("makegood.console.commands.press", "Press a button, as a customer would."),
    "answer": Entry("makegood.console.commands.answer", "Answer a page, as a colleague would."),
    "incident": Entry(
        "makegood.console.commands.incident", "Open cases for customers who never complained."
    ),
    "review": Entry("makegood.console.commands.review", "Note what was written in public."),
    "forward": Entry(
        "makegood.console.commands.forward", "Move the clock ahead and do what falls due."
    ),
    "demo": Entry("makegood.console.commands.demo", "Bring the Fairline Hotel to life."),
    "policy": Entry(
        "makegood.console.commands.policy",
        "Check, compare, replay and publish a policy kept in a file.",
    ),
    "migrate": Entry(
        "makegood.console.commands.migrate", "Bring the database's tables up to date."
    ),
    "manage": Entry("makegood.console.commands.manage", "Run a command of Django's manage.py."),
    "reference": Entry(
        "makegood.console.commands.reference", "Print a page of docs/reference, from the code."
    ),
}


class SubCommands(click.Group):
    """Lists sub-commands without importing them, and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table above."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one; Django is set up before a module that needs it is imported."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if entry.django:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
            importlib.import_module("django").setup()
        command: click.Command = importlib.import_module(entry.module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `makegood --help`."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.command(cls=SubCommands)
def makegood() -> None:
    """Makegood: reach the customer you failed before they leave, and keep the promise."""


def main(**extra: Any) -> None:
    """Run the command; what keeps it from starting is told in words, without a traceback."""
    logs.set_up()
    try:
        makegood(prog_name="makegood", **extra)
    except (Misconfigured, BoxFailed) as failure:
        click.echo(f"makegood: {failure}", err=True)
        sys.exit(1)
