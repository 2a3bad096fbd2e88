"""A case's whole story in order, as colleagues read it: what happened, who came, what was said."""

from collections.abc import Iterator, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from makegood.amends.models import Amends, AmendsRequest
from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.people.calling import called
from makegood.people.models import Staff
from makegood.recover import wording
from makegood.recover.belonging import matters_of
from makegood.recover.facts import CaseOpened
from makegood.recover.knowing import name_of_guest
from makegood.recover.models import Case
from makegood.recover.record.book import Book, LadderTime, Moment
from makegood.recover.record.turns import TELLERS
from makegood.recover.versions.publishing import policy_of
from makegood.sense import topics
from makegood.sense.access import changed_answers
from makegood.sense.models import Remark, Review, Signal
from makegood.sense.naming import in_a_sentence
from makegood.triage.models import Verdict
from makegood.words.models import Letter, Reply

OURS: Mapping[str, str] = {  # nobody told us: the words of the signal are ours
    Signal.Kind.INCIDENT: "We noticed it ourselves",
    Signal.Kind.SILENCE: "{who} stays away",
    Signal.Kind.PROMISE: "We broke our word",
}


def story_of(case: Case) -> list[Moment]:
    """The story of `case`, the first first."""
    book = open_book(case)
    zone = ZoneInfo(case.site.timezone)
    moments = [
        *_heard(book),
        *_begun(book),
        *_came(book),
        *_given(book),
        *_written(book),
        *_told(book),
    ]
    ordered = sorted(moments, key=lambda moment: moment.at)
    return [_local(moment, zone) for moment in ordered]


def open_book(case: Case) -> Book:
    """All that is needed to tell `case`, with what was joined with it."""
    policy = policy_of(case.policy_id)
    matters = matters_of(case.pk)
    pages = Page.objects.filter(about__in=matters).values_list("pk", flat=True)
    entries = Entry.objects.filter(about__in=[*matters, *pages]).order_by("at", "pk")
    return Book(
        case=case,
        known_as=called(name_of_guest(case)),
        titles={kind: policy.plan(kind, case.reaction).title for kind in policy.steps},
        staff=Staff.objects.filter(organisation_id=case.organisation_id).in_bulk(),
        matters=matters,
        entries=list(entries),
        references=_references(case),
    )


def _references(case: Case) -> dict[UUID, str]:
    """The numbers of the cases that were ever joined with this one, or split off it."""
    joined = Q(mergers__survivor=case) | Q(split_from__case=case) | Q(splits__new_case=case)
    others = Case.objects.filter(joined | Q(absorbed__absorbed=case)).distinct()
    return {other.pk: other.reference for other in others.select_related("organisation")}


def _heard(book: Book) -> Iterator[Moment]:
    """What the customer did and said, and what we made of it. Many presses are told as one."""
    signals = list(
        Signal.objects.filter(case_signal__case__in=book.matters).order_by("happened_at", "pk")
    )
    signals += changed_answers(signals)
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
        lead = f"{book.who} said more{'.' if chosen else ''}"
        yield Moment(remark.said_at, "remark", lead, chosen, quote=remark.words)


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
        rated = "now rates" if signal.answers_anew else "rated"
        lead, words = f"{book.who} {rated} us {signal.score} of 5", f"for {place}."
    elif signal.kind == Signal.Kind.COMPLAINT:
        lead, words = f"{book.who} told us", f"at {place}."
    else:
        chosen = f" {topics.in_words(signal.topics)}." if signal.topics else ""
        lead, words = f"{book.who} pressed the button", f"at {place}.{chosen}"
    return Moment(signal.happened_at, signal.kind, lead, words, quote=signal.words)


def _begun(book: Book) -> Iterator[Moment]:
    """By which line of the policy it became a case, and why it is taken so seriously."""
    for entry in book.entries:
        if entry.name == CaseOpened.name:
            yield Moment(
                entry.at, "begun", *_by_which_line(book, entry),
                reasons=tuple(entry.data.get("reasons", ())),
            )  # fmt: skip


