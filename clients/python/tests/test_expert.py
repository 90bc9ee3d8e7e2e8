"""An expert in Python in a running committee."""

import itertools

import msgpack
import pytest
import zmq
from market import BAR_MS, START_MS, question

from conclave_client import Client, Committee, ExpertHost, ServiceError, as_of_ms, bar_ms, probabilities_of_lean

NAMES = (f"python_{i}" for i in itertools.count())


def lean_of(asked):
    close = asked["candles"]["close"]
    lean = 0.5 if close[-1] > close[0] else -0.5
    probabilities = probabilities_of_lean(lean)
    return {"probabilities": probabilities, "confidence": 0.5, "label": "lean", "evidence": {"lean": lean}}


@pytest.fixture
def expert(committee):
    """Starts an expert of a name of its own; ends it afterwards."""
    started = []

    def start(vote, **more):
        host = ExpertHost(next(NAMES), "1.0.0", vote, committee=committee["request"], **more)
        started.append(host)
        return host.start()

    yield start
    for host in started:
        host.close()


def vote_and_abstention(committee, name, asked=None):
    with Committee(committee["request"]) as client:
        tally = client.predict(asked or question())["tally"]
    votes = [vote for vote in tally["votes"] if vote["expert"] == name]
    reasons = [each["reason"] for each in tally["abstentions"] if each["expert"] == name]
    return (votes[0] if votes else None), (reasons[0] if reasons else None)


def test_it_joins_a_running_committee_and_is_heard(committee, expert):
    host = expert(lean_of)
    asked = question()
    vote, _ = vote_and_abstention(committee, host._expert, asked)
    assert vote["label"] == "lean"
    assert vote["asOfMs"] == as_of_ms(asked)
    assert vote["validForMs"] == BAR_MS
    assert vote["probabilities"] == pytest.approx(probabilities_of_lean(vote["evidence"]["lean"]))


def test_columns_of_a_question_may_be_numpy_arrays(committee, expert):
    numpy = pytest.importorskip("numpy")
    kinds = []

    def vote(asked):
        kinds.append(type(asked["candles"]["close"]))
        return lean_of(asked)

    host = expert(vote, numpy=True)
    assert vote_and_abstention(committee, host._expert)[0] is not None
    assert kinds == [numpy.ndarray]


def test_an_abstention_and_its_reason_are_recorded(committee, expert):
    host = expert(lambda _asked: {"abstain": "too early"})
    assert vote_and_abstention(committee, host._expert) == (None, "too early")


def test_an_expert_that_raises_is_an_abstention_and_lives(committee, expert):
    calls = []

    def vote(asked):
        calls.append(asked)
        if len(calls) == 1:
            raise RuntimeError("password=hunter2")
        return lean_of(asked)

    host = expert(vote)
    vote_given, reason = vote_and_abstention(committee, host._expert)
    assert vote_given is None
    assert "hunter2" not in reason
    assert vote_and_abstention(committee, host._expert)[0] is not None


def test_it_is_asked_about_its_symbols_only(committee, expert):
    host = expert(lean_of, symbols=["BTC/USD"])
    assert vote_and_abstention(committee, host._expert, question(symbol="ETH/USD"))[0] is None
    assert vote_and_abstention(committee, host._expert, question(symbol="BTC/USD"))[0] is not None


def test_once_it_has_left_the_committee_decides_without_it(committee, expert):
    host = expert(lean_of)
    host.close()
    vote, reason = vote_and_abstention(committee, host._expert)
    assert vote is None
    assert reason


def test_it_answers_the_built_in_commands_and_refuses_others(expert):
    host = expert(lean_of)
    with Client(host.endpoint) as client:
        assert client.ping() > 0
        assert client.call("service.health") == {"live": True, "ready": True}
        assert client.call("service.describe")["name"] == host._expert
        for command, payload, code in [
            ("no.such", None, "UNIMPLEMENTED"),
            (f"{host._expert}.predict", None, "INVALID_ARGUMENT"),
            (f"{host._expert}.predict", {"symbol": "A/B", "timeframe": "1m", "candles": {}}, "INVALID_ARGUMENT"),
        ]:
            with pytest.raises(ServiceError) as caught:
                client.call(command, payload)
            assert caught.value.code == code


def test_it_survives_what_is_no_request_and_answers_what_it_can(expert):
    host = expert(lean_of)
    with zmq.Context.instance().socket(zmq.DEALER) as peer:
        peer.setsockopt(zmq.LINGER, 0)
        peer.connect(host.endpoint)
        for nonsense in (b"", b"\xc1", b"\xdd\xff\xff\xff\xff", b"{", b"[" * 100_000, b'{"v":1}', b"\x80" * 50):
            peer.send(nonsense)
        peer.send(b'{"v":2,"id":"x","cmd":"service.ping"}')
        assert peer.poll(5_000)
        assert b'"INVALID_ARGUMENT"' in peer.recv()
        batch = [{"v": 1, "id": 1, "cmd": "service.ping"}, 7, {"v": 1, "id": 2, "cmd": "service.ping"}]
        peer.send(msgpack.packb(batch))
        assert peer.poll(5_000)
        assert [reply["id"] for reply in msgpack.unpackb(peer.recv())] == [1, 2]


def test_a_name_the_committee_refuses_is_a_typed_error(committee):
    with pytest.raises(ServiceError) as caught:
        ExpertHost("No Name", "1.0.0", lean_of, committee=committee["request"]).start()
    assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", "expert")


def test_an_address_that_is_taken_is_a_typed_error(committee, expert):
    host = expert(lean_of)
    with pytest.raises(ServiceError) as caught:
        ExpertHost("other", "1.0.0", lean_of, committee=committee["request"], bind=host.endpoint)
    assert caught.value.code == "FAILED_PRECONDITION"


def test_the_moment_of_a_question_is_the_close_of_its_last_bar_or_later_news():
    asked = question(bars=2)
    close_ms = START_MS + 2 * BAR_MS
    assert as_of_ms(asked) == close_ms
    assert as_of_ms({**asked, "book": {"timeMs": close_ms + 5}}) == close_ms + 5
    assert as_of_ms({**asked, "trades": {"timeMs": [close_ms + 7]}}) == close_ms + 7
    assert bar_ms({**asked, "timeframe": "4h"}) == 4 * 3_600_000
    assert bar_ms({**asked, "timeframe": "odd"}) == BAR_MS
