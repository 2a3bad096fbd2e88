"""`makegood press`: presses a button, as a customer would."""

import click
from django.conf import settings

from makegood.console.places import touchpoint_called
from makegood.console.playing import Player
from makegood.ground import clock, tenancy
from makegood.ground.ids import new_id
from makegood.ground.refusals import Refused
from makegood.page.access import latest_page
from makegood.page.duty.reading import asked_now
from makegood.recover.access import case_of_signal
from makegood.sense.access import press_path
from makegood.sense.adding import add_remark
from makegood.sense.models import Signal
from makegood.sense.pressing import receive_press


@click.command()
@click.argument("place")
@click.option("--site", default="", help="Its name; needed when several have such a place.")
@click.option("--words", default="", help="What the customer writes afterwards.")
@click.option("--topics", default="", help="What they choose, comma-separated: food,waiting")
@click.option("--name", default="", help="What they say their name is.")
def command(place: str, site: str, words: str, topics: str, name: str) -> None:
    """Press the button at PLACE ("Table 14"), and say whom it reached."""
    with tenancy.everywhere():
        try:
            signal = _press(place, site)
            chosen = [topic.strip() for topic in topics.split(",") if topic.strip()]
            if chosen or words or name:
                add_remark(signal=signal, topics=chosen, words=words, name=name, now=clock.now())
        except Refused as refusal:
            raise click.ClickException(refusal.message) from None
        click.echo(_what_happened(signal))
        click.echo(f"The customer sees {settings.HOUSE.url}{press_path(signal.pk)}")


def _press(place: str, site: str) -> Signal:
    """Also treats what waits now, so that it works with and without a worker running."""
    touchpoint = touchpoint_called(place, site=site)
    signal = receive_press(touchpoint=touchpoint, key=f"console-{new_id()}", now=clock.now())
    Player(clock.now())
    return signal


def _what_happened(signal: Signal) -> str:
    case = case_of_signal(signal)
    page = latest_page(case.pk) if case else None
    if not case or not page:
        return f"{signal.place}: pressed; the workers have it now."
    if page.taken_by:
        came = f"{page.taken_by.first_name} has it."
    elif asked := asked_now(page):
        came = f"{' and '.join(staff.first_name for staff in asked)} is being rung."
    else:
        came = "Nobody is on duty; whoever comes next is rung."
    times = f", pressed {case.intensity} times" if case.intensity > 1 else ""
    return f"{signal.place}{times}: case {case.reference}. {came}"
