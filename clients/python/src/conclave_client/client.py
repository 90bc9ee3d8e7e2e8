"""The client for ordinary code: one call at a time, from any thread."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from typing import Any, TypeVar

import zmq
from zmq.utils.monitor import recv_monitor_message

from .codec import MSGPACK
from .errors import ServiceError
from .messages import Event, read_replies
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

C = TypeVar("C", bound="Client")


def _now_ms() -> float:
    return time.monotonic() * 1e3


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
        self._context: zmq.Context[Any] = zmq.Context.instance()
        self._socket = self._context.socket(zmq.DEALER)
        configure(self._socket, endpoint)
        # Nothing is queued for a host that is not there, to be delivered when nobody waits any more.
        self._socket.setsockopt(zmq.IMMEDIATE, 1)
        self._monitor = self._socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self._socket.connect(endpoint)

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
        deadline_ms = _now_ms() + limit_ms
        self._policy.deposit()
        number = 1
        while True:
            left_ms = max(1.0, deadline_ms - _now_ms())
            try:
                attempt_ms = min(left_ms, self._policy.options.attempt_timeout_ms)
                return self._attempt(command, payload, attempt_ms, key, traceparent)
            except ServiceError as error:
                delay_ms = self._policy.delay_ms(error, number=number, keyed=key is not None) if retry else None
                if delay_ms is None or _now_ms() + delay_ms >= deadline_ms:
                    raise
                if self._closed.wait(delay_ms / 1e3):
                    raise given_up(command) from error
            number += 1

    def ping(self, *, timeout_ms: float | None = None) -> float:
        """Milliseconds that a sign of life of the host took."""
        start_ms = _now_ms()
        self.call("service.ping", timeout_ms=timeout_ms)
        return _now_ms() - start_ms

    def subscribe(self, topic: str) -> EventStream:
        """Events of a topic; one that is empty or ends with a dot is a prefix. Close it when done."""
        if self._events is None:
            raise ServiceError("FAILED_PRECONDITION", "the client has no event endpoint", field="events")
        return EventStream(self._context, self._events, topic, self._numpy)

    def close(self) -> None:
        """Closes the connection; a call that another thread is in ends with CANCELLED."""
        if self._closed.is_set():
            return
        self._closed.set()
        with self._lock:
            self._socket.disable_monitor()
            self._monitor.close(0)
            self._socket.close(0)

    def _attempt(self, command: str, payload: Any, timeout_ms: float, key: str | None, traceparent: str | None) -> Any:
        deadline_ms = _now_ms() + timeout_ms
        message_id, frame = self._session.request(command, payload, timeout_ms, key, traceparent, batch=False)
        if not self._lock.acquire(timeout=timeout_ms / 1e3):
            raise no_answer(command, timeout_ms)
        try:
            self._check_open(command)
            self._send(command, frame, deadline_ms)
            try:
                return self._receive(command, message_id, deadline_ms, timeout_ms)
            except BaseException as error:
                if not isinstance(error, ServiceError) or error.code in ("DEADLINE_EXCEEDED", "CANCELLED"):
                    self._give_up(message_id)
                raise
        finally:
            self._lock.release()

    def _check_open(self, command: str) -> None:
        if self._closed.is_set():
            raise given_up(command)

    def _send(self, command: str, frame: bytes, deadline_ms: float) -> None:
        limit_ms = _now_ms() + min(self._connect_timeout_ms, deadline_ms - _now_ms())
        while True:
            # What was lost before this request is no news about it.
            while self._monitor.poll(0):
                recv_monitor_message(self._monitor)
            try:
                self._socket.send(frame, zmq.NOBLOCK)
                return
            except zmq.Again:
                self._check_open(command)
                if _now_ms() >= limit_ms:
                    raise no_connection(command, self._endpoint) from None
            self._socket.poll(max(1, min(50, int(limit_ms - _now_ms()))), zmq.POLLOUT)

    def _receive(self, command: str, message_id: int, deadline_ms: float, timeout_ms: float) -> Any:
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._monitor, zmq.POLLIN)
        lost = False
        while True:
            left_ms = deadline_ms - _now_ms()
            if left_ms <= 0:
                raise no_answer(command, timeout_ms)
            # In slices, so that close() of another thread is noticed.
            ready = dict(poller.poll(DISCONNECT_GRACE_MS if lost else max(1, min(50, int(left_ms)))))
            self._check_open(command)
            if self._socket in ready:
                for reply in read_replies(self._socket.recv_multipart()[-1]):
                    # Another id: the answer to a call that was given up.
                    if reply.id == message_id:
                        return reply.result(self._numpy)
            elif lost:
                raise connection_lost(command, self._endpoint)
            elif self._monitor in ready:
                recv_monitor_message(self._monitor)
                lost = True
                poller.unregister(self._monitor)

    def _give_up(self, message_id: int) -> None:
        """Tells the host, if it is there; nobody waits for the answer."""
        try:
            self._socket.send(self._session.cancel(message_id), zmq.NOBLOCK)
        except zmq.ZMQError:
            return


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
        deadline_ms = _now_ms() + timeout_ms
        while True:
            if not self._socket.poll(max(0, int(deadline_ms - _now_ms()))):
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
