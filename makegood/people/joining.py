"""Who joins the house: the organisation itself, its sites, teams and staff."""

from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from babel.numbers import is_currency
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from makegood.ground import chronicle, tenancy
from makegood.ground.refusals import Invalid, Refused
from makegood.people.contacts import normal_email, normal_phone, region_of
from makegood.people.facts import OrganisationFounded, SiteAdded, StaffJoined
from makegood.people.models import Organisation, Role, Site, Staff, Team
from makegood.people.plain_text import one_line

PREFIX_LETTERS = 2


def create_organisation(
    *,
    name: str,
    site_name: str,
    timezone: str,
    currency: str,
    first_name: str,
    last_name: str,
    email: str,
    password: str,
    now: datetime,
    case_prefix: str = "",
    trade: str = "",
) -> Organisation:
    """Founds an organisation with its first site and its owner; its `trade` is told on.

    Refuses a time zone or currency that does not exist, an e-mail address somebody already signs
    in with, and a password that is too easy.
    """
    organisation = Organisation(
        name=one_line(name, field="name", longest=120, required=True),
        currency=_currency(currency),
        case_prefix=_prefix(case_prefix or site_name),
        created_at=now,
    )
    with transaction.atomic(), tenancy.scope(organisation.pk):
        organisation.save(force_insert=True)
        site = _new_site(organisation, site_name, timezone, field="site_name")
        owner = _new_staff(site, first_name, last_name, email, Role.OWNER, "Owner", password)
        chronicle.record(
            OrganisationFounded(owner_id=owner.pk, trade=trade),
            organisation_id=organisation.pk,
            at=now,
            by=chronicle.staff_actor(owner.pk),
            about=organisation.pk,
        )
    return organisation


def add_site(
    *,
    organisation: Organisation,
    name: str,
    timezone: str,
    now: datetime,
    by: Staff | None = None,
    phone: str = "",
    helper_sign: str = "",
) -> Site:
    """Adds a place. Refuses a time zone that does not exist and a phone number that cannot be."""
    with transaction.atomic():
        site = _new_site(organisation, name, timezone, phone=phone, helper_sign=helper_sign)
        _tell(SiteAdded(), organisation.pk, site.pk, now, by)
    return site


def add_team(*, site: Site, name: str) -> Team:
    """Adds a team of colleagues who cover for each other."""
    name = one_line(name, field="name", longest=80, required=True)
    return Team.objects.create(organisation_id=site.organisation_id, site=site, name=name)


def add_staff(
    *,
    site: Site,
    first_name: str,
    last_name: str,
    email: str,
    role: str,
    title: str,
    now: datetime,
    password: str | None = None,
    by: Staff | None = None,
    phone: str = "",
    team: Team | None = None,
) -> Staff:
    """Lets somebody join the staff of `site`; without a password they sign in by a mailed code.

    Refuses an e-mail address somebody already signs in with, an unknown role, an easy password.
    """
    if role not in Role.values:
        raise Invalid("Please choose host, manager or owner.", field="role")
    with transaction.atomic():
        staff = _new_staff(
            site, first_name, last_name, email, Role(role), title, password, phone=phone, team=team
        )
        _tell(StaffJoined(site_id=site.pk, role=role), site.organisation_id, staff.pk, now, by)
    return staff


def known_timezone(name: str, *, field: str = "timezone") -> str:
    """`name` if the world has such a time zone; refuses it otherwise."""
    if name not in available_timezones():
        raise Invalid("Please choose a time zone like Europe/Madrid.", field=field)
    return name


def _new_site(
    organisation: Organisation,
    name: str,
    timezone: str,
    *,
    phone: str = "",
    helper_sign: str = "",
    field: str = "name",
) -> Site:
    site = Site(
        organisation=organisation,
        name=one_line(name, field=field, longest=120, required=True),
        timezone=known_timezone(timezone),
        phone=normal_phone(phone, region=region_of(timezone)) if phone else "",
    )
    if helper_sign:
        site.helper_sign = one_line(helper_sign, field="helper_sign", longest=80)
    site.save(force_insert=True)
    return site


def _new_staff(
    site: Site,
    first_name: str,
    last_name: str,
    email: str,
    role: Role,
    title: str,
    password: str | None,
    *,
    phone: str = "",
    team: Team | None = None,
) -> Staff:
    if team and team.site_id != site.pk:
        raise Invalid("That team works at another site.", field="team")
    staff = Staff(
        organisation_id=site.organisation_id,
        site=site,
        team=team,
        email=normal_email(email),
        first_name=one_line(first_name, field="first_name", longest=60, required=True),
        last_name=one_line(last_name, field="last_name", longest=60),
        title=one_line(title, field="title", longest=80),
        role=role,
        phone=normal_phone(phone, region=region_of(site.timezone)) if phone else "",
    )
    _set_password(staff, password)
    try:
        with transaction.atomic():
            staff.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            "Somebody already signs in with this e-mail address.", code="email_taken", field="email"
        ) from error
    return staff


def _set_password(staff: Staff, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, staff)
        except ValidationError as error:
            raise Invalid(" ".join(error.messages), field="password") from error
    staff.set_password(password)  # None: no password fits


def _currency(code: str) -> str:
    code = code.strip().upper()
    if not is_currency(code):
        raise Invalid("Please choose a currency like EUR.", field="currency")
    return code


def _prefix(text: str) -> str:
    letters = [letter for letter in text.upper() if letter.isascii() and letter.isalnum()]
    return "".join(letters[:PREFIX_LETTERS]) or "MG"


def _tell(
    fact: chronicle.Fact, organisation_id: UUID, about: UUID, now: datetime, by: Staff | None
) -> None:
    chronicle.record(
        fact,
        organisation_id=organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=about,
    )
