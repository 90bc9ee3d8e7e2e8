"""Endpoints: what they look like, and that plain sockets stay on this machine."""

from __future__ import annotations

import ipaddress
import re

from .errors import ServiceError, invalid

_SHAPE = "tcp://HOST:PORT, tcp://[IPv6]:PORT or ipc://PATH, as in tcp://127.0.0.1:7400"
_TCP = re.compile(r"tcp://(\[[0-9a-fA-F:.]+\]|[^:/\[\]\s]+):(\*|\d{1,5})")
#: Longest path of a Unix domain socket, in bytes, on the smallest of the common systems.
_MAX_IPC_PATH_BYTES = 103
_WILDCARDS = frozenset({"*", "0.0.0.0", "::"})


def check_endpoint(endpoint: str, field: str = "endpoint", *, secured: bool = False, binding: bool = False) -> str:
    """An endpoint as the security in force allows: with CURVE any address, without it loopback and ipc only.

    ``binding`` also takes ``*`` for any free port. Raises INVALID_ARGUMENT or FAILED_PRECONDITION.
    """
    if not isinstance(endpoint, str):
        raise invalid(field, endpoint, _SHAPE)
    if endpoint.startswith("ipc://"):
        path = endpoint[len("ipc://") :]
        if not 0 < len(path.encode(errors="replace")) <= _MAX_IPC_PATH_BYTES or "\0" in path:
            raise invalid(field, endpoint, f"ipc://PATH with a path of 1 to {_MAX_IPC_PATH_BYTES} bytes")
        return endpoint
    match = _TCP.fullmatch(endpoint)
    if match is None or (match.group(2) != "*" and int(match.group(2)) > 65_535):
        raise invalid(field, endpoint, _SHAPE)
    if not binding and (match.group(2) == "*" or int(match.group(2)) == 0):
        raise invalid(field, endpoint, "an endpoint with a port to connect to")
    if secured or _is_loopback(match.group(1).strip("[]")):
        return endpoint
    message = (
        f"{field}: {endpoint!r} can be reached from other machines; "
        "plain sockets are for loopback and ipc only, elsewhere CURVE is required"
    )
    raise ServiceError("FAILED_PRECONDITION", message, field=field)


def is_wildcard(endpoint: str) -> bool:
    """Whether an address means every one of the machine: good for binding, useless for connecting."""
    match = _TCP.fullmatch(endpoint)
    return match is not None and match.group(1).strip("[]") in _WILDCARDS


def with_host(endpoint: str, host: str) -> str:
    """A tcp endpoint under another name or address of its machine."""
    port = endpoint.rpartition(":")[2]
    return f"tcp://[{host}]:{port}" if ":" in host and not host.startswith("[") else f"tcp://{host}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
