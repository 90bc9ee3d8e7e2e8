"""The client for asyncio: any number of calls in flight over one connection."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, TypeVar

import zmq
import zmq.asyncio
from zmq.utils.monitor import parse_monitor_message

from .codec import MSGPACK
from .errors import ServiceError
from .messages import Event, Reply, read_replies
from .retry import RetryOptions, RetryPolicy
from .session import (
    DISCONNECT_GRACE_MS,
    EventReader,
    Session,
    check_plain_endpoint,
    check_timeout,
    configure,
    connection_lost,
    given_up,
    no_answer,
    no_connection,
)

C = TypeVar("C", bound="AsyncClient")


@dataclass
class _Open:
    """A request in flight."""

    command: str
    #: The connection that it was sent on.
    generation: int
    reply: asyncio.Future[Reply]


class AsyncClient:
    """As :class:`conclave_client.Client`, for one event loop. Cancelling the task cancels the call in the host.

    async with AsyncClient("tcp://127.0.0.1:7400") as client:
        print(await client.call("rl.status"))
    """

    def __init__(
        self,
        endpoint: str,
        *,
        events: str | None = None,
        codec: str = MSGPACK,
        numpy: bool = False,
        timeout_ms: float = 5_000,
        connect_timeout_ms: float = 1_000,
        retry: RetryOptions | None = None,
        rng: random.Random | None = None,
    ) -> None:
        """The arguments are those of :class:`conclave_client.Client`. Connects at the first call."""
        self._endpoint = check_plain_endpoint(endpoint)
        self._events = None if events is None else check_plain_endpoint(events, "events")
        self._session = Session(codec)
        self._numpy = numpy
        self._timeout_ms = check_timeout(timeout_ms)
        self._connect_timeout_ms = connect_timeout_ms
        self._policy = RetryPolicy(retry or RetryOptions(), rng or random.Random())
        self._open: dict[int, _Open] = {}
        self._socket: Any = None
        self._monitor: Any = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._connected: asyncio.Event | None = None
        #: Counts connections; tells requests of a lost one from those sent on its successor.
        self._generation = 0
        self._closed = False

    async def __aenter__(self: C) -> C:
        return self

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        await self.close()

    async def call(
        self,
        command: str,
        payload: Any = None,
        *,
        timeout_ms: float | None = None,
        key: str | None = None,
        traceparent: str | None = None,
        retry: bool = True,
    ) -> Any:
        """Calls a command and returns the reply's body. Raises ServiceError with a code of the protocol."""
        limit_ms = check_timeout(self._timeout_ms if timeout_ms is None else timeout_ms)
        deadline = time.monotonic() + limit_ms / 1e3
        self._policy.deposit()
        number = 1
        while True:
            left_ms = max(1.0, (deadline - time.monotonic()) * 1e3)
            try:
                attempt_ms = min(left_ms, self._policy.options.attempt_timeout_ms)
                return await self._attempt(command, payload, attempt_ms, key, traceparent)
            except ServiceError as error:
                delay_ms = self._policy.delay_ms(error, number=number, keyed=key is not None) if retry else None
                if delay_ms is None or time.monotonic() + delay_ms / 1e3 >= deadline:
                    raise
                await asyncio.sleep(delay_ms / 1e3)
            number += 1

    async def ping(self, *, timeout_ms: float | None = None) -> float:
        """Milliseconds that a sign of life of the host took."""
        start = time.monotonic()
        await self.call("service.ping", timeout_ms=timeout_ms)
        return (time.monotonic() - start) * 1e3

    def subscribe(self, topic: str) -> AsyncEventStream:
        """Events of a topic; one that is empty or ends with a dot is a prefix. Close it when done."""
        if self._events is None:
            raise ServiceError("FAILED_PRECONDITION", "the client has no event endpoint", field="events")
        return AsyncEventStream(self._events, topic, self._numpy)

    async def close(self) -> None:
        """Ends what is pending with CANCELLED and closes the connection; never waits for the host."""
        if self._closed:
            return
        self._closed = True
        for each in list(self._open.values()):
            _fail(each, given_up(each.command))
        if self._connected is not None:
            self._connected.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._socket is not None:
            self._socket.disable_monitor()
            self._monitor.close(0)
            self._socket.close(0)

    def _connect(self) -> None:
        self._connected = asyncio.Event()
        self._socket = zmq.asyncio.Context.instance().socket(zmq.DEALER)
        configure(self._socket, self._endpoint)
        # Nothing is queued for a host that is not there, to be delivered when nobody waits any more.
        self._socket.setsockopt(zmq.IMMEDIATE, 1)
        self._monitor = self._socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED)
        self._socket.connect(self._endpoint)
        self._spawn(self._receive())
        self._spawn(self._watch(self._connected))

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attempt(
        self, command: str, payload: Any, timeout_ms: float, key: str | None, traceparent: str | None
    ) -> Any:
        if self._closed:
            raise given_up(command)
        if self._socket is None:
            self._connect()
        deadline = time.monotonic() + timeout_ms / 1e3
        message_id, frame = self._session.request(command, payload, timeout_ms, key, traceparent, batch=True)
        await self._when_connected(command, min(self._connect_timeout_ms, timeout_ms))
        opened = _Open(command, self._generation, asyncio.get_running_loop().create_future())
        self._open[message_id] = opened
        try:
            try:
                await self._socket.send(frame, zmq.NOBLOCK)
            except zmq.Again:
                raise no_connection(command, self._endpoint) from None
            reply = await asyncio.wait_for(opened.reply, max(0.0, deadline - time.monotonic()))
        except asyncio.TimeoutError:
            await self._give_up(message_id)
            raise no_answer(command, timeout_ms) from None
        except asyncio.CancelledError:
            await self._give_up(message_id)
            raise
        finally:
            self._open.pop(message_id, None)
        return reply.result(self._numpy)

    async def _when_connected(self, command: str, limit_ms: float) -> None:
        assert self._connected is not None
        if not self._connected.is_set():
            try:
                await asyncio.wait_for(self._connected.wait(), limit_ms / 1e3)
            except asyncio.TimeoutError:
                raise no_connection(command, self._endpoint) from None
        if self._closed:
            raise given_up(command)

    async def _give_up(self, message_id: int) -> None:
        """Tells the host, if it is there; nobody waits for the answer."""
        if self._closed or self._connected is None or not self._connected.is_set():
            return
        try:
            await self._socket.send(self._session.cancel(message_id), zmq.NOBLOCK)
        except zmq.ZMQError:
            return

    async def _receive(self) -> None:
        while True:
            frames = await self._socket.recv_multipart()
            for reply in read_replies(frames[-1]):
                opened = self._open.get(reply.id) if isinstance(reply.id, int) else None
                # Without one, its caller has stopped waiting.
                if opened is not None and not opened.reply.done():
                    opened.reply.set_result(reply)

    async def _watch(self, connected: asyncio.Event) -> None:
        while True:
            event = parse_monitor_message(await self._monitor.recv_multipart())["event"]
            if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self._generation += 1
                connected.set()
            elif event == zmq.EVENT_DISCONNECTED:
                connected.clear()
                self._spawn(self._lose(self._generation))

    async def _lose(self, generation: int) -> None:
        """Ends the requests that went out on a connection that is gone."""
        await asyncio.sleep(DISCONNECT_GRACE_MS / 1e3)
        for opened in list(self._open.values()):
            if opened.generation == generation:
                _fail(opened, connection_lost(opened.command, self._endpoint))


def _fail(opened: _Open, error: ServiceError) -> None:
    if not opened.reply.done():
        opened.reply.set_exception(error)


class AsyncEventStream:
    """Events of one topic, in order: ``async for event in stream``."""

    def __init__(self, endpoint: str, topic: str, use_numpy: bool) -> None:
        self._reader = EventReader(topic, use_numpy)
        self._socket = zmq.asyncio.Context.instance().socket(zmq.SUB)
        configure(self._socket, endpoint)
        self._socket.setsockopt(zmq.SUBSCRIBE, topic.encode())
        self._socket.connect(endpoint)

    @property
    def unreadable(self) -> int:
        """Messages that were no event."""
        return self._reader.unreadable

    async def next(self) -> Event:
        """The next event."""
        while True:
            event = self._reader.read(await self._socket.recv_multipart())
            if event is not None:
                return event

    async def __aiter__(self) -> AsyncIterator[Event]:
        while not self._socket.closed:
            yield await self.next()

    async def __aenter__(self) -> AsyncEventStream:
        return self

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close(0)
