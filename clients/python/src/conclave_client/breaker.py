"""Spares callers the wait for a host that fails, and the host their calls (Nygard, Release It!, 2007)."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from .errors import invalid


@dataclass(frozen=True)
class CircuitBreakerOptions:
    #: Failures in a row that open it.
    consecutive_failures: int = 5
    #: Share of failures within ``window_ms`` that opens it, above 0 to 1.
    failure_rate: float = 0.5
    #: Calls within ``window_ms`` before their failure rate means anything.
    min_calls: int = 20
    window_ms: float = 10_000
    #: How long it stays open before one call may try; doubles with each try that fails.
    open_ms: float = 1_000
    #: At most.
    max_open_ms: float = 30_000

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            good = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not good or not 0 < value < math.inf:
                raise invalid(f"breaker.{each.name}", value, "a positive number")


class CircuitBreaker:
    """Knows nothing of what a failure is. ``closed``: calls pass; ``open``: none; ``half-open``: one may try."""

    def __init__(self, options: CircuitBreakerOptions) -> None:
        self._options = options
        self.state = "closed"
        self._in_a_row = 0
        self._calls = 0
        self._failures = 0
        self._window_end_ms = 0.0
        self._opened = 0
        self._retry_at_ms = 0.0

    def wait_ms(self, now_ms: float) -> float:
        """Until a call may try; 0 when one may now."""
        return 0.0 if self.state == "closed" else max(0.0, self._retry_at_ms - now_ms)

    def allows(self, now_ms: float) -> bool:
        return self.state == "closed" or now_ms >= self._retry_at_ms

    def enter(self, now_ms: float) -> None:
        """A call is made, which :meth:`allows` allowed. While open it is the one that tries."""
        if self.state == "closed":
            return
        self.state = "half-open"
        # Should its end never be told, another one may try as late as after a failure.
        self._retry_at_ms = now_ms + self._pause_ms()

    def succeeded(self, now_ms: float) -> None:
        self._in_a_row = 0
        if self.state != "closed":
            self.reset()
        self._count(now_ms, 0)

    def failed(self, now_ms: float, *, lasting: bool = True) -> None:
        """``lasting=False``: it counts for the rate only, something else of the host still works."""
        self._count(now_ms, 1)
        if lasting:
            self._in_a_row += 1
        if self.state == "half-open" and lasting:
            self._open(now_ms)
            return
        if self.state != "closed":
            return
        options = self._options
        rate_is_high = self._calls >= options.min_calls and self._failures >= options.failure_rate * self._calls
        if self._in_a_row >= options.consecutive_failures or rate_is_high:
            self._open(now_ms)

    def reset(self) -> None:
        """There is reason to believe that all is well."""
        self.state = "closed"
        self._in_a_row = self._calls = self._failures = self._opened = 0

    def _open(self, now_ms: float) -> None:
        self.state = "open"
        self._opened += 1
        self._retry_at_ms = now_ms + self._pause_ms()

    def _pause_ms(self) -> float:
        pause_ms: float = self._options.open_ms * 2 ** min(30, self._opened - 1)
        return min(self._options.max_open_ms, pause_ms)

    def _count(self, now_ms: float, failures: int) -> None:
        if now_ms >= self._window_end_ms:
            self._window_end_ms = now_ms + self._options.window_ms
            self._calls = self._failures = 0
        self._calls += 1
        self._failures += failures
