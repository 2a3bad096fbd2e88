"""The turns a case takes, told from the facts in the chronicle."""

from collections.abc import Callable, Mapping

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.recover import wording
from makegood.recover.life.calling import Outcome
from makegood.recover.models import Closure
from makegood.recover.record.book import Book, Moment

Teller = Callable[[Book, Entry], Moment | None]


def _say(kind: str, template: str, *, quote: str = "") -> Teller:
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


def _closed(book: Book, entry: Entry) -> Moment | None:
    """How it ended; that of a case that was joined with this one is told by the joining."""
    if entry.data["outcome"] == Closure.Outcome.MERGED and entry.about != book.case.pk:
        return None
    closure = Closure.objects.filter(case=entry.about, closed_at=entry.at).first()
    leads = {
        "confirmed": "Made good",
        "lost": "Closed as lost",
        "withdrawn": "Taken back",
        "merged": "Joined with another case",
    }
    return Moment(entry.at, "closed", leads[entry.data["outcome"]],
                  quote=closure.reason if closure else "")  # fmt: skip


def _put_off(book: Book, entry: Entry) -> Moment:
    what = book.title(entry) if entry.data["step"] else "the whole case"
    lead = f"{book.actor(entry) or 'We'} put off {what}"
    until = f"until {book.day(entry.data['until'], entry.at)}."
    return Moment(entry.at, "pause", lead, until, quote=entry.data["reason"])


def _woken(book: Book, entry: Entry) -> Moment:
    what = book.title(entry) if entry.data["step"] else "The case"
    return _decided(book, entry, "pause", f"{what} is on again")


def _waits(book: Book, entry: Entry) -> Moment:
    until = f"until {book.day(entry.data['until'], entry.at)} at the latest."
    return Moment(entry.at, "pause", f"We wait for {book.whom}", until, quote=entry.data["reason"])


def _goes_on(book: Book, entry: Entry) -> Moment:
    leads = {
        chronicle.CUSTOMER: f"{book.who} answered",
        chronicle.SYSTEM: f"{book.who} did not answer, we go on",
    }
    lead = leads.get(entry.by, f"{book.actor(entry)} goes on without an answer")
    days = entry.data["days"]
    moved = "Every promise moved on by a day." if days == 1 else (
        f"Every promise moved on by {wording.count(days)} days." if days else ""
    )  # fmt: skip
    return Moment(entry.at, "pause", lead, moved)


def _not_written(book: Book, entry: Entry) -> Moment:
    again = f"{book.title(entry)} waits until {book.day(entry.data['until'], entry.at)}."
    return Moment(entry.at, "pause", "Not written yet.", again, quote=entry.data["reason"])


def _armed(book: Book, entry: Entry) -> Moment:
    day = book.day(entry.data["due_at"], entry.at)
    return Moment(entry.at, "armed", f"{book.title(entry)} has its day now", f"{day}.")


def _called(book: Book, entry: Entry) -> Moment:
    outcome = Outcome(entry.data["outcome"])
    lead = f"{book.actor(entry) or 'We'} called {book.whom},"
    return Moment(entry.at, "call", lead, f"{outcome.words}.", quote=entry.data["words"])


def _joined(book: Book, entry: Entry) -> Moment:
    lead = f"Joined with {book.reference(entry.data['absorbed_id'])}"
    return _decided(book, entry, "joined", lead)


def _parted(book: Book, entry: Entry) -> Moment:
    lead = f"Two cases again, {book.reference(entry.data['absorbed_id'])} is its own"
    return _decided(book, entry, "joined", lead)


def _split(book: Book, entry: Entry) -> Moment:
    lead = f"{book.reference(entry.data['new_case_id'])} became a case of its own"
    return _decided(book, entry, "split", lead)


def _split_undone(book: Book, entry: Entry) -> Moment:
    lead = f"{book.reference(entry.data['new_case_id'])} belongs to this one again"
    return _decided(book, entry, "split", lead)


def _moved(book: Book, entry: Entry) -> Moment:
    lead = f"Policy {entry.data['to_number']} holds now"
    words = f"instead of {entry.data['from_number']}. {_by_whom(book, entry)}"
    return Moment(entry.at, "moved", lead, words, quote=entry.data["reason"])


def _decided(book: Book, entry: Entry, kind: str, lead: str) -> Moment:
    """A turn that somebody decided: two sentences, and why."""
    who = _by_whom(book, entry)
    lead = f"{lead}." if who else lead
    return Moment(entry.at, kind, lead, who, quote=entry.data.get("reason", ""))


def _by_whom(book: Book, entry: Entry) -> str:
    actor = book.actor(entry)
    return f"{actor} decided this." if actor else ""


TELLERS: Mapping[str, Teller] = {
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
    "recover.case_handed_over": _say("handed", "{colleague} took the case over", quote="word"),
    "recover.case_closed": _closed,
    "recover.case_reopened": _say("reopened", "Opened again", quote="reason"),
    "recover.snoozed": _put_off,
    "recover.snooze_ended": _woken,
    "recover.wait_began": _waits,
    "recover.wait_ended": _goes_on,
    "recover.contact_put_off": _not_written,
    "recover.step_armed": _armed,
    "recover.step_rearmed": _say("rearmed", "{step} waits again", quote="reason"),
    "recover.call_logged": _called,
    "recover.correction_confirmed": _say(
        "checked", "{actor} looked whether it is done", quote="checked"
    ),
    "recover.cases_merged": _joined,
    "recover.merger_undone": _parted,
    "recover.case_split": _split,
    "recover.split_undone": _split_undone,
    "recover.version_moved": _moved,
}
