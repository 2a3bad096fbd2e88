"""A host on duty: goes to whoever rings, is with them, gives something, and is done."""

import uuid
from uuid import UUID

import httpx
import psycopg

from tests.endurance.diary import Tap
from tests.endurance.hotel import PASSWORD, Host as Listed
from tests.endurance.person import Person

BETWEEN_VISITS = 1.0  # seconds on average
DEAREST = 40  # cents: the day's purse must last for the evening
A_SECOND_THING = 0.3

RINGING = """
select id from page_page where site_id = %s and purpose = 'reach' and state = 'ringing'
order by random() limit 1
"""
FREE_REMEDY = "select id from amends_remedy where site_id = %s and price_minor = 0"


class Host:
    """One of several; two at each site, who also run into each other."""

    def __init__(self, person: Person, listed: Listed, database_url: str) -> None:
        self._person = person
        self._listed = listed
        self._database_url = database_url

    def sign_in(self) -> None:
        """With e-mail address and password."""
        self._person.browser.get("/account/login/")
        form = {"login": self._listed.email, "password": PASSWORD}
        answer = self._say("/account/login/", **form)
        assert answer.status_code == 302, answer.status_code

    def live(self) -> None:
        """Makes amends until the evening is over."""
        for _ in self._person.moments(BETWEEN_VISITS):
            if page := self._look(RINGING):
                self._visit(page)

    def _visit(self, page: UUID) -> None:
        for answer in ("going", "with"):
            self._say(f"/pager/{page}/{answer}/")
        minor = self._person.chance.randint(1, DEAREST)
        form = {"do": "give", "name": "Dessert", "amount": f"{minor / 100:.2f}"}
        second = self._person.chance.random() < A_SECOND_THING
        if second and (remedy := self._look(FREE_REMEDY)):
            form["remedy"] = str(remedy)
        self._give(page, form, Tap(self._listed.id, minor, len(form) - 2))

    def _give(self, page: UUID, form: dict[str, str], tap: Tap) -> None:
        """Who comes second to a page is led back to it, or refused."""
        key = uuid.uuid4().hex
        self._person.diary.taps[key] = tap
        answer = self._say(f"/pager/{page}/give/", key=key, **form)
        assert answer.status_code in (302, 403, 404, 409, 422), answer.status_code
        tap.given = answer.headers.get("location") == "/pager/"  # else to the page as it is by now

    def _say(self, path: str, **form: str) -> httpx.Response:
        token = self._person.browser.cookies.get("csrftoken", "")
        answer = self._person.say("web", path, data=form, headers={"X-CSRFToken": token})
        assert answer is not None
        assert "/account/login" not in answer.headers.get("location", ""), "signed out"
        return answer

    def _look(self, query: str) -> UUID | None:
        """Something at this site; nothing while the database is away."""
        try:
            with psycopg.connect(
                self._database_url, options="-c makegood.organisation=*"
            ) as connection:
                row = connection.execute(query, [self._listed.site_id]).fetchone()
        except psycopg.OperationalError:
            return None
        return row[0] if row else None
