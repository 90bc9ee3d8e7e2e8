"""CURVE keys, as ``conclave keys new`` writes them."""

from __future__ import annotations

import os
import re
from typing import Union

import zmq
from zmq.utils import z85

from .errors import ServiceError
from .private_file import read_protected_file

_KEY_CHARACTERS = 40
_KEY_LINE = re.compile(r"(public|secret) (\S+)\s*")

Path = Union[str, "os.PathLike[str]"]


class KeyPair:
    """A key pair, Z85. ``repr``, ``str``, ``vars`` and a log line of it show the public key only."""

    __slots__ = ("_secret_key", "public_key")

    def __init__(self, public_key: str, secret_key: str) -> None:
        """Raises INVALID_ARGUMENT for what is no key, or two that do not belong together."""
        self.public_key = check_key(public_key, "public_key")
        self._secret_key = check_key(secret_key, "secret_key")
        if not zmq.has("curve"):
            raise ServiceError("FAILED_PRECONDITION", "this build of ZeroMQ has no CURVE", field="curve")
        if zmq.curve_public(self._secret_key.encode()).decode() != public_key:
            message = "public_key: it does not belong to the secret key"
            raise ServiceError("INVALID_ARGUMENT", message, field="public_key")

    @property
    def secret_key(self) -> str:
        return self._secret_key

    def __repr__(self) -> str:
        return f"KeyPair(public_key={self.public_key!r})"

    def __reduce__(self) -> str:
        # A pickle would carry the secret to wherever it goes.
        raise TypeError("a key pair cannot be pickled")


def read_key_file(path: Path) -> KeyPair:
    """A pair from its ``.key`` file.

    Raises NOT_FOUND; FAILED_PRECONDITION when others may read the file; INVALID_ARGUMENT for what is no key file (the
    contents are never repeated).
    """
    name = os.fspath(path)
    text = read_protected_file(name, secret=True)
    if text is None:
        message = f"{name}: no such key file; conclave keys new makes one"
        raise ServiceError("NOT_FOUND", message, field=name)
    matches = (_KEY_LINE.fullmatch(line) for line in text.splitlines())
    found = {match.group(1): match.group(2) for match in matches if match is not None}
    public_key, secret_key = found.get("public"), found.get("secret")
    if public_key is None or secret_key is None or not is_key(public_key) or not is_key(secret_key):
        message = f'{name}: must be a key file: a line "public KEY" and a line "secret KEY", Z85'
        raise ServiceError("INVALID_ARGUMENT", message, field=name)
    return KeyPair(public_key, secret_key)


def public_key_from(key_or_file: Path) -> str:
    """A public key given as such or as the path of a ``.pub`` file. Raises ServiceError."""
    name = os.fspath(key_or_file)
    # A path may consist of forty characters of Z85, so its ending decides.
    if not name.endswith(".pub"):
        return check_key(name, "server_key")
    text = read_protected_file(name, secret=False)
    if text is None:
        raise ServiceError("NOT_FOUND", f"{name}: no such file", field=name)
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if len(lines) != 1 or len(lines[0]) != 2 or not is_key(lines[0][0]):
        raise ServiceError("INVALID_ARGUMENT", f"{name}: must be one line, PUBLICKEY name", field=name)
    return lines[0][0]


def is_key(text: object) -> bool:
    """Whether a text is a Z85 key: 40 characters that stand for 32 bytes."""
    if not isinstance(text, str) or len(text) != _KEY_CHARACTERS or not text.isascii():
        return False
    values = [z85.Z85MAP.get(byte) for byte in text.encode()]
    if None in values:
        return False
    words = (values[at : at + 5] for at in range(0, _KEY_CHARACTERS, 5))
    return all(_word(word) < 2**32 for word in words)


def check_key(text: object, field: str) -> str:
    """Raises INVALID_ARGUMENT that does not repeat what was given: it may be a secret."""
    if isinstance(text, str) and is_key(text):
        return text
    shown = f"{len(text)} characters" if isinstance(text, str) else type(text).__name__
    message = f"{field}: must be a Z85 key of {_KEY_CHARACTERS} characters (given: {shown})"
    raise ServiceError("INVALID_ARGUMENT", message, field=field)


def _word(values: list[int | None]) -> int:
    word = 0
    for value in values:
        word = word * 85 + (value or 0)
    return word
