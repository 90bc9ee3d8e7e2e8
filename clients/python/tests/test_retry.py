"""What is sent again, how soon, and how often in all."""

import random

import pytest

from conclave_client import RetryOptions, ServiceError
from conclave_client.messages import read_event
from conclave_client.retry import RetryPolicy, may_repeat
from conclave_client.session import EventReader


def error(code, **more):
    return ServiceError(code, "no", **more)


@pytest.mark.parametrize(
    ("failed", "keyed", "number", "again"),
    [
        (error("RESOURCE_EXHAUSTED"), False, 1, True),
        (error("UNAVAILABLE", sent=False), False, 1, True),
        (error("UNAVAILABLE", sent=True), False, 1, False),
        (error("UNAVAILABLE", sent=True), True, 1, True),
        (error("UNAVAILABLE"), False, 1, False),
        (error("DEADLINE_EXCEEDED"), False, 1, False),
        (error("DEADLINE_EXCEEDED"), True, 2, True),
        (error("INTERNAL"), True, 1, True),
        (error("INTERNAL"), True, 2, False),
        (error("CONFLICT"), True, 1, False),
        (error("CANCELLED"), True, 1, False),
    ],
)
def test_only_what_the_protocol_allows_is_repeated(failed, keyed, number, again):
    assert may_repeat(failed, number=number, keyed=keyed) is again


def test_waits_grow_have_jitter_and_respect_what_the_host_asks():
    policy = RetryPolicy(RetryOptions(max_attempts=9, base_delay_ms=100, max_delay_ms=150), random.Random(1))
    busy = error("RESOURCE_EXHAUSTED", retry_after_ms=1_000)
    for number, ceiling in [(1, 100), (2, 150), (3, 150)]:
        assert 1_000 <= policy.delay_ms(busy, number=number, keyed=False) <= 1_000 + ceiling


def test_retries_are_a_tenth_of_the_requests_once_the_savings_are_spent():
    policy = RetryPolicy(RetryOptions(), random.Random(1))
    again = 0
    for _ in range(1_000):
        policy.deposit()
        again += policy.delay_ms(error("RESOURCE_EXHAUSTED"), number=1, keyed=False) is not None
    assert 100 <= again <= 111


def test_the_last_attempt_is_the_last():
    policy = RetryPolicy(RetryOptions(max_attempts=2), random.Random(1))
    assert policy.delay_ms(error("RESOURCE_EXHAUSTED"), number=2, keyed=False) is None


def event(seq, epoch=1):
    return b'{"v":1,"epoch":%d,"seq":%d,"timeMs":5,"body":{}}' % (epoch, seq)


def test_events_lost_on_the_way_are_counted_per_topic_and_life():
    reader = EventReader("a.", use_numpy=False)
    arrived = [("a.x", 3, 1), ("a.x", 4, 1), ("a.y", 9, 1), ("a.x", 8, 1), ("a.x", 5, 2), ("a.x", 6, 2)]
    read = [reader.read([topic.encode(), event(seq, epoch)]) for topic, seq, epoch in arrived]
    assert [each.missed for each in read] == [0, 0, 0, 3, 0, 0]


def test_what_is_no_event_is_counted_and_left_out():
    reader = EventReader("a.x", use_numpy=False)
    assert reader.read([b"a.x"]) is None
    assert reader.read([b"a.x", b"nonsense"]) is None
    assert reader.read([b"\xff", event(1)]) is None
    assert reader.unreadable == 3
    assert reader.read([b"a.xy", event(1)]) is None
    assert reader.unreadable == 3


@pytest.mark.parametrize(
    ("frame", "field"),
    [
        (b'{"v":1,"epoch":-1,"seq":1,"timeMs":5}', "epoch"),
        (b'{"v":1,"epoch":"","seq":1,"timeMs":5}', "epoch"),
        (b'{"v":1,"epoch":1,"seq":0,"timeMs":5}', "seq"),
        (b'{"v":1,"epoch":1,"seq":1}', "timeMs"),
        (b'{"v":2,"epoch":1,"seq":1,"timeMs":5}', "v"),
    ],
)
def test_an_event_whose_envelope_is_wrong_names_the_field(frame, field):
    with pytest.raises(ServiceError) as caught:
        read_event("t", frame)
    assert caught.value.field == field
