"""One host as its clients' pool knows it: how fast it answers, what it owes, whether it may be asked."""

from __future__ import annotations

import math

from .breaker import CircuitBreaker
from .clock import now_ms
from .errors import ServiceError

#: How long a host that said it does not serve is not asked if another one can be.
_AWAY_MS = 1_000
#: Time after which a measurement of an answer counts for a third of what it did.
_DECAY_MS = 10_000


class PeakEwma:
    """What an answer takes nowadays: follows a slower one at once and a faster one by and by (Finagle, 2015)."""

    def __init__(self) -> None:
        #: 0 before the first measurement, so that an unknown host is tried.
        self.value_ms = 0.0
        self._at_ms = 0.0

    def record(self, latency_ms: float, at_ms: float) -> None:
        weight = math.exp(-max(0.0, at_ms - self._at_ms) / _DECAY_MS)
        self._at_ms = at_ms
        slower = latency_ms > self.value_ms
        self.value_ms = latency_ms if slower else self.value_ms * weight + latency_ms * (1 - weight)


class HostLink:
    """Does no I/O; its connection says whether it is connected."""

    def __init__(self, index: int, name: str, breaker: CircuitBreaker | None, *, alone: bool) -> None:
        """``name`` is what its share of the keys depends on: its endpoint. ``alone``: there is no other host."""
        self.index = index
        self.name = name
        self.breaker = breaker
        self.latency = PeakEwma()
        self.connected = False
        #: Requests and streams without an answer.
        self.in_flight = 0
        #: It is connected and does not answer: a process that hangs keeps its connections.
        self.suspect = False
        self.last_heard_ms = now_ms()
        self._alone = alone
        self._away_until_ms = -math.inf
        self._awaits_connection = False

    @property
    def well(self) -> bool:
        """Whether it would probably serve a request now."""
        now = now_ms()
        allowed = self.breaker is None or self.breaker.allows(now)
        return self.connected and not self.suspect and now >= self._away_until_ms and allowed

    def refusal(self, command: str) -> ServiceError | None:
        """Why it must not be asked now."""
        if self.breaker is None:
            return None
        wait_ms = self.breaker.wait_ms(now_ms())
        if wait_ms == 0:
            return None
        message = f"{command}: {self.name} has failed too often of late"
        return ServiceError("UNAVAILABLE", message, retry_after_ms=math.ceil(wait_ms), sent=False)

    def enter(self) -> float:
        """A request leaves for it. Returns when, for :meth:`answered` and :meth:`failed`."""
        now = now_ms()
        self.in_flight += 1
        if self.breaker is not None:
            self.breaker.enter(now)
        return now

    def heard(self) -> None:
        """It says something, whatever it is."""
        self.last_heard_ms = now_ms()
        self.suspect = False

    def see(self, connected: bool) -> None:
        """What its connection says."""
        if connected and not self.connected:
            self.last_heard_ms = now_ms()
            if self._awaits_connection and self.breaker is not None:
                self.breaker.reset()
            self._awaits_connection = False
        self.connected = connected

    def answered(self, sent_ms: float | None) -> None:
        """``sent_ms`` is ``None`` for what says nothing about its speed."""
        self.in_flight -= 1
        self.heard()
        now = self.last_heard_ms
        if sent_ms is not None:
            self.latency.record(now - sent_ms, now)
        if self.breaker is not None:
            self.breaker.succeeded(now)

    def failed(self, error: ServiceError, sent_ms: float) -> None:
        self.in_flight -= 1
        now = now_ms()
        if is_not_serving(error):
            self._away_until_ms = now + _AWAY_MS
        if is_from_host(error):
            self.heard()
        if self.breaker is None:
            return
        if is_from_host(error):
            # What it depends on fails; somewhere else it may not.
            if error.code == "UNAVAILABLE" and not self._alone:
                self.breaker.failed(now, lasting=False)
            else:
                self.breaker.succeeded(now)
        elif error.code == "UNAVAILABLE" and error.sent is False:
            self.breaker.failed(now)
            self._awaits_connection = self._awaits_connection or not self.connected
        # One slow command says nothing about a host that answers others meanwhile.
        elif error.code == "DEADLINE_EXCEEDED" and self.last_heard_ms < sent_ms:
            self.breaker.failed(now)

    def left(self) -> None:
        """Its caller waits no more, for reasons of its own."""
        self.in_flight -= 1


def is_from_host(error: ServiceError) -> bool:
    """Whether an error is an answer, as opposed to the lack of one."""
    return error.code not in ("DEADLINE_EXCEEDED", "CANCELLED", "UNAUTHENTICATED") and error.sent is None


def is_not_serving(error: ServiceError) -> bool:
    """Whether a host has refused, before any work, because it starts or stops."""
    says = error.code in ("FAILED_PRECONDITION", "UNAVAILABLE")
    return says and error.details is not None and error.details.get("hostState") is not None


def is_untouched(error: ServiceError) -> bool:
    """Whether the host has certainly done nothing about a request: then another one may be asked, whatever it is."""
    return is_not_serving(error) or (error.code == "UNAVAILABLE" and error.sent is False)
