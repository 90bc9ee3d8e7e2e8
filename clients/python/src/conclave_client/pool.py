"""Several hosts as one: which of them a call goes to, and what is known of each. Does no I/O."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Literal, Optional, Union

from .breaker import CircuitBreaker, CircuitBreakerOptions
from .curve import ClientCurve, HostCurve
from .endpoint import check_endpoint
from .errors import ServiceError, invalid
from .host_link import HostLink, is_untouched
from .routing import Balanced, InOrder, Routing, Sharded

#: The shard key of a call, e.g. its symbol: all calls of a key go to one host. ``None`` = any host.
ShardBy = Callable[[str, Any], Optional[str]]


@dataclass(frozen=True)
class Remote:
    """Where a connection goes."""

    endpoint: str
    curve: HostCurve | None


@dataclass(frozen=True)
class RoutingOptions:
    """How the host of a call is chosen, where there are several."""

    #: ``ordered``: the first, and the next when it fails: hosts that are not equal, as with state of their own.
    #: ``balanced``: the faster of two random ones, by latency and calls in flight.
    routing: Literal["ordered", "balanced"] = "ordered"
    shard_by: ShardBy | None = None
    #: Calls whose shard's host is down: end with UNAVAILABLE (its state is there only), or go to the next.
    shard_down: Literal["error", "next"] = "error"
    #: Spares a host that fails, and its callers. ``False`` = never.
    breaker: Union[CircuitBreakerOptions, Literal[False]] = field(default_factory=CircuitBreakerOptions)  # noqa: UP007

    def __post_init__(self) -> None:
        if self.routing not in ("ordered", "balanced"):
            raise invalid("routing", self.routing, "'ordered' or 'balanced'")
        if self.shard_down not in ("error", "next"):
            raise invalid("shard_down", self.shard_down, "'error' or 'next'")
        if self.shard_by is not None and not callable(self.shard_by):
            raise invalid("shard_by", self.shard_by, "a function of command and payload")
        if self.breaker is not False and not isinstance(self.breaker, CircuitBreakerOptions):
            raise invalid("breaker", self.breaker, "CircuitBreakerOptions, or False")


@dataclass
class Search:
    """One call on its way to a host that serves it."""

    command: str
    shard: str | None
    #: Asked already, and certainly nothing done.
    taken: list[HostLink] = field(default_factory=list)


class HostPool:
    def __init__(self, remotes: Sequence[Remote], options: RoutingOptions, rng: random.Random) -> None:
        self.remotes = list(remotes)
        alone = len(remotes) == 1
        self.links = [
            HostLink(index, remote.endpoint, _breaker_of(options), alone=alone) for index, remote in enumerate(remotes)
        ]
        self._only = self.links[0] if alone else None
        plain: Routing = Balanced(self.links, rng) if options.routing == "balanced" else InOrder(self.links)
        self._routing: Routing = Sharded(self.links, options.shard_down, plain)
        self._shard_by = options.shard_by

    def search(self, command: str, payload: Any, shard: str | None) -> Search:
        """Raises INVALID_ARGUMENT for a key that is none, or a function that fails to tell it."""
        field, key = "shard", shard
        if shard is None and self._shard_by is not None:
            field = "shard_by"
            try:
                key = self._shard_by(command, payload)
            except Exception as cause:
                message = f"shard_by: it failed for {command}: {cause!r}"
                raise ServiceError("INVALID_ARGUMENT", message, field=field) from cause
        if key is not None and not isinstance(key, str):
            raise invalid(field, key, "a text, or None for any host")
        return Search(command, key)

    def choose(self, search: Search) -> HostLink | None:
        """The host to ask, though it may not be connected yet; ``None`` = whichever is connected first."""
        if self._only is not None:
            return self._only
        chosen = self._routing.choose(search.shard)
        return chosen or next((link for link in self.links if link.connected), None)

    def instead(self, error: ServiceError, search: Search, link: HostLink) -> HostLink | None:
        """Where a call goes at once when ``link`` has not even begun with it; ``None`` = nowhere."""
        search.taken.append(link)
        if self._only is not None or not is_untouched(error):
            return None
        return self._routing.instead(search.shard, search.taken)


def remotes_of(endpoint: str | None, endpoints: Sequence[str] | None, curve: ClientCurve | None) -> list[Remote]:
    """Where the hosts are. Raises ServiceError for endpoints that may not be used."""
    if (endpoint is None) == (endpoints is None):
        raise invalid("endpoint", endpoint, "given, or a list of endpoints, not both")
    if isinstance(endpoints, str) or (endpoints is not None and len(endpoints) == 0):
        raise invalid("endpoints", endpoints, "a list of at least one endpoint")
    if curve is not None and not isinstance(curve, ClientCurve):
        # Not shown: what it is may be a secret.
        raise ServiceError("INVALID_ARGUMENT", "curve: must be a ClientCurve", field="curve")
    if endpoints is None:
        return [_remote(endpoint, 0, "endpoint", curve)]
    if len(set(endpoints)) < len(endpoints):
        raise invalid("endpoints", list(endpoints), "endpoints that differ")
    return [_remote(each, index, f"endpoints[{index}]", curve) for index, each in enumerate(endpoints)]


def events_of(events: str | Sequence[str] | None, hosts: int, curve: ClientCurve | None) -> list[Remote]:
    """Where events are heard, in the order of the request endpoints. Raises ServiceError."""
    given = [] if events is None else [events] if isinstance(events, str) else list(events)
    if len(given) > hosts:
        raise ServiceError("INVALID_ARGUMENT", "events: more event endpoints than request endpoints", field="events")
    names = ["events"] if isinstance(events, str) else [f"events[{index}]" for index in range(len(given))]
    return [_remote(each, index, names[index], curve) for index, each in enumerate(given)]


def _remote(endpoint: str | None, index: int, name: str, curve: ClientCurve | None) -> Remote:
    checked = check_endpoint(endpoint, name, secured=curve is not None)  # type: ignore[arg-type]
    return Remote(checked, None if curve is None else curve.at(index))


def _breaker_of(options: RoutingOptions) -> CircuitBreaker | None:
    return None if options.breaker is False else CircuitBreaker(options.breaker)
