"""CURVE: keys as `conclave keys` makes them, secured hosts, and refusals that come at once."""

import asyncio
import json
import logging
import os
import pickle
import time

import pytest
import zmq
from market import question

from conclave_client import (
    AsyncClient,
    AsyncCommittee,
    Client,
    ClientCurve,
    Committee,
    ExpertHost,
    KeyPair,
    RetryOptions,
    ServiceError,
    probabilities_of_lean,
    public_key_from,
    read_key_file,
)

ONCE = RetryOptions(max_attempts=1)


def call(kind, *args, **options):
    """One call of a client of its own: what it returns, or its error."""
    if kind == "sync":
        with Client(*args, **options) as client:
            return client.call("test.context", timeout_ms=30_000)

    async def work():
        async with AsyncClient(*args, **options) as client:
            return await client.call("test.context", timeout_ms=30_000)

    return asyncio.run(asyncio.wait_for(work(), 60))


both = pytest.mark.parametrize("kind", ["sync", "asyncio"])
slow = {"connect_timeout_ms": 20_000}


@both
def test_a_known_key_gets_in_with_the_role_of_the_endpoint(secured, shared_keys, kind):
    seen = call(kind, secured["roles"]["trader"], curve=shared_keys.curve("alice"), **slow)
    assert seen["role"] == "trader"


@both
def test_several_hosts_may_have_keys_of_their_own(secured, shared_keys, kind, start_host):
    curve = {"folder": str(shared_keys.folder), "name": "second"}
    second = start_host(json.dumps({"roles": {"trader": "tcp://127.0.0.1:0"}, "curve": curve}))
    endpoints = [secured["roles"]["trader"], second.endpoints["roles"]["trader"]]
    curve = ClientCurve.from_files(
        shared_keys.key("alice"), server_key=[shared_keys.pub("host"), shared_keys.pub("second")]
    )
    for shard in range(6):
        with Client(endpoints=endpoints, curve=curve, **slow) as client:
            assert client.call("test.context", shard=str(shard))["role"] == "trader"
    assert call(kind, endpoints=endpoints[::-1], curve=shared_keys.curve("alice"), **slow)["role"] == "trader"
    with pytest.raises(ServiceError) as caught:
        Client(endpoints=endpoints, curve=ClientCurve(curve.keys, server_key=[curve.server_key[0]]))
    assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", "server_key[1]")


@both
@pytest.mark.parametrize("who", ["unknown key", "wrong role", "wrong server key", "no key"])
def test_a_refused_handshake_is_unauthenticated_at_once(secured, shared_keys, kind, who):
    trader, admin = secured["roles"]["trader"], secured["roles"]["admin"]
    endpoint, curve = {
        "unknown key": (trader, shared_keys.curve("bob")),
        "wrong role": (admin, shared_keys.curve("alice")),
        "wrong server key": (trader, shared_keys.curve("alice", host="bob")),
        "no key": (trader, None),
    }[who]
    started = time.monotonic()
    with pytest.raises(ServiceError) as caught:
        call(kind, endpoint, curve=curve, **slow)
    assert caught.value.code == "UNAUTHENTICATED"
    assert endpoint in caught.value.message
    assert time.monotonic() - started < 10


def test_streams_and_events_are_refused_too_and_events_of_the_known_arrive(secured, shared_keys):
    with Client(secured["roles"]["trader"], curve=shared_keys.curve("bob"), events=secured["events"], **slow) as client:
        with pytest.raises(ServiceError) as caught:
            next(client.stream("test.stream", {"count": 1}))
        assert caught.value.code == "UNAUTHENTICATED"
        with client.subscribe("news.") as stream, pytest.raises(ServiceError) as caught:
            stream.next(20_000)
        assert caught.value.code == "UNAUTHENTICATED"

    async def refused():
        async with AsyncClient(
            secured["roles"]["trader"], curve=shared_keys.curve("bob"), events=secured["events"]
        ) as bob:
            async with bob.subscribe("news.") as stream:
                await stream.next()

    with pytest.raises(ServiceError) as caught:
        asyncio.run(asyncio.wait_for(refused(), 30))
    assert caught.value.code == "UNAUTHENTICATED"

    with Client(
        secured["roles"]["trader"], curve=shared_keys.curve("alice"), events=secured["events"], **slow
    ) as client:
        assert [item["i"] for item in client.stream("test.stream", {"count": 3})] == [1, 2, 3]
        with client.subscribe("news.a") as stream:
            event = None
            while event is None:
                client.call("test.publish", {"topic": "news.a", "count": 1})
                event = stream.next(100)
            assert event.body == {"i": 1}


