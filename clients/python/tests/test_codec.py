"""Bodies and envelopes that must not be believed, and bytes at random."""

import random

import msgpack
import pytest
from test_golden import VECTORS, frame_of

from conclave_client import JSON, MSGPACK, ServiceError
from conclave_client.codec import decode_body, encode_body
from conclave_client.messages import read_event, read_replies, read_requests


def refusal(codec, data):
    with pytest.raises(ServiceError) as caught:
        decode_body(codec, data)
    assert caught.value.code == "INVALID_ARGUMENT"
    return caught.value


@pytest.mark.parametrize("codec", [MSGPACK, JSON])
def test_plain_values_survive_the_way(codec):
    value = {"a": [None, True, -1, 2**53 - 1, 0.1, 1e300, "€", {"b": []}]}
    assert decode_body(codec, encode_body(codec, value)) == value


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "truncated"),
        (b"\xc1", "illegal"),
        (b"\xdd\x7f\xff\xff\xff", "more elements"),
        (b"\x92\xdc\x00\x02\x01\x02\xdc\x00\x02\x01", "more elements"),
        (b"\x91" * 32 + b"\x90", "nested deeper"),
        (b"\x81\x01\x02", "key that is no text"),
        (b"\x82\xa1a\x01\xa1a\x02", "repeated key"),
        (b"\x81\xabconstructor\x01", "forbidden key"),
        (b"\xa2\xff\xff", "UTF-8"),
        (b"\xcf\x00\x20\x00\x00\x00\x00\x00\x00", "2^53"),
        (b"\xd6\xff\x00\x00\x00\x00", "extension type -1"),
        (b"\x01\x02", "trailing"),
        (b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", "finite"),
        (msgpack.packb("x" * (1024 * 1024 + 1)), "longer"),
        (msgpack.packb(b"x" * (1024 * 1024 + 1)), "longer"),
        (msgpack.packb([{}] * 131_072), "131072"),
    ],
)
def test_messagepack_that_must_not_be_decoded_is_refused(data, says):
    assert says in refusal(MSGPACK, data).message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"\xff", "JSON"),
        (b"NaN", "NaN"),
        (b'{"a":1e999}', "finite"),
        (b'{"a":{"b":1,"b":2}}', "repeated key"),
        (b'{"a":{"__proto__":1}}', "forbidden key"),
        (b"[" * 33 + b"]" * 33, "nested deeper"),
        (b"[" * 100_000, "JSON"),
        (b'"' + b"x" * (1024 * 1024 + 1) + b'"', "longer"),
        (b"[" + b"{}," * 131_071 + b"{}]", "131072"),
    ],
)
def test_json_that_must_not_be_decoded_is_refused(data, says):
    assert says in refusal(JSON, data).message


def test_a_flaw_in_a_json_body_spoils_the_body_only():
    (request,) = read_requests(b'{"v":1,"id":1,"cmd":"a.b","body":{"x":1,"x":2}}').items
    assert request.cmd == "a.b"
    with pytest.raises(ServiceError):
        request.payload()


def test_a_bad_envelope_in_a_batch_spoils_only_itself():
    frame = b'[{"v":1,"id":1,"cmd":"a.b"},{"v":3,"id":2},7,{"v":1,"id":4,"cmd":"a.b"}]'
    kinds = [(type(item).__name__, item.id) for item in read_requests(frame).items]
    assert kinds == [("Request", 1), ("Invalid", 2), ("Request", 4)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("ttl", -1), ("key", ""), ("key", "k" * 129), ("tp", 7), ("batch", 1), ("cancel", 1), ("cmd", "a"), ("v", True)],
)
def test_a_field_that_is_wrong_is_named(field, value):
    envelope = {"v": 1, "id": 1, "cmd": "a.b", field: value}
    (item,) = read_requests(msgpack.packb(envelope)).items
    assert item.error.field == field


def test_an_envelope_over_its_limit_is_refused_and_unknown_fields_are_ignored():
    small = {"v": 1, "id": 1, "cmd": "a.b", "later": {"x": [1]}, "body": msgpack.packb("x" * 10_000)}
    (request,) = read_requests(msgpack.packb(small)).items
    assert request.payload() == "x" * 10_000
    (item,) = read_requests(msgpack.packb({**small, "later": "x" * 5_000})).items
    assert item.error.field == "envelope"


def test_an_unreadable_trace_is_ignored():
    (request,) = read_requests(b'{"v":1,"id":1,"cmd":"a.b","tp":"nonsense"}').items
    assert request.tp is None


def test_half_a_character_is_refused():
    with pytest.raises(ServiceError) as caught:
        encode_body(MSGPACK, {"a": "\ud800"})
    assert caught.value.field == "a"
    assert read_requests(b'{"v":1,"id":"\\ud800","cmd":"a.b"}') is None


def test_bytes_at_random_are_refused_and_nothing_else_happens():
    rng = random.Random(20)
    frames = [frame_of(vector) for vector in VECTORS]
    for _ in range(20_000):
        frame = bytearray(rng.choice(frames))
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(frame))
            action = rng.randrange(4)
            if action == 0:
                frame[at] = rng.randrange(256)
            elif action == 1:
                frame.insert(at, rng.randrange(256))
            elif action == 2 and len(frame) > 1:
                del frame[at]
            else:
                frame[at:] = rng.choice(frames)
        data = bytes(frame)
        incoming = read_requests(data)
        for item in incoming.items if incoming is not None else []:
            swallow(lambda item=item: item.payload() if hasattr(item, "payload") else None)
        for reply in read_replies(data):
            swallow(reply.result)
        swallow(lambda data=data: read_event("t", data))


def swallow(action):
    """Only a ServiceError may come out."""
    try:
        action()
    except ServiceError:
        return
