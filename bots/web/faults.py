"""What the API answers when it cannot do what was asked."""

from __future__ import annotations

from core.errors import RefusalKind

STATUS_OF = {
    RefusalKind.BAD_INPUT: 400,
    RefusalKind.MISSING_INPUT: 400,
    RefusalKind.AMBIGUOUS: 400,
    RefusalKind.NOT_ALLOWED: 403,
    RefusalKind.CONSENT_NEEDED: 403,
    RefusalKind.OVER_LIMIT: 413,
    RefusalKind.UNSAFE: 422,
    RefusalKind.NO_MODEL: 501,
    RefusalKind.MODEL_FAILED: 502,
    RefusalKind.CANCELLED: 409,
}
"""HTTP status of each typed refusal."""


class ApiFault(Exception):
    """An HTTP error with a stable `kind` and one sentence for the person."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message


def not_found(message: str) -> ApiFault:
    """There is no such thing."""
    return ApiFault(404, "not_found", message)


def bad_input(message: str) -> ApiFault:
    """The request cannot be understood."""
    return ApiFault(400, str(RefusalKind.BAD_INPUT), message)


def over_limit(message: str) -> ApiFault:
    """Too much in one request."""
    return ApiFault(413, str(RefusalKind.OVER_LIMIT), message)
