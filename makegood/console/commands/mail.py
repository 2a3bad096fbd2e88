"""`makegood mail`: what the provider of our mail must know."""

import os

import click

from makegood.config import env


@click.command()
def command() -> None:
    """Print where the provider of MAKEGOOD_MAIL_PROVIDER tells us what came of each mail.

    Give it that address as a webhook for mails that were delivered, bounced, rejected or failed. It
    holds a password, which changes with MAKEGOOD_SECRET.
    """
    settings = env.read(os.environ)
    if settings.mail_provider is None:
        raise env.Misconfigured("MAKEGOOD_MAIL_PROVIDER is not set: whom should it be told to?")
    click.echo(settings.mail_hook)
