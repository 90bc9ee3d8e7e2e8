"""Streamed replies of the asyncio client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from .aio_connection import AsyncConnection, Open
from .clock import now_ms
from .errors import ServiceError
from .host_link import HostLink
from .messages import Reply
from .pool import Search
from .retry import RetryPolicy
from .session import no_answer
from .stream import Items, check_window

if TYPE_CHECKING:
    from .aio import AsyncClient


class AsyncReplyStream(AsyncIterator[Any]):
    """The items of a streamed reply: ``async for item in stream``. One reader."""

    def __init__(
        self,
        client: AsyncClient,
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
        self._search = search
        self._payload = payload
        self._timeout_ms = timeout_ms
        self._deadline_ms = now_ms() + timeout_ms
        self._window = check_window(window)
        self._traceparent = traceparent
        self._policy = policy
        self._number = 1
        self._items = Items(search.command, window, client._numpy)
        self._arrived = asyncio.Event()
        self._next: HostLink | None = None
        self._connection: AsyncConnection | None = None
        self._opened: Open | None = None
        self._message_id = 0
        self._sent_ms: float | None = None
        self._failure: ServiceError | None = None
        self._ended = False
        if policy is not None:
            policy.deposit()

    async def __anext__(self) -> Any:
        while not self._ended and len(self._items) == 0:
            await self._advance()
        if len(self._items) > 0:
            item, credit = self._items.take()
            if credit > 0 and not self._ended and self._connection is not None:
                await self._connection.tell(self._client._session.credit(self._message_id, credit))
            return item
        if self._failure is not None:
            raise self._failure
        raise StopAsyncIteration

    async def __aenter__(self) -> AsyncReplyStream:
        return self

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Gives the rest up; the host is told."""
        connection = self._connection
        if not self._ended and connection is not None and self._opened is not None:
            if self._sent_ms is not None:
                connection.link.left()
            await connection.give_up(self._message_id)
        self._finish()

    def _finish(self) -> None:
        self._ended = True
        self._sent_ms = None
        if self._connection is not None:
            self._connection.forget(self._message_id)

    async def _advance(self) -> None:
        """Waits until something has come."""
        try:
            opened = self._opened or await self._ask()
            if not opened.reply.done():
                await self._wait(opened)
            if len(self._items) > 0 or not opened.reply.done():
                return
            self.result = self._items.end(opened.reply.result())
            if self._connection is not None:
                # How long it took says nothing about how fast the host is.
                self._connection.link.answered(None)
            self._finish()
        except ServiceError as error:
            if self._connection is not None and self._sent_ms is not None:
                self._connection.link.failed(error, self._sent_ms)
            self._sent_ms = None
            if not await self._tries_again(error):
                self._failure = error
                await self.aclose()
        except asyncio.CancelledError:
            await self.aclose()
            raise

    async def _ask(self) -> Open:
        """Sends the request to a host that is chosen anew, but for one to go to instead of another."""
        client, command = self._client, self._search.command
        link, self._next = self._next or client._choose(self._search), None
        connection = self._connection = await client._reach(self._search, link, self._deadline_ms)
        left_ms = max(1.0, self._deadline_ms - now_ms())
        self._message_id, frame = client._session.request(
            command, self._payload, left_ms, None, self._traceparent, batch=True, stream=self._window
        )
        self._sent_ms = connection.link.enter()
        self._opened = await connection.send(command, self._message_id, frame, self._take)
        self._opened.reply.add_done_callback(lambda _reply: self._arrived.set())
        return self._opened

    def _take(self, item: Reply) -> None:
        try:
            self._items.add(item)
        except ServiceError as broken:
            if self._opened is not None:
                self._opened.fail(broken)
        self._arrived.set()

    async def _wait(self, opened: Open) -> None:
        self._arrived.clear()
        # What came between the look and the wait.
        if opened.reply.done() or len(self._items) > 0:
            return
        try:
            await asyncio.wait_for(self._arrived.wait(), max(0.0, self._deadline_ms - now_ms()) / 1e3)
        except asyncio.TimeoutError:
            raise no_answer(self._search.command, self._timeout_ms) from None

    async def _tries_again(self, error: ServiceError) -> bool:
        """Lets the request be sent again, while nothing has come: elsewhere at once, or as time and policy allow."""
        if self._items.begun:
            return False
        connection = self._connection
        if connection is not None:
            self._next = self._client._pool.instead(error, self._search, connection.link)
        if self._next is None:
            delay_ms = None if self._policy is None else self._policy.delay_ms(error, number=self._number, keyed=False)
            if delay_ms is None or now_ms() + delay_ms >= self._deadline_ms:
                return False
            self._number += 1
            self._search.taken.clear()
            await asyncio.sleep(delay_ms / 1e3)
        if connection is not None:
            connection.forget(self._message_id)
        self._opened = None
        self._connection = None
        return True
