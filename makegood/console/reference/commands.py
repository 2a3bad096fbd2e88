"""The commands as a Markdown page, from what they say of themselves."""

from collections.abc import Iterator

import click

HEAD = """# Commands

Everything is a sub-command of `makegood` (`bin/makegood` in a checkout). Each reads its
[settings](settings.md) from the environment and says in words what keeps it from starting.

This page is written by `makegood reference commands`; `bin/check` fails when it is out of date.
"""


def page(group: click.Group) -> str:
    """Every sub-command with its arguments and options, in the order of `makegood --help`."""
    context = click.Context(group, info_name="makegood")
    commands = [
        (name, command)
        for name in group.list_commands(context)
        if (command := group.get_command(context, name))
    ]
    return HEAD + "".join(_section(context, name, command) for name, command in commands)


def _section(above: click.Context, name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name, parent=above)
    usage = " ".join((context.command_path, *_pieces(command, context)))
    listed = "".join(f"- {option}\n" for option in _options(command, context))
    title = f"{'#' * len(context.command_path.split())} {context.command_path}"
    parts = [f"\n{title}\n", f"{_words(command.help)}\n", f"    {usage}\n"]
    inner = command.commands.items() if isinstance(command, click.Group) else ()
    below = "".join(_section(context, each, one) for each, one in inner)
    return "\n".join([*parts, listed] if listed else parts) + below


def _pieces(command: click.Command, context: click.Context) -> list[str]:
    """How it is called; click says [OPTIONS] also where there is nothing but --help."""
    pieces = command.collect_usage_pieces(context)
    return pieces if any(_options(command, context)) else pieces[1:]


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record:
            yield f"`{record[0]}`: {_words(record[1])}"


def _words(text: str | None) -> str:
    """Paragraphs, each on one line."""
    paragraphs = (text or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
