"""What keeps a box from starting is refused in words."""

import os
import socket
import stat

import pytest

from makegood.config import env
from makegood.console.box import ports, possession, tables
from makegood.console.box.failures import BoxFailed


def test_a_taken_port_is_refused_with_the_remedy():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BoxFailed, match=f"Port {port} is already in use.*MAKEGOOD_PORT"):
            ports.refuse_taken("127.0.0.1", port, "MAKEGOOD_PORT")
    ports.refuse_taken("127.0.0.1", port, "MAKEGOOD_PORT")


def test_nobody_answers_on_a_free_port():
    with socket.create_server(("127.0.0.1", 0)) as briefly:
        port = briefly.getsockname()[1]
    assert not ports.answers(port, "/")


def test_a_second_box_in_the_same_data_directory_is_refused(tmp_path):
    lock = possession.take(tmp_path)
    with pytest.raises(BoxFailed, match=f"already running in .*process {os.getpid()}"):
        possession.take(tmp_path)
    os.close(lock)
    os.close(possession.take(tmp_path))


def test_the_secret_is_made_once_and_kept_private(tmp_path):
    first = possession.secret(tmp_path)
    assert possession.secret(tmp_path) == first
    assert len(first) >= env.SHORTEST_SECRET
    assert stat.S_IMODE(env.secret_file(tmp_path).stat().st_mode) == 0o600


def test_a_data_directory_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BoxFailed, match="cannot be written.*MAKEGOOD_DATA"):
        possession.take(tmp_path / "file")


def test_tables_are_asked_again_only_when_the_code_has_changed(tmp_path):
    mark = tmp_path / "tables"
    assert not tables.up_to_date(mark)
    mark.write_text(tables.fingerprint())
    assert tables.up_to_date(mark)
    mark.write_text("of another version")
    assert not tables.up_to_date(mark)
