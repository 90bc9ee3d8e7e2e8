"""Client of a Conclave committee, and host of experts for it."""

from .aio import AsyncClient, AsyncEventStream, AsyncReplyStream
from .client import Client, EventStream
from .codec import JSON, MSGPACK
from .columns import column
from .committee import AsyncCommittee, Committee
from .errors import ERROR_CODES, ServiceError
from .expert import ExpertHost, as_of_ms, bar_ms, probabilities_of_lean
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
    "Client",
    "Committee",
    "Decision",
    "Event",
    "EventStream",
    "ExpertHost",
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
]
