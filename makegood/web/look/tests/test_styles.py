"""Bundles: every file exists, every file is used, and the guest's page is light."""

import gzip
import warnings

import pytest
from django.http import HttpResponse
from django.test import Client
from whitenoise.middleware import WhiteNoiseMiddleware

from makegood.web.look.headers import policy
from makegood.web.look.styles import (
    BUNDLES,
    INLINED,
    STYLESHEETS,
    fingerprint,
    inline_text,
    stylesheets,
)


def served(path: str) -> str:
    return f"/static/{path}"


@pytest.mark.parametrize("bundle", BUNDLES)
def test_a_bundle_names_files_that_exist_once(bundle):
    names = BUNDLES[bundle]
    assert len(set(names)) == len(names)
    assert names[0] == "layers"
    assert all((STYLESHEETS / f"{name}.css").is_file() for name in names)
    assert stylesheets(bundle)[0] == "css/layers.css"


def test_no_style_file_lies_unused():
    used = {name for names in BUNDLES.values() for name in names}
    assert {path.stem for path in STYLESHEETS.glob("*.css")} == used


def test_a_guest_carries_little():
    assert len(gzip.compress(inline_text("guest", served).encode())) < 12_000


def test_inlined_styles_find_their_fonts():
    text = inline_text("guest", served)
    assert "url(/static/fonts/hanken-latin.woff2)" in text
    assert "../" not in text
    assert "</" not in text


def test_the_policy_accepts_what_is_inlined():
    accepted = [fingerprint(inline_text(bundle, served)) for bundle in INLINED]
    assert all(source in policy() for source in accepted)
    assert "script-src 'self';" in policy()


@pytest.mark.django_db  # closing an answer looks after the connection, if a test left one
def test_static_files_are_served_from_where_they_lie(client: Client) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing directory would be a warning at every start
        WhiteNoiseMiddleware(lambda request: HttpResponse())
    answer = client.get("/static/css/base.css")
    assert answer.status_code == 200
    answer.close()
