"""The golden vectors of the wire, the same that hold the TypeScript side."""

import array
import json
from pathlib import Path

import pytest

from conclave_client import ServiceError
from conclave_client.envelope import join_batch, read_frame, write_envelope
from conclave_client.messages import Credit, Invalid, Request, read_event, read_replies, read_requests

FILE = Path(__file__).resolve().parents[3] / "test/service-framework/protocol/golden/vectors.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]
CODES = {"float64": "d", "float32": "f", "int32": "i", "int64": "q", "uint8": "B"}
GOOD = [vector for vector in VECTORS if vector["kind"] != "refused"]
REFUSED = [vector for vector in VECTORS if vector["kind"] == "refused"]


def name_of(vector):
    return f"{vector['name']} ({vector['codec']})"


def frame_of(vector):
    return bytes.fromhex(vector["hex"]) if "hex" in vector else vector["text"].encode()


def body_of(vector):
    """The payload as the writer takes it, wrapped so that null is told from none."""
    if "columns" in vector:
        return {name: array.array(CODES[kind], values) for name, (kind, values) in vector["columns"].items()}
    return vector.get("body")


def arrived_body(vector):
    if "columns" in vector and vector["codec"] == "json":
        return {name: values for name, (_, values) in vector["columns"].items()}
    return body_of(vector)


def test_the_file_has_vectors_of_every_kind():
    assert {vector["kind"] for vector in VECTORS} == {
        *("request", "cancel", "credit", "item", "reply", "event", "batch", "refused")
    }


@pytest.mark.parametrize("vector", GOOD, ids=name_of)
def test_is_written_so(vector):
    codec = vector["codec"]
    if "envelopes" in vector:
        written = join_batch(codec, [write_envelope(codec, each) for each in vector["envelopes"]])
    else:
        body = {"body": body_of(vector)} if "body" in vector or "columns" in vector else {}
        written = write_envelope(codec, vector["envelope"], **body)
    assert written.hex() == frame_of(vector).hex()


@pytest.mark.parametrize("vector", GOOD, ids=name_of)
def test_is_read_back(vector):
    frame = frame_of(vector)
    read = read_frame(frame)
    assert read.codec == vector["codec"]
    assert all(envelope.error is None for envelope in read.envelopes)
    assert [each.fields for each in read.envelopes] == vector.get("envelopes", [vector.get("envelope")])
    if vector["kind"] == "event":
        assert read_event("t", frame).body == arrived_body(vector)
    elif vector["kind"] == "request":
        (item,) = read_requests(frame).items
        assert isinstance(item, Request)
        assert item.payload() == arrived_body(vector)
        assert item.stream == vector["envelope"].get("stream")
    elif vector["kind"] == "credit":
        (item,) = read_requests(frame).items
        assert item == Credit(vector["envelope"]["id"], vector["envelope"]["credit"])
    elif vector["kind"] in ("reply", "item"):
        (reply,) = read_replies(frame)
        assert reply.more == (vector["kind"] == "item")
        assert reply.seq == vector["envelope"].get("seq")
        if reply.ok:
            assert reply.result() == arrived_body(vector)
        else:
            with pytest.raises(ServiceError) as caught:
                reply.result()
            assert caught.value.to_body() == vector["body"]


@pytest.mark.parametrize("vector", REFUSED, ids=name_of)
def test_is_refused(vector):
    incoming = read_requests(frame_of(vector))
    if vector["outcome"] == "dropped":
        assert incoming is None
        return
    (item,) = incoming.items
    if vector["outcome"] == "invalid":
        assert isinstance(item, Invalid)
        error = item.error
    else:
        assert isinstance(item, Request)
        with pytest.raises(ServiceError) as caught:
            item.payload()
        error = caught.value
    assert error.code == "INVALID_ARGUMENT"
    if "field" in vector:
        assert error.field == vector["field"]
