"""How processes log: a line for each event, and for an error where it was raised.

Never what variables held then, which the logger's own pretty traceback would show: among them are
keys, and what customers wrote.
"""

import sys

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback


def set_up() -> None:
    """For this process; colours only where somebody looks on."""
    *first, _ = structlog.get_config()["processors"]
    last = ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=plain_traceback)
    structlog.configure(processors=[*first, last])
