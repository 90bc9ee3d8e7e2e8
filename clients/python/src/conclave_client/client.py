"""The client for ordinary code: one call at a time, from any thread."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import zmq

from .breaker import CircuitBreakerOptions
from .clock import now_ms
from .codec import MSGPACK
from .connection import Connection, wait_until_connected
from .curve import ClientCurve
from .errors import ServiceError
from .events import EventStream
from .host_link import HostLink
from .pool import HostPool, RoutingOptions, Search, ShardBy, events_of, remotes_of
from .retry import RetryOptions, RetryPolicy
from .session import Session, check_ping_interval, check_timeout, given_up, no_answer
from .stream import DEFAULT_STREAM_MS, DEFAULT_WINDOW, ReplyStream, check_window

C = TypeVar("C", bound="Client")


class Client:
    """Calls commands of a host, or of several, by name, with a deadline each, retried as far as the protocol allows.

    Calls of several threads wait for one another; for many in flight use :class:`AsyncClient`.

        with Client("tcp://127.0.0.1:7400") as client:
            print(client.call("rl.status"))
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
        """``endpoint`` is the host's, or ``endpoints`` those of several hosts, the preferred one first; ``events`` the
        event endpoint(s) in the same order, for :meth:`subscribe`. ``curve`` is for hosts with CURVE. ``numpy`` makes
        columns of replies numpy arrays.

        ``timeout_ms`` is for calls that name none, retries included; ``connect_timeout_ms`` how long a call waits
        for a connection before it ends with UNAVAILABLE; a host that is asked and says nothing for
        ``ping_interval_ms``, though pinged, is taken for one that hangs (0 = never). ``routing``, ``shard_by``,
        ``shard_down`` and ``breaker`` are those of :class:`RoutingOptions`. Raises ServiceError for endpoints, keys and
        options that may not be used.
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
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._connections = [self._connect(link) for link in self._pool.links]

    def __enter__(self: C) -> C:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        self.close()

    def call(
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
        """Calls a command and returns the reply's body. Raises ServiceError with a code of the protocol.

        ``key`` is the idempotency key; every retry carries the same. ``retry=False`` tries once. ``shard`` is whose the
        call is; without it, what ``shard_by`` says.
        """
        limit_ms = check_timeout(self._timeout_ms if timeout_ms is None else timeout_ms)
        deadline_ms = now_ms() + limit_ms
        self._policy.deposit()
        number = 1
        while True:
            left_ms = max(1.0, deadline_ms - now_ms())
            try:
                attempt_ms = min(left_ms, self._policy.options.attempt_timeout_ms)
                return self._attempt(self._pool.search(command, payload, shard), payload, attempt_ms, key, traceparent)
            except ServiceError as error:
                delay_ms = self._policy.delay_ms(error, number=number, keyed=key is not None) if retry else None
                if delay_ms is None or now_ms() + delay_ms >= deadline_ms:
                    raise
                if self._closed.wait(delay_ms / 1e3):
                    raise given_up(command) from error
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
    ) -> ReplyStream:
        """Calls a command whose reply is a stream of items, and iterates over them.

            for record in client.stream("journal.read", {"fromSeq": 1}):
                ...

        It has a connection of its own, so that the client may be used meanwhile. The host sends no more than
        ``window`` items ahead of what has been taken; leaving the loop early and :meth:`ReplyStream.close` cancel the
        command. ``timeout_ms`` is for the whole stream. Raises ServiceError INVALID_ARGUMENT for bad options; what the
        command ends with is raised by the iteration.
        """
        if self._closed.is_set():
            raise given_up(command)
        check_timeout(timeout_ms)
        check_window(window)
        return ReplyStream(
            self,
            self._pool.search(command, payload, shard),
            payload,
            timeout_ms,
            window,
            traceparent,
            self._policy if retry else None,
        )

    def ping(self, *, timeout_ms: float | None = None) -> float:
        """Milliseconds that a sign of life of the host took."""
        start_ms = now_ms()
        self.call("service.ping", timeout_ms=timeout_ms)
        return now_ms() - start_ms

    def subscribe(self, topic: str) -> EventStream:
        """Events of a topic, of all hosts; one that is empty or ends with a dot is a prefix. Close it when done."""
        if not self._events:
            raise ServiceError("FAILED_PRECONDITION", "the client has no event endpoint", field="events")
        return EventStream(zmq.Context.instance(), self._events, topic, self._numpy)

    def close(self) -> None:
        """Closes the connections; a call that another thread is in ends with CANCELLED."""
        if self._closed.is_set():
            return
        self._closed.set()
        with self._lock:
            for connection in self._connections:
                connection.close()

    def _connect(self, link: HostLink, *, main: bool = True) -> Connection:
        remote = self._pool.remotes[link.index]
        return Connection(remote, link, self._session, self._closed, self._ping_interval_ms, main=main)

    def _attempt(
        self, search: Search, payload: Any, timeout_ms: float, key: str | None, traceparent: str | None
    ) -> Any:
        """One try; where a host has certainly done nothing, that goes on at another one."""
        deadline_ms = now_ms() + timeout_ms
        if not self._lock.acquire(timeout=timeout_ms / 1e3):
            raise no_answer(search.command, timeout_ms)
        try:
            link = self._choose(search)
            while True:
                connection = self._reach(search, link, deadline_ms)
                left_ms = max(1.0, deadline_ms - now_ms())
                message_id, frame = self._session.request(
                    search.command, payload, left_ms, key, traceparent, batch=False
                )
                sent_ms = connection.link.enter()
                try:
                    body = self._exchange(connection, search.command, message_id, frame, deadline_ms, timeout_ms)
                except ServiceError as error:
                    connection.link.failed(error, sent_ms)
                    self._look()
                    link = self._pool.instead(error, search, connection.link)
                    if link is None:
                        raise
                    continue
                except BaseException:
                    connection.link.left()
                    raise
                connection.link.answered(sent_ms)
                return body
        finally:
            self._lock.release()

    def _choose(self, search: Search) -> HostLink | None:
        if self._closed.is_set():
            raise given_up(search.command)
        self._look()
        return self._pool.choose(search)

    def _look(self) -> None:
        for connection in self._connections:
            connection.look_after()

    def _reach(self, search: Search, link: HostLink | None, deadline_ms: float) -> Connection:
        """A connection to the host, or to any. Raises UNAVAILABLE, UNAUTHENTICATED, CANCELLED."""
        candidates = self._connections if link is None else [self._connections[link.index]]
        refused = None if link is None else link.refusal(search.command)
        if refused is not None:
            raise refused
        limit_ms = min(now_ms() + self._connect_timeout_ms, deadline_ms)
        try:
            return wait_until_connected(candidates, search.command, limit_ms, self._closed)
        except ServiceError as error:
            if link is not None:
                link.failed(error, link.enter())
            raise

    def _open_own(self, search: Search, link: HostLink | None, deadline_ms: float) -> Connection:
        """A connection for one stream, to the host given or to one that is chosen."""
        # While another thread is in a call, what it last knew has to do.
        if self._lock.acquire(blocking=False):
            try:
                link = link or self._choose(search)
                if link is None:
                    link = self._reach(search, None, deadline_ms).link
            finally:
                self._lock.release()
        link = link or self._pool.choose(search) or self._pool.links[0]
        refused = link.refusal(search.command)
        if refused is not None:
            raise refused
        own = self._connect(link, main=False)
        try:
            limit_ms = min(now_ms() + self._connect_timeout_ms, deadline_ms)
            return wait_until_connected([own], search.command, limit_ms, self._closed)
        except ServiceError as error:
            own.close()
            link.failed(error, link.enter())
            raise

    def _exchange(
        self,
        connection: Connection,
        command: str,
        message_id: int,
        frame: bytes,
        deadline_ms: float,
        timeout_ms: float,
    ) -> Any:
        connection.send(command, frame)
        try:
            while True:
                for reply in connection.receive(command, deadline_ms, timeout_ms):
                    # Another id: the answer to a call that was given up.
                    if reply.id == message_id and not reply.more:
                        return reply.result(self._numpy)
        except BaseException as error:
            # Not when the host itself has ended it.
            if not isinstance(error, ServiceError) or error.code in ("DEADLINE_EXCEEDED", "CANCELLED") or error.sent:
                connection.tell(self._session.cancel(message_id))
            raise
