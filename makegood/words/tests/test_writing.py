"""A letter is drafted, changed, signed; what is missing is named."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from makegood.ground.ids import new_id
from makegood.ground.refusals import NotFound, Refused
from makegood.people.joining import create_organisation
from makegood.people.models import Customer, Staff
from makegood.words import access
from makegood.words.models import Letter
from makegood.words.tests.conftest import BODY
from makegood.words.writing import draft_letter, edit_letter, hold_letter, leaves_at, send_letter
from tests.cast import facts_about

pytestmark = pytest.mark.django_db


def refused_field(letter: Letter, now: datetime) -> str:
    with pytest.raises(Refused) as refused:
        send_letter(letter=letter, now=now)
    return refused.value.field


def test_a_draft_knows_where_ana_is_reached(letter: Letter) -> None:
    assert (letter.state, letter.to) == ("draft", "ana.ruiz@guest.example")


def test_what_is_missing_is_named(bo: Staff, matter: UUID, now: datetime) -> None:
    draft = draft_letter(
        about=matter, customer=None, sender=bo, kind="apology", subject="", body="", now=now
    )
    assert refused_field(draft, now) == "to"
    edit_letter(letter=draft, subject="", body="", to="ana@guest.example", now=now)
    assert refused_field(draft, now) == "subject"
    edit_letter(letter=draft, subject="Your dinner", body=" \n", now=now)
    assert refused_field(draft, now) == "body"
    assert facts_about(draft.pk) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": "Hello\r\nBcc: all@guest.example"}, "subject"),
        ({"subject": "Hello\u2028there"}, "subject"),
        ({"subject": "x" * 161}, "subject"),
        ({"body": "x" * 20_001}, "body"),
        ({"to": "ana@"}, "to"),
        ({"to": "ana@guest.example\nBcc: all@guest.example"}, "to"),
        ({"to": "ana@guest.example, all@guest.example"}, "to"),
        ({"kind": "invoice"}, "kind"),
    ],
)
def test_a_wrong_letter_is_refused_by_field(
    ana: Customer, bo: Staff, matter: UUID, now: datetime, wrong: dict[str, str], field: str
) -> None:
    right = {"kind": "apology", "subject": "Your dinner", "body": BODY, "to": ""}
    draft: Callable[..., Letter] = partial(
        draft_letter, about=matter, customer=ana, sender=bo, now=now
    )
    with pytest.raises(Refused) as refused:
        draft(**{**right, **wrong})
    assert refused.value.field == field


def test_the_same_cause_drafts_once(ana: Customer, bo: Staff, matter: UUID, now: datetime) -> None:
    cause = new_id()
    first, second = (
        draft_letter(
            about=matter, customer=ana, sender=bo, kind="news", subject=subject, body=BODY, now=now,
            caused_by=cause,
        )
        for subject in ("News", "Other news")
    )  # fmt: skip
    assert (first, second.subject) == (second, "News")


def test_in_the_evening_it_leaves_at_nine(letter: Letter, now: datetime) -> None:
    nine = datetime.fromisoformat("2026-11-22T09:00+01:00")
    assert leaves_at(letter, now) == nine
    sent = send_letter(letter=letter, now=now)
    assert (sent.state, sent.send_at, sent.try_after) == ("waiting", nine, nine)
    assert facts_about(letter.pk) == ["words.letter_queued"]


def test_ana_sleeps_where_ana_is(letter: Letter, ana: Customer, now: datetime) -> None:
    Customer.objects.filter(pk=ana.pk).update(timezone="America/Los_Angeles")  # 11:12 there
    assert send_letter(letter=letter, now=now).send_at == now


def test_a_time_zone_that_does_not_exist_is_the_sites(
    letter: Letter, ana: Customer, now: datetime
) -> None:
    Customer.objects.filter(pk=ana.pk).update(timezone="../Mars")
    assert send_letter(letter=letter, now=now).send_at == leaves_at(letter, now)


def test_until_it_leaves_it_can_be_changed_or_held(letter: Letter, now: datetime) -> None:
    send_letter(letter=letter, now=now)
    changed = edit_letter(letter=letter, subject="Your evening", body=BODY, now=now)
    assert (changed.state, changed.subject) == ("waiting", "Your evening")
    held = hold_letter(letter=letter, now=now)
    assert (held.state, held.try_after) == ("draft", None)
    send_letter(letter=letter, now=now + timedelta(minutes=1))
    Letter.objects.filter(pk=letter.pk).update(state="sending")
    for change in (
        lambda: edit_letter(letter=letter, subject="x", body="y", now=now),
        lambda: hold_letter(letter=letter, now=now),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "left"


def test_who_asked_for_silence_is_not_written_to(
    letter: Letter, ana: Customer, now: datetime
) -> None:
    Customer.objects.filter(pk=ana.pk).update(no_messages_at=now)
    with pytest.raises(Refused) as refused:
        send_letter(letter=letter, now=now)
    assert refused.value.code == "no_messages"


def test_a_letter_is_found_by_its_house_only(letter: Letter, bo: Staff, now: datetime) -> None:
    assert access.letter_for(bo, letter.pk) == letter
    assert access.draft_about(letter.about, "apology") == letter
    assert access.draft_about(letter.about, "news") is None
    elsewhere = create_organisation(
        name="Elsewhere", site_name="Elsewhere", timezone="Europe/Madrid", currency="EUR",
        first_name="Sten", last_name="Stranger", email="sten@elsewhere.example",
        password="another golden seam", now=now,
    )  # fmt: skip
    with pytest.raises(NotFound):
        access.letter_for(Staff.objects.get(organisation=elsewhere), letter.pk)
