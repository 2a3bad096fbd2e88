"""Whose case it is: what we know of the customer, and how to reach them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from makegood.people.calling import called, called_within
from makegood.people.models import ContactPoint, Customer
from makegood.recover import wording
from makegood.recover.knowing import name_of_guest
from makegood.recover.life.callbacks import waiting_callback
from makegood.recover.models import Callback, Case, Closure
from makegood.sense import topics
from makegood.sense.models import Remark, Signal

MOST_EARLIER = 3


@dataclass(frozen=True)
class Earlier:
    """One case of before: when, what, how it ended."""

    url: str
    month: str
    what: str


@dataclass(frozen=True)
class Whose:
    """The customer as the workspace shows them; `first_name` is empty where nobody told us.

    `others` at the same table left an address too.
    """

    customer: Customer | None
    name: str
    first_name: str
    email: str
    phone: str
    visits: str
    room: str
    earlier: Sequence[Earlier]
    callback: Callback | None
    pressed: bool
    others: Sequence[str]

    @property
    def called(self) -> str:
        """The first name within a sentence, or what we say instead."""
        return called_within(self.first_name) or _("the guest")

    @property
    def may_write(self) -> bool:
        """Whether they let us write to them."""
        return self.customer is None or self.customer.no_messages_at is None

    @property
    def may_ask(self) -> bool:
        """Whether they let us ask them how it was."""
        return self.customer is None or self.customer.no_questions_at is None


def whose_is(case: Case, now: datetime) -> Whose:
    """What is known of the customer of `case` at `now`."""
    customer = case.customer
    points = _points(customer, now) if customer else {}
    waiting = waiting_callback(case)
    name = name_of_guest(case)
    return Whose(
        customer=customer,
        name=name,
        first_name=called(name),
        email=points.get(ContactPoint.Kind.EMAIL, ""),
        phone=points.get(ContactPoint.Kind.PHONE, "") or (waiting.phone if waiting else ""),
        visits=_visits(customer) if customer else "",
        room=points.get(ContactPoint.Kind.ROOM, "").rpartition("/")[2],
        earlier=_earlier(case),
        callback=waiting,
        pressed=_pressed(case),
        others=_others(case, now),
    )


def _others(case: Case, now: datetime) -> list[str]:
    """Who else said that something of this is theirs: by name, or by how we reach them."""
    if case.customer_id is None:
        return []
    named = Customer.objects.filter(signals__case_signal__case=case).exclude(pk=case.customer_id)
    found = named.distinct().order_by("first_met_at", "pk")
    return [one.name or next(iter(_points(one, now).values()), str(one)) for one in found]


def _pressed(case: Case) -> bool:
    """Whether somebody pressed a button: then they have a page of ours."""
    made = Signal.objects.filter(case_signal__case=case, kind=Signal.Kind.PRESS)
    return made.exists()


def signal_of_customer(case: Case) -> Signal | None:
    """The signal that told us whose case it is, or what opened it: there we keep what we learn."""
    theirs = Signal.objects.filter(case_signal__case=case, customer=case.customer_id)
    told = theirs.order_by("happened_at", "pk").first() if case.customer_id else None
    return told or first_signal(case)


def first_signal(case: Case) -> Signal | None:
    """What opened the case."""
    return Signal.objects.filter(case_signal__case=case).order_by("happened_at", "pk").first()


def their_words(case: Case) -> str:
    """What the customer wrote first, and nobody else at their table."""
    signals = Signal.objects.filter(case_signal__case=case)
    if case.customer_id:
        signals = signals.filter(Q(customer=None) | Q(customer=case.customer_id))
    said = signals.exclude(words="")
    words = (
        said.exclude(kind__in=Signal.OURS)
        .order_by("happened_at")
        .values_list("words", flat=True)
        .first()
    )
    if words:
        return words
    more = Remark.objects.filter(signal__in=signals).exclude(words="")
    return more.order_by("said_at").values_list("words", flat=True).first() or ""


def noticed_by_us(case: Case) -> str:
    """What we noticed ourselves before anybody told us, as we would tell the customer."""
    reported = Signal.objects.filter(case_signal__case=case, touched__isnull=False)
    return reported.order_by("happened_at").values_list("words", flat=True).first() or ""


def _points(customer: Customer, now: datetime) -> dict[str, str]:
    """The newest valid point of each kind."""
    valid = Q(valid_until=None) | Q(valid_until__gt=now)
    points = customer.contact_points.filter(valid).order_by("valid_from")
    return {point.kind: point.value for point in points}


def _visits(customer: Customer) -> str:
    visits = list(customer.visits.order_by("-began_at").values_list("began_at", flat=True))
    if not visits:
        return ""
    last = date_format(timezone.localtime(visits[0]), "j F")
    return _("%(ordinal)s visit, since %(day)s") % {
        "ordinal": wording.ordinal(len(visits)), "day": last,
    }  # fmt: skip


def _earlier(case: Case) -> list[Earlier]:
    if case.customer is None:
        return []
    before = case.customer.cases.filter(opened_at__lt=case.opened_at)
    found = before.order_by("-opened_at").prefetch_related("closures")[:MOST_EARLIER]
    return [_told(earlier) for earlier in found]


def _told(earlier: Case) -> Earlier:
    closures = [one for one in earlier.closures.all() if one.reopened_at is None]
    what = topics.in_words([earlier.topic])
    how = {
        Closure.Outcome.CONFIRMED: _("%(what)s, made good"),
        Closure.Outcome.LOST: _("%(what)s, lost"),
        Closure.Outcome.WITHDRAWN: _("%(what)s, taken back"),
        Closure.Outcome.MERGED: _("%(what)s, joined with another case"),
    }
    pattern = how[Closure.Outcome(closures[0].outcome)] if closures else _("%(what)s, still open")
    return Earlier(
        url=reverse("case", args=[earlier.pk]),
        month=date_format(timezone.localtime(earlier.happened_at), "M Y"),
        what=pattern % {"what": what},
    )
