"""Envelopes: what every message says about itself, read without looking at its body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Union

import msgpack

from . import limits
from .codec import (
    JSON,
    MSGPACK,
    check_json,
    decode_body,
    encode_body,
    is_flawed,
    is_text,
    json_bytes,
    msgpack_bytes,
    parse_json,
)
from .errors import ServiceError, invalid
from .scan import Scan

VERSION = 1
MessageId = Union[int, str]

_NAMES = frozenset("v id cmd ttl key tp batch stream cancel credit more ok us epoch seq timeMs".split())
_COMMAND = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
#: Stands for a body that is not there, as opposed to one that is null.
NO_BODY: Any = object()
_NOT_PLAIN = object()


@dataclass
class Envelope:
    """One envelope as it arrived; with ``error`` its fields are only those read before the trouble."""

    codec: str
    fields: dict[str, Any] = field(default_factory=dict)
    body: Any = NO_BODY
    body_is_bare: bool = False
    header_bytes: int = 0
    error: ServiceError | None = None

    def decode(self, use_numpy: bool = False) -> Any:
        """The payload, ``None`` when there is none. Raises ServiceError INVALID_ARGUMENT."""
        if self.body is NO_BODY:
            return None
        if self.codec == MSGPACK:
            return decode_body(MSGPACK, self.body, use_numpy=use_numpy)
        check_json(self.body)
        return self.body


@dataclass
class Frame:
    codec: str
    batch: bool
    envelopes: list[Envelope]


def write_envelope(codec: str, header: dict[str, Any], body: Any = NO_BODY) -> bytes:
    """The bytes of an envelope: the header's fields in their order, then the body; ``None`` is the value null."""
    if body is NO_BODY:
        return json_bytes(header) if codec == JSON else msgpack_bytes(header)
    encoded = encode_body(codec, body)
    if codec == MSGPACK:
        return msgpack_bytes({**header, "body": encoded})
    return json_bytes(header)[:-1] + b',"body":' + encoded + b"}"


def join_batch(codec: str, envelopes: list[bytes]) -> bytes:
    """Several envelopes as one message."""
    if codec == JSON:
        return b"[" + b",".join(envelopes) + b"]"
    count = len(envelopes)
    head = bytes([0x90 | count]) if count < 16 else b"\xdc" + count.to_bytes(2, "big")
    return head + b"".join(envelopes)


def read_frame(frame: bytes) -> Frame:
    """Takes a frame apart. Raises ServiceError when no envelope of it can be believed."""
    if len(frame) > limits.MESSAGE_BYTES:
        raise _refused(f"{len(frame)} bytes; at most {limits.MESSAGE_BYTES} are allowed")
    if len(frame) == 0:
        raise _refused("an empty message")
    first = frame[0]
    if first in b"{[":
        return _read_json(frame)
    is_array = 0x90 <= first < 0xA0 or first in (0xDC, 0xDD)
    if not is_array and not (0x80 <= first < 0x90 or first in (0xDE, 0xDF)):
        raise _refused("neither JSON nor MessagePack")
    return _read_msgpack(frame, is_array)


def _read_msgpack(frame: bytes, batch: bool) -> Frame:
    scan = Scan(frame)
    envelopes: list[Envelope] = []
    for _ in range(_batch_count(scan) if batch else 1):
        envelope = Envelope(MSGPACK)
        envelopes.append(envelope)
        start = scan.at
        try:
            _read_map(scan, envelope)
        except ServiceError as error:
            # Where it ends is not known, so there is no next one.
            envelope.error = error
            return Frame(MSGPACK, batch, envelopes)
        body_bytes = 0 if envelope.body is NO_BODY else len(envelope.body)
        envelope.header_bytes = scan.at - start - body_bytes
    if scan.at != scan.end:
        _spoil(envelopes, batch, MSGPACK)
    return Frame(MSGPACK, batch, envelopes)


def _batch_count(scan: Scan) -> int:
    tag = scan.byte()
    count = tag & 0x0F if tag < 0xA0 else scan.size(2 if tag == 0xDC else 4)
    if count > min(limits.BATCH_ENVELOPES, scan.end - scan.at):
        raise _refused(f"a batch of {count}; at most {limits.BATCH_ENVELOPES} are allowed, and as many as there are")
    return count


def _read_map(scan: Scan, envelope: Envelope) -> None:
    tag = scan.data[scan.at] if scan.at < scan.end else 0
    if not (0x80 <= tag < 0x90 or tag in (0xDE, 0xDF)):
        scan.value(limits.DEPTH)
        envelope.error = _refused("an envelope that is no map")
        return
    scan.byte()
    count = tag & 0x0F if tag < 0x90 else scan.size(2 if tag == 0xDE else 4)
    scan.open(count * 2, 1 + count, limits.DEPTH)
    for _ in range(count):
        scan.paid(2)
        name = scan.key()
        tag = scan.data[scan.at] if scan.at < scan.end else 0
        if name == "body":
            if envelope.body is not NO_BODY or envelope.body_is_bare:
                raise _twice(name)
            if 0xC4 <= tag <= 0xC6:
                scan.byte()
                start = scan.take(scan.size(1 << (tag - 0xC4)))
                envelope.body = scan.data[start : scan.at]
                continue
            envelope.body_is_bare = True
        start = scan.at
        scan.value(limits.DEPTH - 1)
        if name in _NAMES:
            if name in envelope.fields:
                raise _twice(name)
            envelope.fields[name] = _plain_value(tag, scan.data[start : scan.at])


