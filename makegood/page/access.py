"""How doors get pages and self-tests: only those within a person's reach."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from makegood.ground import links
from makegood.ground.refusals import NotFound
from makegood.page.equipment.kit import Quiet
from makegood.page.models import Answer, Attempt, Device, Page, PageQuerySet, SelfTest, Wishes
from makegood.page.rungs.climbing import PASSES
from makegood.people.models import Duty, Role, Site, Staff


def pages_ringing_for(staff: Staff) -> list[Page]:
    """The untaken pages this person was rung for and has not declined since, and visits where they
    are on duty that wait in the list because nobody may be rung more often, in their urgency;

    then those a colleague took of which this person has not said yet that they know.
    """
    passed = Answer.objects.filter(
        page=OuterRef("page"), staff=staff, kind__in=PASSES, round__gte=OuterRef("round")
    )
    rung = Attempt.objects.filter(page=OuterRef("pk"), staff=staff).exclude(Exists(passed))
    said = Answer.objects.filter(page=OuterRef("page"), staff=staff, round=OuterRef("round"))
    to_know = Attempt.objects.filter(
        page=OuterRef("pk"), round=OuterRef("round"), staff=staff, until_known=True
    ).exclude(Exists(said))
    declined = Answer.objects.filter(page=OuterRef("pk"), staff=staff, kind__in=PASSES)
    on_duty = Duty.objects.running().filter(staff=staff, site=OuterRef("site"))
    held = Q(Exists(on_duty), ~Exists(declined), sent_at=None, purpose__in=Page.VISITS)
    asks = Q(Exists(rung) | held, state=Page.State.RINGING) | Q(
        Exists(to_know), state__in=Page.IN_HAND_STATES
    )
    pages = _with_names().filter(asks, organisation_id=staff.organisation_id)
    return sorted(_most_pressing_first(pages), key=lambda page: page.taken_by_id is not None)


def current_page_of(staff: Staff) -> Page | None:
    """The page this person is going to, or with the customer of; the latest, if several."""
    pages = _with_names().in_hand().filter(taken_by=staff)
    return pages.order_by(F("going_at").desc(nulls_last=True), "-opened_at").first()


def page_for(staff: Staff, id: UUID) -> Page:
    """One page, for who works or is on duty at its site, was rung for it, or owns the house."""
    at_site = Duty.objects.running().filter(staff=staff, site=OuterRef("site"))
    rung = Attempt.objects.filter(page=OuterRef("pk"), staff=staff)
    reach = Q(site=staff.site_id) | Exists(at_site) | Exists(rung)
    pages = _with_names().filter(pk=id, organisation_id=staff.organisation_id)
    page = (pages if staff.role == Role.OWNER else pages.filter(reach)).first()
    if page is None:
        raise NotFound("We cannot find that page.")
    return page


def open_pages(site: Site) -> list[Page]:
    """The open pages of a site, most pressing first, with what was tried and said."""
    pages = _with_names().open().filter(site=site)
    return list(_most_pressing_first(pages).prefetch_related("attempts__staff", "answers__staff"))


def latest_page(about: UUID, purpose: str = Page.Purpose.REACH) -> Page | None:
    """The latest page of one matter and purpose: by default, who comes to the customer."""
    pages = _with_names().filter(about=about, purpose=purpose)
    return pages.order_by("-opened_at", "-pk").first()


def self_test_for(staff: Staff, id: UUID) -> SelfTest:
    """One of this person's own self-tests."""
    test = SelfTest.objects.select_related("site", "device").filter(pk=id, staff=staff).first()
    if test is None:
        raise NotFound("We cannot find that ring.")
    return test


def devices_of(staff: Staff) -> list[Device]:
    """This person's own devices in use, the oldest first."""
    return list(Device.objects.in_use().filter(staff=staff).order_by("added_at", "pk"))


def device_for(staff: Staff, id: UUID) -> Device:
    """One of this person's own devices in use."""
    device = Device.objects.in_use().filter(pk=id, staff=staff).first()
    if device is None:
        raise NotFound("We cannot find that device.")
    return device


def password_of(device: Device) -> str:
    """What a wrist pager says to be let in."""
    return links.close(links.PAGER, device.pk, device.link_version)


def wishes_of(staff: Staff) -> Wishes | None:
    """How this person wants to be rung, if they said so."""
    return Wishes.objects.filter(staff=staff).first()


def quiet_of(staff: Staff) -> Quiet | None:
    """The hours in which only what is grave rings this person, if they wished any."""
    wishes = wishes_of(staff)
    if wishes is None or wishes.quiet_from is None or wishes.quiet_until is None:
        return None
    zone = staff.site.timezone
    return Quiet(wishes.quiet_from, wishes.quiet_until, wishes.quiet_below, zone)


def _with_names() -> PageQuerySet:
    return Page.objects.select_related("taken_by", "site")


def _most_pressing_first(pages: QuerySet[Page]) -> QuerySet[Page]:
    return pages.order_by(F("leaves_at").asc(nulls_last=True), "opened_at", "pk")
