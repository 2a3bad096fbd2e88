"""The environment is read strictly, and every complaint names its remedy."""

import runpy

import msgspec
import pytest
from django.core.mail import get_connection
from django.test import override_settings

from makegood.config import env
from makegood.config.mail_address import KEYS, MailServer

GOOD = {"DATABASE_URL": "postgresql://m@h/makegood", "MAKEGOOD_SECRET": "x" * 40}
POSTMARK = {"MAKEGOOD_MAIL_PROVIDER": "Postmark", "MAKEGOOD_MAIL_KEY": "token"}


def test_everything_has_a_default_but_the_database_and_the_secret():
    settings = env.read(GOOD)
    assert (settings.host, settings.port, settings.web_port) == ("0.0.0.0", 8000, 8001)
    assert settings.url == "http://localhost:8000"
    assert settings.mail is None
    assert settings.outbox.name == "outbox"
    assert settings.debug is False


def test_devices_are_heard_over_mqtt_where_a_port_is_named():
    assert env.read(GOOD).mqtt_port is None
    settings = env.read(GOOD | {"MAKEGOOD_MQTT_PORT": "1883", "MAKEGOOD_MQTT_HOST": "127.0.0.1"})
    assert (settings.mqtt_port, settings.mqtt_host) == (1883, "127.0.0.1")


def test_a_broker_is_named_by_one_address():
    assert env.read(GOOD).broker is None
    at = env.read(GOOD | {"MAKEGOOD_MQTT_BROKER": "mqtts://us:p%40ss@broker.example.org"}).broker
    assert at
    assert (at.host, at.port, at.tls) == ("broker.example.org", 8883, True)
    assert (at.user, at.password) == ("us", "p@ss")
    plain = env.read(GOOD | {"MAKEGOOD_MQTT_BROKER": "mqtt://us:pass@10.0.0.2:1884"}).broker
    assert plain
    assert (plain.port, plain.tls) == (1884, False)


def test_the_public_address_follows_the_port():
    assert env.read(GOOD | {"MAKEGOOD_PORT": "9000"}).url == "http://localhost:9000"


def test_an_empty_value_means_the_default():
    assert env.read(GOOD | {"MAKEGOOD_PORT": "", "EMAIL_URL": ""}).port == 8000


