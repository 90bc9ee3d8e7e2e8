"""The one error class, with the closed code list of the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ERROR_CODES = frozenset(
    {
        "INVALID_ARGUMENT",
        "UNAUTHENTICATED",
        "PERMISSION_DENIED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "FAILED_PRECONDITION",
        "CONFLICT",
        "RESOURCE_EXHAUSTED",
        "DEADLINE_EXCEEDED",
        "UNAVAILABLE",
        "UNIMPLEMENTED",
        "CANCELLED",
        "INTERNAL",
        "DATA_LOSS",
    }
)

_RETRYABLE = frozenset({"RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "UNAVAILABLE", "INTERNAL"})


class ServiceError(Exception):
    """What every failed call ends with.

    ``code`` is one of :data:`ERROR_CODES`; ``field`` the path of the offending field;
    ``details`` a small map; ``retry_after_ms`` where waiting helps.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        details: Mapping[str, Any] | None = None,
        retry_after_ms: float | None = None,
        sent: bool | None = None,
    ) -> None:
        if code not in ERROR_CODES:
            raise ValueError(f"no code of the protocol: {code!r}")
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.details = details
        self.retry_after_ms = retry_after_ms
        #: Found by this side rather than answered: whether the request had left when the connection failed.
        self.sent = sent

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    @property
    def retryable(self) -> bool:
        """Whether the same request, sent again with the same key, may succeed."""
        return self.code in _RETRYABLE

    def to_body(self) -> dict[str, Any]:
        """The error as it travels."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.field is not None:
            body["field"] = self.field
        if self.details is not None:
            body["details"] = dict(self.details)
        if self.retry_after_ms is not None:
            body["retryAfterMs"] = self.retry_after_ms
        return body

    @staticmethod
    def from_body(body: Any) -> ServiceError:
        """An error as it arrived; a code that is not of the closed list becomes INTERNAL."""
        if not isinstance(body, dict):
            return ServiceError("INTERNAL", "the host answered with an error that says nothing")
        code, message, field = body.get("code"), body.get("message"), body.get("field")
        details, retry_after_ms = body.get("details"), body.get("retryAfterMs")
        is_number = isinstance(retry_after_ms, (int, float)) and not isinstance(retry_after_ms, bool)
        waits = is_number and retry_after_ms is not None and retry_after_ms >= 0
        return ServiceError(
            code if isinstance(code, str) and code in ERROR_CODES else "INTERNAL",
            message if isinstance(message, str) else "no message",
            field=field if isinstance(field, str) else None,
            details=details if isinstance(details, dict) else None,
            retry_after_ms=retry_after_ms if waits else None,
        )


def malformed(reason: str) -> ServiceError:
    """For bytes that must not be decoded."""
    return ServiceError("INVALID_ARGUMENT", f"body: {reason}", field="body")


def invalid(field: str, actual: Any, allowed: str) -> ServiceError:
    """For a value that is not what its field allows."""
    shown = repr(actual)
    if len(shown) > 80:
        shown = shown[:77] + "..."
    return ServiceError("INVALID_ARGUMENT", f"{field}: {shown}; must be {allowed}", field=field)
