"""`makegood broker`: what a Mosquitto must know of our devices."""

import os

import click

from makegood.config import env
from makegood.devices import mosquitto
from makegood.ground import tenancy
from makegood.page.access import password_of
from makegood.page.channels.registry import WRIST
from makegood.page.models import Device
from makegood.sense.access import button_secret, lamp_secret
from makegood.sense.models import Button, Lamp


@click.group()
def command() -> None:
    """Print who may what at the broker of MAKEGOOD_MQTT_BROKER, in Mosquitto's words.

    Print both anew, and have Mosquitto read them (SIGHUP), when a device was added, renewed or put
    away.
    """


@command.command()
def passwords() -> None:
    """Print a password_file. The passwords cannot be read from it."""
    click.echo(mosquitto.passwords(_accounts()), nl=False)


@command.command()
def acl() -> None:
    """Print an acl_file: each device speaks below its own prefix only."""
    click.echo(mosquitto.acl(_accounts()), nl=False)


def _accounts() -> list[mosquitto.Account]:
    broker = env.read(os.environ).broker
    if broker is None:
        raise env.Misconfigured("MAKEGOOD_MQTT_BROKER is not set: as whom do we come to it?")
    with tenancy.everywhere():
        buttons = Button.objects.filter(retired_at=None).order_by("pk")
        pagers = Device.objects.in_use().filter(channel=WRIST.name).order_by("pk")
        lamps = Lamp.objects.filter(retired_at=None).order_by("pk")
        return [
            mosquitto.ourselves(broker.user, broker.password),
            *(mosquitto.button(button.pk.hex, button_secret(button)) for button in buttons),
            *(mosquitto.pager(pager.pk.hex, password_of(pager)) for pager in pagers),
            *(mosquitto.lamp(lamp.pk.hex, lamp_secret(lamp)) for lamp in lamps),
        ]