def test_a_started_box_is_found_through_its_data_directory(tmp_path):
    env.secret_file(tmp_path).write_text("s" * 64 + "\n")
    env.database_file(tmp_path).write_text("postgresql://makegood@/makegood\n")
    settings = env.read({"MAKEGOOD_DATA": str(tmp_path)})
    assert settings.secret == "s" * 64
    assert settings.database_url == "postgresql://makegood@/makegood"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set.*bin/up"),
        ({"DATABASE_URL": "mysql://h/x"}, "DATABASE_URL must start with postgresql://"),
        ({"MAKEGOOD_SECRET": ""}, "MAKEGOOD_SECRET is not set"),
        ({"MAKEGOOD_SECRET": "short"}, "MAKEGOOD_SECRET is shorter than 32"),
        ({"MAKEGOOD_PORT": "eight"}, "MAKEGOOD_PORT=eight"),
        ({"MAKEGOOD_PORT": "70000"}, "MAKEGOOD_PORT=70000.*65535"),
        ({"MAKEGOOD_PORT": "8001"}, "choose two ports"),
        ({"MAKEGOOD_MQTT_PORT": "8000"}, "MAKEGOOD_PORT and MAKEGOOD_MQTT_PORT are the same"),
        ({"MAKEGOOD_MQTT_PORT": "mqtt"}, "MAKEGOOD_MQTT_PORT=mqtt"),
        ({"MAKEGOOD_MQTT_BROKER": "broker:1883"}, "MAKEGOOD_MQTT_BROKER is no address"),
        ({"MAKEGOOD_MQTT_BROKER": "mqtt://broker"}, "MAKEGOOD_MQTT_BROKER names no user"),
        ({"MAKEGOOD_MQTT_BROKER": "mqtt://u:p@b:x"}, "MAKEGOOD_MQTT_BROKER has a port"),
        ({"MAKEGOOD_MQTT_BROKER_CA": "/ca.pem"}, "BROKER_CA is for a broker"),
        ({"DEBUG": "maybe"}, "DEBUG=maybe"),
        ({"MAKEGOOD_URL": "care.example.org"}, "MAKEGOOD_URL must be an address"),
        ({"MAKEGOOD_PUSH_SERVICES": "push.example.org"}, "MAKEGOOD_PUSH_SERVICES takes addresses"),
        ({"MAKEGOOD_PUSH_SERVICES": "https://p.example/x"}, "https://p.example/x is none"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must start with"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL names no host"),
        ({"EMAIL_URL": "smtp://h:x"}, "EMAIL_URL has a port"),
        ({"MAKEGOOD_MAIL_PROVIDER": "pigeon"}, "PROVIDER=pigeon is none.*brevo, mailgun"),
        ({"MAKEGOOD_MAIL_PROVIDER": "postmark"}, "postmark needs its key"),
        ({"MAKEGOOD_MAIL_KEY": "k"}, "set MAKEGOOD_MAIL_PROVIDER"),
        (POSTMARK | {"MAKEGOOD_MAIL_API": "api.example.org"}, "MAIL_API must be an address"),
        (POSTMARK | {"EMAIL_URL": "smtp://h"}, "EMAIL_URL and MAKEGOOD_MAIL_PROVIDER are both"),
        ({"MAKEGOOD_PROT": "1"}, "did you mean MAKEGOOD_PORT"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(change, complaint, tmp_path):
    with pytest.raises(env.Misconfigured, match=complaint):
        env.read({"MAKEGOOD_DATA": str(tmp_path)} | GOOD | change)


def test_the_mail_server_is_read_from_one_address():
    server = env.read(GOOD | {"EMAIL_URL": "smtp+tls://bo:p%40ss@mail.example.org"}).mail
    assert server == MailServer("mail.example.org", 587, "bo", "p@ss", "starttls")


def test_a_provider_of_mail_is_named_with_its_key():
    assert env.read(GOOD).mail_provider is None
    theirs = env.read(GOOD | POSTMARK | {"MAKEGOOD_MAIL_API": "https://eu.example/v3"})
    provider = theirs.mail_provider
    assert provider
    assert provider.backend == "anymail.backends.postmark.EmailBackend"
    assert provider.anymail["POSTMARK_SERVER_TOKEN"] == "token"
    assert provider.anymail["POSTMARK_API_URL"] == "https://eu.example/v3"
    usual = env.read(GOOD | POSTMARK).mail_provider
    assert usual
    assert "POSTMARK_API_URL" not in usual.anymail


@pytest.mark.parametrize(
    ("change", "backend"),
    [
        ({}, "django.core.mail.backends.filebased"),
        ({"EMAIL_URL": "smtp://mail.example.org"}, "django.core.mail.backends.smtp"),
        *(
            ({"MAKEGOOD_MAIL_PROVIDER": name, "MAKEGOOD_MAIL_KEY": "k"}, f"anymail.backends.{name}")
            for name in KEYS
        ),
    ],
)
def test_mail_leaves_one_way(change, backend, monkeypatch, tmp_path):
    for name, value in (GOOD | {"MAKEGOOD_DATA": str(tmp_path)} | change).items():
        monkeypatch.setenv(name, value)
    house = runpy.run_path(env.__file__.replace("env.py", "settings.py"))
    monkeypatch.undo()
    assert house["EMAIL_BACKEND"] == f"{backend}.EmailBackend"
    with override_settings(ANYMAIL=house.get("ANYMAIL", {})):  # Anymail knows every name in it
        get_connection(house["EMAIL_BACKEND"], file_path=tmp_path)


def test_push_services_of_the_house_are_origins():
    origins = "https://Push.example.org  http://127.0.0.1:9"
    settings = env.read(GOOD | {"MAKEGOOD_PUSH_SERVICES": origins})
    assert settings.push_origins == {"https://push.example.org", "http://127.0.0.1:9"}


def test_every_setting_is_described_once():
    fields = [field.name for field in msgspec.structs.fields(env.Settings)]
    assert sorted(variable.field for variable in env.VARIABLES) == sorted(fields)
