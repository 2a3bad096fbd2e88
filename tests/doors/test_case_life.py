"""The life of a case at its door: put off, waiting, joined, split, moved, called, printed."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from makegood.ground import clock
from makegood.ground.ids import new_id
from makegood.page.hands.answering import going, with_customer
from makegood.recover.access import case_of_signal
from makegood.recover.chronicling import entries_of
from makegood.recover.life.merging import merge_cases
from makegood.recover.models import Case, Merger, Pause, Split, Step
from makegood.recover.steps.asking import promise_path
from makegood.recover.steps.pausing import wait_for_customer
from makegood.recover.versions.publishing import DEFAULT_TEXT, publish
from makegood.sense.adding import add_remark, leave_contact
from makegood.sense.models import Signal
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.words.replying import receive_reply
from tests.doors.colleagues import at_another_site, of_another_house
from tests.doors.guests import on_duty, page_of, pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

DAY = timedelta(days=1)


@pytest.fixture
def case(bo, cy, table_14, now):
    on_duty(bo, now - timedelta(hours=1))
    press = pressed(table_14, now)
    found = triaged(press, now)
    with_customer(page=going(page=page_of(found), staff=bo, now=now), staff=bo, now=now)
    add_remark(signal=press, topics=["food"], words="It came cold.", name="Ana Ruiz", now=now)
    leave_contact(signal=press, contact="ana@guest.example", now=now)
    return Case.objects.get(pk=found.pk)


@pytest.fixture
def other(case, harbour, now):
    bar = place_touchpoint(site=harbour, place="Bar", now=now)
    return triaged(pressed(bar, now), now)


def desk(staff):
    client = Client()
    client.force_login(staff)
    return client


def at(case, name="case", **more):
    return reverse(name, kwargs={"case_id": case.pk, **more})


def does(staff, case, name, form, **more):
    screen = desk(staff)
    answer = screen.post(at(case, name, **more), form)
    assert answer.status_code == 302, answer.content.decode().split('role="alert"')[-1][:400]
    return screen.get(at(case)).content.decode()


def refused(staff, case, name, form, words, **more):
    answer = desk(staff).post(at(case, name, **more), form)
    assert 400 <= answer.status_code < 500
    said = answer.content.decode()
    assert words in said
    return said


def step(case, kind):
    return case.steps.get(kind=kind)


def test_a_case_is_put_off_and_on_again(case, bo, now):
    said = does(bo, case, "case_snooze", {"until": "2026-11-25T09:00", "reason": "Travelling."})
    assert "Put off until Wednesday 25 November, 9:00." in said
    assert "Travelling." in said
    pause = Pause.objects.get()
    said = does(bo, case, "case_wake", {}, pause_id=pause.pk)
    assert "Put off until" not in said.split('id="said"')[0]
    pause.refresh_from_db()
    assert pause.ended_at


def test_what_was_typed_stays_with_the_reason_at_the_field(case, bo):
    said = refused(bo, case, "case_snooze", {"until": "", "reason": "Trav<b>"}, "Choose a day")
    assert 'value="Trav&lt;b&gt;"' in said
    refused(bo, case, "case_snooze", {"until": "2020-01-01T09:00", "reason": "x"}, "from now on")


def test_one_step_is_put_off(case, bo):
    form = {"until": "2026-11-25T09:00", "reason": "The cook is away."}
    said = does(bo, case, "case_snooze_step", form, kind="plan")
    assert "Put off until 25 Nov. The cook is away." in said


def test_we_wait_and_the_guest_reads_it_and_her_answer_goes_on(case, bo, now):
    said = does(bo, case, "case_wait", {"reason": "Which evening suits her?"})
    assert "We have waited for Ana since 21 November." in said
    guest = Client()
    told = guest.get(promise_path(case)).content.decode()
    assert "We are waiting for your answer." in told
    assert "Which evening" not in told
    receive_reply(about=case.pk, words="Friday.", customer=case.customer, now=now + DAY)
    with clock.standing_at(now + DAY):
        assert 'class="stands"' not in desk(bo).get(at(case)).content.decode()
        assert "waiting for your answer" not in guest.get(promise_path(case)).content.decode()


def test_going_on_without_an_answer(case, bo):
    does(bo, case, "case_wait", {"reason": "Which evening?"})
    said = does(bo, case, "case_go_on", {})
    assert "We go on." in said
    refused(bo, case, "case_go_on", {}, "do not wait")


def test_two_cases_are_joined_and_parted(case, other, bo):
    said = does(bo, case, "case_join", {"other": str(other.pk), "reason": "The same table."})
    assert f"Joined with {other.reference}" in said
    gone = desk(bo).get(at(other)).content.decode()
    assert f"This goes on as {case.reference}." in gone
    assert at(case) in gone
    assert Client().get(promise_path(other)).status_code == 200
    does(bo, case, "case_part", {}, merger_id=Merger.objects.get().pk)
    assert Case.objects.get(pk=other.pk).standing_closure is None


def test_a_case_of_a_colleague_elsewhere_is_not_joined(case, other, bo, fairline, now):
    finn = at_another_site(fairline, now)
    for outsider in (finn, of_another_house(now)):
        form = {"other": str(other.pk), "reason": "x"}
        assert desk(outsider).post(at(case, "case_join"), form).status_code == 404
        assert desk(outsider).get(at(case, "case_export")).status_code == 404
        assert desk(outsider).get(at(case, "case_json")).status_code == 404
    assert Client().get(at(case, "case_export")).status_code == 302
    refused(bo, case, "case_join", {"other": "nonsense", "reason": "x"}, "Choose one")
    assert not Merger.objects.exists()


def test_a_case_is_split_and_made_one_again(case, table_14, bo, now):
    later = now + timedelta(seconds=30)
    second = receive_press(touchpoint=table_14, key=str(new_id()), happened_at=later, now=later)
    triaged(second, later)
    assert case_of_signal(second) == case
    form = {"signals": [str(second.pk)], "reason": "Another guest at this table."}
    said = does(bo, case, "case_split", form)
    new = case_of_signal(second)
    assert new
    assert new != case
    assert f"{new.reference} is a case of its own now." in said
    does(bo, case, "case_unsplit", {}, split_id=Split.objects.get().pk)
    assert case_of_signal(second) == case
    refused(bo, case, "case_split", {"signals": [], "reason": "x"}, "Choose what belongs")


@pytest.fixture
def slower(case, now):
    text = DEFAULT_TEXT.replace("by: 14 days at 18:00", "by: 20 days at 18:00")
    return publish(organisation=case.organisation, text=text, by=None, now=now)


def test_a_version_that_changes_nothing_here_says_so(case, cy, now):
    text = DEFAULT_TEXT.replace("offer: 40 to 80", "offer: 50 to 90")
    other = publish(organisation=case.organisation, text=text, by=None, now=now)
    page = desk(cy).get(at(case, "case_version"), {"to": other.number}).content.decode()
    assert "no step that waits changes" in page


def test_a_senior_sees_what_would_change_and_decides(case, slower, cy, bo):
    page = desk(cy).get(at(case, "case_version"), {"to": slower.number}).content.decode()
    assert "one step changes" in page
    assert "5 December, 18:00" in page
    assert "11 December, 18:00" in page
    refused(cy, case, "case_version", {"to": slower.number, "reason": ""}, "Say why")
    said = does(cy, case, "case_version", {"to": slower.number, "reason": "The oven is built."})
    assert f"Policy {slower.number} holds" in said
    assert Case.objects.get(pk=case.pk).policy == slower
    assert desk(cy).get(at(case, "case_version"), {"to": 99}).status_code == 404
    assert desk(bo).get(at(case, "case_version"), {"to": 1}).status_code == 403


def test_a_call_is_noted_with_what_came_of_it(case, bo):
    said = does(bo, case, "case_called", {"outcome": "no_answer", "words": ""})
    assert "Noted as a try." in said
    assert "Called 21 Nov, not reached" in said
    form = {"outcome": "reached", "words": "She comes again.", "promised": "yes"}
    does(bo, case, "case_called", form)
    assert step(case, "contact").state == Step.State.DONE
    refused(bo, case, "case_called", {"outcome": "reached", "words": ""}, "how the call went")


def test_a_wait_undone_at_once_has_moved_nothing_and_says_so(case, bo):
    does(bo, case, "case_wait", {"reason": "Which room?"})
    assert "What was promised stays as it was." in does(bo, case, "case_go_on", {})


def test_nobody_is_given_up_after_one_call(case, bo):
    does(bo, case, "case_called", {"outcome": "no_answer", "words": ""})
    form = {"how": "unreached", "words": "It rings and rings."}
    said = refused(bo, case, "case_close", form, "three calls on different days; one so far")
    assert "It rings and rings." in said
    assert "We could not reach them, on 3 days" in said


def test_who_is_handed_a_case_hears_a_word(case, bo, cy):
    form = {"to": str(cy.pk), "word": "She likes the window."}
    assert "She likes the window." in does(bo, case, "case_hand_over", form)


def test_the_whole_story_is_on_one_page_and_in_one_file(case, other, cy, bo, now):
    merge_cases(survivor=case, absorbed=other, reason="The same table.", by=cy, now=now)
    case.refresh_from_db()
    wait_for_customer(case=case, reason="Which evening?", by=cy, now=now)
    receive_reply(about=case.pk, words="Friday <3.", customer=case.customer, now=now + DAY)
    with clock.standing_at(now + DAY):
        page = desk(bo).get(at(case, "case_export")).content.decode()
        told = json.loads(desk(bo).get(at(case, "case_json")).content)
    assert "<script" not in page
    facts = entries_of(case)
    assert {fact["id"] for fact in told["facts"]} == {str(entry.pk) for entry in facts}
    for entry in facts:
        assert entry.name in page
    assert page.count('<small class="hush">') == len(facts)
    assert "`" not in page
    for words in ("“It came cold.”", "“Friday &lt;3.”", "Which evening?", "The same table."):
        assert words in page
    assert told["format"] == "makegood.case/1"
    assert told["steps"][0]["kind"] == "validate"
    assert told["mergers"][0]["absorbed"] == other.reference
    about = {str(signal.pk) for signal in Signal.objects.all()}
    assert {one["id"] for one in told["signals"]} == about
    assert str(new_id()) not in page
