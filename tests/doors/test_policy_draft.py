"""The draft: begun, written as text and by chapters, asked for, published; and nothing is lost."""

import re

import pytest
from django.urls import reverse

from makegood.people.models import Staff
from makegood.recover import access
from makegood.recover.models import PolicyDraft, PolicyVersion
from makegood.recover.policy.editing import set_value, value_at
from makegood.recover.policy.starters import starters
from makegood.recover.versions import drafting
from makegood.web.policy.helping import field_help
from makegood.web.templatetags.look import with_code
from tests.doors.colleagues import body, browser_of, of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

TEXT = reverse("policy_edit_text")
WAIT = "ladders.reach.1.wait"


def hidden(page: str, name: str) -> str:
    """The value of a hidden field, or of a button."""
    [value, *_others] = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return str(value)


def standing(staff: Staff) -> PolicyDraft:
    """The open draft; there must be one."""
    draft = access.open_draft(staff)
    assert draft is not None
    return draft


def seen(desk, url=TEXT):
    page = body(desk.get(url))
    return {"draft": hidden(page, "draft"), "revision": hidden(page, "revision")}


def in_force(staff):
    return access.policy_in_force(staff).document


def changed(staff, value="50 seconds"):
    return set_value(in_force(staff), WAIT, value)


@pytest.fixture
def desk(cy):
    return browser_of(cy)


@pytest.fixture
def draft(cy, now):
    return drafting.begin_draft(by=cy, now=now, text=changed(cy))


def fresh(draft):
    return PolicyDraft.objects.get(pk=draft.pk)


def test_looking_begins_nothing(desk, cy):
    assert desk.get(TEXT).status_code == 200
    assert desk.get(reverse("policy_edit", args=["offers"])).status_code == 200
    assert desk.get(reverse("policy_draft")).headers["Location"] == reverse("policy_begin")
    assert access.open_draft(cy) is None


def test_what_is_written_is_kept_and_compared(desk, cy):
    answer = desk.post(TEXT, {**seen(desk), "text": changed(cy)}, headers={"HX-Request": "true"})
    said = body(answer)
    assert "<del>1 minute</del> <ins>50 seconds</ins>" in said
    assert "kept 20:12:07" in said
    assert 'id="seen" hx-swap-oob="true"' in said
    draft = standing(cy)
    assert hidden(said, "revision") == str(draft.revision)
    assert draft.document == changed(cy)


def test_an_error_stands_at_its_line_with_its_remedy(desk, cy):
    text = in_force(cy).replace(
        "who: manager, wait: 60 seconds", "who: manger, wait: 60 seconds", 1
    )
    line = text[: text.index("manger")].count("\n") + 1
    assert desk.post(TEXT, {**seen(desk), "text": text}).status_code == 302
    said = body(desk.get(TEXT))
    assert f'<span id="L{line}" class="is-wrong">' in said
    assert f'href="#L{line}"' in said
    assert "Did you mean “manager”?" in said
    assert standing(cy).document == text
    assert "cannot be read yet" in body(desk.get(reverse("policy_draft")))
    assert "only be changed as text" in body(desk.get(reverse("policy_edit", args=["offers"])))


def test_a_fact_nobody_tells_is_an_error_before_anybody_asks_to_publish(desk, cy):
    text = set_value(in_force(cy), "triggers.0.on", "words.letter_vanished")
    desk.post(TEXT, {**seen(desk), "text": text})
    said = body(desk.get(TEXT))
    assert "There is no fact “words.letter_vanished”." in said
    assert "words.letter_failed" in said
    revision = {"revision": str(standing(cy).revision)}
    assert desk.post(reverse("policy_ask"), revision).status_code == 422


def test_two_who_write_at_once_lose_nothing(desk, cy, di, draft, now):
    mine = seen(desk)
    theirs = changed(cy, "70 seconds")
    drafting.edit_draft(draft=draft, text=theirs, revision=draft.revision, by=di, now=now)
    answer = desk.post(TEXT, {**mine, "text": changed(cy, "45 seconds")})
    assert answer.status_code == 409
    said = body(answer)
    assert "Di changed this while you wrote." in said
    assert "wait: 45 seconds" in said
    assert fresh(draft).document == theirs
    over = {"take": hidden(said, "take"), "over": str(draft.pk)}
    form = {**mine, "text": changed(cy, "45 seconds"), **over}
    assert desk.post(TEXT, form).status_code == 302
    assert value_at(fresh(draft).document, WAIT) == "45 seconds"


def test_two_who_begin_at_once_lose_nothing(desk, cy, di, now):
    mine = seen(desk)
    drafting.begin_draft(by=di, now=now, text=changed(cy, "70 seconds"))
    assert desk.post(TEXT, {**mine, "text": changed(cy, "45 seconds")}).status_code == 409
    assert value_at(standing(cy).document, WAIT) == "70 seconds"


