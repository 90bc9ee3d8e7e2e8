"""Streamed replies, of the sync and the asyncio client, against the real host."""

import asyncio
import gc
import threading
import time

import pytest

from conclave_client import AsyncClient, Client, RetryOptions, ServiceError
from conclave_client.envelope import read_frame, write_envelope
from conclave_client.messages import read_replies
from conclave_client.stream import Items

NOBODY = "tcp://127.0.0.1:9"


def run(work):
    return asyncio.run(asyncio.wait_for(work, 60))


def ended_streams(client):
    (stats,) = [each for each in client.call("service.stats")["commands"] if each["command"] == "test.stream"]
    return stats


def wait_for_end(client, count):
    """The host has answered so many streams, and nothing of them runs any more."""
    limit = time.monotonic() + 20
    while True:
        stats = ended_streams(client)
        if stats["count"] >= count and stats["inFlight"] == 0 and stats["abandoned"] == 0:
            return stats
        assert time.monotonic() < limit, stats
        time.sleep(0.01)


@pytest.fixture(params=["msgpack", "json"])
def client(request, host):
    with Client(host.endpoints["request"], codec=request.param) as made:
        yield made


def test_a_stream_is_iterated_and_has_a_result(client):
    stream = client.stream("test.stream", {"count": 300}, window=7)
    assert [item["i"] for item in stream] == list(range(1, 301))
    assert stream.result == {"yielded": 300}
    assert list(stream) == []


def test_the_client_may_be_used_within_the_loop(client):
    for item in client.stream("test.stream", {"count": 5}):
        assert client.call("test.echo", {"body": item}) == {"body": item}


def test_columns_come_as_arrays(host):
    with Client(host.endpoints["request"]) as client:
        (item,) = client.stream("test.stream", {"count": 1, "bytes": 3})
        assert list(item["padding"]) == [0, 0, 0]


def test_the_error_comes_after_the_items_before_it(client):
    stream = client.stream("test.stream", {"count": 3, "end": "fail"})
    seen = []
    with pytest.raises(ServiceError) as caught:
        for item in stream:
            seen.append(item["i"])
    assert (seen, caught.value.code) == ([1, 2, 3], "NOT_FOUND")
    with pytest.raises(ServiceError):
        next(stream)


def test_a_loop_that_is_left_early_cancels_the_command(client):
    for way in ("break", "with", "close"):
        stream = client.stream("test.stream", {"count": 1_000_000})
        if way == "with":
            with stream:
                next(stream)
        else:
            for item in stream:
                if item["i"] == 5:
                    break
        if way == "close":
            stream.close()
            assert list(stream) != [None]
        del stream
        gc.collect()
    stats = wait_for_end(client, 3)
    assert stats["errors"] == {"CANCELLED": 3}


def test_a_stream_ends_by_its_deadline_and_when_the_client_is_closed(client):
    late = client.stream("test.stream", {"count": 1, "end": "wait"}, timeout_ms=200)
    assert next(late) == {"i": 1}
    with pytest.raises(ServiceError) as caught:
        next(late)
    assert caught.value.code == "DEADLINE_EXCEEDED"
    closing = client.stream("test.stream", {"count": 1, "end": "wait"})
    next(closing)
    threading.Timer(0.1, client.close).start()
    with pytest.raises(ServiceError) as caught:
        next(closing)
    assert caught.value.code == "CANCELLED"


def test_a_host_that_dies_ends_the_stream(host):
    with Client(host.endpoints["request"]) as client:
        stream = client.stream("test.stream", {"count": 2, "end": "wait"})
        assert [next(stream)["i"], next(stream)["i"]] == [1, 2]
        host.kill()
        with pytest.raises(ServiceError) as caught:
            next(stream)
        assert (caught.value.code, caught.value.sent) == ("UNAVAILABLE", True)


def test_what_does_not_stream_is_refused_and_what_streams_in_one_piece_too(client):
    for ask in (
        lambda: list(client.stream("test.echo", {"body": 1})),
        lambda: client.call("test.stream", {"count": 1}),
    ):
        with pytest.raises(ServiceError) as caught:
            ask()
        assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", "stream")
    for window in (0, -1, 1.5, 65_537, True):
        with pytest.raises(ServiceError) as caught:
            client.stream("test.stream", {"count": 1}, window=window)
        assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", "window")


