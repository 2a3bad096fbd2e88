"""How allauth meets our staff: accounts are made by invitation, never by sign-up."""

from typing import Any, Final

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from makegood.ground import mailing
from makegood.ground.refusals import Refused
from makegood.people.models import Staff

NOT_NOW: Final = 503
SECOND_FACTOR = "allauth.mfa.stages.AuthenticateStage"

log = structlog.get_logger()


class StaffAdapter(DefaultAccountAdapter):
    """Closes sign-up: a manager adds colleagues, the first owner comes with the set-up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account has been put to rest. Ask your manager."),
        "email_password_mismatch": gettext_lazy(
            "This e-mail and password do not belong together. Check both, or ask for a code."
        ),
        "incorrect_code": gettext_lazy("This is not the code. Look at the newest mail."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "invalid_login": gettext_lazy("That did not work. Try again, or ask for a code."),
        "too_many_login_attempts": gettext_lazy(
            "That was tried too often. Wait five minutes, or ask for a code."
        ),
        "rate_limited": gettext_lazy("That was tried too often. Wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_stages(self) -> list[str]:
        """A device stands in for the password, so that a lost phone locks nobody out."""
        return [stage for stage in super().get_login_stages() if stage != SECOND_FACTOR]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show that it is still you, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate:webauthn": _("Use this device"),
        }
        return [
            way | {"description": words.get(way["id"], way["description"])}
            for way in super().get_reauthentication_methods(user)
        ]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Speaks in the name of the house the address belongs to; says so if it cannot leave."""
        staff = Staff.objects.filter(email__iexact=email).select_related("organisation").first()
        whose = {"house": staff.organisation.name, "name": staff.first_name} if staff else {}
        try:
            super().send_mail(template_prefix, email, whose | context)
        except mailing.FAILURES as error:
            log.warning("a mail to a colleague did not leave", error=repr(error))
            said = _("The mail could not leave just now. Use your password, or try again later.")
            raise Refused(said, code="mail", status=NOT_NOW) from error


class DeviceAdapter(DefaultMFAAdapter):
    """Names devices as people do."""

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What the form proposes: My device."""
        return _("My device")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The device's own list of passkeys shows us as Makegood, not as an address."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Makegood"}
