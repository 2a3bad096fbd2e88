"""What we ask a newcomer, and nothing else."""

from collections.abc import Iterator
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from makegood.ground.refusals import Refused
from makegood.recover.policy.starters import DEFAULT, starters
from makegood.web.hours.lines import Line, every_day, lines_in, lines_of, periods_in

CURRENCIES = [("EUR", "€ EUR"), ("GBP", "£ GBP"), ("USD", "$ USD"), ("CHF", "CHF"), ("SEK", "SEK")]
ALWAYS = "always"
TRADES = [(starter.name, starter.title) for starter in starters().values()]


class PlaceForm(forms.Form):
    """The house, its first place, where customers press, and the owner's account."""

    house = forms.CharField(label=_("Name on the door"), max_length=120)
    trade = forms.ChoiceField(
        label=_("What are you?"), choices=TRADES, initial=DEFAULT, required=False
    )
    site = forms.CharField(label=_("First place"), max_length=120, initial=_("Main house"))
    tables = forms.IntegerField(
        label=_("How many tables?"), min_value=0, max_value=300, initial=12, required=False
    )
    others = forms.CharField(
        label=_("Other places to press"),
        required=False,
        max_length=500,
        help_text=_("With commas between: Lobby, Spa desk, Room 201."),
    )
    dwell_minutes = forms.IntegerField(
        label=_("Minutes until a guest who pressed is gone"), min_value=1, max_value=1440,
        initial=20,
        help_text=_("The first guess for when they leave."),
    )  # fmt: skip
    timezone = forms.CharField(label=_("Time zone"), initial="Europe/Madrid", max_length=64)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    first_name = forms.CharField(label=_("Your first name"), max_length=60)
    last_name = forms.CharField(label=_("Your last name"), max_length=60, required=False)
    email = forms.EmailField(label=_("Your e-mail"))
    password = forms.CharField(
        label=_("A password"), widget=forms.PasswordInput, help_text=_("10 characters or more.")
    )

    hours_refusal: Refused | None = None

    def clean_trade(self) -> str:
        """Who does not say begins as a hotel or restaurant."""
        return str(self.cleaned_data["trade"] or DEFAULT)

    def clean_timezone(self) -> str:
        """Refuses a name that is not in the world's list of zones."""
        zone = str(self.cleaned_data["timezone"]).strip()
        if zone not in available_timezones():
            raise forms.ValidationError(_("We know no such zone. Write it like Europe/Madrid."))
        return zone

    def clean_password(self) -> str:
        """Refuses what is quickly guessed, in words."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """At least one place to press is needed, and one day on which somebody is there."""
        cleaned = super().clean() or {}
        try:
            cleaned["periods"] = periods_in(self._posted())
        except Refused as refusal:
            self.hours_refusal = refusal
            self.add_error(None, refusal.message)
        if not self.errors and not list(self.places()):
            self.add_error("tables", _("Name at least one place where a guest can press."))
        return cleaned

    def lines(self) -> list[Line]:
        """The lines of opening hours, as written or as most begin, and two to spare."""
        if self.is_bound:
            return lines_in(self._posted())
        return lines_of(every_day(), spare=2)

    def _posted(self) -> QueryDict:
        return cast(QueryDict, self.data)

    def places(self) -> Iterator[str]:
        """The touchpoints to begin with, each once."""
        tables = [
            _("Table %(number)d") % {"number": n + 1}
            for n in range(self.cleaned_data.get("tables") or 0)
        ]
        others = [name.strip()[:60] for name in self.cleaned_data.get("others", "").split(",")]
        yield from dict.fromkeys(str(name) for name in (*tables, *others) if name)
