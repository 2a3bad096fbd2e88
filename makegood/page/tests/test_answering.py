"""What people say to a page, and what a second tap, a late tap or a wrong tap does."""

from datetime import timedelta

import pytest

from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.page.hands import answering
from makegood.page.hands.ending import end_pages
from makegood.page.models import Answer, Page
from makegood.page.tests.conftest import facts_of, heard_by, kinds_heard_by

SECOND = timedelta(seconds=1)


@pytest.fixture
def page(ring, bo, mina, cy, on_duty):
    on_duty(bo, mina)
    return ring()


def said(page):
    return list(page.answers.order_by("said_at", "pk").values_list("kind", flat=True))


def code_of(refused):
    return refused.value.code


class TestGoing:
    def test_the_first_hand_has_it_until_they_should_be_there(self, page, bo, now):
        page = answering.going(page=page, staff=bo, now=now + 9 * SECOND)
        assert (page.state, page.taken_by) == (Page.State.GOING, bo)
        assert page.going_at == now + 9 * SECOND
        assert page.next_rung_at == page.going_at + timedelta(minutes=3)
        assert facts_of(page)[-1] == "taken"

    def test_who_comes_second_is_told_gently_and_it_is_noted(self, page, bo, mina, now):
        answering.going(page=page, staff=bo, now=now)
        for _ in range(2):
            with pytest.raises(Refused, match="Bo is already going to Ana") as refused:
                answering.going(page=page, staff=mina, now=now + SECOND)
        assert code_of(refused) == "taken"
        assert said(page) == ["going", "too_late"]

    def test_a_second_tap_of_the_same_hand_changes_nothing(self, page, bo, now):
        first = answering.going(page=page, staff=bo, now=now)
        again = answering.going(page=page, staff=bo, now=now + SECOND)
        assert again.going_at == first.going_at
        assert said(page) == ["going"]

    def test_every_other_screen_stops_at_once(self, page, bo, mina, cy, now):
        answering.cant(page=page, staff=bo, now=now)
        answering.going(page=page, staff=mina, now=now + SECOND)
        assert heard_by(bo)[-1] == {
            "kind": "stop", "page": str(page.pk), "round": 0, "state": "going",
            "because": "taken", "by": "Mina",
        }  # fmt: skip
        assert kinds_heard_by(mina) == ["ring", "state"]
        assert kinds_heard_by(cy) == []

    def test_a_page_that_is_over_needs_nobody(self, page, bo, now):
        answering.cancel_pages(about=page.about, now=now)
        with pytest.raises(Refused, match="took it back") as refused:
            answering.going(page=page, staff=bo, now=now)
        assert code_of(refused) == "over"


class TestCant:
    def test_it_moves_on_at_once(self, page, bo, mina, now):
        page = answering.cant(page=page, staff=bo, now=now + 2 * SECOND)
        assert page.attempts.order_by("-made_at").first().staff == mina
        assert page.next_rung_at == now + 47 * SECOND
        assert facts_of(page)[2:] == ["declined", "rung_reached"]

    def test_a_second_tap_does_not_move_on_again(self, page, bo, now):
        for _ in range(2):
            answering.cant(page=page, staff=bo, now=now + SECOND)
        assert page.attempts.count() == 2
        assert said(page) == ["cant"]

    def test_who_was_not_asked_any_more_does_not_cut_the_next_one_short(self, page, bo, mina, now):
        answering.cant(page=page, staff=mina, now=now + SECOND)
        page = answering.cant(page=page, staff=bo, now=now + 2 * SECOND)
        assert [a.staff.first_name for a in page.attempts.order_by("made_at")] == ["Bo", "Cy"]

    def test_everybody_declines_and_the_round_rests(self, page, bo, mina, cy, di, now):
        for staff in (bo, mina, cy, di):
            page = answering.cant(page=page, staff=staff, now=now + SECOND)
        assert page.state == Page.State.RINGING
        assert page.next_rung_at == now + timedelta(minutes=1)
        assert page.attempts.count() == 4

    def test_of_two_managers_rung_together_the_other_keeps_their_time(
        self, ring, harbour, cy, bo, on_duty, now
    ):
        ana_may = type(cy).objects.create(
            organisation_id=cy.organisation_id, site=harbour, email="may@fairline.example",
            first_name="May", role="manager",
        )  # fmt: skip
        on_duty(cy, ana_may, bo)
        page = ring(ladder=[{"who": "manager", "wait_seconds": 60}])
        assert page.attempts.count() == 2
        page = answering.cant(page=page, staff=cy, now=now + SECOND)
        assert page.next_rung_at == now + timedelta(minutes=1)
        assert page.round == 0

    def test_the_hand_that_was_going_gives_it_back_and_the_next_is_rung(self, page, bo, mina, now):
        answering.going(page=page, staff=bo, now=now)
        page = answering.cant(page=page, staff=bo, now=now + 20 * SECOND)
        assert (page.state, page.taken_by) == (Page.State.RINGING, None)
        assert page.attempts.order_by("-made_at").first().staff == mina
        assert facts_of(page)[3:] == ["going_expired", "rung_reached"]

    def test_of_a_page_in_other_hands_it_changes_nothing(self, page, bo, mina, now):
        answering.going(page=page, staff=bo, now=now)
        assert answering.cant(page=page, staff=mina, now=now).taken_by == bo

    def test_nobody_leaves_a_customer_standing(self, page, bo, now):
        answering.with_customer(page=page, staff=bo, now=now)
        with pytest.raises(Refused, match="hand over instead"):
            answering.cant(page=page, staff=bo, now=now)


