"""Which of several hosts a call goes to."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from typing import Protocol

from .host_link import HostLink

_LOG = logging.getLogger("conclave_client")
_WORD = 0xFFFFFFFF


class Routing(Protocol):
    def choose(self, shard: str | None) -> HostLink | None:
        """``None`` where none is well, or may be asked in place of the one that is not."""

    def instead(self, shard: str | None, taken: Sequence[HostLink]) -> HostLink | None:
        """Where the call may go if ``taken`` did not or might not answer; ``None`` = nowhere."""


class InOrder:
    """One host as long as it is well, then the next: for services whose hosts are not equal."""

    def __init__(self, links: Sequence[HostLink]) -> None:
        self._links = links
        self._current = 0

    def choose(self, shard: str | None) -> HostLink | None:
        for step in range(len(self._links)):
            index = (self._current + step) % len(self._links)
            link = self._links[index]
            if not link.well:
                continue
            if step > 0:
                _LOG.warning("failing over from %s to %s", self._links[self._current].name, link.name)
            self._current = index
            return link
        return None

    def instead(self, shard: str | None, taken: Sequence[HostLink]) -> HostLink | None:
        return next((link for link in self._links if link.well and link not in taken), None)


class Balanced:
    """The better of two random hosts, by what its answers take and how many it owes (Mitzenmacher, 2001)."""

    def __init__(self, links: Sequence[HostLink], rng: random.Random) -> None:
        self._links = links
        self._rng = rng

    def choose(self, shard: str | None) -> HostLink | None:
        return self.instead(shard, ())

    def instead(self, shard: str | None, taken: Sequence[HostLink]) -> HostLink | None:
        links = [link for link in self._links if link.well and link not in taken]
        if len(links) < 2:
            return links[0] if links else None
        one, other = self._rng.sample(links, 2)
        return other if _cost_of(other) < _cost_of(one) else one


class Sharded:
    """Every key has its host, for as long as the hosts are the same."""

    def __init__(self, links: Sequence[HostLink], when_down: str, others: Routing) -> None:
        """``when_down`` is what happens to the keys of a host that is not well; ``others`` for calls without a key."""
        self._links = links
        self._names = [link.name for link in links]
        self._when_down = when_down
        self._others = others

    def choose(self, shard: str | None) -> HostLink | None:
        if shard is None:
            return self._others.choose(shard)
        own, *others = self._order(shard)
        # What it knows is nowhere else: whether it is well, its own connection finds out.
        if self._when_down == "error" or own.well:
            return own
        return next((link for link in others if link.well), None)

    def instead(self, shard: str | None, taken: Sequence[HostLink]) -> HostLink | None:
        if shard is None:
            return self._others.instead(shard, taken)
        if self._when_down == "error":
            return None
        return next((link for link in self._order(shard) if link.well and link not in taken), None)

    def _order(self, shard: str) -> list[HostLink]:
        return [self._links[index] for index in rendezvous_order(self._names, shard)]


def rendezvous_order(names: Sequence[str], key: str) -> list[int]:
    """Whose a key is: every host bids for it, the highest bid wins (rendezvous hashing, Thaler and Ravishankar, 1998).

    Returns the indices of the names, the winner first, then who would win without it, and so on. They, not their order,
    decide; clients in other languages come to the same.
    """
    bids = [_hash32(key, _hash32(name, 0)) for name in names]
    return sorted(range(len(names)), key=lambda index: (-bids[index], names[index]))


def _hash32(text: str, seed: int) -> int:
    """FNV-1a over UTF-16 units, then the finaliser of MurmurHash3: without it similar keys bid alike."""
    mixed = 0x811C9DC5 ^ seed
    units = text.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(units), 2):
        mixed = ((mixed ^ units[at] ^ (units[at + 1] << 8)) * 0x01000193) & _WORD
    mixed ^= mixed >> 16
    mixed = (mixed * 0x85EBCA6B) & _WORD
    mixed ^= mixed >> 13
    mixed = (mixed * 0xC2B2AE35) & _WORD
    return mixed ^ (mixed >> 16)


def _cost_of(link: HostLink) -> float:
    """A host nobody has asked yet costs nothing, so that it is asked."""
    return link.latency.value_ms * (link.in_flight + 1)
