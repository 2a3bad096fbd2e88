"""What `bench/replay.py` and its replayer, a process of its own, tell each other."""

import msgspec


class Founded(msgspec.Struct, frozen=True):
    """Whose past is to be written, and until when."""

    organisation: str
    site: str
    policy: str
    host: str
    until: str


class Measured(msgspec.Struct, frozen=True):
    """What a replay took, and a little of what it found."""

    signals: int
    opened: tuple[int, int]
    differing: int
    lasted: float
    processor: float
    peak_mb: float
    grown_mb: float
    hot: list[tuple[str, float]]
