"""One DEALER socket of the sync client: sends, receives, and notices when the host is gone, hangs or refuses us."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Any

import zmq
from zmq.utils.monitor import recv_monitor_message

from .clock import now_ms
from .errors import ServiceError
from .handshakes import EVENTS, REFUSED_RETRY_MS, Handshakes, reconnect
from .host_link import HostLink
from .messages import Reply, read_replies
from .pool import Remote
from .pulse import Pulse
from .session import (
    DISCONNECT_GRACE_MS,
    Session,
    configure,
    connection_lost,
    given_up,
    no_answer,
    no_connection,
    not_let_in,
    says_nothing,
)

_LOG = logging.getLogger("conclave_client")
#: How soon a close() of another thread is noticed.
_SLICE_MS = 50


class Connection:
    """Not for several threads at once. Its host's health is told to ``link``."""

    def __init__(
        self,
        remote: Remote,
        link: HostLink,
        session: Session,
        closed: threading.Event,
        ping_interval_ms: float,
        *,
        main: bool = True,
    ) -> None:
        """``closed`` is set when whoever waits here shall give up; ``main``: it says whether the host is connected."""
        self.link = link
        self._main = main
        self._endpoint = remote.endpoint
        self._session = session
        self._closed = closed
        self._pulse = Pulse(ping_interval_ms)
        self._handshakes = Handshakes(secured=remote.curve is not None)
        self._gave_up_ms = 0.0
        self._sent_ms = 0.0
        self._sent_on = 0
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.DEALER)
        configure(self._socket, remote.endpoint, remote.curve)
        # Nothing is queued for a host that is not there, to be delivered when nobody waits any more.
        self._socket.setsockopt(zmq.IMMEDIATE, 1)
        self.monitor: Any = self._socket.get_monitor_socket(EVENTS)
        self._socket.connect(remote.endpoint)

    @property
    def connected(self) -> bool:
        return self._handshakes.connected

    @property
    def refusal(self) -> str | None:
        """Why the host does not let us in."""
        return self._handshakes.refusal

    def look(self) -> None:
        """Takes the news of the connection, without waiting."""
        gave_up = self._handshakes.gave_up
        while self.monitor.poll(0):
            self._handshakes.take(recv_monitor_message(self.monitor))
        if self._main:
            self.link.see(self.connected)
        if self._handshakes.gave_up and not gave_up:
            self._gave_up_ms = now_ms()
        elif gave_up and now_ms() - self._gave_up_ms >= REFUSED_RETRY_MS:
            # A key may have been allowed meanwhile.
            self._handshakes.try_again(forget=True)
            reconnect(self._socket, self._endpoint)

    def look_after(self) -> None:
        """Finds out in passing whether a host that hung has come to itself."""
        self.look()
        if not self.connected or not self.link.suspect:
            return
        while self._socket.poll(0):
            self._read()
        if not self.link.suspect:
            return
        due = self._pulse.check(now_ms(), self.link.last_heard_ms)
        if due == "hung":
            self._pulse.heard()
            due = self._pulse.check(now_ms(), self.link.last_heard_ms)
        if due == "ping":
            self._ping()

    def send(self, command: str, frame: bytes) -> None:
        """Sends a request. Raises UNAVAILABLE where there is no connection."""
        self._sent_on = self._handshakes.generation
        self._sent_ms = now_ms()
        self._pulse.heard()
        try:
            self._socket.send(frame, zmq.NOBLOCK)
        except zmq.Again:
            raise no_connection(command, self._endpoint) from None

    def receive(self, command: str, deadline_ms: float, timeout_ms: float) -> list[Reply]:
        """The next message's replies. Raises DEADLINE_EXCEEDED, UNAVAILABLE (lost, or hangs), CANCELLED."""
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        if not self._is_lost():
            poller.register(self.monitor, zmq.POLLIN)
        while True:
            lost = self._is_lost()
            left_ms = deadline_ms - now_ms()
            if left_ms <= 0:
                raise no_answer(command, timeout_ms)
            ready = dict(poller.poll(DISCONNECT_GRACE_MS if lost else max(1, min(_SLICE_MS, int(left_ms)))))
            self._check_open(command)
            if self._socket in ready:
                return self._read()
            if lost:
                raise connection_lost(command, self._endpoint)
            if self.monitor in ready:
                self.look()
                if self._is_lost():
                    poller.unregister(self.monitor)
            else:
                self._listen(command)

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
        self.monitor.close(0)
        self._socket.close(linger_ms)

    def _read(self) -> list[Reply]:
        self.link.heard()
        self._pulse.heard()
        return read_replies(self._socket.recv_multipart()[-1])

    def _is_lost(self) -> bool:
        return not self.connected or self._handshakes.generation != self._sent_on

    def _listen(self, command: str) -> None:
        """Nothing came for a while. Raises UNAVAILABLE for a host that hangs."""
        due = self._pulse.check(now_ms(), max(self._sent_ms, self.link.last_heard_ms))
        if due == "ping":
            self._ping()
        elif due == "hung":
            self.link.suspect = True
            _LOG.warning("%s does not answer", self._endpoint)
            raise says_nothing(command, self._endpoint)

    def _ping(self) -> None:
        # Its answer is told from others by its id, which nobody waits for.
        self.tell(self._session.request("service.ping", None, 1_000, None, None, batch=False)[1])

    def _check_open(self, command: str) -> None:
        if self._closed.is_set():
            raise given_up(command)


def wait_until_connected(
    connections: Sequence[Connection], command: str, limit_ms: float, closed: threading.Event
) -> Connection:
    """The first that is connected, at the latest at ``limit_ms``.

    Raises UNAVAILABLE, CANCELLED, and UNAUTHENTICATED at once when none of the hosts lets us in.
    """
    poller = zmq.Poller()
    for connection in connections:
        poller.register(connection.monitor, zmq.POLLIN)
    while True:
        if closed.is_set():
            raise given_up(command)
        for connection in connections:
            connection.look()
            if connection.connected:
                return connection
        refusals = [connection.refusal for connection in connections]
        if all(refusals):
            raise not_let_in(command, connections[0].link.name, refusals[0] or "")
        left_ms = limit_ms - now_ms()
        if left_ms <= 0:
            raise _nobody(connections, command)
        poller.poll(max(1, min(_SLICE_MS, int(left_ms))))


def _nobody(connections: Sequence[Connection], command: str) -> ServiceError:
    if len(connections) == 1:
        return no_connection(command, connections[0].link.name)
    return no_connection(command, f"any of {len(connections)} hosts")
