"""The catalogue: what a site can give, kept by whoever sets the site up."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from makegood.amends.gifts import LONGEST_NAME, check_amount
from makegood.amends.models import Remedy
from makegood.ground.money import Money
from makegood.ground.refusals import Invalid, Refused
from makegood.people.models import Site

LONGEST_NOTE = 120


@transaction.atomic
def add_remedy(
    *,
    site: Site,
    name: str,
    price: Money,
    note: str = "",
    kind: Remedy.Kind | str = Remedy.Kind.GESTURE,
    topics: Iterable[str] = (),
    position: int = 0,
) -> Remedy:
    """Adds something the site can give; refuses no name, a second of the same name, a bad price."""
    if kind not in Remedy.Kind.values:
        raise Invalid("A remedy is given on the spot or as a coupon.", field="kind")
    checked = check_amount(price, currency=site.organisation.currency, field="price")
    return Remedy.objects.create(
        organisation_id=site.organisation_id,
        site=site,
        name=_free_name(site, name),
        note=_short(note, LONGEST_NOTE, field="note"),
        kind=kind,
        price_minor=checked.minor,
        currency=checked.currency,
        topics=sorted({topic.strip() for topic in topics} - {""}),
        position=position,
    )


@transaction.atomic
def rename_remedy(*, remedy: Remedy, name: str, note: str | None = None) -> Remedy:
    """Calls it something else from now on; what was given keeps the name it was given under."""
    remedy.name = _free_name(remedy.site, name, but=remedy)
    if note is not None:
        remedy.note = _short(note, LONGEST_NOTE, field="note")
    remedy.save(update_fields=["name", "note"])
    return remedy


@transaction.atomic
def retire_remedy(*, remedy: Remedy, now: datetime) -> Remedy:
    """Offers it no longer; retiring twice changes nothing."""
    Remedy.objects.filter(pk=remedy.pk, retired_at=None).update(retired_at=now)
    remedy.refresh_from_db()
    return remedy


def _free_name(site: Site, name: str, but: Remedy | None = None) -> str:
    short = _short(name, LONGEST_NAME, field="name")
    if not short:
        raise Invalid("Give it a name your team will recognise.", field="name")
    same = site.remedies.filter(name__iexact=short, retired_at=None)
    if but:
        same = same.exclude(pk=but.pk)
    if same.exists():
        raise Refused(f"“{short}” is in the catalogue already.", code="taken", field="name")
    return short


def _short(text: str, limit: int, *, field: str) -> str:
    one_line = " ".join(text.split())
    if len(one_line) > limit:
        raise Invalid(f"Say it in {limit} characters.", field=field)
    return one_line
