"""`makegood policy`: for people who keep their policy in files."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from makegood.console.command import makegood
from makegood.people.joining import create_organisation
from makegood.people.models import Organisation, Staff
from makegood.recover.access import policy_in_force
from makegood.recover.models import PolicyVersion
from makegood.recover.versions.publishing import DEFAULT_TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A policy in which the call is made after two weeks."""
    path = tmp_path / "policy.yaml"
    path.write_text(DEFAULT_TEXT.replace("by: 30 days at 18:00", "by: 14 days at 18:00", 1))
    return path


def run(*words: object, fails: bool = False) -> str:
    done = CliRunner().invoke(makegood, ["policy", *map(str, words)])
    assert (done.exit_code != 0) == fails, done.output or done.exception
    return done.output


def test_a_good_file_is_told_from_a_bad_one(file: Path) -> None:
    assert "12 steps" in run("check", file)
    file.write_text(file.read_text().replace("  prove:\n", "  proof:\n"))
    assert "Did you mean “prove”?" in run("check", file, fails=True)


def test_what_a_file_changes_is_said(fairline: Organisation, file: Path) -> None:
    said = run("diff", file)
    assert "Step 7, make contact, is by 30 days at 18:00 → 2 weeks at 18:00" in said
    assert "1 change to number 1." in said


def test_a_file_is_replayed_and_nothing_changes(fairline: Organisation, file: Path) -> None:
    said = run("replay", file, "--days", "30")
    assert "with number 1" in said
    assert "Guests do as they did" in said
    assert PolicyVersion.objects.count() == 1


def test_a_file_is_published_for_a_reason_by_an_owner(di: Staff, cy: Staff, file: Path) -> None:
    assert "--because" in run("publish", file, fails=True)
    refused = run("publish", file, "--because", "Sooner.", "--as", cy.email, fails=True)
    assert "Ask Di to publish" in refused
    assert "Number 2 is in force." in run("publish", file, "--because", "A month is too long.")
    version = policy_in_force(di)
    assert (version.number, version.reason, version.published_by) == (2, "A month is too long.", di)


def test_among_several_houses_one_is_named(fairline: Organisation, file: Path) -> None:
    create_organisation(
        name="The Other", site_name="Hill", timezone="Europe/Madrid", currency="EUR",
        first_name="Ed", last_name="Roe", email="ed@other.example", password="x" * 20,
        now=fairline.created_at,
    )  # fmt: skip
    assert "--house" in run("diff", file, fails=True)
    assert "number 1" in run("diff", file, "--house", "the other")
    assert "“Nowhere”" in run("diff", file, "--house", "Nowhere", fails=True)
