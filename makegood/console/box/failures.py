"""What keeps a box from starting."""


class BoxFailed(Exception):
    """The box cannot start or go on; the message says why and what to do about it."""
