"""Anticipated refusals: what a person may meet, said in words they may read."""


class Refused(Exception):
    """A request the house declines on purpose: translated, safe to show, never a bug.

    `code` is stable for machines, `field` names the input at fault, `status` is the HTTP answer.
    """

    def __init__(
        self, message: str, *, code: str = "refused", field: str = "", status: int = 409
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.status = status


class NotFound(Refused):
    """Nothing of that name is within the asker's reach."""

    def __init__(self, message: str = "We cannot find that.") -> None:
        super().__init__(message, code="not_found", status=404)


class NotAllowed(Refused):
    """It exists, but is not this person's to touch."""

    def __init__(self, message: str = "That is not yours to change.") -> None:
        super().__init__(message, code="not_allowed", status=403)


class Invalid(Refused):
    """An input that cannot be right; names the field and the remedy."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message, code="invalid", field=field, status=422)
