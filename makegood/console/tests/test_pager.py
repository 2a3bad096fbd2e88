"""`makegood pager` gives somebody a wrist pager."""

import pytest
from click.testing import CliRunner

from makegood.console.commands.pager import command
from makegood.ground import links
from makegood.page.models import Device

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


def test_it_says_what_to_type_in(bo):
    for _ in range(2):  # again is the same pager
        said = CliRunner().invoke(command, [bo.email, "--name", "wrist"])
        assert said.exit_code == 0, said.output
    device = Device.objects.get()
    assert (device.staff, device.channel) == (bo, "wrist")
    assert f"pager-{device.pk.hex}" in said.output
    assert links.close(links.PAGER, device.pk) in said.output


def test_nobody_of_that_name_is_said_so(bo):
    said = CliRunner().invoke(command, ["nobody@x.example"])
    assert said.exit_code == 1
    assert "Nobody who works here" in said.output
