"""What nobody told us: the form, what would follow, doing it, taking it back; and reviews."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from makegood.console.playing import Player
from makegood.ground import clock
from makegood.people.consent import stop_messages
from makegood.people.joining import add_site
from makegood.recover.models import Case
from makegood.recover.versions.publishing import DEFAULT_TEXT, publish
from makegood.sense.complaining import note_complaint
from makegood.sense.models import Incident, Review, Signal
from makegood.sense.placing import place_touchpoint
from makegood.sense.visiting import note_visit
from makegood.web.noticed.typed import typed
from tests.doors.colleagues import SIGN_IN, at_another_site, body, browser_of, of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
NOTICED = "/noticed/"
REVIEW = "/noticed/review/"


@pytest.fixture
def desk(bo):
    return browser_of(bo)


@pytest.fixture
def form(ana, table_14):
    return {
        "key": uuid4().hex, "what": "Dinner came forty minutes late.", "topic": "waiting",
        "place": "Restaurant", "happened_at": "2026-11-21T19:30",
        "customer": [str(ana.pk)], "at": [str(table_14.pk)],
    }  # fmt: skip


def shown(form):
    """The form as it is sent once somebody has seen what follows."""
    query = Client().get("/").wsgi_request.GET.copy()
    for name, value in form.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return form | {"do": "report", "shown": typed(query).mark}


def test_strangers_sign_in_and_colleagues_see_the_form(desk, ana, harbour, table_14, bo, now):
    for path in (NOTICED, REVIEW):
        assert Client().get(path).headers["Location"].startswith(SIGN_IN)
        assert Client().post(path, {}).status_code == 302
    note_visit(customer=ana, site=harbour, by=bo, now=now - timedelta(hours=1))
    page = body(desk.get(NOTICED))
    assert "Noted here that day" in page
    assert "Ana Ruiz" in page
    assert "Table 14" in page
    for path in (reverse("cases"), reverse("floor")):
        assert 'href="/noticed/"' in body(desk.get(path))


def test_first_what_follows_and_only_then_it_happens(desk, form):
    page = body(desk.post(NOTICED, form | {"do": "look"}))
    assert "This opens 2 cases." in page
    assert "Nobody of them has complained yet." in page
    assert not Signal.objects.exists()
    answer = desk.post(NOTICED, shown(form))
    incident = Incident.objects.get()
    assert answer.url == f"/noticed/{incident.pk}/"
    assert incident.happened_at.isoformat() == "2026-11-21T18:30:00+00:00"  # 19:30 at Harbour
    assert "opens this moment" in body(desk.get(answer.url))
    Player(clock.now())
    assert Case.objects.count() == 2
    page = body(desk.get(answer.url))
    assert all(case.reference in page for case in Case.objects.all())
    assert desk.post(NOTICED, shown(form)).url == answer.url  # sent twice, reported once
    assert Incident.objects.count() == 1


def test_what_was_changed_meanwhile_is_shown_anew(desk, form, ana):
    stale = shown(form) | {"at": []}
    page = body(desk.post(NOTICED, stale))
    assert "You changed something. This is what follows now." in page
    assert "This opens one case." in page
    assert not Incident.objects.exists()


def test_who_has_a_case_already_hears_of_it_there(desk, form, ana, bo, harbour, now):
    note_complaint(site=harbour, place="Spa", words="Cold.", by=bo, customer=ana, now=now)
    Player(now)
    stop_messages(customer=ana, now=now)
    page = body(desk.post(NOTICED, form | {"do": "look"}))
    assert "This opens one case." in page
    assert "One has a case already and hears of it there." in page
    assert f"in {Case.objects.get().reference}" in page
    assert "One asked us not to write." in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("ruiz", True), ("ANA.RUIZ@", True), ("zzz", False), ("x" * 81, None), ("%", False)],
)
def test_guests_are_found_by_name_and_address(desk, form, ana, query, found):
    form = form | {"customer": [], "do": "find", "q": query, "what": "Kept as <typed>"}
    answer = desk.post(NOTICED, form)
    page = body(answer)
    assert "Kept as &lt;typed&gt;" in page
    if found is None:
        assert answer.status_code == 422
    else:
        assert (str(ana.pk) in page) is found


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"what": " "}, "Please fill this in."),
        ({"topic": "weather"}, "Choose what it was about"),
        ({"happened_at": "yesterday"}, "Day and time."),
        ({"happened_at": "2026-12-01T10:00"}, "still to come"),
        ({"customer": [], "at": []}, "Say whom it touched"),
        ({"customer": ["nobody"], "at": ["nowhere"]}, "Say whom it touched"),
        ({"key": "x"}, "Open this screen again"),
    ],
)
def test_what_cannot_be_reported_keeps_what_was_typed(desk, form, wrong, says):
    for do in ("look", "report"):
        answer = desk.post(NOTICED, form | wrong | {"do": do})
        assert answer.status_code == 422
        assert says in body(answer)
        if "what" not in wrong:
            assert "Dinner came forty minutes late." in body(answer)
    assert not Incident.objects.exists()


def test_within_a_minute_it_is_taken_back(desk, form, now):
    path = desk.post(NOTICED, shown(form)).url
    Player(now)
    assert "Take it back" in body(desk.get(path))
    desk.post(f"{path}take-back/")
    assert "Taken back. It was not so" in body(desk.get(path))
    assert not Case.objects.open().exists()
    late = desk.post(NOTICED, shown(form | {"key": uuid4().hex})).url
    with clock.standing_at(now + timedelta(seconds=61)):
        assert "Take it back" not in body(desk.get(late))
        desk.post(f"{late}take-back/")
        assert "A minute has passed." in body(desk.get(late))
    assert not Incident.objects.get(pk=late.split("/")[2]).taken_back_at


def test_other_sites_and_houses_are_not_found(desk, form, fairline, harbour, now):
    path = desk.post(NOTICED, shown(form)).url
    for other in (at_another_site(fairline, now), of_another_house(now)):
        assert browser_of(other).get(path).status_code == 404
        assert browser_of(other).post(f"{path}take-back/").status_code == 404
    hill = add_site(organisation=fairline, name="Hill", timezone="Europe/Madrid", now=now)
    assert desk.get(NOTICED, {"site": hill.pk}).status_code == 404
    there = place_touchpoint(site=hill, place="Table 99", now=now)
    answer = desk.post(NOTICED, form | {"customer": [], "at": [str(there.pk)], "do": "look"})
    assert "Say whom it touched" in body(answer)


def test_the_owner_reports_for_another_site(di, form, fairline, ana, now):
    hill = add_site(organisation=fairline, name="Hill", timezone="Europe/Madrid", now=now)
    desk = browser_of(di)
    answer = desk.post(f"{NOTICED}?site={hill.pk}", shown(form | {"at": []}))
    assert answer.status_code == 302
    assert Incident.objects.get().site == hill


@pytest.fixture
def written():
    return {
        "key": uuid4().hex, "stars": "2", "words": "An hour for <cold> soup.", "source": "Google",
        "written_on": "2026-11-20", "url": "https://reviews.example/7", "author": "Ana R.",
    }  # fmt: skip


def test_a_review_is_noted_once_by_its_address(desk, mina, written, now):
    assert desk.post(REVIEW, written).url == reverse("cases")
    assert "Noted. If something went wrong" in body(desk.get(reverse("cases")))
    again = written | {"key": uuid4().hex}
    assert browser_of(mina).post(REVIEW, again).status_code == 302
    Player(now)
    review = Review.objects.select_related("signal").get()
    assert (review.source, review.signal.score) == ("Google", 2)
    case = Case.objects.get()
    assert case.place == "Review on Google"
    page = body(desk.get(reverse("case", args=[case.pk])))
    assert "Ana wrote about us on Google, 2 of 5" in page


def test_noting_a_review_shows_what_the_policy_in_force_says_of_it(desk, di, now):
    line = "By our policy it becomes a case when: A review has 3 stars or fewer"
    assert line in body(desk.get(REVIEW))
    deaf = DEFAULT_TEXT.replace('signal.kind == "review"', "signal.score < 0")
    publish(organisation=di.organisation, text=deaf, by=di, now=now)
    assert "By our policy no review becomes a case." in body(desk.get(REVIEW))


def test_a_review_of_a_guest_we_know_is_theirs(desk, ana, written):
    desk.post(REVIEW, written | {"contact": "ana.ruiz@guest.example"})
    assert Signal.objects.get().customer == ana


@pytest.mark.parametrize(
    "wrong",
    [
        {"stars": ""}, {"stars": "7"}, {"source": ""}, {"written_on": "soon"},
        {"written_on": "2026-12-24"}, {"url": "ftp://x"}, {"contact": "no"}, {"key": ""},
        {"author": "x" * 121},
    ],
)  # fmt: skip
def test_a_review_that_cannot_be_kept_keeps_what_was_typed(desk, written, wrong):
    answer = desk.post(REVIEW, written | wrong)
    assert answer.status_code == 422
    assert "An hour for &lt;cold&gt; soup." in body(answer)
    assert not Signal.objects.exists()


def test_the_letter_says_that_we_noticed_it_ourselves(desk, form, now):
    desk.post(NOTICED, shown(form | {"at": []}))
    Player(now)
    page = body(desk.get(reverse("case", args=[Case.objects.get().pk])))
    assert "Nobody had to tell us: we noticed it ourselves." in page
    assert "We noticed it ourselves" in page
