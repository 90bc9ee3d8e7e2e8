"""What is known of a host, and which one is asked: the parts that do no input or output."""

import json
import random
from pathlib import Path

import pytest
import zmq

from conclave_client import CircuitBreakerOptions, ServiceError
from conclave_client.breaker import CircuitBreaker
from conclave_client.handshakes import Handshakes
from conclave_client.host_link import HostLink, PeakEwma, is_untouched
from conclave_client.pulse import Pulse
from conclave_client.routing import Balanced, InOrder, rendezvous_order

GOLDEN = Path(__file__).resolve().parents[3] / "test/service-framework/client/pool/rendezvous.json"


def test_a_key_belongs_to_the_host_that_clients_in_other_languages_ask():
    cases = json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]
    assert len(cases) > 10
    for case in cases:
        assert rendezvous_order(case["names"], case["key"]) == case["order"]


def test_a_breaker_opens_after_failures_in_a_row_and_waits_longer_each_time():
    breaker = CircuitBreaker(CircuitBreakerOptions(consecutive_failures=3, open_ms=100, max_open_ms=250))
    for now in (0, 1):
        breaker.failed(now)
    assert breaker.allows(2)
    breaker.failed(2)
    assert (breaker.allows(3), breaker.wait_ms(3)) == (False, 99)
    for now, pause in ((102, 200), (302, 250), (552, 250)):
        assert breaker.allows(now)
        breaker.enter(now)
        # One may try, not two.
        assert not breaker.allows(now)
        breaker.failed(now)
        assert breaker.wait_ms(now) == pause
    breaker.enter(802)
    breaker.succeeded(803)
    assert (breaker.state, breaker.wait_ms(803)) == ("closed", 0)


def test_a_breaker_opens_for_a_rate_of_failures_and_forgets_the_window():
    breaker = CircuitBreaker(CircuitBreakerOptions(min_calls=10, window_ms=1_000))
    for i in range(9):
        (breaker.succeeded if i % 2 else lambda now: breaker.failed(now, lasting=False))(i)
    assert breaker.allows(9)
    breaker.failed(9, lasting=False)
    assert not breaker.allows(10)
    breaker.reset()
    for i in range(9):
        breaker.failed(i, lasting=False)
    breaker.failed(2_000, lasting=False)
    assert breaker.allows(2_001)


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf"), "5", True, None])
def test_numbers_of_a_breaker_that_are_none_are_refused(bad):
    for name in ("consecutive_failures", "failure_rate", "min_calls", "window_ms", "open_ms", "max_open_ms"):
        with pytest.raises(ServiceError) as caught:
            CircuitBreakerOptions(**{name: bad})
        assert (caught.value.code, caught.value.field) == ("INVALID_ARGUMENT", f"breaker.{name}")


def test_a_slower_answer_counts_at_once_and_a_faster_one_by_and_by():
    latency = PeakEwma()
    latency.record(10, 0)
    latency.record(100, 10)
    assert latency.value_ms == 100
    latency.record(10, 20)
    assert 99 < latency.value_ms < 100
    latency.record(10, 100_000)
    assert latency.value_ms == pytest.approx(10, abs=0.1)


def test_a_silent_host_is_pinged_and_given_up_only_after_it_could_have_answered():
    pulse = Pulse(1_000)
    assert pulse.check(499, 0) is None
    assert pulse.check(500, 0) == "ping"
    assert pulse.check(999, 0) is None
    assert pulse.check(1_000, 0) == "hung"
    pulse.heard()
    assert pulse.check(1_400, 1_000) is None
    # A pause of ours, however long, is not held against the host.
    assert pulse.check(60_000, 1_000) == "ping"
    assert pulse.check(60_001, 1_000) is None
    assert Pulse(0).check(10**9, 0) is None


def news(event, value=0):
    return {"event": event, "value": value}


def test_what_the_socket_says_about_its_handshakes():
    plain, secured = Handshakes(secured=False), Handshakes(secured=True)
    for _ in range(2):
        secured.take(news(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL))
    assert secured.refusal is None
    secured.take(news(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL))
    assert "server key" in secured.refusal
    secured.take(news(zmq.EVENT_HANDSHAKE_SUCCEEDED))
    assert (secured.connected, secured.generation, secured.refusal) == (True, 1, None)
    # Too much to do there: that says nothing about the key, and it is tried again.
    secured.take(news(zmq.EVENT_HANDSHAKE_FAILED_AUTH, 500))
    assert (secured.refusal, secured.gave_up) == (None, True)
    secured.take(news(zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400))
    assert "key" in secured.refusal
    secured.try_again(forget=False)
    assert (secured.gave_up, secured.refusal is None) == (False, False)
    secured.try_again(forget=True)
    assert secured.refusal is None
    for _ in range(5):
        plain.take(news(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL))
    assert plain.refusal is None
    plain.take(news(zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL))
    assert plain.refusal is not None


def links(count, alone=False):
    made = [HostLink(i, f"h{i}", CircuitBreaker(CircuitBreakerOptions()), alone=alone) for i in range(count)]
    for link in made:
        link.see(True)
    return made


def fail(link, code, **more):
    link.failed(ServiceError(code, "no", **more), link.enter())


def test_calls_stay_with_one_host_until_it_fails_and_with_the_next_from_then_on():
    first, second, third = hosts = links(3)
    routing = InOrder(hosts)
    assert routing.choose(None) is first
    first.see(False)
    assert routing.choose(None) is second
    first.see(True)
    assert routing.choose(None) is second
    second.suspect = True
    assert routing.choose(None) is third
    assert routing.instead(None, [first]) is third
    for link in hosts:
        link.see(False)
    assert routing.choose(None) is None
    assert Balanced(hosts, random.Random(1)).choose(None) is None


def test_what_a_failure_says_about_its_host():
    away, busy, slow, gone, dependent = links(5)
    fail(away, "UNAVAILABLE", details={"hostState": "draining"})
    assert not away.well
    for _ in range(30):
        fail(busy, "RESOURCE_EXHAUSTED")
        fail(busy, "INVALID_ARGUMENT")
    assert busy.well
    for _ in range(5):
        slow.last_heard_ms = -1
        fail(slow, "DEADLINE_EXCEEDED")
        gone.see(False)
        fail(gone, "UNAVAILABLE", sent=False)
    assert not slow.well
    assert gone.refusal("a.b").retry_after_ms > 0
    # Connected again, it is asked at once.
    gone.see(True)
    assert gone.well
    for i in range(40):
        if i % 2:
            fail(dependent, "UNAVAILABLE")
        else:
            dependent.answered(dependent.enter())
    assert not dependent.well
    (alone,) = links(1, alone=True)
    for _ in range(40):
        fail(alone, "UNAVAILABLE")
    # There is nowhere else to go.
    assert alone.well
    assert all(link.in_flight == 0 for link in (away, busy, slow, gone, dependent, alone))


def test_only_what_was_certainly_not_begun_goes_elsewhere_at_once():
    assert is_untouched(ServiceError("UNAVAILABLE", "no", sent=False))
    assert is_untouched(ServiceError("FAILED_PRECONDITION", "no", details={"hostState": "starting"}))
    assert not is_untouched(ServiceError("UNAVAILABLE", "no", sent=True))
    assert not is_untouched(ServiceError("UNAVAILABLE", "no"))
    assert not is_untouched(ServiceError("FAILED_PRECONDITION", "no"))
    assert not is_untouched(ServiceError("INTERNAL", "no", details={"hostState": "draining"}))
