"""The client for asyncio: any number of calls in flight over one connection a host."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import zmq.asyncio

from .aio_connection import AsyncConnection, wait_until_connected
from .aio_stream import AsyncReplyStream
from .breaker import CircuitBreakerOptions
from .clock import now_ms
from .codec import MSGPACK
from .curve import ClientCurve
from .errors import ServiceError
from .events import AsyncEventStream
from .host_link import HostLink
from .pool import HostPool, RoutingOptions, Search, ShardBy, events_of, remotes_of
from .retry import RetryOptions, RetryPolicy
from .session import Session, check_ping_interval, check_timeout, given_up, no_answer
from .stream import DEFAULT_STREAM_MS, DEFAULT_WINDOW

C = TypeVar("C", bound="AsyncClient")


class AsyncClient:
    """As :class:`conclave_client.Client`, for one event loop. Cancelling the task cancels the call in the host.

    async with AsyncClient("tcp://127.0.0.1:7400") as client:
        print(await client.call("rl.status"))
    """

    def __init__(
        self,
        endpoint: str | None = None,
        *,
        endpoints: Sequence[str] | None = None,
        events: str | Sequence[str] | None = None,
        curve: ClientCurve | None = None,
        codec: str = MSGPACK,
        numpy: bool = False,
        timeout_ms: float = 5_000,
        connect_timeout_ms: float = 1_000,
        ping_interval_ms: float = 5_000,
        retry: RetryOptions | None = None,
        routing: Literal["ordered", "balanced"] = "ordered",
        shard_by: ShardBy | None = None,
        shard_down: Literal["error", "next"] = "error",
        breaker: CircuitBreakerOptions | Literal[False] | None = None,
        rng: random.Random | None = None,
    ) -> None:
        """The arguments are those of :class:`conclave_client.Client`. Connects at the first call.

        Hosts are pinged when they are silent, also between calls.
        """
        remotes = remotes_of(endpoint, endpoints, curve)
        self._events = events_of(events, len(remotes), curve)
        options = RoutingOptions(routing, shard_by, shard_down, CircuitBreakerOptions() if breaker is None else breaker)
        rng = rng or random.Random()
        self._session = Session(codec)
        self._numpy = numpy
        self._timeout_ms = check_timeout(timeout_ms)
        self._connect_timeout_ms = connect_timeout_ms
        self._ping_interval_ms = check_ping_interval(ping_interval_ms)
        self._policy = RetryPolicy(retry or RetryOptions(), rng)
        self._pool = HostPool(remotes, options, rng)
        self._connections: list[AsyncConnection] = []
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
        shard: str | None = None,
    ) -> Any:
        """As :meth:`conclave_client.Client.call`."""
        limit_ms = check_timeout(self._timeout_ms if timeout_ms is None else timeout_ms)
        deadline_ms = now_ms() + limit_ms
        self._policy.deposit()
        number = 1
        while True:
            left_ms = max(1.0, deadline_ms - now_ms())
            try:
                attempt_ms = min(left_ms, self._policy.options.attempt_timeout_ms)
                search = self._pool.search(command, payload, shard)
                return await self._attempt(search, payload, attempt_ms, key, traceparent)
            except ServiceError as error:
                delay_ms = self._policy.delay_ms(error, number=number, keyed=key is not None) if retry else None
                if delay_ms is None or now_ms() + delay_ms >= deadline_ms:
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
        shard: str | None = None,
    ) -> AsyncReplyStream:
        """As :meth:`conclave_client.Client.stream`, on this client's connection; asked at the first item.

            async with client.stream("journal.read", {"fromSeq": 1}) as records:
                async for record in records:
                    ...

        A loop that is left early gives the rest up with its ``async with``, or :meth:`AsyncReplyStream.aclose`.
        """
        policy = self._policy if retry else None
        search = self._pool.search(command, payload, shard)
        return AsyncReplyStream(self, search, payload, check_timeout(timeout_ms), window, traceparent, policy)

    async def ping(self, *, timeout_ms: float | None = None) -> float:
        """Milliseconds that a sign of life of the host took."""
        start_ms = now_ms()
        await self.call("service.ping", timeout_ms=timeout_ms)
        return now_ms() - start_ms

    def subscribe(self, topic: str) -> AsyncEventStream:
        """Events of a topic, of all hosts; one that is empty or ends with a dot is a prefix. Close it when done."""
        if not self._events:
            raise ServiceError("FAILED_PRECONDITION", "the client has no event endpoint", field="events")
        return AsyncEventStream(zmq.asyncio.Context.instance(), self._events, topic, self._numpy)

    async def close(self) -> None:
        """Ends what is pending with CANCELLED and closes the connections; never waits for a host."""
        if self._closed:
            return
        self._closed = True
        await asyncio.gather(*(connection.close() for connection in self._connections))

    async def _attempt(
        self, search: Search, payload: Any, timeout_ms: float, key: str | None, traceparent: str | None
    ) -> Any:
        """One try; where a host has certainly done nothing, that goes on at another one."""
        deadline_ms = now_ms() + timeout_ms
        link = self._choose(search)
        while True:
            connection = await self._reach(search, link, deadline_ms)
            left_ms = max(1.0, deadline_ms - now_ms())
            message_id, frame = self._session.request(search.command, payload, left_ms, key, traceparent, batch=True)
            sent_ms = connection.link.enter()
            try:
                body = await self._exchange(connection, search.command, message_id, frame, deadline_ms, timeout_ms)
            except ServiceError as error:
                connection.link.failed(error, sent_ms)
                link = self._pool.instead(error, search, connection.link)
                if link is None:
                    raise
                continue
            except BaseException:
                connection.link.left()
                raise
            connection.link.answered(sent_ms)
            return body

    def _choose(self, search: Search) -> HostLink | None:
        if self._closed:
            raise given_up(search.command)
        if not self._connections:
            self._connections = [
                AsyncConnection(remote, link, self._session, self._ping_interval_ms)
                for remote, link in zip(self._pool.remotes, self._pool.links)
            ]
        return self._pool.choose(search)

    async def _reach(self, search: Search, link: HostLink | None, deadline_ms: float) -> AsyncConnection:
        """A connection to the host, or to any. Raises UNAVAILABLE, UNAUTHENTICATED, CANCELLED."""
        candidates = self._connections if link is None else [self._connections[link.index]]
        refused = None if link is None else link.refusal(search.command)
        if refused is not None:
            raise refused
        if len(candidates) == 1 and candidates[0].connected and not self._closed:
            return candidates[0]
        limit_ms = min(now_ms() + self._connect_timeout_ms, deadline_ms)
        try:
            return await wait_until_connected(candidates, search.command, limit_ms, lambda: self._closed)
        except ServiceError as error:
            if link is not None:
                link.failed(error, link.enter())
            raise

    async def _exchange(
        self,
        connection: AsyncConnection,
        command: str,
        message_id: int,
        frame: bytes,
        deadline_ms: float,
        timeout_ms: float,
    ) -> Any:
        opened = await connection.send(command, message_id, frame)
        try:
            reply = await asyncio.wait_for(opened.reply, max(0.0, deadline_ms - now_ms()) / 1e3)
        except asyncio.TimeoutError:
            await connection.give_up(message_id)
            raise no_answer(command, timeout_ms) from None
        except asyncio.CancelledError:
            await connection.give_up(message_id)
            raise
        finally:
            connection.forget(message_id)
        return reply.result(self._numpy)
