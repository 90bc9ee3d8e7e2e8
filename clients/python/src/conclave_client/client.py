"""The client for ordinary code: one call at a time, from any thread."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from typing import Any, TypeVar

import zmq

from .codec import MSGPACK
from .connection import Connection, now_ms
from .errors import ServiceError
from .messages import Event
from .retry import RetryOptions, RetryPolicy
from .session import EventReader, Session, check_plain_endpoint, check_timeout, configure, given_up, no_answer
from .stream import DEFAULT_STREAM_MS, DEFAULT_WINDOW, ReplyStream, check_window

C = TypeVar("C", bound="Client")


class Client:
    """Calls commands of a host by name, with a deadline each, retried as far as the protocol allows.

    Calls of several threads wait for one another; for many in flight use :class:`AsyncClient`.

        with Client("tcp://127.0.0.1:7400") as client:
            print(client.call("rl.status"))
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
        """``events`` is the event endpoint, for :meth:`subscribe`; ``numpy`` makes columns of replies numpy arrays.

        ``timeout_ms`` is for calls that name none, retries included; ``connect_timeout_ms`` how long a call waits
        for a connection before it ends with UNAVAILABLE. Raises ServiceError for an endpoint that may not be used.
        """
        self._endpoint = check_plain_endpoint(endpoint)
        self._events = None if events is None else check_plain_endpoint(events, "events")
        self._session = Session(codec)
        self._numpy = numpy
        self._timeout_ms = check_timeout(timeout_ms)
        self._connect_timeout_ms = connect_timeout_ms
        self._policy = RetryPolicy(retry or RetryOptions(), rng or random.Random())
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._connection = Connection(self._endpoint, connect_timeout_ms, self._closed)

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
    ) -> Any:
        """Calls a command and returns the reply's body. Raises ServiceError with a code of the protocol.

        ``key`` is the idempotency key; every retry carries the same. ``retry=False`` tries once.
        """
        limit_ms = check_timeout(self._timeout_ms if timeout_ms is None else timeout_ms)
        deadline_ms = now_ms() + limit_ms
        self._policy.deposit()
        number = 1
        while True:
            left_ms = max(1.0, deadline_ms - now_ms())
            try:
                attempt_ms = min(left_ms, self._policy.options.attempt_timeout_ms)
                return self._attempt(command, payload, attempt_ms, key, traceparent)
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
            Connection(self._endpoint, self._connect_timeout_ms, self._closed),
            self._session,
            command,
            payload,
            timeout_ms,
            window,
            traceparent,
            self._policy if retry else None,
            self._numpy,
        )

    def ping(self, *, timeout_ms: float | None = None) -> float:
        """Milliseconds that a sign of life of the host took."""
        start_ms = now_ms()
        self.call("service.ping", timeout_ms=timeout_ms)
        return now_ms() - start_ms

    def subscribe(self, topic: str) -> EventStream:
        """Events of a topic; one that is empty or ends with a dot is a prefix. Close it when done."""
        if self._events is None:
            raise ServiceError("FAILED_PRECONDITION", "the client has no event endpoint", field="events")
        return EventStream(zmq.Context.instance(), self._events, topic, self._numpy)

    def close(self) -> None:
        """Closes the connection; a call that another thread is in ends with CANCELLED."""
        if self._closed.is_set():
            return
        self._closed.set()
        with self._lock:
            self._connection.close()

    def _attempt(self, command: str, payload: Any, timeout_ms: float, key: str | None, traceparent: str | None) -> Any:
        deadline_ms = now_ms() + timeout_ms
        message_id, frame = self._session.request(command, payload, timeout_ms, key, traceparent, batch=False)
        if not self._lock.acquire(timeout=timeout_ms / 1e3):
            raise no_answer(command, timeout_ms)
        connection = self._connection
        try:
            connection.send(command, frame, deadline_ms)
            try:
                while True:
                    for reply in connection.receive(command, deadline_ms, timeout_ms):
                        # Another id: the answer to a call that was given up.
                        if reply.id == message_id and not reply.more:
                            return reply.result(self._numpy)
            except BaseException as error:
                if not isinstance(error, ServiceError) or error.code in ("DEADLINE_EXCEEDED", "CANCELLED"):
                    connection.tell(self._session.cancel(message_id))
                raise
        finally:
            self._lock.release()


class EventStream:
    """Events of one topic, in order; iterate over it, or ask with :meth:`next`."""

    def __init__(self, context: zmq.Context[Any], endpoint: str, topic: str, use_numpy: bool) -> None:
        self._reader = EventReader(topic, use_numpy)
        self._socket = context.socket(zmq.SUB)
        configure(self._socket, endpoint)
        self._socket.setsockopt(zmq.SUBSCRIBE, topic.encode())
        self._socket.connect(endpoint)

    @property
    def unreadable(self) -> int:
        """Messages that were no event."""
        return self._reader.unreadable

    def next(self, timeout_ms: float) -> Event | None:
        """The next event; ``None`` when there is none in time."""
        deadline_ms = now_ms() + timeout_ms
        while True:
            if not self._socket.poll(max(0, int(deadline_ms - now_ms()))):
                return None
            event = self._reader.read(self._socket.recv_multipart())
            if event is not None:
                return event

    def __iter__(self) -> Iterator[Event]:
        while not self._socket.closed:
            event = self._reader.read(self._socket.recv_multipart())
            if event is not None:
                yield event

    def __enter__(self) -> EventStream:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close(0)
