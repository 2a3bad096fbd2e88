"""`makegood answer`: answers a page, as somebody on duty would from their pager."""

from uuid import UUID

import click

from makegood.ground import clock, tenancy
from makegood.ground.refusals import NotFound, Refused
from makegood.page import access
from makegood.page.duty.reading import asked_now
from makegood.page.hands import answering
from makegood.page.models import Page
from makegood.people.models import Site, Staff

VERBS = {
    "going": answering.going,
    "cant": answering.cant,
    "with": answering.with_customer,
    "left": answering.customer_left,
    "done": answering.finish,
}
SAID_OF = {  # in which state a page is for whom this is the next word
    "with": (Page.State.GOING,),
    "left": (Page.State.GOING,),
    "done": (Page.State.WITH, Page.State.GOING),
}


@click.command()
@click.argument("word", type=click.Choice(list(VERBS)))
@click.option("--as", "email", default="", help="Who answers; else whoever it rings for.")
@click.option("--page", "page_id", type=click.UUID, help="Which page; else the most pressing one.")
def command(word: str, email: str, page_id: UUID | None) -> None:
    """Answer a page: going, cant, with (the customer), left (they had gone), done."""
    with tenancy.everywhere():
        try:
            staff, page = _who_and_what(word, email, page_id)
            page = VERBS[word](page=page, staff=staff, now=clock.now())
        except Refused as refusal:
            raise click.ClickException(refusal.message) from None
        click.echo(f"{staff.first_name}, {page.place}: {page.get_state_display()}.")
        if page.state == Page.State.RINGING:
            names = " and ".join(asked.first_name for asked in asked_now(page))
            click.echo(f"It rings {names} now." if names else "It rings again soon.")


def _who_and_what(word: str, email: str, page_id: UUID | None) -> tuple[Staff, Page]:
    if email:
        staff = _staff(email)
        return staff, access.page_for(staff, page_id) if page_id else _theirs(staff, word)
    for page in _open_pages():
        staff_at_it = _at_it(page, word)
        if staff_at_it and (page_id is None or page.pk == page_id):
            return staff_at_it, page
    raise Refused("Nobody is on the way to anybody." if word in SAID_OF else "Nothing rings.")


def _staff(email: str) -> Staff:
    staff = Staff.objects.select_related("site").filter(email__iexact=email.strip()).first()
    if staff is None:
        raise NotFound(f"Nobody signs in as {email}.")
    return staff


def _theirs(staff: Staff, word: str) -> Page:
    held = access.current_page_of(staff) if word in SAID_OF else None
    ringing = access.pages_ringing_for(staff)
    page = held or (ringing[0] if ringing else access.current_page_of(staff))
    if page is None:
        raise Refused(f"Nothing rings for {staff.first_name}.")
    return page


def _open_pages() -> list[Page]:
    return [page for site in Site.objects.order_by("name") for page in access.open_pages(site)]


def _at_it(page: Page, word: str) -> Staff | None:
    """Who would say this of the page next: its hand, or the first who is being asked."""
    if word in SAID_OF:
        return page.taken_by if page.state in SAID_OF[word] else None
    asked = asked_now(page)
    return asked[0] if asked else None
