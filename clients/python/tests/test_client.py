"""The sync client against real hosts."""

import threading
import time
from array import array

import pytest
from market import question

from conclave_client import Client, Committee, RetryOptions, ServiceError, column

NOBODY = "tcp://127.0.0.1:9"


@pytest.fixture(params=["msgpack", "json"])
def client(request, shared_host):
    with Client(shared_host.endpoints["request"], codec=request.param) as made:
        yield made


def code_of(action):
    with pytest.raises(ServiceError) as caught:
        action()
    return caught.value.code


def test_a_payload_goes_there_and_comes_back(client):
    payload = {"nil": None, "yes": True, "half": 0.5, "text": "Zürich €", "list": [1, "two", [3]], "map": {"a": {}}}
    assert client.call("test.echo", {"body": payload}) == {"body": payload}


def test_a_command_without_a_payload_is_asked_without_a_body(client):
    assert client.call("test.context")["command"] == "test.context"


def test_columns_come_back_as_arrays(shared_host):
    with Client(shared_host.endpoints["request"]) as client:
        sent = {"f8": column([1.5, -2]), "f4": array("f", [0.5]), "i4": array("i", [-1]), "u1": array("B", [255])}
        assert client.call("test.echo", {"body": sent}) == {"body": sent}


def test_columns_may_be_numpy_arrays(shared_host):
    numpy = pytest.importorskip("numpy")
    with Client(shared_host.endpoints["request"], numpy=True) as client:
        for dtype in ("f8", "f4", "i4", "i8", "u1"):
            sent = numpy.array([1, 2, 3], dtype=dtype)
            got = client.call("test.echo", {"body": sent})["body"]
            assert got.dtype == sent.dtype
            assert (got == sent).all()
        got = client.call("test.echo", {"body": {"scalar": numpy.float64(0.5), "count": numpy.int64(7)}})
        assert got == {"body": {"scalar": 0.5, "count": 7}}
        for bad in (numpy.zeros((2, 2)), numpy.zeros(2, dtype="u4"), numpy.array([1.0, float("nan")])):
            assert code_of(lambda bad=bad: client.call("test.echo", {"body": bad})) == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"body": float("nan")}, "body"),
        ({"body": [1.0, float("inf")]}, "body[1]"),
        ({"body": {"c": column([0, float("nan")])}}, "body.c[1]"),
        ({"body": 2**53}, "body"),
        ({"body": {1: 2}}, "body"),
        ({"body": {"__proto__": 1}}, "body.__proto__"),
        ({"body": object()}, "body"),
        ({"body": array("u", "x")}, "body"),
    ],
)
def test_what_cannot_travel_is_refused_naming_its_field(client, payload, field):
    with pytest.raises(ServiceError) as caught:
        client.call("test.echo", payload)
    assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", field)


def test_a_message_over_the_limit_is_refused_and_the_connection_kept(client):
    assert code_of(lambda: client.call("test.echo", {"body": ["x" * 1_000_000] * 9})) == "INVALID_ARGUMENT"
    assert client.ping() > 0


def test_errors_are_typed_and_bring_all_they_say(client):
    with pytest.raises(ServiceError) as caught:
        client.call("test.throw", {"what": "service"})
    error = caught.value
    assert (error.code, error.message, error.details) == ("NOT_FOUND", "no such thing", {"looked": "everywhere"})
    assert not error.retryable
    assert code_of(lambda: client.call("no.such")) == "UNIMPLEMENTED"
    with pytest.raises(ServiceError) as caught:
        client.call("test.sleep", {"ms": "long"})
    assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", "ms")


def test_a_call_ends_by_its_deadline_and_the_connection_lives(client):
    assert code_of(lambda: client.call("test.hang", timeout_ms=100)) == "DEADLINE_EXCEEDED"
    assert client.call("test.sleep", {"ms": 1}) == "slept"


def test_the_host_learns_the_deadline_and_the_trace(client):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    seen = client.call("test.context", timeout_ms=700, traceparent=trace)
    assert 0 < seen["remainingMs"] <= 700
    assert seen["traceparent"].split("-")[1] == trace.split("-")[1]


def test_the_same_key_has_its_effect_once(host):
    with Client(host.endpoints["request"]) as client:
        first = client.call("test.count", {"by": 2}, key="a")
        assert client.call("test.count", {"by": 2}, key="a") == first
        assert client.call("test.count", {"by": 2}, key="b")["total"] == 4
        assert code_of(lambda: client.call("test.count", {"by": 3}, key="a")) == "CONFLICT"
        assert code_of(lambda: client.call("test.count", {"by": 3})) == "INVALID_ARGUMENT"


def test_a_retry_carries_the_same_key_and_the_effect_is_one(host):
    retry = RetryOptions(attempt_timeout_ms=100, base_delay_ms=1)
    with Client(host.endpoints["request"], retry=retry) as client:
        assert client.call("test.count", {"by": 1, "delayMs": 150}, key="slow", timeout_ms=5_000)["total"] == 1
        assert client.call("test.count", {"by": 1}, key="other")["total"] == 2