class TestWithCustomer:
    @pytest.mark.parametrize(("minutes", "in_time"), [(1, True), (4, True), (5, False)])
    def test_it_is_known_whether_they_were_reached_in_time(self, page, bo, now, minutes, in_time):
        at = now + timedelta(minutes=minutes)
        page = answering.with_customer(page=page, staff=bo, now=at)
        assert (page.state, page.with_at, page.next_rung_at) == (Page.State.WITH, at, None)
        entry = Entry.objects.get(about=page.pk, name="page.customer_reached")
        assert entry.data["in_time"] is in_time
        assert entry.by == f"staff:{bo.pk}"

    def test_a_second_tap_changes_nothing(self, page, bo, now):
        for _ in range(2):
            answering.with_customer(page=page, staff=bo, now=now)
        assert facts_of(page).count("customer_reached") == 1

    def test_who_is_really_there_has_it_even_if_another_was_going(self, page, bo, mina, now):
        answering.going(page=page, staff=bo, now=now)
        page = answering.with_customer(page=page, staff=mina, now=now + SECOND)
        assert page.taken_by == mina
        assert heard_by(bo)[-1]["kind"] == "stop"

    def test_only_one_is_with_the_customer(self, page, bo, mina, now):
        answering.with_customer(page=page, staff=bo, now=now)
        with pytest.raises(Refused, match="Bo is already with Ana") as refused:
            answering.with_customer(page=page, staff=mina, now=now)
        assert code_of(refused) == "taken"

    def test_a_decision_is_no_visit(self, ring, cy, on_duty, now):
        on_duty(cy)
        page = ring(purpose="decide")
        with pytest.raises(Refused) as refused:
            answering.with_customer(page=page, staff=cy, now=now)
        assert code_of(refused) == "not_a_visit"


class TestLeft:
    def test_the_page_ends_and_the_story_knows(self, page, bo, now):
        answering.going(page=page, staff=bo, now=now)
        for _ in range(2):
            page = answering.customer_left(page=page, staff=bo, now=now + SECOND)
        assert (page.state, page.ended_at) == (Page.State.DONE, now + SECOND)
        assert facts_of(page)[-1] == "customer_left"
        assert facts_of(page).count("customer_left") == 1

    def test_only_the_hand_says_so(self, page, bo, mina, now):
        answering.going(page=page, staff=bo, now=now)
        with pytest.raises(Refused) as refused:
            answering.customer_left(page=page, staff=mina, now=now)
        assert code_of(refused) == "taken"

    def test_after_somebody_was_there_it_is_finished_instead(self, page, bo, now):
        answering.with_customer(page=page, staff=bo, now=now)
        with pytest.raises(Refused) as refused:
            answering.customer_left(page=page, staff=bo, now=now)
        assert code_of(refused) == "reached"


