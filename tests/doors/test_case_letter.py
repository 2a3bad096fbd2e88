"""Writing to the customer from the workspace: noted, kept, sent once, held back, never lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from makegood.ground import clock
from makegood.ground.models import Entry
from makegood.page.hands.answering import going, with_customer
from makegood.people.consent import stop_messages
from makegood.people.facts import MessagesWelcomed
from makegood.recover.models import Case
from makegood.recover.steps.asking import promise_path
from makegood.sense.adding import add_remark, leave_contact
from makegood.web.cases import composer
from makegood.web.cases.whose import whose_is
from makegood.words.models import Letter
from makegood.words.writing import draft_letter, send_letter
from tests.doors.guests import on_duty, page_of, pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

BLAMING = "Dear Ana, I am sorry if your dinner seemed late on your anniversary."
PLAIN = "Dear Ana, I am sorry that your dinner was late on your anniversary."


@pytest.fixture
def press(table_14, now):
    return pressed(table_14, now)


@pytest.fixture
def nameless(bo, cy, press, now):
    on_duty(bo, now - timedelta(hours=1))
    case = triaged(press, now)
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def case(nameless, press, now):
    add_remark(signal=press, topics=["food"], words="It came cold.", name="Ana Ruiz", now=now)
    leave_contact(signal=press, contact="ana@guest.example", now=now)
    return Case.objects.get(pk=nameless.pk)


@pytest.fixture
def desk(bo):
    return signed_in(bo)


def signed_in(staff):
    client = Client(raise_request_exception=True)
    client.force_login(staff)
    return client


def post(desk, case, name="case_letter", **form):
    return desk.post(reverse(name, kwargs={"case_id": case.pk}), form)


def page(desk, case):
    return desk.get(reverse("case", kwargs={"case_id": case.pk}))


def typed(desk, case, body=PLAIN, **form):
    """What the form says once somebody wrote `body` into it."""
    shown = page(desk, case).context["composer"]
    written = shown.written
    return {
        "subject": written.subject,
        "seen": shown.seen,
        "key": written.key,
        "body": body,
        **form,
    }


def test_the_first_visit_finds_a_draft(desk, case):
    answer = page(desk, case)
    body = answer.context["composer"].written.body
    assert body.startswith("Dear Ana,")
    assert "It came cold." in body
    assert not answer.context["composer"].reading.report.missing
    assert "Send at 9:00 from Bo" in answer.content.decode()
    assert "Leaves Sunday at 9:00, in the waking hours of Ana." in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_colleague_notes_while_it_is_typed(desk, case):
    said = post(desk, case, "case_lint", body=BLAMING).content.decode()
    assert "Doubts Ana." in said
    assert "that your dinner was late" in said
    assert "<html" not in said
    assert not Letter.objects.exists()


def test_places_are_counted_as_a_browser_counts(case, now):
    reading = composer.read("\N{GRINNING FACE} " + BLAMING, whose_is(case, now))
    begins = BLAMING.index("if your") + 3  # the face is two units wide, and a space
    assert reading.notes[0].start == begins


def test_use_puts_the_words_in_place(desk, case):
    use = composer.read(BLAMING, whose_is(case, clock.now())).notes[0].value
    for body in (BLAMING, f"Good evening!\r\n{BLAMING}"):
        answer = post(desk, case, **typed(desk, case, body, use=use))
        assert answer.status_code == 200
        assert PLAIN in answer.context["composer"].written.body
    assert not Letter.objects.exists()


def test_using_a_note_that_is_gone_changes_nothing(desk, case):
    answer = post(desk, case, **typed(desk, case, use="doubt:gone"))
    assert answer.context["composer"].written.body == PLAIN


def test_kept_as_a_draft_and_found_again(desk, case, bo):
    for body in ("First words.", PLAIN):
        assert post(desk, case, **typed(desk, case, body, do="keep")).status_code == 302
    kept = Letter.objects.get()
    assert (kept.body, kept.state, kept.sender) == (PLAIN, Letter.State.DRAFT, bo)
    assert kept.link == promise_path(case)
    assert page(desk, case).context["composer"].written.body == PLAIN


def test_sent_once_however_often_the_form_comes(desk, case):
    form = typed(desk, case, do="send")
    for _ in range(2):
        assert post(desk, case, **form).status_code == 302
    sent = Letter.objects.get()
    assert (sent.state, sent.to) == (Letter.State.WAITING, "ana@guest.example")
    said = page(desk, case).content.decode()
    assert "Hold it back" in said
    assert "Leaves Sunday, 9:00" in said


def test_held_back_it_is_a_draft_again(desk, case):
    post(desk, case, **typed(desk, case, do="send"))
    sent = Letter.objects.get()
    where = reverse("case_hold", kwargs={"case_id": case.pk, "letter_id": sent.pk})
    assert desk.post(where).status_code == 302
    assert Letter.objects.get().state == Letter.State.DRAFT
    assert "Send at 9:00 from Bo" in page(desk, case).content.decode()


def test_only_who_wrote_it_or_a_senior_holds_it_back(desk, case, mina, cy):
    post(desk, case, **typed(desk, case, do="send"))
    where = reverse("case_hold", kwargs={"case_id": case.pk, "letter_id": Letter.objects.get().pk})
    assert signed_in(mina).post(where).status_code == 403
    assert signed_in(cy).post(where).status_code == 302


def test_without_an_address_it_asks_for_one_and_keeps_every_word(desk, nameless):
    form = typed(desk, nameless, do="send")
    answer = post(desk, nameless, **form)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "We have no e-mail address to send this to." in said
    assert answer.context["composer"].written.body == PLAIN
    assert Letter.objects.get().state == Letter.State.DRAFT
    form = typed(desk, nameless, do="send", to="no address")
    assert post(desk, nameless, **form).status_code == 422
    form = typed(desk, nameless, do="send", to="ana@guest.example")
    assert post(desk, nameless, **form).status_code == 302
    sent = Letter.objects.get()
    assert (sent.state, sent.to) == (Letter.State.WAITING, "ana@guest.example")
    assert sent.body == PLAIN


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"subject": ""}, "Say in the subject what it is about."),
        ({"subject": "a\nb"}, "one line"),
        ({"body": "x" * 20_001}, "20,000"),
        ({"do": "burn"}, "Keep it as a draft, or send it."),
        ({"key": "no-key"}, "Open this screen again"),
    ],
)
def test_what_cannot_be_right_is_refused_in_place(desk, case, form, words):
    answer = post(desk, case, **typed(desk, case, do="send") | form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Letter.objects.exclude(state=Letter.State.DRAFT).exists()


def test_an_empty_letter_is_refused(desk, case):
    assert post(desk, case, **typed(desk, case, " ", do="send")).status_code == 422


def test_somebody_answered_meanwhile(desk, case, mina, now):
    form = typed(desk, case, do="send")
    other = draft_letter(
        about=case.pk, customer=case.customer, sender=mina, kind="apology",
        subject="Your dinner", body="Mina’s own words.", now=now + timedelta(seconds=20),
    )  # fmt: skip
    send_letter(letter=other, now=now + timedelta(seconds=30))
    answer = post(desk, case, **form)
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Mina answered this while you wrote." in said
    assert "Mina’s own words." in said
    shown = answer.context["composer"]
    assert shown.written.body == PLAIN
    assert Letter.objects.count() == 1
    again = form | {"seen": shown.seen}
    assert post(desk, case, **again).status_code == 302
    assert Letter.objects.filter(state=Letter.State.WAITING).count() == 2


def test_the_same_person_in_two_windows(desk, case, now):
    first, second = typed(desk, case, "One.", do="keep"), typed(desk, case, "Two.", do="keep")
    post(desk, case, **first)
    answer = post(desk, case, **second)
    assert answer.status_code == 409
    assert answer.context["composer"].written.body == "Two."
    assert Letter.objects.get().body == "One."


def test_what_a_colleague_began_is_sent_in_ones_own_name(desk, case, bo, mina):
    theirs = signed_in(mina)
    post(theirs, case, **typed(theirs, case, do="keep"))
    assert "Mina began this." in page(desk, case).content.decode()
    form = typed(desk, case, page(desk, case).context["composer"].written.body, do="send")
    post(desk, case, **form)
    assert Letter.objects.get(state=Letter.State.WAITING).sender == bo


def test_nobody_is_written_to_who_asked_us_not_to(desk, case, now):
    stop_messages(customer=case.customer, now=now)
    said = page(desk, case).content.decode()
    assert "Ana asked us not to write." in said
    assert "from Bo</button>" not in said
    answer = post(desk, case, **typed(desk, case, do="send"))
    assert answer.status_code in (409, 422)
    assert not Letter.objects.exclude(state=Letter.State.DRAFT).exists()


def test_who_changed_their_mind_about_letters_tells_a_colleague(desk, case, bo, now):
    stop_messages(customer=case.customer, now=now)
    assert "They let us write again" in page(desk, case).content.decode()
    assert desk.post(f"/cases/{case.pk}/write-again/").status_code == 302
    said = page(desk, case).content.decode()
    assert "Ana asked us not to write." not in said
    assert "They let us write again" not in said
    noted = Entry.objects.get(name=MessagesWelcomed.name)
    assert (noted.about, noted.by) == (case.customer_id, f"staff:{bo.pk}")


def test_another_cases_letter_is_not_found(desk, case, bo, now):
    letter = draft_letter(
        about=bo.pk, customer=None, sender=bo, kind="apology", subject="x", body="y", now=now
    )
    where = reverse("case_hold", kwargs={"case_id": case.pk, "letter_id": letter.pk})
    assert desk.post(where).status_code == 404


def test_somebody_elses_key_gives_nothing_away(desk, case, mina, now, bo):
    theirs = draft_letter(
        about=case.pk, customer=case.customer, sender=mina, kind="apology", subject="x",
        body="y", caused_by=bo.pk, now=now,
    )  # fmt: skip
    form = typed(desk, case, do="send", key=str(bo.pk))
    assert post(desk, case, **form).status_code == 422
    theirs.refresh_from_db()
    assert theirs.state == Letter.State.DRAFT


def test_a_later_letter_is_not_measured_as_an_apology(desk, case):
    first = post(desk, case, "case_lint", body=BLAMING).content.decode()
    later = post(desk, case, "case_lint", body=BLAMING, kind="news").content.decode()
    assert "What’s next" in first
    assert "What’s next" not in later
    assert "Doubts Ana." in later