def test_what_was_written_on_a_discarded_draft_becomes_a_new_one(desk, cy, di, draft, now):
    mine = seen(desk)
    drafting.discard_draft(draft=draft, by=di, now=now)
    assert desk.post(TEXT, {**mine, "text": changed(cy, "45 seconds")}).status_code == 302
    assert value_at(standing(cy).document, WAIT) == "45 seconds"


@pytest.mark.parametrize("form", [
    {}, {"text": "x", "revision": "x"}, {"text": "x", "revision": "1", "draft": "x"},
    {"text": "x" * 300_000, "revision": "0"},
])  # fmt: skip
def test_a_form_that_is_none_of_ours_is_refused(desk, cy, form):
    assert desk.post(TEXT, form).status_code == 422
    assert access.open_draft(cy) is None or standing(cy).document == in_force(cy)


def test_a_chapter_changes_one_field_and_leaves_the_rest_as_it_was(desk, cy):
    url = reverse("policy_edit", args=["ladders"])
    answer = desk.post(url, {**seen(desk, url), WAIT: "50 seconds", "do": "keep"})
    assert answer.headers["Location"] == reverse("policy_draft")
    assert standing(cy).document == changed(cy)
    said = body(desk.get(reverse("policy_draft")))
    assert "You are reading draft 2." in said
    assert "<ins>50 seconds</ins>" in said


def test_every_field_of_a_chapter_has_its_help(desk):
    said = body(desk.get(reverse("policy_edit", args=["contact-step"])))
    helped = [one for one in field_help() if re.fullmatch(r"steps\.\*\.(?!variants)\w+", one.path)]
    assert len(helped) > 10
    assert not [one.path for one in helped if with_code(one.help) not in said]
    inputs = re.findall(r'<(?:input class|select|textarea)[^>]* id="([^"]+)"', said)
    assert len(inputs) > 20
    assert all(f'id="{one}-help"' in said for one in inputs)


@pytest.mark.parametrize("name", [
    "begins", "severity", "whom", "ladders", "offers", "limits", "guard", "contact", "ends",
    "care", "validate-step", "prove-step",
])  # fmt: skip
def test_a_chapter_saved_as_it_is_changes_nothing(desk, cy, name):
    url = reverse("policy_edit", args=[name])
    page = body(desk.get(url))
    form = {"do": "keep", **seen(desk, url)}
    for path, value in re.findall(r'<input class="input" id="[^"]+" name="([^"]+)" value="([^"]*)"',
                                  page):  # fmt: skip
        form[path] = value.replace("&quot;", '"').replace("&amp;", "&").replace("&#x27;", "'")
    desk.post(url, form)
    assert access.open_draft(cy) is None


def test_a_field_that_cannot_be_read_is_marked_and_nothing_is_kept(desk, cy):
    url = reverse("policy_edit", args=["ladders"])
    answer = desk.post(url, {**seen(desk, url), WAIT: "a while", "do": "keep"})
    assert answer.status_code == 422
    said = body(answer)
    assert 'value="a while"' in said
    assert "“a while” is not a length of time." in said
    assert said.count('aria-invalid="true"') == 1
    assert access.open_draft(cy) is None


def test_rows_are_added_above_the_last_moved_and_removed(desk, cy):
    url = reverse("policy_edit", args=["limits"])
    before = value_at(in_force(cy), "tables.limits")
    desk.post(url, {**seen(desk, url), "do": "add:tables.limits"})
    rows = value_at(standing(cy).document, "tables.limits")
    fresh_row = len(rows) - 2
    assert [*rows[:fresh_row], rows[-1]] == before
    desk.post(url, {**seen(desk, url), f"tables.limits.{fresh_row}.when": "site.open",
                    "do": f"up:tables.limits.{fresh_row}"})  # fmt: skip
    rows = value_at(standing(cy).document, "tables.limits")
    assert rows[fresh_row - 1]["when"] == "site.open"
    desk.post(url, {**seen(desk, url), "do": f"remove:tables.limits.{fresh_row - 1}"})
    assert value_at(standing(cy).document, "tables.limits") == before


@pytest.mark.parametrize("do", ["remove:steps.contact", "add:steps", "add:closing", "up:x", "x",
                                "remove:tables.limits.77x"])  # fmt: skip
def test_a_row_that_is_none_is_refused(desk, cy, do):
    url = reverse("policy_edit", args=["limits"])
    assert desk.post(url, {**seen(desk, url), "do": do}).status_code == 422
    assert access.open_draft(cy) is None


def test_no_such_chapter(desk):
    for name in ("nothing", "contact", "-step", "nobody-step"):
        status = desk.get(reverse("policy_edit", args=[name])).status_code
        assert status == (200 if name == "contact" else 404)


@pytest.mark.parametrize(("said", "answer"), [
    ("visit.here", "That is: they are with us now."),
    ("vist.here", "Did you mean “visit.here”?"),
    ("signal.score + 1 > 3", "It can be read."),
    ("", ""),
])  # fmt: skip
def test_a_condition_is_checked_at_once(desk, said, answer):
    name = "tables.limits.0.when"
    page = body(desk.post(reverse("policy_condition"), {"name": name, name: said}))
    assert 'id="tables-limits-0-when-said"' in page
    assert answer in page


