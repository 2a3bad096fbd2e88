"""Dates, names and failures in words, as customers and colleagues read them. Pure."""

from datetime import date, datetime, timedelta

from makegood.people.calling import called

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
NAMELESS = "A guest, name not given"


def day(moment: date, today: date) -> str:
    """`22 November`; with the year when it is not this year's or the coming one's season."""
    words = f"{moment.day} {moment:%B}"
    return words if abs((moment - today).days) < 300 else f"{words} {moment.year}"


def day_short(moment: date) -> str:
    """`5 Dec`."""
    return f"{moment.day} {moment:%b}"


def clock(moment: datetime) -> str:
    """`20:12`, `9:30`."""
    return f"{moment.hour}:{moment:%M}"


def when(moment: datetime, now: datetime) -> str:
    """A colleague's look at a time, both local: `20:12` today, `tomorrow 12:00`, `5 Dec`."""
    days = (moment.date() - now.date()).days
    if days == 0:
        return clock(moment)
    if days == 1:
        return f"tomorrow {clock(moment)}"
    return day_short(moment.date())


def lateness(due: datetime, done: datetime) -> str:
    """How late, both local: in days of the calendar, else in hours."""
    days = (done.date() - due.date()).days
    if days >= 1:
        return "a day late" if days == 1 else f"{count(days)} days late"
    hours = int((done - due) / timedelta(hours=1))
    if hours < 1:
        return "a little late"
    return "an hour late" if hours == 1 else f"{count(hours)} hours late"


def count(number: int) -> str:
    """Small numbers as words, others as digits."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`, `22nd`."""
    tail = "th" if number % 100 in (11, 12, 13) else ORDINALS.get(number % 10, "th")[-2:]
    return f"{number}{tail}"


def span(length: timedelta) -> str:
    """`48 s`, `1 min 55 s`, `12 min`, `2 h 5 min`, `3 days`."""
    seconds = int(abs(length).total_seconds())
    minutes, rest = divmod(seconds, 60)
    hours, left = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    if hours:
        return f"{hours} h {left} min" if left else f"{hours} h"
    if minutes >= 10 or (minutes and not rest):
        return f"{minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def failed_before(name: str, on: date, today: date, what: str) -> str:
    """`We failed Ana in March: room not ready`."""
    who = called(name) or "this guest"
    month = f"{on:%B}" if abs((today - on).days) < 300 else f"{on:%B %Y}"
    recent = on.year == today.year and on.month == today.month
    said = f"on {on.day} {on:%B}" if recent else f"in {month}"
    return f"We failed {who} {said}" + (f": {what}" if what else "")
