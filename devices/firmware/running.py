"""What every device does from its first moment to the last. MicroPython."""

import json

import board


def run(device):
    """Turns a `device`, made of its hardware and its settings, until the power goes."""
    hardware = board.Board()
    with open(hardware.path("settings.json")) as file:
        settings = json.load(file)
    hardware.begin(settings)
    begun = device(hardware, settings)
    while True:
        begun.turn()
        hardware.pause()
