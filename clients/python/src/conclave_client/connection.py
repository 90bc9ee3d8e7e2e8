"""One DEALER socket of the sync client: sends, receives, and notices when the host is gone."""

from __future__ import annotations

import threading
import time
from typing import Any

import zmq
from zmq.utils.monitor import recv_monitor_message

from .messages import Reply, read_replies
from .session import DISCONNECT_GRACE_MS, configure, connection_lost, given_up, no_answer, no_connection


def now_ms() -> float:
    return time.monotonic() * 1e3


class Connection:
    """Not for several threads at once."""

    def __init__(self, endpoint: str, connect_timeout_ms: float, closed: threading.Event) -> None:
        """``closed`` is set when whoever waits here shall give up."""
        self._endpoint = endpoint
        self._connect_timeout_ms = connect_timeout_ms
        self._closed = closed
        self._lost = False
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.DEALER)
        configure(self._socket, endpoint)
        # Nothing is queued for a host that is not there, to be delivered when nobody waits any more.
        self._socket.setsockopt(zmq.IMMEDIATE, 1)
        self._monitor: Any = self._socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self._socket.connect(endpoint)

    def send(self, command: str, frame: bytes, deadline_ms: float) -> None:
        """Sends a request once there is a connection. Raises UNAVAILABLE after the connect time, CANCELLED."""
        self._check_open(command)
        limit_ms = now_ms() + min(self._connect_timeout_ms, deadline_ms - now_ms())
        while True:
            # What was lost before this request is no news about it.
            while self._monitor.poll(0):
                recv_monitor_message(self._monitor)
            self._lost = False
            try:
                self._socket.send(frame, zmq.NOBLOCK)
                return
            except zmq.Again:
                self._check_open(command)
                if now_ms() >= limit_ms:
                    raise no_connection(command, self._endpoint) from None
            self._socket.poll(max(1, min(50, int(limit_ms - now_ms()))), zmq.POLLOUT)

    def receive(self, command: str, deadline_ms: float, timeout_ms: float) -> list[Reply]:
        """The next message's replies. Raises DEADLINE_EXCEEDED, UNAVAILABLE when the connection is lost, CANCELLED."""
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        if not self._lost:
            poller.register(self._monitor, zmq.POLLIN)
        while True:
            left_ms = deadline_ms - now_ms()
            if left_ms <= 0:
                raise no_answer(command, timeout_ms)
            # In slices, so that close() of another thread is noticed.
            wait_ms = DISCONNECT_GRACE_MS if self._lost else max(1, min(50, int(left_ms)))
            ready = dict(poller.poll(wait_ms))
            self._check_open(command)
            if self._socket in ready:
                return read_replies(self._socket.recv_multipart()[-1])
            if self._lost:
                raise connection_lost(command, self._endpoint)
            if self._monitor in ready:
                recv_monitor_message(self._monitor)
                self._lost = True
                poller.unregister(self._monitor)

    def tell(self, frame: bytes) -> None:
        """Sends what has no reply, if the host is there."""
        try:
            self._socket.send(frame, zmq.NOBLOCK)
        except zmq.ZMQError:
            return

    def close(self, linger_ms: int = 0) -> None:
        """``linger_ms`` is for what was told just before."""
        if self._socket.closed:
            return
        self._socket.disable_monitor()
        self._monitor.close(0)
        self._socket.close(linger_ms)

    def _check_open(self, command: str) -> None:
        if self._closed.is_set():
            raise given_up(command)
