"""The embedded PostgreSQL starts, stops, survives and never gets out of its directory."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psutil
import psycopg
import pytest

from makegood.console.box import postgres, programs
from makegood.console.box.failures import BoxFailed
from makegood.console.box.postgres import EmbeddedPostgres

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives PostgreSQL another user")

STARTS_ONE_AND_WAITS = """
import sys
from pathlib import Path
from makegood.console.box.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), fast=True).start()
print(server.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place():
    """A directory PostgreSQL's account can enter (pytest's own are closed to it as root)."""
    directory = Path(tempfile.mkdtemp(prefix="makegood-box-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def base(place):
    return place / "postgres"


def test_what_was_written_is_there_after_a_restart(base):
    with EmbeddedPostgres(base, fast=True) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with EmbeddedPostgres(base, fast=True) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    assert server.process is not None
    assert server.process.returncode == 0


def test_the_application_is_bound_by_row_level_security(base):
    with EmbeddedPostgres(base, fast=True) as server, psycopg.connect(server.url) as connection:
        role = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        settings = connection.execute(
            "SELECT current_setting('data_checksums'), current_setting('listen_addresses')"
        ).fetchone()
    assert role == ("makegood", False, False, True)
    assert settings == ("on", "")


def test_durable_unless_asked_otherwise(base):
    with EmbeddedPostgres(base) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_secrets_are_private_and_the_directories_above_are_left_alone(place, base):
    with EmbeddedPostgres(base, fast=True):
        for role in ("makegood", "postgres"):
            assert stat.S_IMODE((base / f"{role}.password").stat().st_mode) == 0o600
        assert stat.S_IMODE((base / "data").stat().st_mode) == 0o700
        assert stat.S_IMODE((base / "run").stat().st_mode) == 0o700
        assert not (base / "initdb.password").exists()
    assert stat.S_IMODE(place.stat().st_mode) == 0o711


def test_a_second_one_in_the_same_directory_is_refused(base, monkeypatch):
    monkeypatch.setattr(postgres, "GRACE", 0.1)
    with EmbeddedPostgres(base, fast=True), pytest.raises(BoxFailed, match="already running in"):
        EmbeddedPostgres(base, fast=True).start()


def test_a_killed_parent_leaves_no_orphan(base):
    command = [sys.executable, "-c", STARTS_ONE_AND_WAITS, str(base)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        orphan = psutil.Process(int(parent.stdout.readline()))
        family = [orphan, *orphan.children()]
        parent.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    with EmbeddedPostgres(base, fast=True) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_waits_for_what_a_killed_server_left_behind(base):
    server = EmbeddedPostgres(base, fast=True).start()
    assert server.process is not None
    with psycopg.connect(server.url) as connection:
        slow = psutil.Process(connection.info.backend_pid)
        slow.suspend()  # on a busy machine its own processes notice a little later
        server.process.kill()
        server.process.wait(timeout=10)
        later = threading.Timer(1, slow.resume)
        later.start()
        with server:
            assert not psutil.pid_exists(slow.pid) or slow.status() == psutil.STATUS_ZOMBIE
        later.join()


def test_it_recovers_when_the_server_itself_is_killed(base):
    server = EmbeddedPostgres(base).start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert server.process is not None
    family = psutil.Process(server.process.pid).children()
    server.process.kill()
    server.process.wait()
    psutil.wait_procs(family, timeout=10)
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    server.stop()


def test_a_process_number_reused_after_a_reboot_does_not_keep_it_from_starting(base):
    with EmbeddedPostgres(base, fast=True):
        pass
    (base / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{base}/data\n")
    with EmbeddedPostgres(base, fast=True) as server:
        assert server.process is not None


def test_a_half_made_directory_is_made_anew(base):
    (base / "making").mkdir(parents=True)
    (base / "making" / "PG_VERSION").write_text("18")
    with EmbeddedPostgres(base, fast=True) as server:
        assert server.data.exists()
    assert not (base / "making").exists()


def test_a_long_path_gets_a_short_socket(place):
    base = place / ("long" * 20) / ("longer" * 10)
    with EmbeddedPostgres(base, fast=True) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    server.sockets.rmdir()


def test_why_it_did_not_start_is_told(base):
    with pytest.raises(BoxFailed, match="shared_buffers"):
        EmbeddedPostgres(base, fast=True, settings={"shared_buffers": "a lot"}).start()


def test_data_of_another_version_is_refused(base):
    with EmbeddedPostgres(base, fast=True):
        pass
    (base / "data" / "PG_VERSION").write_text("15\n")
    with pytest.raises(BoxFailed, match="was written by PostgreSQL 15"):
        EmbeddedPostgres(base, fast=True).start()


@as_root
def test_data_goes_where_its_account_can_reach_it(place, monkeypatch):
    monkeypatch.setattr(postgres, "SYSTEM_HOME", place / "system")
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    for _ in range(2):
        with EmbeddedPostgres(closed / "postgres", fast=True) as server:
            assert server.home.parent == place / "system"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert len(list((place / "system").iterdir())) == 1


@as_root
def test_programs_its_account_cannot_reach_are_copied(place, base, monkeypatch):
    installed = programs.find().directory.parent
    package = installed.parent
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    (closed / package.name).mkdir()
    (closed / package.name / installed.name).symlink_to(installed)
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        (closed / libraries.name).symlink_to(libraries)
    monkeypatch.setenv("PG_BIN", str(closed / package.name / installed.name / "bin"))
    with EmbeddedPostgres(base, fast=True) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert list(base.glob("programs-*"))


def test_no_programs_at_all_is_told_with_the_remedies(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(BoxFailed, match="PG_BIN.*DATABASE_URL"):
        programs.find()