def test_a_key_may_be_allowed_later_and_revoked_again(secured, shared_keys):
    def outcome(client):
        try:
            return client.call("test.context")["role"]
        except ServiceError as error:
            return error.code

    def becomes(client, expected):
        limit = time.monotonic() + 30
        while (seen := outcome(client)) != expected:
            assert time.monotonic() < limit, seen
            time.sleep(0.05)

    with Client(secured["roles"]["trader"], curve=shared_keys.curve("carol"), retry=ONCE) as client:
        assert outcome(client) == "UNAUTHENTICATED"
        shared_keys.run("allow", "trader", "carol")
        becomes(client, "trader")
        shared_keys.run("revoke", "trader", "carol")
        becomes(client, "UNAUTHENTICATED")

    async def later():
        async with AsyncClient(secured["roles"]["trader"], curve=shared_keys.curve("carol"), retry=ONCE) as client:
            with pytest.raises(ServiceError):
                await client.call("test.context")
            shared_keys.run("allow", "trader", "carol")
            while True:
                try:
                    return await client.call("test.context")
                except ServiceError as error:
                    assert error.code in ("UNAUTHENTICATED", "UNAVAILABLE")
                    await asyncio.sleep(0.05)

    try:
        assert asyncio.run(asyncio.wait_for(later(), 30))["role"] == "trader"
    finally:
        shared_keys.run("revoke", "trader", "carol")


def test_a_host_that_refuses_is_no_host_where_there_is_another(secured, shared_keys, start_host):
    plain = start_host(name="plain")
    with Client(endpoints=[secured["roles"]["trader"], plain.request], **slow) as client:
        assert client.call("service.describe")["name"] == "plain"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_key_file_that_others_can_use_is_refused(keys, mode):
    keys.new("alice")
    os.chmod(keys.key("alice"), mode)
    with pytest.raises(ServiceError) as caught:
        read_key_file(keys.key("alice"))
    assert caught.value.code == "FAILED_PRECONDITION"
    assert f"{mode:04o}" in caught.value.message
    assert "chmod 600" in caught.value.message


def test_a_public_key_that_others_can_change_is_refused(keys):
    keys.new("host")
    assert public_key_from(keys.pub()) == public_key_from(public_key_from(keys.pub()))
    os.chmod(keys.pub(), 0o666)
    with pytest.raises(ServiceError) as caught:
        public_key_from(keys.pub())
    assert caught.value.code == "FAILED_PRECONDITION"


def test_what_is_no_key_is_refused_and_never_repeated(keys, tmp_path):
    keys.new("alice")
    keys.new("bob")
    alice, bob = read_key_file(keys.key("alice")), read_key_file(keys.key("bob"))
    slip = alice.secret_key[:-1]
    pasted = tmp_path / "pasted.key"
    pasted.write_text(f"public {alice.public_key}\nsecret {slip}\n")
    os.chmod(pasted, 0o600)
    big = tmp_path / "big.key"
    big.write_bytes(b"x" * (1024 * 1024 + 1))
    os.chmod(big, 0o600)
    binary = tmp_path / "binary.key"
    binary.write_bytes(b"\xff" + alice.secret_key.encode())
    os.chmod(binary, 0o600)
    for act, code in [
        (lambda: KeyPair(bob.public_key, alice.secret_key), "INVALID_ARGUMENT"),
        (lambda: KeyPair(alice.public_key, slip), "INVALID_ARGUMENT"),
        (lambda: KeyPair(alice.public_key, slip + " "), "INVALID_ARGUMENT"),
        (lambda: KeyPair(alice.public_key, slip + "é"), "INVALID_ARGUMENT"),
        (lambda: ClientCurve(alice, server_key="#" * 40), "INVALID_ARGUMENT"),
        (lambda: ClientCurve(alice, server_key=slip), "INVALID_ARGUMENT"),
        (lambda: ClientCurve.from_files(keys.key("alice"), server_key=slip), "INVALID_ARGUMENT"),
        (lambda: read_key_file(pasted), "INVALID_ARGUMENT"),
        (lambda: read_key_file(big), "FAILED_PRECONDITION"),
        (lambda: read_key_file(binary), "INVALID_ARGUMENT"),
        (lambda: read_key_file(tmp_path), "FAILED_PRECONDITION"),
        (lambda: read_key_file(tmp_path / "none.key"), "NOT_FOUND"),
        (lambda: public_key_from(tmp_path / "none.pub"), "NOT_FOUND"),
        (lambda: public_key_from(keys.key("alice")), "INVALID_ARGUMENT"),
    ]:
        with pytest.raises(ServiceError) as caught:
            act()
        assert caught.value.code == code
        seen = f"{caught.value!r} {caught.value} {caught.value.__cause__!r} {caught.value.__context__!r}"
        assert slip not in seen


