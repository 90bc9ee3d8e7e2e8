"""What the socket library tells of one connection: whether it is there, and why the host does not let us in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import zmq

#: What a monitor must hear.
EVENTS = (
    zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_DISCONNECTED
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
)
#: A host that was not spoken to again after this long may have changed its mind.
REFUSED_RETRY_MS = 1_000
#: Status of a handshake that was refused for good (ZeroMQ RFC 27).
_UNKNOWN_KEY = 400
#: Connections that end within their handshake, one after the other, before that is called a refusal.
_BROKEN_HANDSHAKES = 3


class Handshakes:
    """Follows the events of a socket with one peer. Does no I/O."""

    def __init__(self, *, secured: bool) -> None:
        self.connected = False
        #: Counts connections; tells requests of a lost one from those sent on its successor.
        self.generation = 0
        #: Why the host does not let us in; ``None`` while that is not known.
        self.refusal: str | None = None
        #: The socket library has given up for good, and must be made to connect again.
        self.gave_up = False
        self._secured = secured
        self._broken = 0

    def take(self, message: Mapping[str, Any]) -> None:
        """Takes an event of the monitor."""
        event, value = message["event"], message["value"]
        if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            self.connected = True
            self.generation += 1
            self.refusal = None
            self._broken = 0
        elif event == zmq.EVENT_DISCONNECTED:
            self.connected = False
        elif event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            # The host has too much to do, or whoever decides there is in trouble: that says nothing about our key.
            if value == _UNKNOWN_KEY:
                self.refusal = "the host does not know our key"
            self.gave_up = True
        elif event == zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL:
            self.refusal = "the host and we do not have the same security or protocol"
            self.gave_up = True
        elif event == zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL and self._secured:
            # A host that cannot decipher us hangs up without a word, and so does one that just dies.
            self._broken += 1
            if self._broken >= _BROKEN_HANDSHAKES:
                self.refusal = "the host hangs up in the handshake: is the server key wrong?"

    def try_again(self, *, forget: bool) -> None:
        """The socket is made to connect again. ``forget``: wait for the new verdict, whatever the old one was."""
        self.gave_up = False
        if forget:
            self.refusal = None


def reconnect(socket: Any, endpoint: str) -> None:
    """Connects anew after the library has given up."""
    try:
        socket.disconnect(endpoint)
    except zmq.ZMQError:
        # The library may have taken it off already.
        pass
    socket.connect(endpoint)
