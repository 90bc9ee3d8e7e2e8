"""Client of a Conclave committee, and host of experts for it."""

from .aio import AsyncClient
from .aio_stream import AsyncReplyStream
from .breaker import CircuitBreakerOptions
from .client import Client
from .codec import JSON, MSGPACK
from .columns import column
from .committee import AsyncCommittee, Committee
from .curve import ClientCurve
from .errors import ERROR_CODES, ServiceError
from .events import AsyncEventStream, EventStream
from .expert import ExpertHost, as_of_ms, bar_ms, probabilities_of_lean
from .keys import KeyPair, public_key_from, read_key_file
from .messages import Event
from .retry import RetryOptions
from .stream import ReplyStream
from .types import AnomalyAlert, Candles, Decision, MarketQuestion, Opinion, Trade, TradeFeedback, Vote

__all__ = [
    "ERROR_CODES",
    "JSON",
    "MSGPACK",
    "AnomalyAlert",
    "AsyncClient",
    "AsyncCommittee",
    "AsyncEventStream",
    "AsyncReplyStream",
    "Candles",
    "CircuitBreakerOptions",
    "Client",
    "ClientCurve",
    "Committee",
    "Decision",
    "Event",
    "EventStream",
    "ExpertHost",
    "KeyPair",
    "MarketQuestion",
    "Opinion",
    "ReplyStream",
    "RetryOptions",
    "ServiceError",
    "Trade",
    "TradeFeedback",
    "Vote",
    "as_of_ms",
    "bar_ms",
    "column",
    "probabilities_of_lean",
    "public_key_from",
    "read_key_file",
]
