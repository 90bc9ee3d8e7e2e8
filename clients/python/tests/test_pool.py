"""Several hosts as one: real hosts that are killed, that hang, that stop, and whose keys stay with them."""

import asyncio
import contextlib
import logging
import threading
import time

import pytest

from conclave_client import AsyncClient, CircuitBreakerOptions, Client, RetryOptions, ServiceError
from conclave_client.routing import rendezvous_order

NOBODY = "tcp://127.0.0.1:9"


class Asker:
    """The same calls for both clients, so that both pass the same tests."""

    def __init__(self, kind, endpoints, options):
        self._loop = asyncio.new_event_loop() if kind == "asyncio" else None
        made = AsyncClient if self._loop else Client
        self.client = made(endpoints=endpoints, **options)

    def call(self, *args, **options):
        return self._do(self.client.call(*args, **options))

    def items(self, *args, **options):
        stream = self.client.stream(*args, **options)
        if self._loop is None:
            return [item["i"] for item in stream]

        async def collect():
            return [item["i"] async for item in stream]

        return self._do(collect())

    def name(self, **options):
        """Which host answers."""
        return self.call("service.describe", **options)["name"]

    def wait(self, seconds):
        self._do(asyncio.sleep(seconds) if self._loop else time.sleep(seconds))

    def close(self):
        self._do(self.client.close())
        if self._loop is not None:
            self._loop.close()

    def _do(self, work):
        return work if self._loop is None else self._loop.run_until_complete(asyncio.wait_for(work, 60))


@pytest.fixture(params=["sync", "asyncio"])
def ask(request):
    """Makes a client of several hosts."""
    made = []

    def make(*hosts, **options):
        endpoints = [host if isinstance(host, str) else host.request for host in hosts]
        made.append(Asker(request.param, endpoints, {"connect_timeout_ms": 10_000, **options}))
        return made[-1]

    yield make
    for each in made:
        each.close()


def code_of(action):
    with pytest.raises(ServiceError) as caught:
        action()
    return caught.value.code


def until(condition, seconds=20):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


def all_connected(client, hosts):
    client.name()
    until(lambda: client.name() is not None and all(link.connected for link in client.client._pool.links))
    assert len(client.client._pool.links) == hosts


def test_a_host_that_is_not_there_costs_nothing_while_another_one_is(ask, start_host):
    client = ask(NOBODY, start_host(name="there"))
    assert [client.name() for _ in range(5)] == ["there"] * 5


def test_calls_go_on_at_another_host_when_one_is_killed_under_way(ask, start_host):
    hosts = [start_host(name="first"), start_host(name="second")]
    client = ask(*hosts, retry=RetryOptions(base_delay_ms=1, max_delay_ms=2))
    all_connected(client, 2)
    asked = client.name()
    killed = hosts[0 if asked == "first" else 1]
    threading.Timer(0.3, killed.kill).start()
    names = []
    limit = time.monotonic() + 3
    while time.monotonic() < limit or len(set(names)) < 2:
        # A command without a key that was under way just then may not be sent again; one with a key is.
        client.call("test.count", {"by": 1}, key=f"k{len(names)}")
        with contextlib.suppress(ServiceError):
            names.append(client.name())
        assert time.monotonic() < limit + 20
    assert names[-1] != asked
    assert killed.process.poll() is not None


def test_what_may_have_been_done_is_sent_again_only_with_a_key_and_with_the_same(ask, start_host):
    for key, outcome in ((None, "UNAVAILABLE"), ("the same", None)):
        hosts = [start_host(), start_host()]
        client = ask(*hosts, retry=RetryOptions(base_delay_ms=1))
        all_connected(client, 2)
        busy = hosts[client.client._pool.choose(client.client._pool.search("a.b", None, None)).index]
        threading.Timer(0.3, busy.kill).start()
        if key is None:
            assert code_of(lambda c=client: c.call("test.sleep", {"ms": 5_000}, timeout_ms=30_000)) == outcome
        else:
            slow = {"by": 1, "delayMs": 2_000}
            assert client.call("test.count", slow, key=key, timeout_ms=30_000)["total"] == 1
            # The other host knows the key now: it is the one that was sent.
            assert client.call("test.count", slow, key=key)["total"] == 1
            assert code_of(lambda c=client: c.call("test.count", {"by": 2}, key="the same")) == "CONFLICT"


def test_a_host_that_hangs_is_given_up_after_the_ping_interval_and_left_alone_until_it_answers(ask, start_host):
    hosts = {name: start_host(name=name) for name in ("first", "second")}
    client = ask(*hosts.values(), ping_interval_ms=1_000, retry=RetryOptions(base_delay_ms=1))
    all_connected(client, 2)
    stuck = client.name()
    hosts[stuck].pause()
    started = time.monotonic()
    assert client.call("test.count", {"by": 1}, key="a", timeout_ms=50_000)["total"] == 1
    assert time.monotonic() - started < 15
    started = time.monotonic()
    assert {client.name() for _ in range(10)} == set(hosts) - {stuck}
    assert time.monotonic() - started < 5
    hosts[stuck].resume()
    link = client.client._pool.links[list(hosts).index(stuck)]

    def heard_again():
        client.name()
        client.wait(0.02)
        return not link.suspect

    until(heard_again)


