"""How allauth meets our staff: accounts are made by invitation, never by sign-up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """Closes sign-up: a manager adds colleagues, the first owner comes with the set-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
