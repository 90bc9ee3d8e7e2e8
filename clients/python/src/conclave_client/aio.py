"""The client for asyncio: any number of calls in flight over one connection."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
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
from .stream import DEFAULT_STREAM_MS, DEFAULT_WINDOW, Items, check_window

C = TypeVar("C", bound="AsyncClient")


@dataclass
class _Open:
    """A request in flight."""

    command: str
    #: The connection that it was sent on.
    generation: int
    reply: asyncio.Future[Reply]
    #: Hears the items of a streamed reply.
    item: Callable[[Reply], None] | None = None


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

    def stream(
        self,
        command: str,
        payload: Any = None,
        *,
        timeout_ms: float = DEFAULT_STREAM_MS,
        window: int = DEFAULT_WINDOW,
        traceparent: str | None = None,
        retry: bool = True,
    ) -> AsyncReplyStream:
        """As :meth:`conclave_client.Client.stream`, on this client's connection; asked at the first item.

            async with client.stream("journal.read", {"fromSeq": 1}) as records:
                async for record in records:
                    ...

        A loop that is left early gives the rest up with its ``async with``, or :meth:`AsyncReplyStream.aclose`.
        """
        policy = self._policy if retry else None
        return AsyncReplyStream(self, command, payload, check_timeout(timeout_ms), window, traceparent, policy)

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
        deadline = time.monotonic() + timeout_ms / 1e3
        message_id, frame = self._session.request(command, payload, timeout_ms, key, traceparent, batch=True)
        opened = await self._send(command, message_id, frame, timeout_ms)
        try:
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

    async def _send(
        self,
        command: str,
        message_id: int,
        frame: bytes,
        timeout_ms: float,
        item: Callable[[Reply], None] | None = None,
    ) -> _Open:
        """Sends a request once there is a connection; whoever waits for it takes it out of the open ones."""
        if self._closed:
            raise given_up(command)
        if self._socket is None:
            self._connect()
        await self._when_connected(command, min(self._connect_timeout_ms, timeout_ms))
        opened = _Open(command, self._generation, asyncio.get_running_loop().create_future(), item)
        self._open[message_id] = opened
        try:
            await self._socket.send(frame, zmq.NOBLOCK)
        except BaseException as error:
            del self._open[message_id]
            if isinstance(error, zmq.Again):
                raise no_connection(command, self._endpoint) from None
            raise
        return opened

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
        """Nobody waits for the answer."""
        await self._tell(self._session.cancel(message_id))

    async def _tell(self, frame: bytes) -> None:
        """Sends what has no reply, if the host is there."""
        if self._closed or self._connected is None or not self._connected.is_set():
            return
        try:
            await self._socket.send(frame, zmq.NOBLOCK)
        except zmq.ZMQError:
            return

    async def _receive(self) -> None:
        while True:
            frames = await self._socket.recv_multipart()
            for reply in read_replies(frames[-1]):
                opened = self._open.get(reply.id) if isinstance(reply.id, int) else None
                # Without one, its caller has stopped waiting.
                if opened is None or opened.reply.done():
                    continue
                if not reply.more:
                    opened.reply.set_result(reply)
                elif opened.item is not None:
                    opened.item(reply)

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


class AsyncReplyStream(AsyncIterator[Any]):
    """The items of a streamed reply: ``async for item in stream``. One reader."""

    def __init__(
        self,
        client: AsyncClient,
        command: str,
        payload: Any,
        timeout_ms: float,
        window: int,
        traceparent: str | None,
        policy: RetryPolicy | None,
    ) -> None:
        #: The body of the reply that ended the stream; ``None`` before.
        self.result: Any = None
        self._client = client
        self._command = command
        self._payload = payload
        self._timeout_ms = timeout_ms
        self._deadline = time.monotonic() + timeout_ms / 1e3
        self._window = check_window(window)
        self._traceparent = traceparent
        self._policy = policy
        self._number = 1
        self._items = Items(command, window, client._numpy)
        self._arrived = asyncio.Event()
        self._opened: _Open | None = None
        self._message_id = 0
        self._failure: ServiceError | None = None
        self._ended = False
        if policy is not None:
            policy.deposit()

    async def __anext__(self) -> Any:
        while not self._ended and len(self._items) == 0:
            await self._advance()
        if len(self._items) > 0:
            item, credit = self._items.take()
            if credit > 0 and not self._ended:
                await self._client._tell(self._client._session.credit(self._message_id, credit))
            return item
        if self._failure is not None:
            raise self._failure
        raise StopAsyncIteration

    async def __aenter__(self) -> AsyncReplyStream:
        return self

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Gives the rest up; the host is told."""
        if not self._ended and self._opened is not None:
            await self._client._give_up(self._message_id)
        self._finish()

    def _finish(self) -> None:
        self._ended = True
        opened = self._client._open.pop(self._message_id, None)
        if opened is not None and not opened.reply.cancel() and not opened.reply.cancelled():
            # Looked at, whether anybody asks for it or not.
            opened.reply.exception()

    async def _advance(self) -> None:
        """Waits until something has come."""
        try:
            opened = self._opened or await self._ask()
            if not opened.reply.done():
                await self._wait(opened)
            if len(self._items) > 0 or not opened.reply.done():
                return
            self.result = self._items.end(opened.reply.result())
            self._finish()
        except ServiceError as error:
            if not await self._tries_again(error):
                self._failure = error
                await self.aclose()
        except asyncio.CancelledError:
            await self.aclose()
            raise

    async def _ask(self) -> _Open:
        left_ms = max(1.0, (self._deadline - time.monotonic()) * 1e3)
        self._message_id, frame = self._client._session.request(
            self._command, self._payload, left_ms, None, self._traceparent, batch=True, stream=self._window
        )
        self._opened = await self._client._send(self._command, self._message_id, frame, left_ms, self._take)
        self._opened.reply.add_done_callback(lambda _reply: self._arrived.set())
        return self._opened

    def _take(self, item: Reply) -> None:
        try:
            self._items.add(item)
        except ServiceError as broken:
            if self._opened is not None:
                _fail(self._opened, broken)
        self._arrived.set()

    async def _wait(self, opened: _Open) -> None:
        self._arrived.clear()
        # What came between the look and the wait.
        if opened.reply.done() or len(self._items) > 0:
            return
        try:
            await asyncio.wait_for(self._arrived.wait(), max(0.0, self._deadline - time.monotonic()))
        except asyncio.TimeoutError:
            raise no_answer(self._command, self._timeout_ms) from None

    async def _tries_again(self, error: ServiceError) -> bool:
        """Waits and lets the request be sent again, while nothing has come and time and policy allow."""
        if self._policy is None or self._items.begun:
            return False
        delay_ms = self._policy.delay_ms(error, number=self._number, keyed=False)
        if delay_ms is None or time.monotonic() + delay_ms / 1e3 >= self._deadline:
            return False
        self._number += 1
        self._client._open.pop(self._message_id, None)
        self._opened = None
        await asyncio.sleep(delay_ms / 1e3)
        return True


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
