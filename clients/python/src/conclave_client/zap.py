"""Answers every handshake at the CURVE endpoint of a host: only the keys it is given get in (ZeroMQ RFC 27)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from typing import Any

import zmq
from zmq.utils import z85

from .keys import KeyPair

_LOG = logging.getLogger("conclave_client.expert")
_ENDPOINT = "inproc://zeromq.zap.01"
_DOMAIN = "expert"
_VERSION = b"1.0"
#: Version, request id, domain, address, identity, mechanism; then the client's public key.
_FRAMES = 7
_POLL_MS = 100
#: A connection that has not introduced itself by then is closed.
_HANDSHAKE_LIMIT_MS = 5_000


class ZapHandler:
    """On a thread of its own, so that nobody waits at the door while the host works.

    The endpoint enforces its domain: with this handler stopped, stuck or absent nobody gets in.
    """

    def __init__(self, context: zmq.Context[Any], allowed: Iterable[str]) -> None:
        """``context`` is that of the endpoint, which has room for one such handler. Allows the public keys given."""
        self._allowed = frozenset(allowed)
        self._stop = threading.Event()
        self._socket: Any = context.socket(zmq.REP)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.bind(_ENDPOINT)
        self._thread = threading.Thread(target=self._serve, name="expert-handshakes", daemon=True)
        self._thread.start()

    def secure(self, socket: Any, keys: KeyPair) -> None:
        """Makes a socket, before it is bound, an endpoint of this handler."""
        socket.setsockopt(zmq.CURVE_SERVER, 1)
        socket.setsockopt(zmq.CURVE_SECRETKEY, keys.secret_key.encode())
        socket.setsockopt(zmq.ZAP_DOMAIN, _DOMAIN.encode())
        # Without it a handler that is absent or has stopped would let everyone in.
        socket.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
        socket.setsockopt(zmq.HANDSHAKE_IVL, _HANDSHAKE_LIMIT_MS)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _serve(self) -> None:
        try:
            while not self._stop.is_set():
                if self._socket.poll(_POLL_MS):
                    self._socket.send_multipart(self._answer(self._socket.recv_multipart()))
        except zmq.ZMQError:
            _LOG.exception("handshakes can no longer be checked: nobody gets in")
        finally:
            self._socket.close(0)

    def _answer(self, frames: list[bytes]) -> list[bytes]:
        request_id = frames[1] if len(frames) > 1 else b""
        domain_matches = len(frames) == _FRAMES and frames[2] == _DOMAIN.encode()
        is_curve = domain_matches and frames[0] == _VERSION and frames[5] == b"CURVE" and len(frames[6]) == 32
        key = z85.encode(frames[6]).decode() if is_curve else None
        if key is not None and key in self._allowed:
            return [_VERSION, request_id, b"200", b"OK", key.encode(), b""]
        _LOG.warning("a handshake was refused: public key %s", key)
        return [_VERSION, request_id, b"400", b"not allowed", b"", b""]
