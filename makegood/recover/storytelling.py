"""A case's whole story in order, as colleagues read it: what happened, who came, what was said."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.amends.models import Amends, AmendsRequest
from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.people.calling import called
from makegood.people.models import Staff
from makegood.recover import wording
from makegood.recover.knowing import name_of_guest
from makegood.recover.models import Case
from makegood.recover.publishing import policy_of
from makegood.sense import topics
from makegood.sense.models import Remark, Review, Signal
from makegood.sense.naming import in_a_sentence
from makegood.triage.models import Verdict
from makegood.words.models import Letter, Reply

OURS: Mapping[str, str] = {  # nobody told us: the words of the signal are ours
    Signal.Kind.INCIDENT: "We noticed it ourselves",
    Signal.Kind.SILENCE: "{who} stays away",
    Signal.Kind.PROMISE: "We broke our word",
}


@dataclass(frozen=True)
class LadderTime:
    """One stop of a page: Sent, Received, Seen, Going, With Ana; `face` is the last of these."""

    label: str
    at: datetime
    face: bool = False


@dataclass(frozen=True)
class Moment:
    """One entry of the story: `lead` in bold, `words` after it; times in the site's zone."""

    at: datetime
    kind: str
    lead: str
    words: str = ""
    quote: str = ""
    reasons: tuple[str, ...] = ()
    ladder: tuple[LadderTime, ...] = ()


@dataclass(frozen=True)
class Book:
    """All that is needed to tell one case."""

    case: Case
    known_as: str
    titles: Mapping[str, str]
    staff: Mapping[UUID, Staff]
    entries: list[Entry] = field(default_factory=list)

    @property
    def who(self) -> str:
        """The customer at the beginning of a sentence."""
        return self.known_as or "The guest"

    @property
    def whom(self) -> str:
        """The customer within a sentence."""
        return self.known_as or "the guest"

    def name(self, id: object) -> str:
        """First name of a colleague, from an id in a fact."""
        staff = self.staff.get(UUID(str(id))) if id else None
        return staff.first_name if staff else "A colleague"

    def actor(self, entry: Entry) -> str:
        """Who did it, from a fact's `by`."""
        return self.name(entry.by.removeprefix("staff:")) if entry.by.startswith("staff:") else ""

    def title(self, entry: Entry) -> str:
        """The step a fact is about, as colleagues read it."""
        return self.titles.get(entry.data["step"], entry.data["step"])


def story_of(case: Case) -> list[Moment]:
    """The story of `case`, the first first."""
    book = Book(
        case=case,
        known_as=called(name_of_guest(case)),
        titles={kind: plan.title for kind, plan in policy_of(case.policy_id).steps.items()},
        staff=Staff.objects.filter(organisation_id=case.organisation_id).in_bulk(),
        entries=list(Entry.objects.filter(about__in=_abouts(case)).order_by("at", "pk")),
    )
    zone = ZoneInfo(case.site.timezone)
    moments = [*_heard(book), *_came(book), *_given(book), *_written(book), *_told(book)]
    ordered = sorted(moments, key=lambda moment: moment.at)
    return [_local(moment, zone) for moment in ordered]


def _abouts(case: Case) -> list[UUID]:
    pages = Page.objects.filter(about=case.pk).values_list("pk", flat=True)
    return [case.pk, *pages]


def _heard(book: Book) -> Iterator[Moment]:
    """What the customer did and said, and what we made of it. Many presses are told as one."""
    signals = list(Signal.objects.filter(case_signal__case=book.case).order_by("happened_at", "pk"))
    presses = [signal for signal in signals if signal.kind == Signal.Kind.PRESS]
    told = [signal for signal in signals if signal not in presses[1:]]
    for signal in told:
        yield _signal(book, signal)
    if len(presses) > 1:
        more = wording.count(len(presses) - 1)
        yield Moment(
            presses[-1].happened_at, "presses", f"Pressed again, {more} more", "from here."
        )
    for verdict in Verdict.objects.filter(signal__in=told):
        lead = "Taken as it came" if verdict.raw else "Taken as genuine, and ours"
        yield Moment(verdict.decided_at, "verdict", lead, reasons=tuple(verdict.reasons))
    for remark in Remark.objects.filter(signal__in=signals):
        chosen = f"{topics.in_words(remark.topics)}." if remark.topics else ""
        yield Moment(remark.said_at, "remark", f"{book.who} said more", chosen, quote=remark.words)