def test_a_draft_begins_from_a_starter_or_an_earlier_version(desk, cy, di, now):
    begin = reverse("policy_begin")
    assert "Online shop" in body(desk.get(begin))
    assert desk.post(begin, {"from": "shop"}).status_code == 302
    assert standing(cy).document == starters()["shop"].text
    drafting.discard_draft(draft=standing(cy), by=cy, now=now)
    assert desk.post(begin, {"from": "1"}).status_code == 302
    assert standing(cy).document == in_force(cy)


@pytest.mark.parametrize(("chosen", "status"), [("x", 422), ("99", 404), ("9" * 40, 422)])
def test_a_draft_begins_from_nothing_else(desk, cy, chosen, status):
    assert desk.post(reverse("policy_begin"), {"from": chosen}).status_code == status
    assert access.open_draft(cy) is None


def test_why_a_change_is_made(desk, draft):
    form = {"change": WAIT, "words": "Ten seconds, one table."}
    assert desk.post(reverse("policy_reason"), form).status_code == 302
    assert "<q>Ten seconds, one table.</q>" in body(desk.get(reverse("policy_draft")))
    answer = desk.post(reverse("policy_reason"), {"change": "title", "words": "x"})
    assert answer.status_code == 422
    assert "The draft does not change that any more." in body(answer)


def test_discarded_and_brought_back(desk, draft):
    answer = desk.post(reverse("policy_discard"), follow=True)
    assert "The draft is discarded." in body(answer)
    assert reverse("policy_restore") in body(answer)
    assert desk.post(reverse("policy_restore")).headers["Location"] == reverse("policy_draft")
    assert fresh(draft).discarded_at is None


def test_a_manager_asks_and_the_owner_publishes(desk, cy, di, draft, now):
    said = body(desk.get(reverse("policy_draft")))
    assert "Ask Di to publish" in said
    assert reverse("policy_publish") not in said
    assert desk.get(reverse("policy_publish")).status_code == 403
    assert desk.post(reverse("policy_publish"), {"revision": "1"}).status_code == 403
    revision = {"revision": str(draft.revision)}
    assert desk.post(reverse("policy_ask"), revision).status_code == 302
    assert "Di is asked to publish it" in body(desk.get(reverse("policy_draft")))
    owner = browser_of(di)
    assert "Cy asks Di to publish it." in body(owner.get(reverse("policy")))
    said = body(owner.get(reverse("policy_publish")))
    assert "Open cases stay on the version they began with." in said
    assert "This text was not replayed on your history." in said
    answer = owner.post(reverse("policy_publish"), revision, follow=True)
    assert "Number 2 is in force." in body(answer)
    assert PolicyVersion.objects.get(number=2).document == draft.document
    assert access.open_draft(di) is None


def test_what_changed_since_the_owner_read_it_is_not_published(cy, di, draft, now):
    owner = browser_of(di)
    revision = {"revision": str(draft.revision)}
    drafting.edit_draft(
        draft=draft, text=changed(cy, "9 minutes"), revision=draft.revision, by=cy, now=now
    )
    assert owner.post(reverse("policy_publish"), revision).status_code == 409
    assert PolicyVersion.objects.count() == 1
    assert owner.post(reverse("policy_publish"), {"revision": "x"}).status_code == 422


def test_the_replay_is_asked_watched_and_stopped(desk, draft):
    url = reverse("policy_replay")
    assert desk.post(url, {"days": "90"}).headers["Location"] == reverse("policy_draft")
    said = body(desk.get(url, headers={"HX-Request": "true"}))
    assert 'hx-trigger="every 1s"' in said
    assert '<meta http-equiv="refresh"' in body(desk.get(reverse("policy_draft")))
    assert desk.post(reverse("policy_replay_stop")).status_code == 302
    stopped = access.latest_replay(draft)
    assert stopped is not None
    assert stopped.state == "stopped"
    assert "hx-trigger" not in body(desk.get(url, headers={"HX-Request": "true"}))


@pytest.mark.parametrize("days", ["x", "0", "731", "99999", ""])
def test_a_replay_of_days_that_are_none_is_refused(desk, draft, days):
    assert desk.post(reverse("policy_replay"), {"days": days}).status_code == 422
    assert access.latest_replay(draft) is None


def test_another_house_sees_no_draft_of_ours(draft, now):
    eve = browser_of(of_another_house(now))
    assert eve.get(reverse("policy_draft")).headers["Location"] == reverse("policy_begin")
    for name in ("policy_ask", "policy_discard", "policy_reason", "policy_rebase"):
        assert eve.post(reverse(name), {"revision": "1", "change": WAIT}).status_code == 404
    assert fresh(draft).discarded_at is None
