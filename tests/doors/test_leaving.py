"""The gateway as a process: asked to stop, it goes at once, open streams or not."""

import os
import signal
import socket
import subprocess
import sys

import httpx
from psycopg.conninfo import conninfo_to_dict

from tests.doors.houses import House
from tests.doors.serving import PATIENCE, database_url, settings


def test_sigterm_ends_open_streams_in_good_order(house: House) -> None:
    port = _free_port()
    environ = {
        **os.environ, "DATABASE_URL": _as_url(database_url()), "MAKEGOOD_SECRET": settings().secret,
        "MAKEGOOD_PORT": str(port), "MAKEGOOD_HOST": "127.0.0.1",
    }  # fmt: skip
    program = (
        "import uvicorn; uvicorn.run('makegood.config.gateway:app', host='127.0.0.1',"
        f" port={port}, log_level='info', timeout_graceful_shutdown=60)"
    )
    gateway = subprocess.Popen(
        [sys.executable, "-c", program], env=environ, stderr=subprocess.PIPE, text=True
    )
    assert gateway.stderr is not None
    with gateway:
        for line in gateway.stderr:
            if "running on" in line:
                break
        token = house.seal.close("stream:staff", house.bo.pk)
        url = f"http://127.0.0.1:{port}/live/staff/{token}"
        with httpx.stream("GET", url, timeout=PATIENCE, trust_env=False) as stream:
            lines = stream.iter_lines()
            assert "event: hello" in [next(lines) for _ in range(5)]
            gateway.send_signal(signal.SIGTERM)
            assert list(lines)[-1] == ""  # the stream ended as it should: no broken connection
        assert gateway.wait(PATIENCE) in (0, -signal.SIGTERM)
        assert "Traceback" not in gateway.stderr.read()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as briefly:
        return int(briefly.getsockname()[1])


def _as_url(conninfo: str) -> str:
    to = {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}
    return (
        f"postgresql://{to['user']}:{to['password']}@/{to['dbname']}"
        f"?host={to['host'].replace('/', '%2F')}&port={to['port']}"
    )
