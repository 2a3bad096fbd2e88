"""GET /t/<token>: the button itself, small, complete, and there while other parts are not."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator

import httpx
import psycopg
import pytest

from makegood.config import intake
from makegood.ground import tenancy
from makegood.people.models import Organisation, Site
from makegood.sense.models import Touchpoint
from tests.doors.houses import House
from tests.doors.serving import Served, settings

HEAVIEST = 30 * 1024


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with Served(intake.build(settings())) as served, served.client() as client:
        yield client


def test_the_page_says_where_it_is_and_what_happens(house: House, client: httpx.Client) -> None:
    page = client.get(f"/t/{house.token}")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    for words in (
        "The Fairline Hotel", "Harbour · table 14", "Make it good",
        "Someone comes to your table, usually within two minutes. Nothing to fill in.",
        "What happens when I press?", "Anyone in a green apron can help.",
        "Say “table 14, make it good”",
    ):  # fmt: skip
        assert words in page.text
    assert '<html lang="en" dir="ltr">' in page.text


def test_it_works_without_a_script(house: House, client: httpx.Client) -> None:
    page = client.get(f"/t/{house.token}").text
    [form] = re.findall(r"<form.*?</form>", page.partition("<template")[0], re.DOTALL)
    assert f'action="{house.press}"' in form
    assert form.count("<button") == 1
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert client.post(house.press, data=fields).status_code == 303
    assert len(house.signals()) == 1


def test_each_rendering_is_a_press_of_its_own(house: House, client: httpx.Client) -> None:
    pages = [client.get(f"/t/{house.token}").text for _ in range(2)]
    keys = {re.findall(r'name="key" value="([^"]{8,64})"', page)[0] for page in pages}
    assert len(keys) == 2


def test_it_is_light_and_asks_for_nothing_else(house: House, client: httpx.Client) -> None:
    with client.stream("GET", f"/t/{house.token}") as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert len(sent) < HEAVIEST
    page = gzip.decompress(sent).decode()
    assert not re.findall(r"<(?:link|img|iframe)|\ssrc=|@import", page)
    assert all(found.startswith("/static/fonts/") for found in re.findall(r"url\(([^)]+)\)", page))
    assert page.count("font-display: swap") == page.count("@font-face")


def test_a_client_that_takes_no_gzip_gets_none(house: House, client: httpx.Client) -> None:
    page = client.get(f"/t/{house.token}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in page.headers
    assert page.text.startswith("<!doctype html>")


def test_head_is_get_without_a_body(house: House, client: httpx.Client) -> None:
    answer = client.head(f"/t/{house.token}")
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_policy_allows_exactly_what_is_inlined(house: House, client: httpx.Client) -> None:
    page = client.get(f"/t/{house.token}")
    policy = page.headers["content-security-policy"]
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        [text] = re.findall(f"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert not re.findall(r'\s(?:style|on\w+)="', page.text)


def test_names_cannot_write_the_page(house: House, client: httpx.Client) -> None:
    nasty = '"><script>alert(1)</script>$key'
    with tenancy.everywhere():
        Organisation.objects.update(name=nasty)
        Site.objects.update(name=nasty, helper_sign=nasty)
        Touchpoint.objects.update(place=nasty, arrival_words=nasty)
    page = client.get(f"/t/{house.token}").text
    assert "<script>alert" not in page
    assert page.count("&quot;&gt;&lt;script&gt;") >= 5


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_the_page_is_only_read(house: House, client: httpx.Client, method: str) -> None:
    answer = client.request(method, f"/t/{house.token}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_an_unknown_button_is_told_kindly(house: House, client: httpx.Client) -> None:
    page = client.get("/t/nothing-of-ours")
    assert page.status_code == 404
    assert "Anyone who works here can help you at once." in page.text


def test_names_are_kept_while_the_database_is_away(house: House) -> None:
    url = settings().database_url
    app = intake.build(settings())
    with Served(app) as served, served.client() as client:
        assert client.get(f"/t/{house.token}").status_code == 200
        with psycopg.connect(url, autocommit=True) as hand:
            _break(hand)
        assert client.get(f"/t/{house.token}").status_code == 200


def test_without_a_database_it_asks_for_a_moment() -> None:
    away = settings(database_url="postgresql://nobody@127.0.0.1:1/nowhere")
    token = "x" * 40
    with Served(intake.build(away)) as served, served.client() as client:
        assert client.get(f"/t/{token}").status_code == 404
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()) == (503, {"intake": False})


def _break(hand: psycopg.Connection) -> None:
    hand.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'makegood intake'"
    )
