"""Keeps what a replay found, for the exact text it is about."""

from hashlib import sha256

import msgspec

from makegood.recover.models import PolicyDraft, Replay
from makegood.recover.replaying.result import Result


def hash_of(text: str) -> str:
    """Names a text exactly."""
    return sha256(text.encode()).hexdigest()


def replay_is_of(replay: Replay, draft: PolicyDraft) -> bool:
    """Whether the replay is of the draft exactly as it stands, against what it is based on."""
    same_text = replay.text_hash == hash_of(draft.document)
    return same_text and replay.against_id == draft.based_on_id


def result_of(replay: Replay) -> Result | None:
    """What the replay found; None while it is not done."""
    return None if replay.result is None else msgspec.convert(replay.result, Result)


def as_json(result: Result) -> object:
    """The result as the row keeps it."""
    return msgspec.to_builtins(result)
