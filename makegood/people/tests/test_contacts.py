"""Contact points as people write them."""

from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from makegood.ground.refusals import Invalid
from makegood.people.contacts import (
    EMAIL,
    LOYALTY,
    PHONE,
    ROOM,
    Contact,
    normal_phone,
    normalise,
    read_contact,
    region_of,
)

HARBOUR = UUID(int=7)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (Contact(EMAIL, " Ana.Ruiz@Guest.Example "), "ana.ruiz@guest.example"),
        (Contact(PHONE, "600 000 000"), "+34600000000"),
        (Contact(PHONE, "+44 7700 900123"), "+447700900123"),
        (Contact(LOYALTY, " fl 1234 x"), "FL1234X"),
        (Contact(ROOM, "221 b"), f"{HARBOUR}/221B"),
    ],
)
def test_one_form_for_each_point(written: Contact, kept: str) -> None:
    normal = normalise(written, region="ES", site_id=HARBOUR)
    assert normal.value == kept
    assert normal.kind == written.kind


@pytest.mark.parametrize(
    ("written", "field"),
    [
        (Contact(EMAIL, "ana@"), "email"),
        (Contact(EMAIL, "ana@gmail"), "email"),
        (Contact(PHONE, "call me"), "phone"),
        (Contact(PHONE, "12"), "phone"),
        (Contact(LOYALTY, "  "), "loyalty"),
        (Contact(ROOM, ""), "room"),
        (Contact("pigeon", "grey one"), "contact"),
    ],
)
def test_what_cannot_be_a_contact_point_is_refused_by_field(written: Contact, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        normalise(written, region="ES", site_id=HARBOUR)
    assert refused.value.field == field


def test_a_room_needs_its_site() -> None:
    with pytest.raises(Invalid):
        normalise(Contact(ROOM, "221"), region="ES", site_id=None)


def test_one_free_field_is_read_as_either() -> None:
    assert read_contact("ana@guest.example", region="ES").kind == EMAIL
    assert read_contact("600 00 00 00", region="ES").value == "+34600000000"


@given(st.text())
def test_any_text_is_a_contact_or_refused_naming_the_field(text: str) -> None:
    outcome = _read(text)
    if isinstance(outcome, Invalid):
        assert outcome.field == "contact"
    else:
        assert normalise(outcome, region=None, site_id=None).value == outcome.value


def _read(text: str) -> Contact | Invalid:
    try:
        return read_contact(text, region="ES")
    except Invalid as refused:
        return refused


def test_the_country_comes_from_the_time_zone() -> None:
    assert region_of("Europe/Madrid") == "ES"
    assert region_of("UTC") is None


def test_a_refusal_speaks_of_what_was_asked() -> None:
    with pytest.raises(Invalid) as number:
        normal_phone("none", region="ES")
    assert "e-mail" not in number.value.message
    with pytest.raises(Invalid) as either:
        read_contact("none", region="ES")
    assert "e-mail address or a phone number" in either.value.message
