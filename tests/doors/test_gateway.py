"""The public port: the web behind it, and what it says and does while the web is away."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from makegood.config import gateway
from makegood.ground import asgi
from makegood.ground.asgi import Answer, App, Receive, Scope, Send, json_answer
from tests.doors.houses import House
from tests.doors.serving import Served, settings

Handle = Callable[[Scope, bytes], Answer]


def web(handle: Handle) -> App:
    """A stand-in for the web process."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        body = await asgi.read_body(scope, receive, limit=50_000_000)
        await asgi.send_answer(send, handle(scope, body), head_only=scope["method"] == "HEAD")

    return app


async def _lifespan(receive: Receive, send: Callable[..., Awaitable[None]]) -> None:
    for moment in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{moment}.complete"})


def echo(scope: Scope, body: bytes) -> Answer:
    headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
    said = {
        "method": scope["method"], "path": scope["raw_path"].decode(), "body": len(body),
        "query": scope["query_string"].decode(), "headers": headers,
    }  # fmt: skip
    cookies = (("set-cookie", "a=1"), ("set-cookie", "b=2"), ("keep-alive", "timeout=5"))
    answer = json_answer(201, said)
    return Answer(answer.status, answer.body, answer.content_type, cookies)


@pytest.fixture
def away() -> Served:
    return Served(gateway.build(settings(web_port=1)))


def test_a_request_reaches_the_web_as_it_was_made() -> None:
    with (
        Served(web(echo)) as behind,
        Served(gateway.build(settings(web_port=behind.port))) as front,
        front.client() as client,
    ):
        answer = client.post(
            "/caf%C3%A9/x%2Fy?a=1&b=%20", content=b"x" * 100_000,
            headers={
                "host": "care.example", "x-real-ip": "6.6.6.6", "x_forwarded_proto": "https",
                "connection": "keep-alive, x-hop", "x-hop": "gone", "cookie": "c=1",
            },
        )  # fmt: skip
        said = answer.json()
        seen = dict(said["headers"])
        assert (answer.status_code, said["method"], said["body"]) == (201, "POST", 100_000)
        assert (said["path"], said["query"]) == ("/caf%C3%A9/x%2Fy", "a=1&b=%20")
        assert (seen["x-forwarded-host"], seen["x-forwarded-proto"]) == ("care.example", "http")
        assert (seen["host"], seen["cookie"]) == ("care.example", "c=1")
        assert "6.6.6.6" not in str(said["headers"])
        assert not {"x-hop", "x_forwarded_proto"} & seen.keys()
        assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
        assert "keep-alive" not in answer.headers
        assert len(answer.headers.get_list("date")) == 1
        assert "c=1" in str(client.get("/", headers={"cookie": "c=1"}).json())
        assert "cookie" not in dict(httpx.get(front.url, trust_env=False).json()["headers"])
        assert client.head("/").content == b""


def test_redirects_are_for_the_browser_to_follow() -> None:
    def redirect(scope: Scope, body: bytes) -> Answer:
        return Answer(302, headers=(("location", "/elsewhere"),))

    with (
        Served(web(redirect)) as behind,
        Served(gateway.build(settings(web_port=behind.port))) as front,
        front.client() as client,
    ):
        answer = client.get("/somewhere")
        assert (answer.status_code, answer.headers["location"]) == (302, "/elsewhere")


def test_more_than_ten_megabytes_are_not_passed_on() -> None:
    with (
        Served(web(echo)) as behind,
        Served(gateway.build(settings(web_port=behind.port))) as front,
        front.client() as client,
    ):
        assert client.post("/", content=b"x" * (11 << 20)).status_code == 413
        parts = (b"x" * (1 << 20) for _ in range(12))
        assert client.post("/", content=parts).status_code == 413
        assert client.post("/", content=(b"x" * 1000 for _ in range(3))).json()["body"] == 3000


def test_presses_are_accepted_while_the_web_is_away(house: House, away: Served) -> None:
    with away as front, front.client() as client:
        assert client.get(f"/t/{house.token}").status_code == 200
        pressed = client.post(house.press, data={"key": "while-web-is-away"})
        assert pressed.status_code == 303
        assert len(house.signals()) == 1
        after = client.get(pressed.headers["location"])
        assert (after.status_code, after.headers["retry-after"]) == (503, "3")
        assert "We heard you." in after.text
        assert 'http-equiv="refresh"' in after.text
        assert client.get("/healthz").json() == {"intake": True}


def test_it_never_says_we_heard_when_we_did_not(house: House, away: Served) -> None:
    with away as front, front.client() as client:
        forged = house.seal.close("rating", uuid4())
        for path in (f"/p/{forged}", "/p/x", "/", f"/r/{house.seal.close('press', uuid4())}"):
            page = client.get(path)
            assert page.status_code == 503
            assert "We heard you" not in page.text


def test_what_could_not_be_saved_is_said_so(house: House, away: Served) -> None:
    with away as front, front.client() as client:
        page = client.post("/cases/1/closure", data={"a": "b"})
        assert page.status_code == 503
        assert "Nothing was recorded" in page.text
        assert "refresh" not in page.text
        machine = client.get("/api", headers={"accept": "application/json"})
        assert machine.json()["code"] == "away"


def test_the_web_coming_back_is_noticed_at_once(house: House) -> None:
    with Served(web(echo)) as behind:
        port = behind.port
    with Served(gateway.build(settings(web_port=port))) as front, front.client() as client:
        assert client.get("/").status_code == 503
        with Served(web(echo), port=port):
            assert client.get("/").status_code == 201
        assert client.get("/").status_code == 503
        with Served(web(echo), port=port):
            assert client.get("/").status_code == 201
