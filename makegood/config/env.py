"""Every setting the product reads from its environment: one name, one default, one line of help.

No Django here: the gateway reads its settings from this module too. `docs/reference/settings.md`
is written from `VARIABLES` (`makegood reference settings`), so this is the only list to keep.
"""

import difflib
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from makegood.config.broker_address import BrokerAddress, broker_address
from makegood.config.mail_address import (
    MailProvider,
    MailServer,
    hook_secret,
    mail_provider,
    mail_server,
)

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]

DATABASE_SCHEMES = ("postgresql", "postgres")
SHORTEST_SECRET = 32


class Misconfigured(Exception):
    """The environment cannot be used; the message names the variable and the remedy."""


class Variable(msgspec.Struct, frozen=True):
    """One environment variable as people meet it: its name, default and meaning."""

    name: str
    field: str
    default: str
    help: str


VARIABLES = (
    Variable(
        "DATABASE_URL",
        "database_url",
        "the embedded PostgreSQL in the data directory",
        "A PostgreSQL (15 or newer) of your own: postgresql://user:password@host:5432/name.",
    ),
    Variable(
        "MAKEGOOD_SECRET",
        "secret",
        "the file secret.key in the data directory, made at the first start",
        "Signs sessions and every public link; at least 32 characters. "
        "Changing it signs everybody out and voids printed QR cards.",
    ),
    Variable(
        "MAKEGOOD_DATA",
        "data",
        "./var",
        "Directory of everything that must survive a restart.",
    ),
    Variable(
        "MAKEGOOD_HOST",
        "host",
        "0.0.0.0",
        "Address the public port listens on. The default lets a phone in the same network reach "
        "it; 127.0.0.1 keeps it to this machine.",
    ),
    Variable("MAKEGOOD_PORT", "port", "8000", "The public port."),
    Variable(
        "MAKEGOOD_WEB_PORT",
        "web_port",
        "8001",
        "Loopback port on which the gateway finds the web process.",
    ),
    Variable(
        "MAKEGOOD_MQTT_PORT",
        "mqtt_port",
        "unset: no MQTT; webhooks are always heard",
        "Port on which the gateway listens for hardware buttons over MQTT: 1883, or 8883 with TLS.",
    ),
    Variable(
        "MAKEGOOD_MQTT_HOST",
        "mqtt_host",
        "0.0.0.0",
        "Address that port listens on. The default lets buttons in the same network reach it.",
    ),
    Variable(
        "MAKEGOOD_MQTT_CERT",
        "mqtt_cert",
        "unset: without TLS",
        "File with the certificate (and what leads to its root) for MQTT over TLS.",
    ),
    Variable(
        "MAKEGOOD_MQTT_KEY",
        "mqtt_key",
        "the file of MAKEGOOD_MQTT_CERT",
        "File with the private key of that certificate.",
    ),
    Variable(
        "MAKEGOOD_MQTT_BROKER",
        "mqtt_broker",
        "unset: devices come to us",
        "A broker of your own, as whose user we hear buttons and tell pagers: "
        "mqtts://user:password@host:8883, or mqtt:// without TLS (1883).",
    ),
    Variable(
        "MAKEGOOD_MQTT_BROKER_CA",
        "mqtt_broker_ca",
        "unset: the authorities this machine trusts",
        "File with the certificate of the authority that vouches for that broker.",
    ),
    Variable(
        "MAKEGOOD_URL",
        "url",
        "http://localhost:PORT",
        "The address customers and staff use, as printed on QR cards and in letters.",
    ),
    Variable(
        "MAKEGOOD_PUSH_SERVICES",
        "push_services",
        "unset: those of Google, Mozilla, Apple and Microsoft",
        "Further push services that phones may subscribe to, by origin and with spaces between: "
        "https://push.example.org.",
    ),
    Variable(
        "EMAIL_URL",
        "email_url",
        "unset: letters are kept as files in the data directory's outbox",
        "The mail server: smtp://user:password@host:25, smtp+tls://… (STARTTLS, 587) or "
        "smtps://… (TLS, 465).",
    ),
    Variable(
        "MAKEGOOD_MAIL_PROVIDER",
        "mail_provider_name",
        "unset: the mail server of EMAIL_URL",
        "A provider that takes mail over HTTP instead: brevo, mailgun, postmark, resend or "
        "sparkpost.",
    ),
    Variable(
        "MAKEGOOD_MAIL_KEY", "mail_key", "none", "The key (or server token) of that provider."
    ),
    Variable(
        "MAKEGOOD_MAIL_API",
        "mail_api",
        "the provider's usual address",
        "Where its API is, if elsewhere, like https://api.eu.mailgun.net/v3 in Europe.",
    ),
    Variable(
        "EMAIL_FROM",
        "email_from",
        "Makegood <makegood@localhost>",
        "Sender of letters that no named person signs.",
    ),
    Variable(
        "DEBUG",
        "debug",
        "false",
        "true shows Django's error pages. Never where customers can see them.",
    ),
)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The environment after checking; every field is described in `VARIABLES`."""

    database_url: str
    secret: str
    data: Path
    host: str
    port: Port
    web_port: Port
    url: str
    email_url: str
    email_from: str
    debug: bool
    mqtt_port: Port | None = None
    mqtt_host: str = "0.0.0.0"
    mqtt_cert: str = ""
    mqtt_key: str = ""
    mqtt_broker: str = ""
    mqtt_broker_ca: str = ""
    push_services: str = ""
    mail_provider_name: str = ""
    mail_key: str = ""
    mail_api: str = ""

    @property
    def mail(self) -> MailServer | None:
        """The mail server, or None when there is none."""
        try:
            return mail_server(self.email_url) if self.email_url else None
        except ValueError as error:
            raise Misconfigured(f"EMAIL_URL {error}") from None

    @property
    def mail_provider(self) -> MailProvider | None:
        """Who takes our mail over HTTP. Without it and without `mail` letters are kept as files
        in `outbox`."""
        try:
            return mail_provider(self.mail_provider_name, self.mail_key, self.mail_api)
        except ValueError as error:
            raise Misconfigured(str(error)) from None

    @property
    def mail_hook(self) -> str:
        """Where a provider tells us what came of a mail, with the password it shows there."""
        scheme, _, host = self.url.partition("://")
        return f"{scheme}://{hook_secret(self.secret)}@{host}/hooks/mail/"

    @property
    def broker(self) -> BrokerAddress | None:
        """The broker through which devices come, or None when they come to us only."""
        try:
            return broker_address(self.mqtt_broker) if self.mqtt_broker else None
        except ValueError as error:
            raise Misconfigured(f"MAKEGOOD_MQTT_BROKER {error}") from None

    @property
    def push_origins(self) -> frozenset[str]:
        """The push services this house knows beside the public ones."""
        return frozenset(self.push_services.lower().split())

    @property
    def outbox(self) -> Path:
        """Directory that keeps letters as files when there is no mail server."""
        return self.data / "outbox"


def data_directory(environ: Mapping[str, str]) -> Path:
    """Where this installation keeps what must survive a restart."""
    return Path(environ.get("MAKEGOOD_DATA") or "var").absolute()


def secret_file(data: Path) -> Path:
    """The file that holds the secret when MAKEGOOD_SECRET is not set."""
    return data / "secret.key"


def database_file(data: Path) -> Path:
    """The file in which a running box tells other commands where its PostgreSQL is."""
    return data / "database.url"


def read(environ: Mapping[str, str]) -> Settings:
    """Check the environment and return it as values; raises `Misconfigured`."""
    _refuse_unknown(environ)
    data = data_directory(environ)
    port = environ.get("MAKEGOOD_PORT") or "8000"
    values = {
        "database_url": _database_url(environ, data),
        "secret": _secret(environ, data),
        "data": str(data),
        "host": environ.get("MAKEGOOD_HOST") or "0.0.0.0",
        "port": port,
        "web_port": environ.get("MAKEGOOD_WEB_PORT") or "8001",
        "mqtt_port": environ.get("MAKEGOOD_MQTT_PORT") or None,
        "mqtt_host": environ.get("MAKEGOOD_MQTT_HOST") or "0.0.0.0",
        "mqtt_cert": environ.get("MAKEGOOD_MQTT_CERT") or "",
        "mqtt_key": environ.get("MAKEGOOD_MQTT_KEY") or "",
        "mqtt_broker": environ.get("MAKEGOOD_MQTT_BROKER") or "",
        "mqtt_broker_ca": environ.get("MAKEGOOD_MQTT_BROKER_CA") or "",
        "url": (environ.get("MAKEGOOD_URL") or f"http://localhost:{port}").rstrip("/"),
        "push_services": environ.get("MAKEGOOD_PUSH_SERVICES") or "",
        "email_url": environ.get("EMAIL_URL") or "",
        "mail_provider_name": (environ.get("MAKEGOOD_MAIL_PROVIDER") or "").lower(),
        "mail_key": environ.get("MAKEGOOD_MAIL_KEY") or "",
        "mail_api": environ.get("MAKEGOOD_MAIL_API") or "",
        "email_from": environ.get("EMAIL_FROM") or "Makegood <makegood@localhost>",
        "debug": (environ.get("DEBUG") or "false").lower(),
    }
    settings = _convert(values)
    _refuse_shared_ports(settings)
    _check_url(settings.url)
    _check_push_services(settings.push_origins)
    if None not in (settings.mail, settings.mail_provider):
        raise Misconfigured("EMAIL_URL and MAKEGOOD_MAIL_PROVIDER are both set; choose one.")
    if settings.broker is None and settings.mqtt_broker_ca:
        raise Misconfigured("MAKEGOOD_MQTT_BROKER_CA is for a broker: set MAKEGOOD_MQTT_BROKER.")
    return settings


def reference() -> str:
    """The settings as a Markdown page."""
    rows = "\n".join(f"| `{v.name}` | {v.default} | {v.help} |" for v in VARIABLES)
    return (
        "# Settings\n\n"
        "Makegood is configured by environment variables only. Nothing needs to be set to try it.\n"
        "A name it does not know that begins with `MAKEGOOD_` stops it: it is usually a typing\n"
        "error.\n\n"
        "This page is written by `makegood reference settings`; `bin/check` fails when it is out\n"
        "of date.\n\n"
        "| variable | default | meaning |\n| --- | --- | --- |\n"
        f"{rows}\n"
    )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    names = [variable.name for variable in VARIABLES]
    for name in environ:
        if name.startswith("MAKEGOOD_") and name not in names:
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else "see docs/reference/settings.md."
            raise Misconfigured(f"{name} is no setting of Makegood: {hint}")


def _database_url(environ: Mapping[str, str], data: Path) -> str:
    url = environ.get("DATABASE_URL") or _first_line(database_file(data))
    if not url:
        raise Misconfigured(
            "DATABASE_URL is not set and no box has been started here: start one with bin/up, "
            "or set DATABASE_URL=postgresql://user:password@host:5432/name."
        )
    if urlsplit(url).scheme not in DATABASE_SCHEMES:
        raise Misconfigured(
            "DATABASE_URL must start with postgresql:// (Makegood stands on PostgreSQL only)."
        )
    return url


def _secret(environ: Mapping[str, str], data: Path) -> str:
    secret = environ.get("MAKEGOOD_SECRET") or _first_line(secret_file(data))
    if not secret:
        raise Misconfigured(
            "MAKEGOOD_SECRET is not set and no box has been started here: start one with bin/up, "
            "or set it to the output of: python3 -c 'import secrets; print(secrets.token_hex())'"
        )
    if len(secret) < SHORTEST_SECRET:
        raise Misconfigured(f"MAKEGOOD_SECRET is shorter than {SHORTEST_SECRET} characters.")
    return secret


def _first_line(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
    except PermissionError:
        raise Misconfigured(
            f"{path} belongs to another user: run as that user, or set MAKEGOOD_DATA to a "
            "directory of your own."
        ) from None


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
        raise Misconfigured(
            "MAKEGOOD_URL must be an address without a path, like https://care.example.org."
        )


def _check_push_services(origins: frozenset[str]) -> None:
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or f"{parts.scheme}://{parts.netloc}" != origin:
            raise Misconfigured(
                "MAKEGOOD_PUSH_SERVICES takes addresses without a path, like "
                f"https://push.example.org; {origin} is none."
            )


def _refuse_shared_ports(settings: Settings) -> None:
    ports = {"MAKEGOOD_PORT": settings.port, "MAKEGOOD_WEB_PORT": settings.web_port}
    if settings.mqtt_port is not None:
        ports["MAKEGOOD_MQTT_PORT"] = settings.mqtt_port
    for one, other in combinations(ports, 2):
        if ports[one] == ports[other]:
            raise Misconfigured(f"{one} and {other} are the same; choose two ports.")


def _convert(values: Mapping[str, str | None]) -> Settings:
    names = {variable.field: variable.name for variable in VARIABLES}
    try:
        return msgspec.convert(values, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at `$.")
        field = where.rstrip("`")
        given = values.get(field, "")
        raise Misconfigured(f"{names.get(field, field)}={given}: {problem}.") from None


def _decode(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError(kind)