def _signal(book: Book, signal: Signal) -> Moment:
    place = in_a_sentence(signal.place)
    if signal.kind in OURS:
        lead, words = OURS[signal.kind].format(who=book.who), signal.words
        where = f"at {place}. " if signal.kind == Signal.Kind.INCIDENT else ""
        return Moment(signal.happened_at, signal.kind, lead, f"{where}{words}")
    if signal.kind == Signal.Kind.REVIEW:
        source = Review.objects.values_list("source", flat=True).get(signal=signal)
        lead, words = f"{book.who} wrote about us on {source}, {signal.score} of 5", ""
    elif signal.kind == Signal.Kind.RATING:
        lead, words = f"{book.who} rated us {signal.score} of 5", f"for {place}."
    elif signal.kind == Signal.Kind.COMPLAINT:
        lead, words = f"{book.who} told us", f"at {place}."
    else:
        chosen = f" {topics.in_words(signal.topics)}." if signal.topics else ""
        lead, words = f"{book.who} pressed the button", f"at {place}.{chosen}"
    return Moment(signal.happened_at, signal.kind, lead, words, quote=signal.words)


def _came(book: Book) -> Iterator[Moment]:
    """Who was paged to the customer, with each time of it."""
    pages = Page.objects.filter(about=book.case.pk).select_related("taken_by").order_by("opened_at")
    for page in pages:
        who = page.taken_by.first_name if page.taken_by else "Nobody yet"
        lead = f"{who} was paged" if page.taken_by else "A page went out"
        yield Moment(
            page.opened_at, "page", f"{lead}.", _how_fast(book, page), ladder=_times(book, page)
        )


def _how_fast(book: Book, page: Page) -> str:
    if not page.with_at:
        return ""
    fast = f"{wording.span(page.with_at - page.happened_at)} from press to face"
    if page.purpose != Page.Purpose.REACH:
        return ""
    if not page.leaves_at:
        return f"{fast}."
    side = "before" if page.with_at <= page.leaves_at else "after"
    left = "would have left" if side == "before" else "was expected to leave"
    return f"{fast}, {wording.span(page.leaves_at - page.with_at)} {side} {book.whom} {left}."


def _times(book: Book, page: Page) -> tuple[LadderTime, ...]:
    stops = (
        ("Sent", page.sent_at), ("Received", page.received_at), ("Seen", page.seen_at),
        ("Going", page.going_at), (f"With {book.whom}", page.with_at),
    )  # fmt: skip
    return tuple(LadderTime(label, at, face=label.startswith("With")) for label, at in stops if at)


def _given(book: Book) -> Iterator[Moment]:
    given = Amends.objects.filter(about=book.case.pk).select_related("given_by")
    for amends in given:
        who = amends.given_by.first_name if amends.given_by else "The house"
        back = " Taken back." if amends.taken_back_at else ""
        words = f"{amends.name}, {amends.worth.in_words()}.{back}"
        yield Moment(amends.given_at, "amends", f"{who} gave", words)
    requests = AmendsRequest.objects.filter(about=book.case.pk)
    for request in requests.select_related("asked_by", "decided_by"):
        asked_by = request.asked_by.first_name if request.asked_by else "A colleague"
        words = f"for {request.name}, {request.worth.in_words()}."
        yield Moment(request.asked_at, "request", f"{asked_by} asked", words)
        if request.decided_at:
            who = request.decided_by.first_name if request.decided_by else "A senior"
            said = "said yes" if request.decision == "granted" else "said no"
            yield Moment(request.decided_at, "decision", f"{who} {said}", quote=request.reason)


