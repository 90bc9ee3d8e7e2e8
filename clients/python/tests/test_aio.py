"""The asyncio client against real hosts."""

import asyncio

import pytest
from market import question

from conclave_client import AsyncClient, AsyncCommittee, RetryOptions, ServiceError


def run(work):
    return asyncio.run(asyncio.wait_for(work, 60))


async def code_of(work):
    with pytest.raises(ServiceError) as caught:
        await work
    return caught.value.code


@pytest.mark.parametrize("codec", ["msgpack", "json"])
def test_hundreds_of_calls_in_flight_are_kept_apart(shared_host, codec):
    async def work():
        async with AsyncClient(shared_host.endpoints["request"], codec=codec) as client:
            answers = await asyncio.gather(*(client.call("test.echo", {"body": i}) for i in range(300)))
            assert [answer["body"] for answer in answers] == list(range(300))
            assert await client.ping() > 0

    run(work())


def test_a_slow_call_does_not_hold_up_the_others(shared_host):
    async def work():
        async with AsyncClient(shared_host.endpoints["request"]) as client:
            slow = asyncio.ensure_future(client.call("test.sleep", {"ms": 500}))
            await client.ping()
            assert not slow.done()
            assert await slow == "slept"

    run(work())


def test_a_call_ends_by_its_deadline_with_a_typed_error(shared_host):
    async def work():
        async with AsyncClient(shared_host.endpoints["request"]) as client:
            assert await code_of(client.call("test.hang", timeout_ms=100)) == "DEADLINE_EXCEEDED"
            assert await code_of(client.call("test.throw", {"what": "service"})) == "NOT_FOUND"
            assert await code_of(client.call("test.echo", {"body": float("nan")})) == "INVALID_ARGUMENT"
            assert await code_of(client.call("service.ping", timeout_ms=0)) == "INVALID_ARGUMENT"

    run(work())


def test_cancelling_the_task_cancels_the_request_in_the_host(host):
    async def work():
        async with AsyncClient(host.endpoints["request"]) as client:
            await client.ping()
            call = asyncio.ensure_future(client.call("test.sleep", {"ms": 60_000}, timeout_ms=50_000))
            await asyncio.sleep(0.1)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            while True:
                stats = await client.call("service.stats")
                (sleeping,) = [each for each in stats["commands"] if each["command"] == "test.sleep"]
                if sleeping["count"] == 1:
                    break
            assert sleeping["errors"] == {"CANCELLED": 1}

    run(work())


def test_calls_in_flight_end_when_the_host_dies(host):
    async def work():
        async with AsyncClient(host.endpoints["request"], connect_timeout_ms=50) as client:
            await client.ping()
            hanging = [asyncio.ensure_future(client.call("test.hang", timeout_ms=50_000)) for _ in range(5)]
            await asyncio.sleep(0.1)
            host.kill()
            for each in hanging:
                assert await code_of(each) == "UNAVAILABLE"
            assert await code_of(client.call("service.ping", retry=False)) == "UNAVAILABLE"

    run(work())


def test_a_retry_carries_the_same_key_and_the_effect_is_one(host):
    async def work():
        retry = RetryOptions(attempt_timeout_ms=100, base_delay_ms=1)
        async with AsyncClient(host.endpoints["request"], retry=retry) as client:
            slow = {"by": 1, "delayMs": 150}
            assert (await client.call("test.count", slow, key="slow", timeout_ms=5_000))["total"] == 1
            assert (await client.call("test.count", {"by": 1}, key="other"))["total"] == 2

    run(work())


def test_closing_ends_what_is_pending(shared_host):
    async def work():
        client = AsyncClient(shared_host.endpoints["request"])
        await client.ping()
        hanging = asyncio.ensure_future(client.call("test.hang", timeout_ms=50_000))
        await asyncio.sleep(0.05)
        await client.close()
        assert await code_of(hanging) == "CANCELLED"
        assert await code_of(client.ping()) == "CANCELLED"
        await client.close()

    run(work())


def test_events_of_a_prefix_arrive_in_order(shared_host):
    async def work():
        endpoints = shared_host.endpoints
        async with AsyncClient(endpoints["request"], events=endpoints["events"]) as client:
            async with client.subscribe("async.") as stream:
                heard = asyncio.ensure_future(stream.next())
                while not heard.done():
                    await client.call("test.publish", {"topic": "async.one", "count": 1})
                    await asyncio.wait([heard], timeout=0.05)
                before = await heard
                await client.call("test.publish", {"topic": "async.one", "count": 3})
                async for event in stream:
                    assert event.seq == before.seq + 1
                    assert event.missed == 0
                    before = event
                    if event.body["i"] == 3:
                        break

    run(work())


def test_a_strategy_asks_for_many_symbols_at_once(committee):
    async def work():
        async with AsyncCommittee(committee["request"]) as client:
            symbols = [f"S{i}/USD" for i in range(8)]
            decisions = await asyncio.gather(*(client.predict(question(symbol=symbol)) for symbol in symbols))
            assert [decision["symbol"] for decision in decisions] == symbols
            assert await client.experts()

    run(work())


def test_an_event_stream_that_is_closed_ends_whoever_waits_at_it(shared_host):
    async def collect(stream):
        return [event async for event in stream]

    async def work():
        endpoints = shared_host.endpoints
        async with AsyncClient(endpoints["request"], events=endpoints["events"]) as client:
            for wait, ended in ((collect, []), (lambda stream: code_of(stream.next()), "CANCELLED")):
                stream = client.subscribe("nothing.")
                waiting = asyncio.ensure_future(wait(stream))
                await asyncio.sleep(0.1)
                stream.close()
                stream.close()
                assert await asyncio.wait_for(waiting, 10) == ended

    run(work())