def test_a_host_that_stops_passes_its_calls_on_and_none_fails(ask, start_host):
    hosts = {name: start_host(name=name) for name in ("first", "second")}
    client = ask(*hosts.values(), retry=RetryOptions(max_attempts=1))
    all_connected(client, 2)
    leaving = client.name()
    drained = hosts[leaving].process
    drained.terminate()
    while drained.poll() is None:
        assert client.call("test.echo", {"body": 1}) == {"body": 1}
    assert client.name() != leaving


def test_streams_that_have_not_begun_go_to_another_host(ask, start_host):
    hosts = {name: start_host(name=name) for name in ("first", "second")}
    client = ask(*hosts.values(), retry=RetryOptions(base_delay_ms=1))
    all_connected(client, 2)
    assert client.items("test.stream", {"count": 50}, window=4) == list(range(1, 51))
    killed = client.name()
    hosts[killed].kill()

    def knows():
        with contextlib.suppress(ServiceError):
            return client.name() != killed
        return False

    # What is sent before the client hears of the loss may have begun, and is not sent again.
    until(knows)
    assert client.items("test.stream", {"count": 50}, window=4) == list(range(1, 51))


def test_a_stream_of_a_host_that_hangs_ends(ask, start_host):
    host = start_host()
    client = ask(host, ping_interval_ms=200)
    threading.Timer(0.5, host.pause).start()
    started = time.monotonic()
    assert code_of(lambda: client.items("test.stream", {"count": 1, "end": "wait"}, timeout_ms=50_000)) == "UNAVAILABLE"
    assert time.monotonic() - started < 20


def test_a_busy_host_is_not_taken_for_one_that_hangs(ask, start_host):
    client = ask(start_host(), ping_interval_ms=800)
    assert client.call("test.sleep", {"ms": 2_000}, timeout_ms=30_000) == "slept"


def test_every_key_has_its_host_and_calls_say_whose_they_are(ask, start_host):
    hosts = {name: start_host(name=name) for name in ("first", "second", "third")}
    endpoints = [host.request for host in hosts.values()]
    client = ask(*hosts.values(), shard_by=lambda command, payload: payload and payload.get("symbol"))
    all_connected(client, 3)
    for i in range(12):
        owner = list(hosts)[rendezvous_order(endpoints, f"S{i}")[0]]
        assert client.name(shard=f"S{i}") == owner
        key = f"k{i}"
        assert code_of(lambda s=f"S{i}", k=key: client.call("test.count", {"symbol": s}, key=k)) == "INVALID_ARGUMENT"
    assert client.client._pool.search("a.b", {"symbol": "X"}, None).shard == "X"
    assert client.client._pool.search("a.b", {"symbol": "X"}, "Y").shard == "Y"
    assert code_of(lambda: client.name(shard=7)) == "INVALID_ARGUMENT"


def test_a_key_that_cannot_be_told_is_a_typed_error(ask, start_host):
    def broken(command, _payload):
        return 7 if command == "test.echo" else command.no_such

    client = ask(start_host(), shard_by=broken)
    for command in ("test.echo", "service.ping"):
        with pytest.raises(ServiceError) as caught:
            client.call(command)
        assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", "shard_by")
    assert client.name(shard="any")


@pytest.mark.parametrize("shard_down", ["error", "next"])
def test_the_keys_of_a_host_that_is_gone_wait_for_it_or_go_to_the_next(ask, start_host, shard_down):
    hosts = {name: start_host(name=name) for name in ("first", "second")}
    options = {"retry": RetryOptions(max_attempts=1), "connect_timeout_ms": 300 if shard_down == "error" else 10_000}
    client = ask(*hosts.values(), shard_down=shard_down, **options)
    all_connected(client, 2)
    owner = client.name(shard="ETH")
    (other,) = set(hosts) - {owner}
    hosts[owner].kill()
    link = client.client._pool.links[list(hosts).index(owner)]

    def gone():
        client.wait(0.02)
        client.name(shard=next(f"K{i}" for i in range(100) if _owner(hosts, f"K{i}") == other))
        return not link.connected

    until(gone)
    if shard_down == "error":
        assert code_of(lambda: client.name(shard="ETH")) == "UNAVAILABLE"
    else:
        assert client.name(shard="ETH") == other


def _owner(hosts, key):
    return list(hosts)[rendezvous_order([host.request for host in hosts.values()], key)[0]]


def test_balanced_calls_go_to_all_hosts_and_less_to_the_slow_one(ask, start_host):
    hosts = {name: start_host(name=name) for name in ("first", "second", "third")}
    client = ask(*hosts.values(), routing="balanced")
    all_connected(client, 3)
    until(lambda: all(link.latency.value_ms > 0 or client.name() is None for link in client.client._pool.links))
    slow = client.client._pool.links[0]
    slow.latency.value_ms = 1_000
    names = [client.name() for _ in range(60)]
    # Of two that are drawn it is never the better one.
    assert "first" not in names
    assert {"second", "third"} <= set(names)


