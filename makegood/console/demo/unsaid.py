"""What nobody told us: a late kitchen and two quiet guests, a review, a regular who stays away."""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Final

from makegood.console.demo import acting
from makegood.console.demo.house import House
from makegood.console.demo.stage import Stage
from makegood.ground import chronicle
from makegood.people.contacts import EMAIL, Contact
from makegood.people.models import Customer
from makegood.people.recognising import recognise
from makegood.sense.reporting import Happening, Whom, report_incident
from makegood.sense.reviewing import Written, note_review
from makegood.sense.visiting import note_visit

QUIET: Final = ("Nadia Farouk", "Leo Brandt")
REGULAR: Final = "Vera Lindt"
STAYS_AWAY_FOR: Final = 61  # days: noticed this morning at eight
COMES_EVERY: Final = 12
DINNER: Final = time(20, 40)
LUNCH: Final = time(12, 30)


class Unsaid:
    """Nobody complained, and yet there are four cases more."""

    def __init__(self, house: House, stage: Stage) -> None:
        self._house, self._stage = house, stage

    def plan(self, now: datetime) -> None:
        """Puts the regular's visits, last night's dinner and today's news on the stage."""
        for visit in range(6):
            days_ago = STAYS_AWAY_FOR + visit * COMES_EVERY
            moment = self._house.moment(now, days_ago=days_ago, at=LUNCH)
            self._stage.plan(moment, partial(self._comes, REGULAR))
        dinner = self._house.moment(now, days_ago=1, at=DINNER)
        for name in QUIET:
            self._stage.plan(dinner, partial(self._comes, name))
        self._stage.plan(now - timedelta(minutes=70), partial(self._kitchen_was_late, dinner))
        self._stage.plan(now - timedelta(minutes=50), self._review_is_read)

    def _comes(self, name: str, now: datetime) -> None:
        note_visit(customer=self._guest(name, now), site=self._house.site, by=None, now=now)

    def _kitchen_was_late(self, dinner: datetime, now: datetime) -> None:
        report_incident(
            site=self._house.site,
            happening=Happening(
                what="Your main course left our kitchen forty minutes late.",
                topic="waiting",
                place="Restaurant",
                happened_at=dinner,
                key="kitchen-was-late",
            ),
            whom=[Whom(customer=self._guest(name, now)) for name in QUIET],
            by=self._house.staff["Cy"],
            now=now,
        )

    def _review_is_read(self, now: datetime) -> None:
        signal = note_review(
            site=self._house.site,
            written=Written(
                source="Tripadvisor",
                key="https://reviews.example/fairline/2041",
                url="https://reviews.example/fairline/2041",
                stars=2,
                author="Henrik S.",
                words="Lovely room, but breakfast was picked clean at nine and nobody refilled it.",
                written_at=self._house.moment(now, days_ago=1, at=time(10, 15)),
            ),
            by=self._house.staff["Cy"],
            now=now,
        )
        self._stage.plan(
            now + timedelta(minutes=2),
            lambda then: acting.take_note(acting.case_of(signal).pk, self._house.staff["Cy"], then),
        )

    def _guest(self, name: str, now: datetime) -> Customer:
        address = f"{'.'.join(name.lower().split())}@guest.example"
        return recognise(
            organisation_id=self._house.site.organisation_id,
            contacts=[Contact(EMAIL, address)],
            name=name,
            site=self._house.site,
            by=chronicle.SYSTEM,
            now=now,
        )
