"""Asks a silent host for a sign of life: ZMTP's own heartbeats do not notice a process that hangs."""

from __future__ import annotations

from typing import Literal


class Pulse:
    """Of one connection. Does no I/O: says when to ping, and when the host must be taken for one that hangs."""

    def __init__(self, interval_ms: float) -> None:
        """``interval_ms`` is the longest silence; 0 = any."""
        self._interval_ms = interval_ms
        self._asked_ms: float | None = None

    def heard(self) -> None:
        self._asked_ms = None

    def check(self, now_ms: float, silent_since_ms: float) -> Literal["ping", "hung"] | None:
        """``hung`` only after a ping had half the interval to be answered, so that a pause of ours is not held against
        the host; whatever has arrived must have been read before."""
        half_ms = self._interval_ms / 2
        if half_ms <= 0:
            return None
        if self._asked_ms is not None:
            return "hung" if now_ms - self._asked_ms >= half_ms else None
        if now_ms - silent_since_ms < half_ms:
            return None
        self._asked_ms = now_ms
        return "ping"
