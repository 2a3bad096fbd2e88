"""`makegood policy`: check, compare, replay and publish a policy that is kept in a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from makegood.console.replayed import as_text
from makegood.ground import clock, tenancy
from makegood.ground.refusals import NotFound, Refused
from makegood.people.access import owner_of
from makegood.people.models import Organisation, Staff
from makegood.recover.access import policy_in_force
from makegood.recover.models import PolicyVersion
from makegood.recover.policy import Policy, parse
from makegood.recover.policy.diffing import differences
from makegood.recover.replaying.running import Task, replay
from makegood.recover.versions import followed
from makegood.recover.versions.enacting import publish_text
from makegood.recover.versions.publishing import policy_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
HOUSE = click.option("--house", default="", help="Which house, by its name, if there are several.")


@click.group()
def command() -> None:
    """Keep the repair policy in a file: check it, compare, replay, publish."""


@command.command()
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Say whether FILE is a policy, or where it is not: line, column and remedy."""
    with _refusals():
        policy = _policy(file)
    click.echo(f"{policy.title}: {len(policy.triggers)} triggers, {len(policy.steps)} steps.")


@command.command()
@click.argument("file", type=FILE)
@HOUSE
def diff(file: Path, house: str) -> None:
    """Say in sentences what FILE changes in the policy that is in force."""
    with _refusals(), tenancy.everywhere():
        _, running = _in_force(house)
        changes = differences(policy_of(running.pk), _policy(file))
    for change in changes:
        click.echo(change.words)
    many = "1 change" if len(changes) == 1 else f"{len(changes)} changes"
    click.echo(f"{many} to number {running.number}.")


@command.command(name="replay")
@click.argument("file", type=FILE)
@click.option("--days", type=click.IntRange(1, 730), default=90, show_default=True)
@HOUSE
def replay_(file: Path, days: int, house: str) -> None:
    """Show what FILE would have done with the signals of the last days. Changes nothing."""
    now = clock.now()
    with _refusals(), tenancy.everywhere():
        owner, running = _in_force(house)
        draft: Policy = _policy(file)
        result = replay(
            Task(
                organisation=owner.organisation,
                running=policy_of(running.pk),
                running_number=running.number,
                draft=draft,
                since=now - timedelta(days=days),
                until=now,
            ),
            progress=_say_how_far,
        )
    click.echo(as_text(result))


@command.command()
@click.argument("file", type=FILE)
@click.option("--because", required=True, help="Why, for those who read it later.")
@click.option("--as", "email", default="", help="The owner who publishes; else the first one.")
@HOUSE
def publish(file: Path, because: str, email: str, house: str) -> None:
    """Put FILE in force for cases to come. Open cases stay on the version they began with."""
    with _refusals(), tenancy.everywhere():
        owner, _ = _in_force(house)
        by = _colleague(owner, email) if email else owner
        version = publish_text(text=_text(file), reason=because, by=by, now=clock.now())
    click.echo(f"Number {version.number} is in force.")


def _in_force(house: str) -> tuple[Staff, PolicyVersion]:
    """An owner of the house, and its policy."""
    houses = Organisation.objects.order_by("name")
    found = list(houses.filter(name__iexact=house.strip()) if house else houses[:2])
    if not found:
        raise NotFound(
            f"There is no house called “{house}”." if house else "There is no house yet."
        )
    if len(found) > 1:
        raise Refused("There are several houses: say which with --house NAME.")
    owner = owner_of(found[0])
    return owner, policy_in_force(owner)


def _colleague(owner: Staff, email: str) -> Staff:
    colleagues = Staff.objects.filter(organisation=owner.organisation, is_active=True)
    colleague = colleagues.select_related("organisation").filter(email__iexact=email).first()
    if colleague is None:
        raise NotFound(f"Nobody here signs in as {email}.")
    return colleague


def _policy(file: Path) -> Policy:
    return parse(_text(file), facts=followed.NAMES)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{file} is not text in UTF-8.") from error


def _say_how_far(done: int, expected: int) -> None:
    click.echo(f"\r{done:,} of {expected:,} signals   ", nl=False, err=True)
    if done >= expected:
        click.echo("", err=True)


@contextmanager
def _refusals() -> Iterator[None]:
    """Says a refusal in its words."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(refusal.message) from None
