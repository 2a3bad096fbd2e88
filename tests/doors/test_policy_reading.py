"""The policy read: by everyone of the house, in words, as text, beside another; by nobody else."""

import re

import pytest
from django.urls import reverse

from makegood.recover import access
from makegood.recover.models import PolicyVersion
from makegood.recover.policy.editing import set_value
from makegood.recover.versions import drafting, enacting
from tests.doors.colleagues import body, browser_of, of_another_house
from tests.doors.guests import on_duty, pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

LONGER = "50 seconds"


def published(by, now, path="ladders.reach.1.wait", value=LONGER):
    """The next version: one value is another one."""
    text = set_value(access.policy_in_force(by).document, path, value)
    draft = drafting.begin_draft(by=by, now=now, text=text)
    return enacting.publish_draft(draft=draft, revision=draft.revision, by=by, now=now)


def test_a_host_reads_it_in_words(bo):
    said = body(browser_of(bo).get(reverse("policy")))
    assert "How we make good" in said
    assert "Somebody presses" in said
    assert "if something went wrong" in said
    assert "Make amends" in said
    assert "none due yet" in said
    assert "Who is on duty at the place" in said
    assert "We are" not in said.split("<main")[0]


def test_a_host_finds_nothing_to_change(bo, now):
    said = body(browser_of(bo).get(reverse("policy")))
    assert reverse("policy_begin") not in said
    assert "/edit/" not in said
    for name in ("policy_draft", "policy_begin", "policy_edit_text", "policy_replay"):
        assert browser_of(bo).get(reverse(name)).status_code == 403
    assert browser_of(bo).get(reverse("policy_edit", args=["contact-step"])).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client, fairline):
    assert client.get(reverse("policy")).headers["Location"].startswith("/account/login/")


def test_every_version_can_be_read_and_compared(cy, di, now):
    published(di, now)
    desk = browser_of(cy)
    assert "Number 2 is in force" in body(desk.get(reverse("policy_versions")))
    first = body(desk.get(reverse("policy_version", args=[1])))
    assert "Number 2 is in force." in first
    text = body(desk.get(reverse("policy_text", args=[1])))
    assert "{who: manager, wait: 60 seconds}" in text
    bare = desk.get(reverse("policy_document", args=[2]))
    assert bare.headers["Content-Type"].startswith("text/plain")
    assert "wait: 50 seconds" in body(bare)
    said = body(desk.get(reverse("policy_compare"), {"before": "1", "after": "2"}))
    assert "<del>1 minute</del> <ins>50 seconds</ins>" in said


def test_another_houses_versions_are_not_found(di, now):
    published(di, now)
    eve = browser_of(of_another_house(now))
    for name in ("policy_version", "policy_text", "policy_document", "policy_cases"):
        assert eve.get(reverse(name, args=[2])).status_code == 404
    assert eve.get(reverse("policy_roll_back", args=[2])).status_code == 404
    assert "Number 1 is in force" in body(eve.get(reverse("policy")))


@pytest.mark.parametrize(("before", "after", "status"), [
    ("x", "1", 422), ("1", "99", 404), ("1", "9" * 30, 422), ("draft", "1", 404), ("-1", "1", 422),
])  # fmt: skip
def test_versions_that_are_none_are_refused(cy, before, after, status):
    answer = browser_of(cy).get(reverse("policy_compare"), {"before": before, "after": after})
    assert answer.status_code == status


def test_gold_only_where_the_word_was_kept(cy, bo, table_14, now):
    on_duty(bo, now)
    for _press in range(10):
        triaged(pressed(table_14, now), now)
    said = body(browser_of(cy).get(reverse("policy")))
    seam = said[said.index('class="seam-h') : said.index("</svg>", said.index('class="seam-h'))]
    assert "is-mended" not in seam or "kept" in said


def test_who_still_stands_on_an_earlier_version(cy, di, bo, table_14, now):
    on_duty(bo, now)
    case = triaged(pressed(table_14, now), now)
    published(di, now)
    desk = browser_of(cy)
    assert "One open case still stands on an earlier one." in body(
        desk.get(reverse("policy_versions"))
    )
    said = body(desk.get(reverse("policy_cases", args=[1])))
    assert case.reference in said
    assert f"{reverse('case_version', args=[case.pk])}?to=2" in said
    assert "See what would change" not in body(
        browser_of(bo).get(reverse("policy_cases", args=[1]))
    )


def test_only_the_owner_rolls_back_and_says_why(cy, di, now):
    published(di, now)
    back = reverse("policy_roll_back", args=[1])
    assert browser_of(cy).get(back).status_code == 403
    assert browser_of(cy).post(back, {"reason": "I say so"}).status_code == 403
    desk = browser_of(di)
    assert "<del>50 seconds</del> <ins>1 minute</ins>" in body(desk.get(back))
    assert desk.post(back, {"reason": " "}).status_code == 422
    assert PolicyVersion.objects.count() == 2
    assert desk.post(back, {"reason": "Too hasty"}).status_code == 302
    newest = PolicyVersion.objects.get(number=3)
    assert newest.reason == "Too hasty"
    assert "Too hasty" in body(desk.get(reverse("policy_versions")))
    assert "This is what is in force already." in body(desk.post(back, {"reason": "Again"}))


def test_no_script_stands_in_the_page(cy):
    said = body(browser_of(cy).get(reverse("policy")))
    assert not re.search(r"<script(?! src=)", said)
    assert " onclick" not in said
