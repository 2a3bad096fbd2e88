"""`makegood worker`: does the work that waits."""

import click

from makegood.config import lanes

ALL = ",".join(lanes.NAMES)


@click.command()
@click.option("--lanes", "chosen", default=ALL, show_default=True, help="Names, comma-separated.")
def command(chosen: str) -> None:
    """Run lanes until SIGTERM or Ctrl-C, a thread each."""
    names = [name.strip() for name in chosen.split(",") if name.strip()]
    for name in names:
        if name not in lanes.NAMES:
            raise click.BadParameter(f"{name} is none of {ALL}", param_hint="--lanes")
    lanes.run(names)