def _plain_value(tag: int, data: bytes) -> Any:
    is_container = 0x80 <= tag < 0xA0 or 0xC4 <= tag <= 0xC9 or 0xD4 <= tag <= 0xD8 or 0xDC <= tag <= 0xDF
    return _NOT_PLAIN if is_container else msgpack.unpackb(data, raw=False)


def _read_json(frame: bytes) -> Frame:
    whole = parse_json(frame)
    batch = isinstance(whole, list)
    members = whole if batch else [whole]
    if len(members) > limits.BATCH_ENVELOPES:
        raise _refused(f"a batch of more than {limits.BATCH_ENVELOPES}")
    return Frame(JSON, batch, [_json_envelope(member, batch, len(frame)) for member in members])


def _json_envelope(member: Any, batch: bool, frame_bytes: int) -> Envelope:
    envelope = Envelope(JSON)
    if not isinstance(member, dict):
        envelope.error = _refused("an envelope that is no map")
        return envelope
    for name, value in member.items():
        if name == "body":
            envelope.body = value
        elif name in _NAMES:
            envelope.fields[name] = _NOT_PLAIN if isinstance(value, (dict, list)) else value
    if is_flawed(member):
        envelope.error = _refused("a field that is given twice or forbidden")
    elif batch or frame_bytes > limits.ENVELOPE_BYTES:
        # Parsed already: what counts is what its own fields take.
        header = {name: value for name, value in member.items() if name != "body"}
        envelope.header_bytes = len(_json_size(header))
    return envelope


def _json_size(header: dict[str, Any]) -> bytes:
    try:
        return json_bytes(header)
    except ValueError:
        return b""


def _spoil(envelopes: list[Envelope], batch: bool, codec: str) -> None:
    """What follows a single envelope takes its credit; in a batch it is nobody's."""
    error = _refused("bytes after the end of the message")
    if batch:
        envelopes.append(Envelope(codec, error=error))
    elif envelopes[-1].error is None:
        envelopes[-1].error = error


def is_message_id(value: Any) -> bool:
    """An unsigned integer below 2^53, or a text of 1 to 64 characters."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return 0 <= value <= limits.LARGEST_INTEGER
    return isinstance(value, str) and 1 <= len(value) <= 64 and is_text(value)


def traceparent(text: Any) -> str | None:
    """A trace that cannot be read is started anew rather than refused."""
    readable = isinstance(text, str) and len(text) <= 128 and text.isascii() and _TRACEPARENT.fullmatch(text)
    return text if readable else None


def check_request(envelope: Envelope) -> ServiceError | None:
    """What is wrong with an envelope, whose id can be read, as a request or cancel."""
    if envelope.error is not None:
        if envelope.error.field == "body":
            return ServiceError("INVALID_ARGUMENT", envelope.error.message, field="envelope")
        return envelope.error
    fields = envelope.fields
    if envelope.header_bytes > limits.ENVELOPE_BYTES:
        allowed = f"at most {limits.ENVELOPE_BYTES} bytes without the body"
        return invalid("envelope", envelope.header_bytes, allowed)
    if fields.get("v") != VERSION or isinstance(fields.get("v"), bool):
        return invalid("v", fields.get("v"), "1")
    if fields.get("cancel", False) is True or is_grant(fields):
        return None
    for name, is_good, allowed in _REQUEST_FIELDS:
        if not is_good(fields.get(name)):
            return invalid(name, fields.get(name), allowed)
    if envelope.body_is_bare:
        return invalid("body", None, "a bin that holds the encoded payload")
    return None


def _is_ttl(ttl: Any) -> bool:
    if ttl is None:
        return True
    return isinstance(ttl, (int, float)) and not isinstance(ttl, bool) and 0 <= ttl < float("inf")


def is_credit(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= limits.STREAM_CREDIT


def is_grant(fields: dict[str, Any]) -> bool:
    """Whether the envelope grants credit; beside a command the field is one that nobody knows."""
    return "credit" in fields and "cmd" not in fields


_REQUEST_FIELDS: tuple[tuple[str, Any, str], ...] = (
    ("cancel", lambda it: it is None or it is False, "true or false"),
    (
        "cmd",
        lambda it: isinstance(it, str) and len(it) <= 128 and _COMMAND.fullmatch(it) is not None,
        "service.verb in lower snake case, at most 128 characters",
    ),
    ("ttl", _is_ttl, "milliseconds, 0 or more"),
    ("key", lambda it: it is None or (isinstance(it, str) and 1 <= len(it) <= 128), "a string of 1 to 128 characters"),
    ("tp", lambda it: it is None or isinstance(it, str), "a W3C traceparent"),
    ("batch", lambda it: it is None or isinstance(it, bool), "true or false"),
    ("stream", lambda it: it is None or is_credit(it), f"an integer from 1 to {limits.STREAM_CREDIT}"),
)


def _twice(name: str) -> ServiceError:
    return ServiceError("INVALID_ARGUMENT", f"{name}: given twice", field=name)


def _refused(reason: str) -> ServiceError:
    return ServiceError("INVALID_ARGUMENT", reason)