def test_nobody_there_is_tried_again_and_then_unavailable():
    retry = RetryOptions(base_delay_ms=1, max_delay_ms=2)
    with Client(NOBODY, connect_timeout_ms=50, retry=retry) as client:
        started = time.monotonic()
        with pytest.raises(ServiceError) as caught:
            next(client.stream("test.stream"))
        assert (caught.value.code, caught.value.sent) == ("UNAVAILABLE", False)
        assert time.monotonic() - started > 0.14


@pytest.mark.parametrize("codec", ["msgpack", "json"])
def test_async_streams_side_by_side(shared_host, codec):
    async def collect(client, count):
        stream = client.stream("test.stream", {"count": count}, window=5)
        items = [item["i"] async for item in stream]
        assert stream.result == {"yielded": count}
        return items

    async def work():
        async with AsyncClient(shared_host.endpoints["request"], codec=codec) as client:
            lists = await asyncio.gather(*(collect(client, count) for count in range(40)))
            assert lists == [list(range(1, count + 1)) for count in range(40)]

    run(work())


def test_an_async_loop_that_is_left_early_cancels_the_command(host):
    async def work():
        async with AsyncClient(host.endpoints["request"]) as client:
            async with client.stream("test.stream", {"count": 1_000_000}) as stream:
                async for item in stream:
                    if item["i"] == 50:
                        break
            waiting = asyncio.ensure_future(read_all(client.stream("test.stream", {"count": 1, "end": "wait"})))
            await asyncio.sleep(0.1)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    run(work())
    with Client(host.endpoints["request"]) as client:
        assert wait_for_end(client, 2)["errors"] == {"CANCELLED": 2}


async def read_all(stream):
    return [item async for item in stream]


def test_async_streams_end_with_typed_errors(host):
    async def code_of(stream):
        with pytest.raises(ServiceError) as caught:
            await read_all(stream)
        return caught.value.code

    async def work():
        async with AsyncClient(host.endpoints["request"], connect_timeout_ms=500) as client:
            assert await code_of(client.stream("test.stream", {"count": 2, "end": "fail"})) == "NOT_FOUND"
            assert await code_of(client.stream("test.stream", {"count": 1, "end": "wait"}, timeout_ms=100)) == (
                "DEADLINE_EXCEEDED"
            )
            assert await code_of(client.stream("test.echo", {"body": 1})) == "INVALID_ARGUMENT"
            pending = client.stream("test.stream", {"count": 1, "end": "wait"})
            assert await pending.__anext__() == {"i": 1}
            host.kill()
            assert await code_of(pending) == "UNAVAILABLE"
            closing = client.stream("test.stream", {"count": 1})
        assert await code_of(closing) == "CANCELLED"

    run(work())


def item_of(seq, body=None):
    (reply,) = read_replies(write_envelope("json", {"v": 1, "id": 1, "seq": seq, "more": True}, body))
    return reply


def end_of(**fields):
    (reply,) = read_replies(write_envelope("json", {"v": 1, "id": 1, "ok": True, **fields}))
    return reply


def test_a_host_that_breaks_its_promise_is_caught():
    broken = [
        lambda items: items.add(item_of(2)),
        lambda items: (items.add(item_of(1)), items.add(item_of(1))),
        lambda items: [items.add(item_of(seq)) for seq in (1, 2, 3)],
        lambda items: items.end(end_of()),
        lambda items: items.end(end_of(seq=1)),
    ]
    for act in broken:
        with pytest.raises(ServiceError) as caught:
            act(Items("a.b", 2, False))
        assert caught.value.code == "INTERNAL"
    fine = Items("a.b", 2, False)
    (alive,) = read_replies(write_envelope("json", {"v": 1, "id": 1, "more": True}))
    for reply in (item_of(1, "x"), alive, item_of(2, "y")):
        fine.add(reply)
    assert [fine.take(), fine.take()] == [("x", 1), ("y", 1)]
    fine.add(item_of(3, "z"))
    assert fine.end(end_of(seq=3)) is None
    assert read_frame(write_envelope("json", {"v": 1, "id": 1, "more": True})).envelopes[0].error is None
