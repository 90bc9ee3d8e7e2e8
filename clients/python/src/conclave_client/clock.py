"""The one clock of the client."""

from __future__ import annotations

import time


def now_ms() -> float:
    """Milliseconds, never going back; good for differences only."""
    return time.monotonic() * 1e3
