"""Streamed replies: what the sync and the asyncio client share, and the stream of the sync one."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import limits
from .clock import now_ms
from .connection import Connection
from .errors import ServiceError, invalid
from .host_link import HostLink
from .messages import Reply
from .pool import Search
from .retry import RetryPolicy

if TYPE_CHECKING:
    from .client import Client

#: What is streamed takes longer than what is answered: results of replays and backtests.
DEFAULT_STREAM_MS = 60_000
#: Items that may be on their way or wait to be taken.
DEFAULT_WINDOW = 32
#: For the word that a stream is given up, when its connection is closed right after.
_GOODBYE_MS = 100


def check_window(window: int) -> int:
    if not isinstance(window, int) or isinstance(window, bool) or not 1 <= window <= limits.STREAM_CREDIT:
        raise invalid("window", window, f"an integer from 1 to {limits.STREAM_CREDIT}")
    return window


class Items:
    """The items of one stream between their arrival and their reader: in order, each once, no more than granted."""

    def __init__(self, command: str, window: int, use_numpy: bool) -> None:
        self._command = command
        self._window = window
        self._use_numpy = use_numpy
        self._waiting: deque[Any] = deque()
        self._granted = window
        self._received = 0
        self._taken = 0

    @property
    def begun(self) -> bool:
        """Something has arrived: asking anew would give it out twice."""
        return self._received > 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, item: Reply) -> None:
        """Takes an item, or a sign of life. Raises INTERNAL when the host breaks its promise."""
        if item.seq is None:
            return
        if item.seq != self._received + 1:
            raise self._broken(f"item {item.seq} came after item {self._received} of the stream")
        if item.seq > self._granted:
            raise self._broken(f"the host sent more than the {self._granted} items granted")
        self._received = item.seq
        self._waiting.append(item.result(self._use_numpy))

    def take(self) -> tuple[Any, int]:
        """The next item, and how much to grant for those taken; 0 = nothing yet."""
        item = self._waiting.popleft()
        self._taken += 1
        # In halves, so that granting costs a message now and then and the host never runs dry meanwhile.
        if self._taken * 2 < self._window:
            return item, 0
        credit, self._taken = self._taken, 0
        self._granted += credit
        return item, credit

    def end(self, reply: Reply) -> Any:
        """The body of the reply that ends the stream. Raises what the command ended with, or INTERNAL."""
        if reply.seq is None and reply.ok:
            raise self._broken("the host answered without a stream")
        if reply.seq is not None and reply.seq != self._received:
            raise self._broken(f"{self._received} items arrived, {reply.seq} were sent")
        return reply.result(self._use_numpy)

    def _broken(self, why: str) -> ServiceError:
        return ServiceError("INTERNAL", f"{self._command}: {why}")


class ReplyStream(Iterator[Any]):
    """The items of a streamed reply. Close it, or leave its ``with``, to give the rest up."""

    def __init__(
        self,
        client: Client,
        search: Search,
        payload: Any,
        timeout_ms: float,
        window: int,
        traceparent: str | None,
        policy: RetryPolicy | None,
    ) -> None:
        #: The body of the reply that ended the stream; ``None`` before.
        self.result: Any = None
        self._client = client
        self._session = client._session
        self._search = search
        self._payload = payload
        self._timeout_ms = timeout_ms
        self._deadline_ms = now_ms() + timeout_ms
        self._window = window
        self._traceparent = traceparent
        self._policy = policy
        self._items = Items(search.command, window, client._numpy)
        #: One of its own, so that the client can be used meanwhile.
        self._connection: Connection | None = None
        self._next: HostLink | None = None
        self._message_id: int | None = None
        self._sent_ms: float | None = None
        self._number = 1
        self._failure: ServiceError | None = None
        self._ended = False
        if policy is not None:
            policy.deposit()

    def __next__(self) -> Any:
        while not self._ended and len(self._items) == 0:
            self._advance()
        if len(self._items) > 0:
            item, credit = self._items.take()
            if credit > 0 and not self._ended and self._message_id is not None and self._connection is not None:
                self._connection.tell(self._session.credit(self._message_id, credit))
            return item
        if self._failure is not None:
            raise self._failure
        raise StopIteration

    def __enter__(self) -> ReplyStream:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.close()

    def __del__(self) -> None:
        # A loop that was left early keeps no reference: the command must not run on until its deadline.
        if not getattr(self, "_ended", True) and not sys.is_finalizing():
            self.close()

    def close(self) -> None:
        """Gives the rest up; the host is told."""
        if not self._ended and self._message_id is not None and self._connection is not None:
            self._connection.tell(self._session.cancel(self._message_id))
            if self._sent_ms is not None:
                self._connection.link.left()
        self._finish()

    def _finish(self) -> None:
        self._ended = True
        if self._connection is not None:
            self._connection.close(_GOODBYE_MS)

    def _advance(self) -> None:
        """Waits for the next message."""
        command = self._search.command
        try:
            connection = self._connection
            if connection is None or self._message_id is None:
                connection = self._open()
            for reply in connection.receive(command, self._deadline_ms, self._timeout_ms):
                if reply.id != self._message_id:
                    continue
                if reply.more:
                    self._items.add(reply)
                    continue
                self.result = self._items.end(reply)
                # How long it took says nothing about how fast the host is.
                connection.link.answered(None)
                self._finish()
                return
        except ServiceError as error:
            self._note(error)
            if not self._tries_again(error):
                # Raised after the items that came before it.
                self._failure = error
                self.close()

    def _open(self) -> Connection:
        """Sends the request to a host that is chosen anew, but for one to go to instead of another."""
        client, command = self._client, self._search.command
        connection = self._connection = client._open_own(self._search, self._next, self._deadline_ms)
        self._next = None
        left_ms = max(1.0, self._deadline_ms - now_ms())
        message_id, frame = self._session.request(
            command, self._payload, left_ms, None, self._traceparent, batch=True, stream=self._window
        )
        self._sent_ms = connection.link.enter()
        connection.send(command, frame)
        self._message_id = message_id
        return connection

    def _note(self, error: ServiceError) -> None:
        """Tells the host's record how a request ended."""
        if self._connection is not None and self._sent_ms is not None:
            self._connection.link.failed(error, self._sent_ms)
        self._sent_ms = None

    def _tries_again(self, error: ServiceError) -> bool:
        """Lets the request be sent again, while nothing has come: elsewhere at once, or as time and policy allow."""
        if self._items.begun:
            return False
        connection, self._connection = self._connection, None
        if connection is not None:
            self._next = self._client._pool.instead(error, self._search, connection.link)
            connection.close()
        if self._next is not None:
            self._message_id = None
            return True
        delay_ms = None if self._policy is None else self._policy.delay_ms(error, number=self._number, keyed=False)
        if delay_ms is None or now_ms() + delay_ms >= self._deadline_ms:
            return False
        self._number += 1
        self._message_id = None
        self._search.taken.clear()
        time.sleep(delay_ms / 1e3)
        return True