def test_nobody_there_is_unavailable_after_the_connect_time():
    with Client(NOBODY, connect_timeout_ms=50, retry=RetryOptions(max_attempts=1)) as client:
        with pytest.raises(ServiceError) as caught:
            client.call("service.ping", timeout_ms=10_000)
        assert (caught.value.code, caught.value.sent) == ("UNAVAILABLE", False)


def test_a_host_that_dies_ends_the_call_at_once(host):
    with Client(host.endpoints["request"]) as client:
        client.ping()
        threading.Timer(0.2, host.kill).start()
        started = time.monotonic()
        with pytest.raises(ServiceError) as caught:
            client.call("test.hang", timeout_ms=30_000)
        assert (caught.value.code, caught.value.sent) == ("UNAVAILABLE", True)
        assert time.monotonic() - started < 15


def test_threads_may_share_a_client(shared_host):
    with Client(shared_host.endpoints["request"]) as client:
        answers = []
        ask = lambda i: answers.append(client.call("test.echo", {"body": i})["body"])  # noqa: E731
        threads = [threading.Thread(target=ask, args=(i,)) for i in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == list(range(20))


def test_closing_ends_the_call_of_another_thread(shared_host):
    client = Client(shared_host.endpoints["request"])
    client.ping()
    threading.Timer(0.1, client.close).start()
    assert code_of(lambda: client.call("test.hang", timeout_ms=30_000)) == "CANCELLED"
    assert code_of(client.ping) == "CANCELLED"


@pytest.mark.parametrize(
    ("endpoint", "code"),
    [
        ("nowhere", "INVALID_ARGUMENT"),
        ("tcp://127.0.0.1:99999", "INVALID_ARGUMENT"),
        ("tcp://10.0.0.1:7400", "FAILED_PRECONDITION"),
        ("tcp://example.com:7400", "FAILED_PRECONDITION"),
        (None, "INVALID_ARGUMENT"),
    ],
)
def test_endpoints_on_other_machines_and_nonsense_are_refused(endpoint, code):
    assert code_of(lambda: Client(endpoint)) == code


def test_a_timeout_that_is_none_is_refused(client):
    for bad in (0, -1, float("inf"), float("nan"), "5", True):
        assert code_of(lambda bad=bad: client.call("service.ping", timeout_ms=bad)) == "INVALID_ARGUMENT"


def test_events_are_numbered_and_gaps_counted(shared_host):
    endpoints = shared_host.endpoints
    with Client(endpoints["request"], events=endpoints["events"]) as client:
        with client.subscribe("news.a") as stream:
            first = None
            while first is None:
                client.call("test.publish", {"topic": "news.a", "count": 1})
                first = stream.next(100)
            client.call("test.publish", {"topic": "news.ab", "count": 3})
            client.call("test.publish", {"topic": "news.a", "count": 2})
            later = [stream.next(5_000), stream.next(5_000)]
            assert [event.topic for event in later] == ["news.a"] * 2
            assert later[1].seq == later[0].seq + 1
            assert later[1].missed == 0
            assert later[1].epoch == first.epoch
            assert later[1].body == {"i": 2}
            assert stream.next(50) is None
    with Client(endpoints["request"]) as client:
        assert code_of(lambda: client.subscribe("news.")) == "FAILED_PRECONDITION"


def test_a_call_waits_for_that_of_another_thread_no_longer_than_its_own_time(shared_host):
    with Client(shared_host.endpoints["request"]) as client:
        client.ping()
        slow = threading.Thread(target=lambda: client.call("test.sleep", {"ms": 1_500}, timeout_ms=30_000))
        slow.start()
        while not client._lock.locked():
            time.sleep(0.001)
        assert code_of(lambda: client.call("service.ping", timeout_ms=50)) == "DEADLINE_EXCEEDED"
        # A stream has its own connection.
        assert [item["i"] for item in client.stream("test.stream", {"count": 3})] == [1, 2, 3]
        assert slow.is_alive()
        slow.join()


def test_ipc_endpoints_are_reached_too(start_host, tmp_path):
    host = start_host(f"ipc://{tmp_path}/s")
    with Client(host.request) as client:
        assert client.call("test.echo", {"body": 1}) == {"body": 1}
    for bad in ("ipc://", f"ipc://{'x' * 104}", "ipc://a\0b"):
        assert code_of(lambda bad=bad: Client(bad)) == "INVALID_ARGUMENT"


def test_a_strategy_asks_trades_and_reports(committee):
    with Committee(committee["request"], events=committee["events"]) as client:
        asked = question()
        decision = client.predict(asked)
        assert decision["action"] in ("buy", "hold", "sell")
        assert len(decision["tally"]["votes"]) == 3
        close = asked["candles"]["close"]
        trade = {
            "decisionId": decision["decisionId"],
            "side": "none",
            "quantity": 0,
            "entryPrice": close[-1],
            "exitPrice": close[-1] * 1.001,
            "entryTimeMs": decision["asOfMs"],
            "exitTimeMs": decision["asOfMs"] + 60_000,
            "feesPaid": 0,
        }
        feedback = client.report_trade(trade)
        assert feedback["learned"] is True
        assert client.report_trade(trade) == feedback
        assert client.explain(decision["decisionId"])["reasons"]
        assert client.status()["outcomes"] >= 1
        assert {"order_flow", "regime", "anomaly"} <= {each["expert"] for each in client.experts()}
