"""Holds one page while it changes, notes what was said to it, and says no when it is too late."""

from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import F

from makegood.ground import locks
from makegood.ground.refusals import Refused
from makegood.page.fitting import fitting
from makegood.page.models import Answer, Page, PageQuerySet
from makegood.people.models import Staff


def hold_with_matter(page: Page) -> Page:
    """The page as it is now, locked after what it is about, for words that the matter hears too."""
    locks.hold_matter(page.about)
    return hold(page)


def hold(page: Page) -> Page:
    """The page as it is now, its row locked until the transaction ends."""
    return Page.objects.select_for_update(of=("self",)).select_related("taken_by").get(pk=page.pk)


def hold_those_free(pages: PageQuerySet) -> list[Page]:
    """Pages of several matters, locked together; those that others keep busy are left out.

    Who holds one matter may wait for another's page; so whoever needs many at once gives way.
    """
    rows = pages.select_related("taken_by").order_by("pk")
    try:
        with transaction.atomic():
            locks.wait_at_most(locks.GIVES_WAY_AFTER)
            return list(rows.select_for_update(of=("self",)))
    except OperationalError as error:
        if not locks.was_in_the_way(error):
            raise
    return list(rows.select_for_update(skip_locked=True, of=("self",)))


def note_answer(
    page: Page,
    kind: Answer.Kind,
    *,
    staff: Staff | None,
    now: datetime,
    by_customer: bool = False,
    note: str = "",
) -> Answer:
    """Writes down what was said, in the page's present round."""
    return Answer.objects.create(
        organisation_id=page.organisation_id,
        page=page,
        staff=staff,
        kind=kind,
        round=page.round,
        said_at=now,
        by_customer=by_customer,
        note=fitting(Answer, "note", note),
    )


def rung_so_far(page: Page, *, but: Staff | None = None) -> list[UUID]:
    """Everybody whose screen this page has reached, without `but`, and the hand it is in."""
    rung = set(page.attempts.values_list("staff_id", flat=True))
    if page.taken_by_id:
        rung.add(page.taken_by_id)
    if but:
        rung.discard(but.pk)
    return sorted(rung)


def yet_to_know(page: Page) -> list[Staff]:
    """Those rung in this round on a rung where every hand counts, who have not said anything."""
    if not page.asks_every_hand:
        return []
    said = {answer.staff_id for answer in page.answers.all() if answer.round == page.round}
    rung = [one for one in page.attempts.all() if one.until_known and one.round == page.round]
    asked = {one.staff_id: one.staff for one in rung if one.staff_id not in said}
    return [asked[pk] for pk in sorted(asked)]


def has_declined(page: Page, staff: Staff) -> bool:
    """Whether this person said they can't, and has not been rung in a later round since."""
    declined = page.answers.filter(staff=staff, kind=Answer.Kind.CANT)
    latest = declined.order_by("-round").values_list("round", flat=True).first()
    if latest is None:
        return False
    return not page.attempts.filter(staff=staff, round__gt=latest).exists()


def last_on_the_way(page: Page) -> Staff | None:
    """Whose page it is, or who last said they were going."""
    if page.taken_by:
        return page.taken_by
    going = page.answers.filter(kind=Answer.Kind.GOING, staff__isnull=False)
    answer = going.select_related("staff").order_by(F("said_at").desc(), "-pk").first()
    return answer.staff if answer else None


def taken(page: Page) -> Refused:
    """Somebody else was first: said gently, with their name."""
    name = page.taken_by.first_name if page.taken_by else "A colleague"
    with_them = page.state == Page.State.WITH
    doing = f"with {page.guest}" if with_them else f"going to {page.customer}"
    return Refused(f"{name} is already {doing}. Thank you.", code="taken")


def over(page: Page) -> Refused:
    """The page has ended: nobody needs to go."""
    why = (
        "The guest took it back."
        if page.state == Page.State.CANCELLED
        else "This one is already looked after."
    )
    return Refused(f"{why} Nobody needs to go.", code="over")
