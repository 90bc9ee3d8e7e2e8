"""The three things that are read from the wire: replies, requests, events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .envelope import (
    VERSION,
    Envelope,
    MessageId,
    check_request,
    is_credit,
    is_grant,
    is_message_id,
    read_frame,
    traceparent,
)
from .errors import ServiceError, invalid


@dataclass
class Reply:
    """A reply, its body not yet decoded; or, with ``more``, an item of one that is streamed."""

    id: MessageId
    ok: bool
    us: float | None
    tp: str | None
    envelope: Envelope
    #: Of an item: its number, from 1. Of a reply that ends a stream: how many items came before it.
    seq: int | None = None
    #: An item, or without ``seq`` a sign of life: the reply itself is still to come.
    more: bool = False

    def result(self, use_numpy: bool = False) -> Any:
        """The result. Raises the ServiceError that the host answered with, INTERNAL for an unreadable body."""
        try:
            body = self.envelope.decode(use_numpy)
        except ServiceError as error:
            raise ServiceError("INTERNAL", f"the reply cannot be read: {error.message}") from error
        if not self.ok:
            raise ServiceError.from_body(body)
        return body


def read_replies(frame: bytes) -> list[Reply]:
    """The replies of a frame; what is none is left out. Never raises."""
    try:
        read = read_frame(frame)
    except ServiceError:
        return []
    replies: list[Reply] = []
    for envelope in read.envelopes:
        fields = envelope.fields
        more = fields.get("more") is True
        is_reply = more or isinstance(fields.get("ok"), bool)
        is_whole = envelope.error is None and not envelope.body_is_bare and _is_count(fields.get("seq"))
        if is_reply and is_whole and fields.get("v") == VERSION and is_message_id(fields.get("id")):
            us = fields.get("us")
            replies.append(
                Reply(
                    fields["id"],
                    more or fields["ok"],
                    us if isinstance(us, (int, float)) else None,
                    traceparent(fields.get("tp")),
                    envelope,
                    fields.get("seq"),
                    more,
                )
            )
    return replies


def _is_count(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


@dataclass
class Request:
    """A well-formed request, its body not yet decoded."""

    id: MessageId
    cmd: str
    ttl: float | None
    key: str | None
    tp: str | None
    envelope: Envelope
    #: Items granted to begin with; ``None`` = the reply is wanted in one piece.
    stream: int | None = None

    def payload(self, use_numpy: bool = False) -> Any:
        return self.envelope.decode(use_numpy)


@dataclass
class Cancel:
    id: MessageId


@dataclass
class Credit:
    """Lets a stream send more items; no number of them that could be granted is ``None``."""

    id: MessageId
    credit: int | None


@dataclass
class Invalid:
    """To be answered with ``error``: its id could be read, but it is no request."""

    id: MessageId
    error: ServiceError


@dataclass
class Incoming:
    codec: str
    batch: bool
    items: list[Request | Cancel | Credit | Invalid]


def read_requests(frame: bytes) -> Incoming | None:
    """The requests of a frame; ``None`` when nothing in it can be answered. Never raises."""
    try:
        read = read_frame(frame)
    except ServiceError:
        return None
    items: list[Request | Cancel | Credit | Invalid] = []
    for envelope in read.envelopes:
        fields = envelope.fields
        message_id: Any = fields.get("id")
        if not is_message_id(message_id):
            continue
        error = check_request(envelope)
        if error is not None:
            items.append(Invalid(message_id, error))
        elif fields.get("cancel") is True:
            items.append(Cancel(message_id))
        elif is_grant(fields):
            items.append(Credit(message_id, fields["credit"] if is_credit(fields["credit"]) else None))
        else:
            items.append(
                Request(
                    message_id,
                    fields["cmd"],
                    fields.get("ttl"),
                    fields.get("key"),
                    traceparent(fields.get("tp")),
                    envelope,
                    fields.get("stream"),
                )
            )
    if not items and not read.batch:
        return None
    return Incoming(read.codec, read.batch, items)


@dataclass(frozen=True)
class Event:
    """Something that a host published."""

    topic: str
    #: One life of the host.
    epoch: MessageId
    #: Counts per topic from 1 without gaps within an epoch.
    seq: int
    #: Unix milliseconds, UTC.
    time_ms: float
    #: Events of this topic lost just before this one.
    missed: int
    body: Any


def read_event(topic: str, frame: bytes, use_numpy: bool = False) -> Event:
    """Reads an event, ``missed`` 0. Raises ServiceError INVALID_ARGUMENT."""
    read = read_frame(frame)
    if read.batch:
        raise ServiceError("INVALID_ARGUMENT", "an event that is no single envelope")
    (envelope,) = read.envelopes
    if envelope.error is not None:
        raise envelope.error
    fields = envelope.fields
    epoch: Any = fields.get("epoch")
    seq: Any = fields.get("seq")
    time_ms: Any = fields.get("timeMs")
    if fields.get("v") != VERSION:
        raise invalid("v", fields.get("v"), "1")
    if not is_message_id(epoch):
        raise invalid("epoch", epoch, "an unsigned integer or a short text")
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1:
        raise invalid("seq", seq, "an integer of at least 1")
    if not isinstance(time_ms, (int, float)) or isinstance(time_ms, bool) or not math.isfinite(time_ms):
        raise invalid("timeMs", time_ms, "Unix milliseconds")
    if envelope.body_is_bare:
        raise invalid("body", None, "a bin that holds the encoded payload")
    return Event(topic, epoch, seq, time_ms, 0, envelope.decode(use_numpy))
