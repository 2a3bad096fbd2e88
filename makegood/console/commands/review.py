"""`makegood review`: notes what was written about the company in public."""

from collections.abc import Iterable
from datetime import datetime

import click
import msgspec
from django.db import transaction

from makegood.console.feeding import Guest, moment, site_called, take_lines
from makegood.console.playing import Player
from makegood.ground import clock, tenancy
from makegood.ground.ids import new_id
from makegood.ground.refusals import Refused
from makegood.recover.access import case_of_signal
from makegood.sense.models import Signal
from makegood.sense.reviewing import Written, note_review


class Reviewed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One review, as a line says it."""

    source: str
    stars: int
    key: str
    site: str = ""
    words: str = ""
    author: str = ""
    url: str = ""
    written_at: str = ""
    guest: Guest | None = None


@click.command()
@click.argument("lines", required=False, type=click.File("r"), default=None)
@click.option("--site", default="", help="Its name; needed when there are several.")
@click.option("--source", default="", help="Where it was written: Google")
@click.option("--stars", type=int, default=0, help="1 to 5.")
@click.option("--words", default="", help="What they wrote.")
@click.option("--author", default="", help="As they call themselves there.")
@click.option("--url", default="", help="Where it can be read.")
@click.option("--at", "written_at", default="", help="When, like 2026-11-20; else now.")
@click.option("--key", default="", help="The source's own name for it: noted once.")
def command(
    lines: Iterable[str] | None, site: str, source: str, stars: int, words: str, author: str,
    url: str, written_at: str, key: str,
) -> None:  # fmt: skip
    """Note reviews; those that are not good become cases.

    LINES is a file of JSON lines, - for stdin: {"key": "g-81", "source": "Google", "site":
    "Harbour", "stars": 2, "words": "Cold soup.", "author": "Ana R.", "written_at": "2026-11-20",
    "guest": {"email": "ana@guest.example"}}. Without LINES the options say one.
    """
    noted: list[Signal] = []
    with tenancy.everywhere():
        if lines is not None:
            take_lines(lines, Reviewed, lambda one: _note(one, noted, clock.now()))
        else:
            one = Reviewed(
                source=source, stars=stars, key=key or url or f"console-{new_id()}", site=site,
                words=words, author=author, url=url, written_at=written_at,
            )  # fmt: skip
            try:
                click.echo(_note(one, noted, clock.now()))
            except Refused as refusal:
                where = f"{refusal.field}: " if refusal.field else ""
                raise click.ClickException(f"{where}{refusal.message}") from None
        Player(clock.now())
        for signal in noted:
            if case := case_of_signal(signal):
                click.echo(f"{signal.review.key}: case {case.reference}.")


@transaction.atomic
def _note(one: Reviewed, noted: list[Signal], now: datetime) -> str:
    site = site_called(one.site)
    written = Written(
        source=one.source,
        key=one.key,
        stars=one.stars,
        words=one.words,
        author=one.author,
        url=one.url,
        written_at=moment(one.written_at, site, field="written_at", now=now),
    )
    guest = one.guest.recognised(site, field="guest", now=now) if one.guest else None
    noted.append(note_review(site=site, written=written, customer=guest, now=now))
    return f"{one.key}: {one.stars} of 5 on {one.source}, noted at {site.name}."
