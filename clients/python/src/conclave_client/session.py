"""What the sync and the asyncio client share: sockets, requests as bytes, errors, gaps between events."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import Any

import zmq

from . import limits
from .codec import JSON, MSGPACK, plain
from .curve import HostCurve
from .envelope import NO_BODY, MessageId, write_envelope
from .errors import ServiceError, invalid
from .messages import Event, read_event

#: Replies that arrived before the connection was lost may be read shortly after the news of it.
DISCONNECT_GRACE_MS = 20


def configure(socket: Any, endpoint: str, curve: HostCurve | None = None) -> None:
    """What every socket of ours has set."""
    # The default would keep the process from ever exiting.
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.MAXMSGSIZE, limits.MESSAGE_BYTES)
    socket.setsockopt(zmq.RECONNECT_IVL, 50)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1_000)
    # The socket's own heartbeats find a peer whose machine or network died without a word.
    socket.setsockopt(zmq.HEARTBEAT_IVL, 2_000)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 6_000)
    if endpoint.startswith("tcp://["):
        socket.setsockopt(zmq.IPV6, 1)
    if curve is not None:
        curve.configure(socket)


class Session:
    """Numbers requests and writes them."""

    def __init__(self, codec: str) -> None:
        if codec not in (MSGPACK, JSON):
            raise invalid("codec", codec, f"{MSGPACK!r} or {JSON!r}")
        self.codec = codec
        self._ids = itertools.count(1)

    def request(
        self,
        command: str,
        payload: Any,
        timeout_ms: float,
        key: str | None,
        tp: str | None,
        batch: bool,
        stream: int | None = None,
    ) -> tuple[int, bytes]:
        """Id and bytes of a request. Raises INVALID_ARGUMENT for what cannot travel."""
        message_id = next(self._ids)
        header: dict[str, Any] = {"v": 1, "id": message_id, "cmd": command, "ttl": max(1, math.ceil(timeout_ms))}
        if key is not None:
            header["key"] = key
        if tp is not None:
            header["tp"] = tp
        if batch:
            header["batch"] = True
        if stream is not None:
            header["stream"] = stream
        frame = write_envelope(self.codec, plain(header, self.codec), NO_BODY if payload is None else payload)
        if len(frame) > limits.MESSAGE_BYTES:
            # The socket of the host would drop the connection, and with it every other request.
            message = f"body: the message has {len(frame)} bytes; must be at most {limits.MESSAGE_BYTES}"
            raise ServiceError("INVALID_ARGUMENT", message, field="body")
        return message_id, frame

    def credit(self, message_id: MessageId, credit: int) -> bytes:
        return write_envelope(self.codec, {"v": 1, "id": message_id, "credit": credit})

    def cancel(self, message_id: MessageId) -> bytes:
        return write_envelope(self.codec, {"v": 1, "id": message_id, "cancel": True})


def check_timeout(timeout_ms: float) -> float:
    good = isinstance(timeout_ms, (int, float)) and not isinstance(timeout_ms, bool)
    if not good or not 0 < timeout_ms < float("inf"):
        raise invalid("timeout_ms", timeout_ms, "a positive number of milliseconds")
    return timeout_ms


def check_ping_interval(interval_ms: float) -> float:
    good = isinstance(interval_ms, (int, float)) and not isinstance(interval_ms, bool)
    if not good or not 0 <= interval_ms < float("inf"):
        raise invalid("ping_interval_ms", interval_ms, "0 or a positive number of milliseconds")
    return interval_ms


def no_answer(command: str, timeout_ms: float) -> ServiceError:
    return ServiceError("DEADLINE_EXCEEDED", f"{command}: no answer within {timeout_ms:.0f} ms")


def no_connection(command: str, endpoint: str) -> ServiceError:
    return ServiceError("UNAVAILABLE", f"{command}: no connection to {endpoint}", sent=False)


def connection_lost(command: str, endpoint: str) -> ServiceError:
    return ServiceError("UNAVAILABLE", f"{command}: the connection to {endpoint} was lost", sent=True)


def says_nothing(command: str, endpoint: str) -> ServiceError:
    return ServiceError("UNAVAILABLE", f"{command}: {endpoint} says nothing", sent=True)


def not_let_in(command: str, endpoint: str, why: str) -> ServiceError:
    return ServiceError("UNAUTHENTICATED", f"{command}: {endpoint}: {why}")


def given_up(command: str) -> ServiceError:
    return ServiceError("CANCELLED", f"{command}: the client was closed")


class EventReader:
    """Picks the events of its topic out of what arrives, and counts those lost in between."""

    def __init__(self, topic: str, use_numpy: bool) -> None:
        self._topic = topic
        self._is_prefix = topic == "" or topic.endswith(".")
        self._use_numpy = use_numpy
        self._last: dict[tuple[MessageId, str], int] = {}
        #: Messages that were no event.
        self.unreadable = 0

    def read(self, frames: list[bytes]) -> Event | None:
        """The event, or ``None`` for another topic's or for what cannot be read."""
        try:
            topic = frames[0].decode()
            if not self._is_prefix and topic != self._topic:
                return None
            event = read_event(topic, frames[1], self._use_numpy)
        except (ServiceError, IndexError, UnicodeDecodeError):
            self.unreadable += 1
            return None
        stream = (event.epoch, topic)
        last = self._last.get(stream)
        self._last[stream] = event.seq
        missed = 0 if last is None else max(0, event.seq - last - 1)
        return dataclasses.replace(event, missed=missed)