def test_a_host_nobody_reaches_is_spared_and_asked_again_once_it_is_there(ask, start_host):
    host = start_host()
    endpoint = host.request
    host.kill()
    breaker = CircuitBreakerOptions(consecutive_failures=2, open_ms=60_000, max_open_ms=60_000)
    client = ask(endpoint, breaker=breaker, connect_timeout_ms=50, retry=RetryOptions(max_attempts=1))
    for _ in range(2):
        assert code_of(lambda: client.call("service.ping")) == "UNAVAILABLE"
    started = time.monotonic()
    with pytest.raises(ServiceError) as caught:
        client.call("service.ping")
    assert caught.value.retry_after_ms > 10_000
    assert time.monotonic() - started < 5
    start_host(endpoint, name="again")

    def answers():
        client.wait(0.05)
        try:
            return client.name() == "again"
        except ServiceError as error:
            assert error.code == "UNAVAILABLE"
            return False

    until(answers)


def test_events_of_all_hosts_are_heard(start_host):
    hosts = [start_host(), start_host()]
    events = [host.endpoints["events"] for host in hosts]
    with Client(endpoints=[host.request for host in hosts], events=events) as client:
        with client.subscribe("news.") as stream:
            epochs = set()
            limit = time.monotonic() + 20
            while len(epochs) < 2 and time.monotonic() < limit:
                for host in hosts:
                    with Client(host.request) as own:
                        own.call("test.publish", {"topic": "news.a", "count": 1})
                while event := stream.next(50):
                    epochs.add(event.epoch)
                    assert event.missed == 0
            assert len(epochs) == 2


@pytest.mark.parametrize("made", [Client, AsyncClient])
@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({}, "endpoint"),
        ({"endpoint": NOBODY, "endpoints": [NOBODY]}, "endpoint"),
        ({"endpoints": []}, "endpoints"),
        ({"endpoints": NOBODY}, "endpoints"),
        ({"endpoints": [NOBODY, NOBODY]}, "endpoints"),
        ({"endpoints": [NOBODY, "tcp://127.0.0.1:*"]}, "endpoints[1]"),
        ({"endpoints": [NOBODY], "events": [NOBODY, NOBODY]}, "events"),
        ({"endpoint": NOBODY, "events": "nowhere"}, "events"),
        ({"endpoint": NOBODY, "routing": "random"}, "routing"),
        ({"endpoint": NOBODY, "shard_down": "hope"}, "shard_down"),
        ({"endpoint": NOBODY, "shard_by": "symbol"}, "shard_by"),
        ({"endpoint": NOBODY, "breaker": True}, "breaker"),
        ({"endpoint": NOBODY, "ping_interval_ms": -1}, "ping_interval_ms"),
        ({"endpoint": NOBODY, "curve": "secret"}, "curve"),
    ],
)
def test_options_that_cannot_be_meant_are_refused_naming_them(made, options, field):
    with pytest.raises(ServiceError) as caught:
        made(**options)
    assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", field)
    assert "secret" not in str(caught.value)


def test_failing_over_is_logged(start_host, caplog):
    hosts = [start_host(name="first"), start_host(name="second")]
    with Client(endpoints=[host.request for host in hosts], retry=RetryOptions(base_delay_ms=1)) as client:
        until(lambda: client.ping() and all(link.connected for link in client._pool.links))
        name = client.call("service.describe")["name"]
        with caplog.at_level(logging.WARNING, "conclave_client"):
            hosts[0 if name == "first" else 1].kill()
            assert client.call("test.count", {"by": 1}, key="a")["total"] == 1
            until(lambda: "failing over" in caplog.text)


def test_streams_go_on_elsewhere_at_once_when_a_host_drains(ask, start_host):
    hosts = {name: start_host(name=name) for name in ("first", "second")}
    client = ask(*hosts.values(), retry=RetryOptions(max_attempts=1))
    all_connected(client, 2)
    leaving = client.name()
    # It is kept from ending by a request that runs, and refuses every other one meanwhile.
    with Client(hosts[leaving].request, retry=RetryOptions(max_attempts=1)) as busy:
        busy.ping()
        running = threading.Thread(target=lambda: busy.call("test.sleep", {"ms": 3_000}, timeout_ms=30_000))
        running.start()
        until(lambda: _in_flight(hosts[leaving], "test.sleep") == 1)
        hosts[leaving].process.terminate()
        while hosts[leaving].process.poll() is None:
            assert client.items("test.stream", {"count": 20}) == list(range(1, 21))
        running.join()
    assert client.name() != leaving


def _in_flight(host, command):
    with Client(host.request) as client:
        (stats,) = [each for each in client.call("service.stats")["commands"] if each["command"] == command]
    return stats["inFlight"]


def test_what_is_interrupted_is_no_longer_counted(start_host, monkeypatch):
    with Client(start_host().request) as client:
        client.ping()
        (connection,) = client._connections

        def interrupted(*_args):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(connection, "receive", interrupted)
            with pytest.raises(KeyboardInterrupt):
                client.ping()
        assert connection.link.in_flight == 0
        assert client.ping() > 0
