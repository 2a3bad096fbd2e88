"""Where letters leave the house: a server by its address, or a provider by its name and key."""

from hashlib import sha256
from hmac import digest
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

SCHEMES: Final = {"smtp": (25, "none"), "smtp+tls": (587, "starttls"), "smtps": (465, "tls")}
EXAMPLE: Final = "write it like smtp://user:password@mail.example.org:587."
KEYS: Final = {  # what Anymail calls the key of each provider that tells us what came of a mail
    "brevo": "API_KEY",
    "mailgun": "API_KEY",
    "postmark": "SERVER_TOKEN",
    "resend": "API_KEY",
    "sparkpost": "API_KEY",
}
PATIENCE: Final = (5, 15)  # seconds to connect, and for an answer


class MailServer(msgspec.Struct, frozen=True):
    """A mail server; `security` is none, starttls or tls."""

    host: str
    port: int
    user: str
    password: str
    security: str


class MailProvider(msgspec.Struct, frozen=True):
    """A provider of mail over HTTP; `api`: the address of its API, "" the usual one."""

    name: str
    key: str
    api: str

    @property
    def backend(self) -> str:
        """Anymail's way to it."""
        return f"anymail.backends.{self.name}.EmailBackend"

    @property
    def anymail(self) -> dict[str, Any]:
        """What Anymail needs to know. What a provider cannot do, like a header, is left out."""
        named = {KEYS[self.name]: self.key} | ({"API_URL": self.api} if self.api else {})
        theirs = {f"{self.name.upper()}_{name}": value for name, value in named.items()}
        return theirs | {"REQUESTS_TIMEOUT": PATIENCE, "IGNORE_UNSUPPORTED_FEATURES": True}


def hook_secret(secret: str) -> str:
    """User and password with which a provider tells us what came of a mail, from the house's."""
    return f"makegood:{digest(secret.encode(), b'makegood.mail.hook', sha256).hex()}"


def mail_server(url: str) -> MailServer:
    """Reads an address; raises `ValueError`, in words that follow a setting's name."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"must start with smtp://, smtp+tls:// or smtps://: {EXAMPLE}")
    usual_port, security = SCHEMES[parts.scheme]
    try:
        port = parts.port or usual_port
    except ValueError:
        raise ValueError(f"has a port that is not a number: {EXAMPLE}") from None
    if not parts.hostname:
        raise ValueError(f"names no host: {EXAMPLE}")
    return MailServer(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
    )


def mail_provider(name: str, key: str, api: str) -> MailProvider | None:
    """The provider of that name, None without a name; raises `ValueError` in a whole sentence."""
    if not name:
        if key or api:
            raise ValueError(
                "MAKEGOOD_MAIL_KEY and MAKEGOOD_MAIL_API are for a provider: "
                "set MAKEGOOD_MAIL_PROVIDER."
            )
        return None
    if name not in KEYS:
        known = ", ".join(KEYS)
        raise ValueError(f"MAKEGOOD_MAIL_PROVIDER={name} is none that we know: {known}.")
    if not key:
        raise ValueError(f"MAKEGOOD_MAIL_PROVIDER={name} needs its key: set MAKEGOOD_MAIL_KEY.")
    if api and (urlsplit(api).scheme not in ("http", "https") or not urlsplit(api).netloc):
        raise ValueError("MAKEGOOD_MAIL_API must be an address, like https://api.example.org/v3/.")
    return MailProvider(name, key, api)
