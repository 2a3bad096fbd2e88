"""Pages: every frame renders, and a guest's page asks for nothing else and says nothing of ours."""

import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from makegood.ground.refusals import Refused
from makegood.web.look.views import gallery

GUEST_PAGES = ["404.html", "403.html", "403_csrf.html", "500.html", "refused.html"]


def drawn(source: str) -> str:
    return Template("{% load look %}" + source).render(Context({"name": "Bo <b>"}))


@pytest.mark.parametrize("page", GUEST_PAGES)
def test_honest_pages_need_no_context(page):
    html = render_to_string(page, {"refusal": Refused("Not tonight.", code="closed")})
    assert html.lstrip().startswith("<!doctype html>")
    assert "Makegood" not in html
    assert "<script" not in html
    assert 'rel="stylesheet"' not in html
    assert not re.search(r"[^<]!(?!doctype)", html.split("</head>")[1])


@pytest.mark.parametrize("frame", ["base_pager.html", "base_desk.html", "base_plain.html"])
def test_frames_render_without_context(frame):
    html = render_to_string(frame)
    assert html.startswith("<!doctype html>")
    assert 'rel="stylesheet"' in html


def test_what_stands_in_backticks_is_code_and_words_are_escaped():
    assert drawn('{{ "say `when: true`, or `a<b`"|with_code }}') == (
        "say <code>when: true</code>, or <code>a&lt;b</code>"
    )
    assert "Bo <b>" not in drawn("{{ name|with_code }}")


def test_tags_escape_words():
    assert "Bo <b>" not in drawn('{% seam_h "mended now" label=name %}')
    assert "Bo <b>" not in drawn("{% ring name 20 %}")


def test_tags_translate_what_a_screen_reader_hears():
    assert 'aria-label="2 of 12 steps mended"' in drawn("{% mini_seam 2 %}")
    assert "3:48 until the guest probably leaves" in drawn('{% ring "3:48" 79 %}')


def test_five_answers_one_picked():
    html = drawn('{% faces "rating" picked=2 %}')
    assert html.count('type="radio"') == 5
    assert re.search(r'value="2" checked', html)
    assert html.count("checked") == 1


def test_a_seam_of_unknown_states_is_refused():
    with pytest.raises((ValueError, TemplateSyntaxError)):
        drawn('{% seam_h "golden" %}')


@override_settings(DEBUG=True)
@pytest.mark.parametrize("theme", ["light", "dark", "pager", "nonsense"])
def test_the_style_page_shows_itself(theme):
    response = gallery(RequestFactory().get("/", {"theme": theme}))
    assert response.status_code == 200
    assert 'class="card-a6' in response.content.decode()