def _by_which_line(book: Book, entry: Entry) -> tuple[str, str]:
    own = entry.about == book.case.pk
    lead = "It became a case" if own else f"{book.reference(entry.about)} became a case"
    by = f"by policy {entry.data['policy']}"
    line = entry.data.get("trigger", "").rstrip(".")
    return lead, f"{by}: “{line}”." if line else f"{by}."


def _came(book: Book) -> Iterator[Moment]:
    """Who was paged to the customer, with each time of it."""
    pages = (
        Page.objects.filter(about__in=book.matters).select_related("taken_by").order_by("opened_at")
    )
    signals = Signal.objects.filter(case_signal__case__in=book.matters)
    first = signals.order_by("happened_at", "pk").values_list("kind", flat=True).first()
    for page in pages:
        who = page.taken_by.first_name if page.taken_by else "Nobody yet"
        lead = f"{who} was paged" if page.taken_by else "A page went out"
        yield Moment(
            page.opened_at, "page", f"{lead}.", _how_fast(book, page, first == Signal.Kind.PRESS),
            ladder=_times(book, page), page=page,
        )  # fmt: skip


def _how_fast(book: Book, page: Page, pressed: bool) -> str:
    if not page.with_at or page.purpose != Page.Purpose.REACH:
        return ""
    took = wording.span(page.with_at - page.happened_at)
    fast = f"{took} from press to face" if pressed else f"Face to face after {took}"
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
    given = Amends.objects.filter(about__in=book.matters).select_related("given_by")
    for amends in given:
        who = amends.given_by.first_name if amends.given_by else "The house"
        back = " Taken back." if amends.taken_back_at else ""
        words = f"{amends.name}, {amends.worth.in_words()}.{back}"
        yield Moment(amends.given_at, "amends", f"{who} gave", words)
    requests = AmendsRequest.objects.filter(about__in=book.matters)
    for request in requests.select_related("asked_by", "decided_by"):
        asked_by = request.asked_by.first_name if request.asked_by else "A colleague"
        words = f"for {request.name}, {request.worth.in_words()}."
        yield Moment(request.asked_at, "request", f"{asked_by} asked", words)
        if request.decided_at:
            yield Moment(request.decided_at, "decision", _decided(request), quote=request.reason)


def _decided(request: AmendsRequest) -> str:
    if request.decision == AmendsRequest.Decision.LAPSED:
        return "Nobody decided any more"
    who = request.decided_by.first_name if request.decided_by else "A senior"
    granted = request.decision == AmendsRequest.Decision.GRANTED
    return f"{who} said yes" if granted else f"{who} said no"


def _written(book: Book) -> Iterator[Moment]:
    letters = Letter.objects.filter(about__in=book.matters, sent_at__isnull=False)
    for letter in letters.select_related("sender"):
        sender = letter.sender.first_name
        lead = f"{sender} wrote to {book.whom}:"
        yield Moment(
            letter.sent_at or letter.drafted_at, "letter", lead, letter.subject, quote=letter.body
        )
    for reply in Reply.objects.filter(about__in=book.matters):
        yield Moment(reply.received_at, "reply", f"{book.who} wrote", quote=reply.words)


def _told(book: Book) -> Iterator[Moment]:
    """The rest, from the chronicle."""
    for entry in book.entries:
        tell = TELLERS.get(entry.name)
        moment = tell(book, entry) if tell else None
        if moment:
            yield moment


def _local(moment: Moment, zone: ZoneInfo) -> Moment:
    times = tuple(
        LadderTime(stop.label, stop.at.astimezone(zone), stop.face) for stop in moment.ladder
    )
    return Moment(
        moment.at.astimezone(zone), moment.kind, moment.lead, moment.words, moment.quote,
        moment.reasons, times, moment.page,
    )  # fmt: skip