def test_nothing_shows_a_secret(secured, shared_keys, caplog, capfd):
    curve = shared_keys.curve("bob")
    secret = curve.keys.secret_key
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(ServiceError) as caught:
            call("sync", secured["roles"]["trader"], curve=curve, **slow)
        with pytest.raises(ServiceError):
            call("asyncio", secured["roles"]["trader"], curve=curve, **slow)
    shown = [repr(curve), str(curve), repr(curve.keys), f"{curve.keys}", repr(curve.at(0)), str(caught.value)]
    assert secret not in " ".join([*shown, caplog.text, *capfd.readouterr()])
    assert curve.keys.public_key in repr(curve)
    for carries in (curve.keys, curve):
        assert not hasattr(carries, "__dict__")
        with pytest.raises(TypeError):
            pickle.dumps(carries)


def test_other_machines_may_be_reached_with_curve_only(keys):
    keys.new("alice")
    keys.new("host")
    with Client("tcp://192.0.2.1:7400", curve=keys.curve("alice"), connect_timeout_ms=50, retry=ONCE) as client:
        with pytest.raises(ServiceError) as caught:
            client.ping()
        assert caught.value.code == "UNAVAILABLE"
    with pytest.raises(ServiceError) as caught:
        Client("tcp://192.0.2.1:7400")
    assert caught.value.code == "FAILED_PRECONDITION"


def vote(asked):
    close = asked["candles"]["close"]
    lean = 0.5 if close[-1] > close[0] else -0.5
    return {
        "probabilities": probabilities_of_lean(lean),
        "confidence": 0.5,
        "label": "lean",
        "evidence": {"lean": lean},
    }


def test_a_strategy_and_an_expert_of_a_secured_committee(secured_committee, shared_keys):
    trader, expert = secured_committee["roles"]["trader"], secured_committee["roles"]["expert"]
    host = ExpertHost(
        "py_curve",
        "1.0.0",
        vote,
        committee=expert,
        curve=shared_keys.curve("py_expert"),
        bind="tcp://0.0.0.0:*",
        advertise="127.0.0.1",
    )
    with host, Committee(trader, curve=shared_keys.curve("alice"), timeout_ms=30_000) as client:
        assert host.endpoint.startswith("tcp://127.0.0.1:")
        tally = client.predict(question())["tally"]
        assert "py_curve" in [each["expert"] for each in tally["votes"]]

        async def ask():
            async with AsyncCommittee(trader, curve=shared_keys.curve("alice"), timeout_ms=30_000) as asking:
                return await asking.predict(question(symbol="BTC/USD"))

        assert "py_curve" in [each["expert"] for each in asyncio.run(ask())["tally"]["votes"]]


def test_an_expert_lets_in_its_committee_and_whom_it_allows(secured_committee, shared_keys):
    committee = secured_committee["roles"]["expert"]
    curve, allow = shared_keys.curve("py_expert"), [public_key_from(shared_keys.pub("friend"))]
    with ExpertHost("py_door", "1.0.0", vote, committee=committee, curve=curve, allow=allow) as host:
        with Client(host.endpoint, curve=shared_keys.curve("friend", host="py_expert"), **slow) as client:
            assert client.ping() > 0
        for refused in (shared_keys.curve("bob", host="py_expert"), shared_keys.curve("friend"), None):
            with Client(host.endpoint, curve=refused, **slow) as client:
                with pytest.raises(ServiceError) as caught:
                    client.ping(timeout_ms=30_000)
                assert caught.value.code == "UNAUTHENTICATED"
        host._zap.close()
        # Nobody decides any more: nobody gets in.
        with zmq.Context() as context, context.socket(zmq.DEALER) as peer:
            shared_keys.curve("friend", host="py_expert").at(0).configure(peer)
            peer.setsockopt(zmq.LINGER, 0)
            peer.setsockopt(zmq.IMMEDIATE, 1)
            peer.connect(host.endpoint)
            assert not peer.poll(500, zmq.POLLOUT)


def test_an_expert_that_the_committee_does_not_know_is_told_so(secured_committee, shared_keys):
    committee = secured_committee["roles"]["expert"]
    with pytest.raises(ServiceError) as caught:
        ExpertHost("py_stranger", "1.0.0", vote, committee=committee, curve=shared_keys.curve("bob")).start()
    assert caught.value.code == "UNAUTHENTICATED"


def test_an_expert_without_curve_stays_on_its_machine(keys):
    for options, field in [
        ({"bind": "tcp://0.0.0.0:*"}, "bind"),
        ({"committee": "tcp://192.0.2.1:7400"}, "committee"),
    ]:
        with pytest.raises(ServiceError) as caught:
            ExpertHost("py_open", "1.0.0", vote, **{"committee": "tcp://127.0.0.1:9", **options})
        assert (caught.value.code, caught.value.field) == ("FAILED_PRECONDITION", field)
    keys.new("host")
    keys.new("me")
    with pytest.raises(ServiceError) as caught:
        options = {"committee": "tcp://127.0.0.1:9", "curve": keys.curve("me"), "bind": "tcp://0.0.0.0:*"}
        ExpertHost("py_open", "1.0.0", vote, **options)
    assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", "advertise")
