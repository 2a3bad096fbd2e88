"""A push end to end through Debian's Firefox: it subscribes, opens what was sealed, and says so.

Its push service is ours, on loopback: Firefox holds a WebSocket to it as to Mozilla's, and the
house posts to it. Firefox itself is asked over WebDriver BiDi. No desktop draws notifications here,
so what is shown is tried in Chromium; that the push was opened is told by the receipt.
"""

import base64
import json
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import Server, ServerConnection, serve

from makegood.page.equipment.subscribing import SIGNED_OUT
from makegood.page.models import Attempt, Device
from makegood.page.tests.push_service import PushService
from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from tests.browser.house import RunningHouse, database_url
from tests.doors.colleagues import browser_of, felt, rung
from tests.loopback import served
from tests.patience import PATIENCE, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PREFERENCES = {
    "dom.push.testing.allowInsecureServerURL": True,
    "dom.push.connection.enabled": True,
    "permissions.default.desktop-notification": 1,
    "remote.active-protocols": 1,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.captive-portal-service.enabled": False,
    "browser.region.network.url": "",
    "services.settings.server": "http://127.0.0.1:9/",
}


class Autopush(PushService):
    """The service Firefox holds a line to; checks who sends, passes on what only it opens."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, ServerConnection] = {}
        self.acknowledged: list[dict[str, Any]] = []
        self.door: Server = serve(self.talk, "127.0.0.1", 0)

    @property
    def line(self) -> str:
        return f"ws://127.0.0.1:{self.door.socket.getsockname()[1]}/"

    def talk(self, line: ServerConnection) -> None:
        for raw in line:
            said = json.loads(raw)
            kind = said.get("messageType")
            if kind == "hello":
                line.send(
                    json.dumps(
                        {
                            "messageType": "hello",
                            "uaid": uuid.uuid4().hex,
                            "status": 200,
                            "use_webpush": True,
                            "broadcasts": {},
                        }
                    )
                )
            elif kind == "register":
                channel = said["channelID"]
                self.lines[f"/push/{channel}"] = line
                line.send(
                    json.dumps(
                        {
                            "messageType": "register",
                            "channelID": channel,
                            "status": 200,
                            "pushEndpoint": f"{self.url}/push/{channel}",
                        }
                    )
                )
            elif kind == "ack":
                self.acknowledged.extend(said["updates"])
            elif not said or kind == "ping":
                line.send("{}")

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        if path not in self.lines:
            return 410
        self._claims(headers["authorization"])
        sealed = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
        self.lines[path].send(
            json.dumps(
                {
                    "messageType": "notification",
                    "channelID": path.removeprefix("/push/"),
                    "version": uuid.uuid4().hex,
                    "ttl": int(headers["ttl"]),
                    "data": sealed,
                    "headers": {"encoding": headers["content-encoding"]},
                }
            )
        )
        return 201


class Firefox:
    """Firefox without a window, spoken to over WebDriver BiDi."""

    def __init__(self, line: str, home: Path) -> None:
        preferences = PREFERENCES | {"dom.push.serverURL": line}
        words = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in preferences.items()]
        (home / "user.js").write_text("".join(words))
        self._process = subprocess.Popen(
            ["/usr/bin/firefox-esr", "--headless", "--no-remote", "--profile", str(home),
             "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        assert self._process.stderr
        said = self._process.stderr
        address = next(one for one in said if "WebDriver BiDi listening on" in one)
        self._reader = threading.Thread(target=lambda: list(said), daemon=True)
        self._reader.start()
        url = address.split(" on ")[1].strip()
        self._open = ExitStack()
        self._line: ClientConnection = self._open.enter_context(
            connect(f"{url}/session", max_size=None)
        )
        self._number = 0
        self._call("session.new", capabilities={})
        tree = self._call("browsingContext.getTree")
        self._window = tree["contexts"][0]["context"]

    def visit(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self._window, url=url, wait="complete")

    def evaluate(self, script: str) -> Any:
        target = {"context": self._window}
        said = self._call(
            "script.evaluate", expression=script, target=target, awaitPromise=True,
            userActivation=True,
        )  # fmt: skip
        assert said["type"] == "success", said
        return said["result"].get("value")

    def close(self) -> None:
        self._open.close()
        self._process.terminate()
        self._process.wait(20)
        self._reader.join(20)
        if self._process.stderr:
            self._process.stderr.close()

    def _call(self, method: str, **params: Any) -> Any:
        self._number += 1
        told = {"id": self._number, "method": method, "params": params}
        self._line.send(json.dumps(told))
        while (said := json.loads(self._line.recv(PATIENCE))).get("id") != self._number:
            pass
        assert said["type"] == "success", said
        return said["result"]


@pytest.fixture
def autopush() -> Iterator[Autopush]:
    """Started, and stopped again."""
    service = Autopush()
    at_the_door = threading.Thread(target=service.door.serve_forever)
    at_the_door.start()
    with served(service):
        yield service
    service.door.shutdown()
    at_the_door.join()


@pytest.fixture
def house(
    bo: Staff, table_14: Touchpoint, tmp_path: Path, autopush: Autopush
) -> Iterator[RunningHouse]:
    """The house, which knows that push service."""
    with RunningHouse(
        database_url=database_url(), data=tmp_path, push_services=autopush.url
    ) as running:
        running.start()
        yield running


@pytest.fixture
def firefox(autopush: Autopush) -> Iterator[Firefox]:
    """A fresh one."""
    with tempfile.TemporaryDirectory(prefix="firefox", ignore_cleanup_errors=True) as home:
        running = Firefox(autopush.line, Path(home))
        yield running
        running.close()


def test_firefox_subscribes_opens_the_ring_and_says_that_it_came(
    house: RunningHouse, firefox: Firefox, autopush: Autopush, bo: Staff, now: datetime
) -> None:
    name = settings.SESSION_COOKIE_NAME
    session = browser_of(bo).cookies[name].value
    firefox.visit(f"{house.url}/account/login/")
    firefox.evaluate(f"document.cookie = '{name}={session}; path=/'")
    firefox.visit(f"{house.url}/pager/phone/")
    button = "document.querySelector('[data-turn=on]')"
    until(lambda: firefox.evaluate(f"!{button}.hidden"))
    firefox.evaluate(f"{button}.click()")
    device = until(lambda: Device.objects.filter(staff=bo).first())
    assert device.address["endpoint"].startswith(autopush.url)
    until(lambda: firefox.evaluate("!document.querySelector('[data-turn=off]').hidden"))

    rung(felt(bo, now).site, now)
    received = Attempt.objects.filter(device=device, received_at__isnull=False)
    attempt = until(received.first)
    assert attempt.said == "201"
    assert until(lambda: autopush.acknowledged)

    firefox.visit(f"{house.url}/pager/")  # at the next open it is still the same device
    until(Device.objects.filter(pk=device.pk, seen_at__gt=device.seen_at).exists)
    assert Device.objects.count() == 1

    firefox.visit(f"{house.url}/account/logout/")  # who signs out is not rung there any more
    firefox.evaluate("document.querySelector('form[data-leaves] button').click()")
    gone = until(Device.objects.filter(pk=device.pk, retired_at__isnull=False).first)
    assert gone.retired_because == SIGNED_OUT
    until(lambda: firefox.evaluate("location.pathname !== '/account/logout/'"))
    assert firefox.evaluate(
        "navigator.serviceWorker.getRegistration('/pager/')"
        ".then((it) => it.pushManager.getSubscription()).then((one) => one === null)"
    )
