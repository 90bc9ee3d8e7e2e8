"""CURVE: encrypted connections between a client and a host that know each other's public key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Union

import zmq

from .errors import ServiceError
from .keys import KeyPair, Path, check_key, public_key_from, read_key_file

ServerKeys = Union[str, Sequence[str]]


class ClientCurve:
    """What a client needs for hosts with CURVE: its own pair, and their public key (one for all, or one each).

        curve = ClientCurve.from_files("alice/alice.key", server_key="host.pub")

    The secret is shown by nothing.
    """

    __slots__ = ("keys", "server_key")

    def __init__(self, keys: KeyPair, *, server_key: ServerKeys) -> None:
        """Raises INVALID_ARGUMENT for what is no key."""
        self.keys = keys
        self.server_key: str | tuple[str, ...]
        if isinstance(server_key, str):
            self.server_key = check_key(server_key, "server_key")
        else:
            self.server_key = tuple(check_key(key, f"server_key[{i}]") for i, key in enumerate(server_key))

    @classmethod
    def from_files(cls, key_file: Path, *, server_key: Path | Sequence[Path]) -> ClientCurve:
        """``key_file`` is a ``.key`` file of ``conclave keys new``, readable by its owner only; ``server_key`` the
        host's public key or its ``.pub`` file, a list where several endpoints have different ones, in their order.
        """
        keys = read_key_file(key_file)
        if isinstance(server_key, (list, tuple)):
            return cls(keys, server_key=[public_key_from(each) for each in server_key])
        return cls(keys, server_key=public_key_from(server_key))  # type: ignore[arg-type]

    def at(self, index: int) -> HostCurve:
        """What is needed for the endpoint of that place. Raises INVALID_ARGUMENT when it has no key."""
        if isinstance(self.server_key, str):
            return HostCurve(self.keys, self.server_key)
        if index >= len(self.server_key):
            field = f"server_key[{index}]"
            raise ServiceError("INVALID_ARGUMENT", f"{field}: must be given, one for each endpoint", field=field)
        return HostCurve(self.keys, self.server_key[index])

    def __repr__(self) -> str:
        return f"ClientCurve({self.keys!r}, server_key={self.server_key!r})"


class HostCurve:
    """The keys of one connection."""

    __slots__ = ("keys", "server_key")

    def __init__(self, keys: KeyPair, server_key: str) -> None:
        self.keys = keys
        self.server_key = server_key

    def configure(self, socket: Any) -> None:
        """Makes a connecting socket speak CURVE."""
        socket.setsockopt(zmq.CURVE_SERVERKEY, self.server_key.encode())
        socket.setsockopt(zmq.CURVE_PUBLICKEY, self.keys.public_key.encode())
        socket.setsockopt(zmq.CURVE_SECRETKEY, self.keys.secret_key.encode())
