"""Events of a topic, as an iterator: what the sync and the asyncio client hand out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import zmq
import zmq.asyncio
from zmq.utils.monitor import parse_monitor_message

from .clock import now_ms
from .errors import ServiceError
from .handshakes import EVENTS, REFUSED_RETRY_MS, Handshakes, reconnect
from .messages import Event
from .pool import Remote
from .session import EventReader, configure, not_let_in

#: How often a host that refused us is asked again.
_SLICE_MS = 100


class _Source:
    """A SUB socket at one host."""

    def __init__(self, context: zmq.Context[Any], remote: Remote, topic: str) -> None:
        self.socket: Any = context.socket(zmq.SUB)
        configure(self.socket, remote.endpoint, remote.curve)
        self.socket.setsockopt(zmq.SUBSCRIBE, topic.encode())
        self._endpoint = remote.endpoint
        self._topic = topic
        self._handshakes = Handshakes(secured=remote.curve is not None)
        self._gave_up_ms = 0.0
        # Read without waiting, so an ordinary socket, also where the other one belongs to an event loop.
        self._monitor: zmq.Socket[bytes] = zmq.Context.shadow(context.underlying).socket(zmq.PAIR)
        news = f"inproc://conclave-events-{id(self)}"
        self.socket.monitor(news, EVENTS)
        self._monitor.connect(news)
        self.socket.connect(remote.endpoint)

    def refused(self) -> ServiceError | None:
        """Why the host does not let us in."""
        gave_up = self._handshakes.gave_up
        while self._monitor.poll(0):
            self._handshakes.take(parse_monitor_message(self._monitor.recv_multipart()))
        if self._handshakes.gave_up and not gave_up:
            self._gave_up_ms = now_ms()
        elif gave_up and now_ms() - self._gave_up_ms >= REFUSED_RETRY_MS:
            self._handshakes.try_again(forget=True)
            reconnect(self.socket, self._endpoint)
        why = self._handshakes.refusal
        return None if why is None else not_let_in(self._topic, self._endpoint, why)

    def close(self) -> None:
        if self.socket.closed:
            return
        self.socket.monitor(None, 0)
        self._monitor.close(0)
        self.socket.close(0)


class _Sources:
    """One topic at all hosts; their epochs tell their events apart."""

    def __init__(self, context: zmq.Context[Any], remotes: Sequence[Remote], topic: str, use_numpy: bool) -> None:
        self._reader = EventReader(topic, use_numpy)
        self._sources = [_Source(context, remote, topic) for remote in remotes]
        self._closed = False

    @property
    def unreadable(self) -> int:
        """Messages that were no event."""
        return self._reader.unreadable

    def _close_sources(self) -> None:
        self._closed = True
        for source in self._sources:
            source.close()

    def _check_let_in(self) -> None:
        """Raises UNAUTHENTICATED when none of the hosts lets us in."""
        refusals = [source.refused() for source in self._sources]
        if refusals and all(refusals) and refusals[0] is not None:
            raise refusals[0]


class EventStream(_Sources):
    """Events of one topic, in order; iterate over it, or ask with :meth:`next`."""

    def __init__(self, context: zmq.Context[Any], remotes: Sequence[Remote], topic: str, use_numpy: bool) -> None:
        super().__init__(context, remotes, topic, use_numpy)
        self._poller = zmq.Poller()
        for source in self._sources:
            self._poller.register(source.socket, zmq.POLLIN)

    def next(self, timeout_ms: float) -> Event | None:
        """The next event; ``None`` when there is none in time. Raises UNAUTHENTICATED when no host lets us in."""
        deadline_ms = now_ms() + timeout_ms
        while not self._closed:
            self._check_let_in()
            left_ms = deadline_ms - now_ms()
            for socket, _ in self._poller.poll(max(0, min(_SLICE_MS, int(left_ms)))):
                event = self._reader.read(socket.recv_multipart())
                if event is not None:
                    return event
            if left_ms <= 0:
                return None
        return None

    def __iter__(self) -> Iterator[Event]:
        while not self._closed:
            event = self.next(_SLICE_MS)
            if event is not None:
                yield event

    def close(self) -> None:
        self._close_sources()

    def __enter__(self) -> EventStream:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.close()


class AsyncEventStream(_Sources):
    """Events of one topic, in order: ``async for event in stream``."""

    def __init__(self, context: zmq.Context[Any], remotes: Sequence[Remote], topic: str, use_numpy: bool) -> None:
        super().__init__(context, remotes, topic, use_numpy)
        self._waiting = 0
        self._poller = zmq.asyncio.Poller()
        for source in self._sources:
            self._poller.register(source.socket, zmq.POLLIN)

    async def next(self) -> Event:
        """The next event. Raises UNAUTHENTICATED when no host lets us in, CANCELLED once it is closed."""
        self._waiting += 1
        try:
            while not self._closed:
                self._check_let_in()
                for socket, _ in await self._poller.poll(_SLICE_MS):
                    event = self._reader.read(await socket.recv_multipart())
                    if event is not None:
                        return event
        finally:
            self._waiting -= 1
            if self._closed:
                self.close()
        raise ServiceError("CANCELLED", "the event stream was closed")

    async def __aiter__(self) -> AsyncIterator[Event]:
        while not self._closed:
            try:
                event = await self.next()
            except ServiceError:
                if self._closed:
                    return
                raise
            yield event

    async def __aenter__(self) -> AsyncEventStream:
        return self

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.close()

    def close(self) -> None:
        """Whoever waits for an event hears of it within a moment, and takes the sockets along."""
        self._closed = True
        # A socket that is closed under a wait would end it as if its task had been cancelled.
        if self._waiting == 0:
            self._close_sources()