def _written(book: Book) -> Iterator[Moment]:
    letters = Letter.objects.filter(about=book.case.pk, sent_at__isnull=False)
    for letter in letters.select_related("sender"):
        sender = letter.sender.first_name
        lead = f"{sender} wrote to {book.whom}"
        yield Moment(
            letter.sent_at or letter.drafted_at, "letter", lead, letter.subject, quote=letter.body
        )
    for reply in Reply.objects.filter(about=book.case.pk):
        yield Moment(reply.received_at, "reply", f"{book.who} wrote", quote=reply.words)


def _told(book: Book) -> Iterator[Moment]:
    """The rest, from the chronicle."""
    for entry in book.entries:
        tell = TELLERS.get(entry.name)
        moment = tell(book, entry) if tell else None
        if moment:
            yield moment


def _say(kind: str, template: str, *, quote: str = "") -> Callable[[Book, Entry], Moment]:
    """A teller: the template may name who, whom, actor, colleague, step; `quote` a fact's field."""

    def tell(book: Book, entry: Entry) -> Moment:
        data = entry.data
        lead = template.format(
            who=book.who,
            whom=book.whom,
            actor=book.actor(entry) or "We",
            colleague=book.name(data.get("staff_id")),
            step=book.title(entry) if "step" in data else "",
            score=data.get("score", ""),
        )
        return Moment(entry.at, kind, lead, quote=str(data.get(quote, "")) if quote else "")

    return tell


def _step_done(book: Book, entry: Entry) -> Moment | None:
    """Validate and what other entries tell already are left out; what a person says is told."""
    late = "Late, but done" if entry.data["late"] else "Done"
    return Moment(entry.at, "step", f"{book.title(entry)}.", f"{late}.")


def _closed(book: Book, entry: Entry) -> Moment:
    closure = book.case.closures.filter(closed_at=entry.at).first()
    leads = {"confirmed": "Made good", "lost": "Closed as lost", "withdrawn": "Taken back"}
    return Moment(entry.at, "closed", leads[entry.data["outcome"]],
                  quote=closure.reason if closure else "")  # fmt: skip


TELLERS: Mapping[str, Callable[[Book, Entry], Moment | None]] = {
    "page.nobody_reached": _say("page", "Nobody was on duty"),
    "page.declined": _say("page", "{colleague} could not go"),
    "page.handed_over": _say("page", "{colleague} handed the page over"),
    "page.going_expired": _say("page", "{colleague} did not arrive, the page rang again"),
    "page.customer_left": _say("page", "{who} had left before {colleague} came"),
    "amends.nothing_given": _say("amends", "{colleague} gave nothing", quote="reason"),
    "recover.evidence_given": _say("evidence", "{actor}: {step}", quote="words"),
    "recover.step_done": _step_done,
    "recover.step_skipped": _say("skipped", "Left out: {step}", quote="reason"),
    "recover.step_overdue": _say("late", "Not done in time: {step}"),
    "recover.second_failure_seen": _say("again", "Failed before", quote="words"),
    "recover.callback_asked": _say("callback", "{who} asked to be called"),
    "recover.customer_called": _say("callback", "{actor} called {whom}", quote="words"),
    "recover.customer_confirmed": _say("confirmed", "{who} says that we kept our word"),
    "recover.customer_not_content": _say(
        "not_content", "{who} says it is not right", quote="words"
    ),
    "recover.handling_rated": _say("rated", "{who} rated our handling {score} of 5"),
    "recover.case_handed_over": _say("handed", "{colleague} took the case over"),
    "recover.case_closed": _closed,
    "recover.case_reopened": _say("reopened", "Opened again", quote="reason"),
}


def _local(moment: Moment, zone: ZoneInfo) -> Moment:
    times = tuple(
        LadderTime(stop.label, stop.at.astimezone(zone), stop.face) for stop in moment.ladder
    )
    return Moment(
        moment.at.astimezone(zone), moment.kind, moment.lead, moment.words, moment.quote,
        moment.reasons, times,
    )  # fmt: skip
