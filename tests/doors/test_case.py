"""The workspace of a case: who may see it, what can be done there, what a refusal keeps."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makegood.amends.gifts import Gift
from makegood.amends.granting import give, give_nothing
from makegood.amends.models import Amends, AmendsRequest, PurseEntry, Remedy
from makegood.ground import clock
from makegood.page.hands.answering import going, with_customer
from makegood.people.joining import add_site, add_staff, create_organisation
from makegood.people.models import Role, Staff
from makegood.recover.life.callbacks import ask_callback
from makegood.recover.models import Callback, Case, Step
from makegood.sense.adding import add_remark, leave_contact
from makegood.sense.complaining import note_complaint
from makegood.sense.models import Visit
from tests.cast import PASSWORD, facts_about
from tests.doors.guests import on_duty, page_of, pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def case(bo, cy, table_14, now):
    on_duty(bo, now - timedelta(hours=1))
    press = pressed(table_14, now)
    case = triaged(press, now)
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    add_remark(
        signal=press, topics=["food"], words="It came <b>cold</b>.", name="Ana Ruiz", now=now
    )
    leave_contact(signal=press, contact="ana@guest.example", now=now)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def desk(bo):
    return signed_in(bo)


def signed_in(staff: Staff) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(staff)
    return client


def at(case, name="case", **more):
    return reverse(name, kwargs={"case_id": case.pk, **more})


def done(desk, case, name, form, **more):
    """Posts a form; it must have worked, and leads back to the case."""
    answer = desk.post(at(case, name, **more), form)
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"] == at(case)
    return desk.get(at(case)).content.decode()


def refused(desk, case, name, form, status, **more):
    answer = desk.post(at(case, name, **more), form)
    assert answer.status_code == status
    return answer.content.decode()


def tap(**form):
    return {"key": uuid4().hex, **form}


def small(site):
    return Remedy.objects.filter(site=site, price_minor__gt=0).order_by("price_minor").first()


def test_it_tells_what_happened_and_what_is_next(desk, case):
    said = desk.get(at(case)).content.decode()
    assert "Ana Ruiz, table 14" in said
    assert case.reference in said
    assert "It came &lt;b&gt;cold&lt;/b&gt;." in said
    assert "Next: Apologise, tomorrow 10:00." in said
    assert "What Ana sees" in said
    assert "Bo’s purse" in said
    assert said.count("seam-v is-") == 12


def test_it_tells_by_which_line_of_the_policy_it_began_and_why_so_gravely(
    desk, bo, cy, harbour, now
):
    on_duty(bo, now - timedelta(hours=1))
    told = note_complaint(
        site=harbour, place="Table 14", words="She fell and was hurt.", by=bo, now=now
    )
    case = triaged(told, now)
    for page in (at(case), at(case, "case_export")):
        said = desk.get(page).content.decode()
        assert "<b>It became a case</b> by policy 1: “A colleague says so”." in said
        assert "Somebody may be hurt or unwell" in said
        assert "from press to face" not in said  # nobody pressed


def test_other_houses_other_sites_and_strangers(case, harbour, now):
    elsewhere = add_site(
        organisation=harbour.organisation, name="Hill", timezone="Europe/Madrid", now=now
    )
    eve = add_staff(
        site=elsewhere, first_name="Eve", last_name="", email="eve@fairline.example",
        role=Role.MANAGER, title="", password=PASSWORD, now=now,
    )  # fmt: skip
    create_organisation(
        name="Other", site_name="There", timezone="Europe/Madrid", currency="EUR",
        first_name="Oz", last_name="", email="oz@other.example", password=PASSWORD, now=now,
    )  # fmt: skip
    oz = Staff.objects.get(email="oz@other.example")
    for outsider in (eve, oz):
        assert signed_in(outsider).get(at(case)).status_code == 404
        answer = signed_in(outsider).post(at(case, "case_close"), {"how": "lost", "words": "x"})
        assert answer.status_code == 404
    assert Case.objects.get(pk=case.pk).standing_closure is None
    stranger = Client().get(at(case))
    assert stranger.status_code == 302
    assert "/account/login/" in stranger.headers["Location"]
    assert Client().post(at(case, "case_visit"), headers={"HX-Request": "true"}).status_code == 401


def test_the_owner_sees_every_site(di, case):
    assert signed_in(di).get(at(case)).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["case_hand_over", "case_called", "case_close", "case_visit", "case_give", "case_letter"],
)
def test_nothing_is_done_by_looking(desk, case, name):
    assert desk.get(at(case, name)).status_code == 405


def test_hand_over(desk, case, cy):
    said = done(desk, case, "case_hand_over", {"to": cy.pk})
    assert "Cy has it now, and knows." in said
    assert Case.objects.get(pk=case.pk).owner == cy


def test_handing_over_to_nobody_is_refused_in_place(desk, case):
    assert "Choose one from the list." in refused(desk, case, "case_hand_over", {"to": "x"}, 422)


def test_a_call_is_kept_as_what_was_said(desk, case):
    said = done(desk, case, "case_called", {"words": "She is glad of the new plate."})
    assert "She is glad of the new plate." in said
    assert Step.objects.get(case=case, kind="contact").state == Step.State.WAITING


def test_the_promised_call_ends_its_step(desk, case):
    done(desk, case, "case_called", {"words": "We spoke for ten minutes.", "promised": "yes"})
    assert Step.objects.get(case=case, kind="contact").state == Step.State.DONE


def test_the_promised_call_is_asked_for_only_while_it_is_ahead_of_us(desk, case, now):
    tick = 'name="promised"'
    assert tick in desk.get(at(case)).content.decode()
    form = {"words": "We spoke for ten minutes.", "promised": "yes"}
    assert tick not in done(desk, case, "case_called", form)
    said = done(desk, case, "case_called", {"words": "She called back.", "promised": "yes"})
    assert "She called back." in said  # from a screen that stood open since before the first call


def test_a_call_that_ends_its_step_by_itself_may_be_the_promised_one(desk, case):
    Step.objects.filter(case=case, kind="contact").update(awaits="call_logged")
    done(desk, case, "case_called", {"words": "We spoke for ten minutes.", "promised": "yes"})
    contact = Step.objects.get(case=case, kind="contact")
    assert (contact.state, contact.note) == (Step.State.DONE, "We spoke for ten minutes.")


def test_a_call_that_was_asked_for(desk, case, now):
    wanted_at = now + timedelta(minutes=20)
    ask_callback(case=case, wanted_at=wanted_at, phone="+34600000001", now=now)
    assert "Ana asked to be called" in desk.get(at(case)).content.decode()
    done(desk, case, "case_called", {"words": "Called her."})
    assert Callback.objects.get(case=case).called_at == now


def test_close_and_open_again(desk, case):
    typed = refused(desk, case, "case_close", {"how": "sold", "words": "She left &."}, 422)
    assert "Say how it ended." in typed
    assert "She left &amp;." in typed
    said = done(desk, case, "case_close", {"how": "lost", "words": "She does not answer."})
    assert "Lost on 21 November." in said
    assert "Open again" in said
    said = done(desk, case, "case_reopen", {"because": "She called."})
    assert "Next: Apologise" in said


def test_closing_because_the_guest_said_so(desk, case):
    said = done(desk, case, "case_close", {"how": "confirmed", "words": "At the desk, smiling."})
    assert "Made good on 21 November." in said


def test_a_step_ends_with_what_shows_it(desk, case):
    done(desk, case, "case_step", {"do": "done", "words": "A bell at the pass."}, kind="plan")
    step = Step.objects.get(case=case, kind="plan")
    assert (step.state, step.note) == (Step.State.DONE, "A bell at the pass.")
    done(desk, case, "case_step", {"do": "skip", "words": "She moved away."}, kind="involve")
    assert Step.objects.get(case=case, kind="involve").state == Step.State.SKIPPED


@pytest.mark.parametrize(
    ("kind", "form", "status"),
    [
        ("plan", {"do": "done", "words": " "}, 422),
        ("plan", {"do": "skip", "words": ""}, 422),
        ("plan", {"do": "burn", "words": "x"}, 422),
        ("plan", {"do": "done", "words": "x" * 2001}, 422),
        ("prove", {"do": "done", "words": "x"}, 409),
        ("nonsense", {"do": "done", "words": "x"}, 404),
    ],
)
def test_a_step_that_cannot_end_so(desk, case, kind, form, status):
    refused(desk, case, "case_step", form, status, kind=kind)
    assert not Step.objects.filter(case=case, kind="plan").exclude(state=0).exists()


def test_a_refused_step_keeps_what_was_typed(desk, case):
    typed = refused(desk, case, "case_step", {"do": "", "words": "The bell <hangs>."}, 422,
                    kind="plan")  # fmt: skip
    assert "The bell &lt;hangs&gt;." in typed
    assert "Say whether it is done or left out." in typed


def test_a_gift_is_given_once_however_often_the_form_comes(desk, case, harbour):
    form = tap(remedy=small(harbour).pk, do="give")
    done(desk, case, "case_give", form)
    said = done(desk, case, "case_give", form)
    assert Amends.objects.filter(about=case.pk).count() == 1
    assert PurseEntry.objects.filter(kind=PurseEntry.Kind.GIVEN).count() == 1
    assert "Take it back" in said


def test_a_gift_is_taken_back_within_its_minute(desk, case, bo, harbour, now):
    given = give(about=case.pk, what=Gift(remedy=small(harbour)), by=bo, key="k" * 9, now=now)
    done(desk, case, "case_take_back", {}, amends_id=given.pk)
    assert Amends.objects.get(pk=given.pk).taken_back_at == now
    later = give(about=case.pk, what=Gift(remedy=small(harbour)), by=bo, key="l" * 9, now=now)
    with clock.standing_at(now + timedelta(minutes=2)):
        assert "Take it back" not in desk.get(at(case)).content.decode()
        refused(desk, case, "case_take_back", {}, 409, amends_id=later.pk)


def test_a_gift_for_another_case_is_not_found_here(desk, case, bo, harbour, now):
    given = give(about=uuid4(), what=Gift(remedy=small(harbour)), by=bo, key="k" * 9, now=now)
    refused(desk, case, "case_take_back", {}, 404, amends_id=given.pk)


def test_a_coupon_shows_its_code(desk, case, bo, harbour, now):
    remedy = Remedy.objects.filter(site=harbour, kind=Remedy.Kind.COUPON).first()
    given = give(about=case.pk, what=Gift(remedy=remedy), by=bo, key="k" * 9, now=now)
    assert given.coupon.code in desk.get(at(case)).content.decode()


def test_above_the_purse_a_senior_is_asked_and_answers(desk, case, cy):
    form = tap(name="Both mains off the bill", amount="150", do="give")
    assert "over what you may give on one case" in refused(desk, case, "case_give", form, 409)
    said = done(desk, case, "case_give", form | {"do": "ask"})
    assert "Cy is asked now." in said
    asked = AmendsRequest.objects.get(about=case.pk)
    answer = {"answer": "decline", "reason": ""}
    refused(desk, case, "case_decide", answer, 403, request_id=asked.pk)
    senior = signed_in(cy)
    assert "Grant" in senior.get(at(case)).content.decode()
    wrong = refused(senior, case, "case_decide", answer, 422, request_id=asked.pk)
    assert "Say why, in a few words." in wrong
    done(senior, case, "case_decide", {"answer": "grant"}, request_id=asked.pk)
    assert Amends.objects.get(about=case.pk).name == "Both mains off the bill"
    refused(senior, case, "case_decide", {"answer": "grant"}, 409, request_id=asked.pk)


@pytest.mark.parametrize(
    "form",
    [
        {"do": "give", "name": "Flowers", "amount": "many"},
        {"do": "give", "name": "", "amount": "5"},
        {"do": "give"},
        {"do": "give", "remedy": "no-id"},
        {"do": "take", "name": "Flowers", "amount": "5"},
        {"do": "give", "name": "Flowers", "amount": "5", "key": "?"},
    ],
)
def test_a_gift_that_cannot_be_right(desk, case, form):
    refused(desk, case, "case_give", tap() | form, 422)
    assert not Amends.objects.exists()


def test_what_was_typed_of_a_gift_is_kept(desk, case):
    form = tap(do="give", name="Flowers & a card", amount="many")
    typed = refused(desk, case, "case_give", form, 422)
    assert "Flowers &amp; a card" in typed
    assert 'value="many"' in typed


def test_nothing_is_given_for_a_reason(desk, case):
    assert "Say why" in refused(desk, case, "case_nothing", {"reason": ""}, 422)
    done(desk, case, "case_nothing", {"reason": "She wants none."})
    assert Step.objects.get(case=case, kind="amends").state == Step.State.SKIPPED


def test_they_are_here_again(desk, case):
    done(desk, case, "case_visit", {})
    done(desk, case, "case_visit", {})
    assert Visit.objects.filter(customer=case.customer).count() == 1


def test_an_address_told_later(desk, case):
    said = done(desk, case, "case_customer", {"contact": "+34 600 000 001", "name": ""})
    assert "+34600000001" in said
    typed = refused(desk, case, "case_customer", {"contact": "no@where", "name": ""}, 422)
    assert 'value="no@where"' in typed


def test_the_page_asks_the_database_within_bounds(desk, case, bo, harbour, now):
    desk.get(at(case))
    with CaptureQueriesContext(connection) as few:
        desk.get(at(case))
    for number in range(4):
        give(about=case.pk, what=Gift(remedy=small(harbour)), by=bo, key=f"key-{number:06}",
             now=now)  # fmt: skip
        done(desk, case, "case_called", {"words": f"Call {number}"})
    with CaptureQueriesContext(connection) as many:
        desk.get(at(case))
    assert len(many) <= len(few) + 2  # more to tell asks no more often
    assert len(few) <= 74


def test_a_step_pressed_twice_ends_once(desk, case):
    done(desk, case, "case_step", {"do": "done", "words": "A bell."}, kind="plan")
    refused(desk, case, "case_step", {"do": "done", "words": "A bell."}, 409, kind="plan")
    assert facts_about(case.pk).count("recover.step_done") == 1


def test_what_was_left_out_with_a_reason_is_told_once(desk, case, bo, now):
    give_nothing(about=case.pk, reason="They asked for nothing.", by=bo, now=now)
    story = desk.get(at(case)).content.decode().split('id="story"')[-1]
    assert "Bo gave nothing" in story
    assert "Left out: Make amends" not in story


def test_the_page_tells_every_try_to_reach_somebody(desk, case, cy):
    shown = desk.get(at(case)).content.decode()
    (tried,) = [part.split("</details>")[0] for part in shown.split('<details class="tried"')[1:]]
    for words in ("1 try", "Round 1", "Bo Lindqvist", "the open pager", "Handed over", "Answered"):
        assert words in tried, words
    assert "with the customer" in tried
    record = desk.get(at(case, "case_export")).content.decode()
    assert "Who was rung" in record
    assert "the open pager" in record
    (page,) = desk.get(at(case, "case_json")).json()["pages"]
    (attempt,) = page["attempts"]
    assert (attempt["who"], attempt["channel"], attempt["round"]) == ("Bo Lindqvist", "screen", 0)
    assert attempt["sent_at"]
    assert attempt["failed_at"] is None