class TestHandOver:
    def test_the_colleague_is_rung_at_once_with_the_word(self, page, bo, mina, now):
        answering.going(page=page, staff=bo, now=now)
        word = "She would like the manager of the kitchen"
        page = answering.hand_over(page=page, staff=bo, to=mina, word=word, now=now + SECOND)
        assert (page.state, page.taken_by) == (Page.State.RINGING, None)
        last = heard_by(mina)[-1]
        assert (last["kind"], last["handed_by"], last["word"]) == ("ring", "Bo", word)
        assert last["next"]["name"] == "Cy"
        assert facts_of(page)[-2:] == ["handed_over", "rung_reached"]

    def test_if_they_do_not_answer_the_ladder_goes_on_without_who_handed_over(
        self, page, bo, mina, cy, now
    ):
        answering.going(page=page, staff=bo, now=now)
        page = answering.hand_over(page=page, staff=bo, to=mina, now=now)
        page = answering.cant(page=page, staff=mina, now=now + SECOND)
        assert page.attempts.order_by("-made_at").first().staff == cy

    def test_a_second_tap_changes_nothing(self, page, bo, mina, now):
        answering.going(page=page, staff=bo, now=now)
        for _ in range(2):
            answering.hand_over(page=page, staff=bo, to=mina, now=now)
        assert kinds_heard_by(mina).count("ring") == 1

    def test_reached_twice_keeps_the_first_time(self, page, bo, mina, now):
        answering.with_customer(page=page, staff=bo, now=now + SECOND)
        answering.hand_over(page=page, staff=bo, to=mina, now=now + 9 * SECOND)
        page = answering.with_customer(page=page, staff=mina, now=now + timedelta(minutes=9))
        assert page.with_at == now + SECOND
        reached = Entry.objects.filter(about=page.pk, name="page.customer_reached")
        assert all(entry.data["in_time"] for entry in reached)

    def test_refusals(self, page, bo, mina, cy, di, now):
        with pytest.raises(Refused) as refused:
            answering.hand_over(page=page, staff=bo, to=mina, now=now)
        assert code_of(refused) == "not_yours"
        answering.going(page=page, staff=bo, now=now)
        with pytest.raises(Refused) as refused:
            answering.hand_over(page=page, staff=bo, to=cy, now=now)
        assert code_of(refused) == "not_on_duty"
        with pytest.raises(Invalid):
            answering.hand_over(page=page, staff=bo, to=bo, now=now)
        with pytest.raises(Refused) as refused:
            answering.hand_over(page=page, staff=mina, to=mina, now=now)
        assert code_of(refused) == "taken"
        page.refresh_from_db()
        assert page.taken_by == bo

    def test_a_senior_may_hand_over_what_another_has(self, page, bo, mina, cy, now):
        answering.going(page=page, staff=bo, now=now)
        page = answering.hand_over(page=page, staff=cy, to=mina, now=now)
        assert heard_by(mina)[-1]["handed_by"] == "Cy"


class TestFinish:
    def test_done_is_done(self, page, bo, now):
        answering.with_customer(page=page, staff=bo, now=now)
        for _ in range(2):
            page = answering.finish(page=page, staff=bo, now=now + SECOND)
        assert (page.state, page.ended_at, page.taken_by) == (Page.State.DONE, now + SECOND, bo)
        assert facts_of(page).count("ended") == 1

    def test_nobody_finishes_what_nobody_reached(self, page, bo, now):
        answering.going(page=page, staff=bo, now=now)
        with pytest.raises(Refused) as refused:
            answering.finish(page=page, staff=bo, now=now)
        assert code_of(refused) == "not_there_yet"

    def test_a_colleague_cannot_a_senior_can(self, page, bo, mina, cy, now):
        answering.with_customer(page=page, staff=bo, now=now)
        with pytest.raises(NotAllowed):
            answering.finish(page=page, staff=mina, now=now)
        assert answering.finish(page=page, staff=cy, now=now).state == Page.State.DONE

    def test_who_took_a_decision_may_end_it(self, ring, cy, on_duty, now):
        on_duty(cy)
        page = answering.going(page=ring(purpose="decide"), staff=cy, now=now)
        assert answering.finish(page=page, staff=cy, now=now).state == Page.State.DONE


