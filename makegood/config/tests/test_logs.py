"""What the log of an error may say, and what not."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import structlog

from makegood.config import logs


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_an_error_is_logged_without_what_variables_held(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up()
    private = str(uuid4())
    try:
        _fail(private)
    except ValueError:
        structlog.get_logger().exception("it failed", where="here")
    said = capsys.readouterr().out
    assert "it failed" in said
    assert "where=here" in said
    assert "_fail" in said
    assert "ValueError: no" in said
    assert private not in said
    assert "\x1b" not in said


def _fail(private: str) -> None:
    raise ValueError("no")
