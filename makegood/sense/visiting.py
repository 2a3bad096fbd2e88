"""A customer we know is with us again."""

from datetime import datetime, timedelta

from django.db import transaction

from makegood.ground import chronicle
from makegood.people.models import Customer, Site, Staff
from makegood.sense.facts import VisitBegan
from makegood.sense.missing import watch_over
from makegood.sense.models import Visit

ONE_VISIT = timedelta(hours=12)


def note_visit(*, customer: Customer, site: Site, by: Staff | None, now: datetime) -> Visit:
    """Notes that `customer` is at `site`; within half a day it is still the same visit."""
    with transaction.atomic():
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        running = Visit.objects.filter(
            customer=customer, site=site, began_at__gt=now - ONE_VISIT
        ).first()
        if running:
            return running
        visit = Visit.objects.create(
            organisation_id=site.organisation_id,
            site=site,
            customer=customer,
            began_at=now,
            noted_by=by,
        )
        watch_over(site, now=now)
        chronicle.record(
            VisitBegan(customer_id=customer.pk, site_id=site.pk),
            organisation_id=site.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
            about=visit.pk,
        )
    return visit