class TestTheCustomer:
    def test_says_bo_came(self, page, bo, now):
        answering.going(page=page, staff=bo, now=now)
        for _ in range(2):
            page = answering.customer_says_came(page=page, now=now + SECOND)
        assert (page.state, page.taken_by) == (Page.State.WITH, bo)
        entry = Entry.objects.get(about=page.pk, name="page.customer_reached")
        assert (entry.by, entry.data["by_customer"]) == ("customer", True)

    def test_says_bo_came_though_his_time_had_run_out(self, page, bo, mina, now):
        answering.going(page=page, staff=bo, now=now)
        page = answering.cant(page=page, staff=bo, now=now + SECOND)
        page = answering.customer_says_came(page=page, now=now + 2 * SECOND)
        assert page.taken_by == bo
        assert heard_by(mina)[-1]["kind"] == "stop"

    def test_confirms_what_bo_said(self, page, bo, now):
        answering.with_customer(page=page, staff=bo, now=now)
        page = answering.customer_says_came(page=page, now=now + SECOND)
        assert page.answers.filter(kind=Answer.Kind.WITH, by_customer=True).count() == 1
        assert facts_of(page).count("customer_reached") == 1

    def test_cannot_say_who_came_when_nobody_went(self, page, now):
        with pytest.raises(Refused) as refused:
            answering.customer_says_came(page=page, now=now)
        assert code_of(refused) == "nobody_yet"

    @pytest.mark.parametrize("how_far", ["going", "with", "done"])
    def test_says_nobody_came_and_it_rings_again(self, page, bo, mina, now, how_far):
        answering.going(page=page, staff=bo, now=now)
        if how_far != "going":
            answering.with_customer(page=page, staff=bo, now=now)
        if how_far == "done":
            answering.finish(page=page, staff=bo, now=now)
        for _ in range(2):
            page = answering.customer_says_nobody_came(page=page, now=now + SECOND)
        assert (page.state, page.taken_by, page.with_at) == (Page.State.RINGING, None, None)
        assert page.ended_at is None
        assert page.attempts.order_by("-made_at").first().staff == mina
        expired = Entry.objects.get(about=page.pk, name="page.going_expired")
        assert (expired.by, expired.data["by_customer"]) == ("customer", True)

    def test_says_nobody_came_to_what_the_house_ended(self, page, now):
        end_pages(about=page.about, purpose="reach", now=now)
        page = answering.customer_says_nobody_came(page=page, now=now + SECOND)
        assert page.state == Page.State.RINGING
        assert facts_of(page)[-2:] == ["opened", "rung_reached"]

    @pytest.mark.parametrize("happened", ["with", "left"])
    def test_says_nobody_came_weeks_later_and_who_came_came(self, page, bo, now, happened):
        answering.going(page=page, staff=bo, now=now)
        if happened == "with":
            answering.with_customer(page=page, staff=bo, now=now + SECOND)
            answering.finish(page=page, staff=bo, now=now + SECOND)
        else:
            answering.customer_left(page=page, staff=bo, now=now + SECOND)
        before = Page.objects.values().get(pk=page.pk)
        page.refresh_from_db()
        assert answering.may_say_nobody_came(page, now=now + timedelta(hours=4))
        weeks_later = now + timedelta(days=40)
        assert not answering.may_say_nobody_came(page, now=weeks_later)
        with pytest.raises(Refused) as refused:
            answering.customer_says_nobody_came(page=page, now=weeks_later)
        assert code_of(refused) == "too_late"
        assert Page.objects.values().get(pk=page.pk) == before
        assert page.attempts.count() == 1

    def test_says_nobody_came_of_a_colleague_who_says_so_the_next_morning(self, page, bo, now):
        morning = now + timedelta(hours=11)
        answering.with_customer(page=page, staff=bo, now=morning)
        page = answering.customer_says_nobody_came(page=page, now=morning + SECOND)
        assert (page.state, page.with_at) == (Page.State.RINGING, None)

    def test_takes_it_back(self, page, bo, mina, now):
        answering.going(page=page, staff=bo, now=now)
        (ended,) = answering.cancel_pages(about=page.about, now=now + SECOND)
        assert (ended.state, ended.next_rung_at) == (Page.State.CANCELLED, None)
        assert heard_by(bo)[-1]["because"] == "over"
        assert facts_of(page)[-1] == "cancelled"
        assert answering.cancel_pages(about=page.about, now=now + SECOND) == []
        for verb in (answering.customer_says_came, answering.customer_says_nobody_came):
            with pytest.raises(Refused) as refused:
                verb(page=page, now=now)
            assert code_of(refused) == "over"


def test_a_reminder_ends_when_its_matter_is_done(ring, bo, on_duty, now):
    on_duty(bo)
    reach = ring()
    remind = ring(purpose="remind", about=reach.about)
    (ended,) = end_pages(about=reach.about, purpose="remind", now=now)
    assert ended == remind
    assert end_pages(about=reach.about, purpose="remind", now=now) == []
    reach.refresh_from_db()
    assert reach.is_open
