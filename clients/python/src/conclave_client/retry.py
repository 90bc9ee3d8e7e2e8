"""Whether and when a failed request is sent again: as far as the protocol allows, and no more than 10 %."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .errors import ServiceError


@dataclass(frozen=True)
class RetryOptions:
    #: Tries in all, the first included; 1 = never again.
    max_attempts: int = 3
    #: Longest wait before the first retry; doubles with each.
    base_delay_ms: float = 50
    #: Longest wait before any retry.
    max_delay_ms: float = 2_000
    #: Retries allowed per request made, over time: an outage costs a host 10 % more, not 300 %.
    budget_ratio: float = 0.1
    #: Retries saved up at most, and at the start.
    budget_burst: float = 10
    #: Longest time one try may take; shorter than the call's, it leaves time to ask again.
    attempt_timeout_ms: float = float("inf")


def may_repeat(error: ServiceError, *, number: int, keyed: bool) -> bool:
    """Whether sending the request again could do no harm and some good."""
    if error.code == "RESOURCE_EXHAUSTED":
        return True
    if error.code == "UNAVAILABLE" and error.sent is False:
        return True
    # From here on the effect is unknown: only a key makes a repeat the same request.
    if not keyed or not error.retryable:
        return False
    return error.code != "INTERNAL" or number == 1


class RetryPolicy:
    """Spends one budget over all calls of a client."""

    def __init__(self, options: RetryOptions, rng: random.Random) -> None:
        self.options = options
        self._rng = rng
        self._budget = options.budget_burst

    def deposit(self) -> None:
        """A request is made: it earns its share of a retry."""
        self._budget = min(self.options.budget_burst, self._budget + self.options.budget_ratio)

    def delay_ms(self, error: ServiceError, *, number: int, keyed: bool) -> float | None:
        """Milliseconds to wait before the next try; ``None`` = give up. Spends the budget."""
        options = self.options
        if number >= options.max_attempts or self._budget < 1:
            return None
        if not may_repeat(error, number=number, keyed=keyed):
            return None
        self._budget -= 1
        ceiling: float = min(options.max_delay_ms, options.base_delay_ms * 2 ** (number - 1))
        # Full jitter: clients that failed together do not come back together.
        return (error.retry_after_ms or 0) + self._rng.random() * ceiling
