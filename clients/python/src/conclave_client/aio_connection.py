"""One DEALER socket of the asyncio client: any number of requests in flight to one host."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import zmq
import zmq.asyncio
from zmq.utils.monitor import parse_monitor_message

from .clock import now_ms
from .errors import ServiceError
from .handshakes import EVENTS, REFUSED_RETRY_MS, Handshakes, reconnect
from .host_link import HostLink
from .messages import Reply, read_replies
from .pool import Remote
from .pulse import Pulse
from .session import (
    DISCONNECT_GRACE_MS,
    Session,
    configure,
    connection_lost,
    given_up,
    no_connection,
    not_let_in,
    says_nothing,
)

_LOG = logging.getLogger("conclave_client")


@dataclass
class Open:
    """A request in flight."""

    command: str
    #: The connection that it was sent on.
    generation: int
    reply: asyncio.Future[Reply]
    #: Hears the items of a streamed reply.
    item: Callable[[Reply], None] | None = None

    def fail(self, error: ServiceError) -> None:
        if not self.reply.done():
            self.reply.set_exception(error)


class AsyncConnection:
    """Its host's health is told to ``link``. To be made within the event loop."""

    def __init__(self, remote: Remote, link: HostLink, session: Session, ping_interval_ms: float) -> None:
        self.link = link
        self._endpoint = remote.endpoint
        self._session = session
        self._ping_interval_ms = ping_interval_ms
        self._pulse = Pulse(ping_interval_ms)
        self._open: dict[int, Open] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._handshakes = Handshakes(secured=remote.curve is not None)
        #: Whoever waits for a connection, or to hear that there will be none.
        self._changed: set[asyncio.Future[None]] = set()
        self._socket: Any = zmq.asyncio.Context.instance().socket(zmq.DEALER)
        configure(self._socket, remote.endpoint, remote.curve)
        # Nothing is queued for a host that is not there, to be delivered when nobody waits any more.
        self._socket.setsockopt(zmq.IMMEDIATE, 1)
        self._monitor: Any = self._socket.get_monitor_socket(EVENTS)
        self._socket.connect(remote.endpoint)
        self._spawn(self._receive())
        self._spawn(self._watch())
        if ping_interval_ms > 0:
            self._spawn(self._beat())

    @property
    def connected(self) -> bool:
        return self._handshakes.connected

    @property
    def refusal(self) -> str | None:
        """Why the host does not let us in."""
        return self._handshakes.refusal

    def changed(self) -> asyncio.Future[None]:
        """Done at the next change of the connection."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._changed.add(future)
        future.add_done_callback(self._changed.discard)
        return future

    async def send(
        self, command: str, message_id: int, frame: bytes, item: Callable[[Reply], None] | None = None
    ) -> Open:
        """Sends a request; whoever waits for it forgets it afterwards. Raises UNAVAILABLE, CANCELLED."""
        if self._closed:
            raise given_up(command)
        opened = Open(command, self._handshakes.generation, asyncio.get_running_loop().create_future(), item)
        self._open[message_id] = opened
        try:
            if not self.connected:
                raise no_connection(command, self._endpoint)
            await self._socket.send(frame, zmq.NOBLOCK)
        except BaseException as error:
            del self._open[message_id]
            if isinstance(error, zmq.Again):
                raise no_connection(command, self._endpoint) from None
            raise
        return opened

    def forget(self, message_id: int) -> None:
        """Nobody waits for it any more."""
        opened = self._open.pop(message_id, None)
        if opened is not None and not opened.reply.cancel() and not opened.reply.cancelled():
            # Looked at, whether anybody asks for it or not.
            opened.reply.exception()

    async def give_up(self, message_id: int) -> None:
        """Tells the host that nobody waits for the answer."""
        await self.tell(self._session.cancel(message_id))

    async def tell(self, frame: bytes) -> None:
        """Sends what has no reply, if the host is there."""
        if self._closed or not self.connected:
            return
        try:
            await self._socket.send(frame, zmq.NOBLOCK)
        except zmq.ZMQError:
            return

    async def close(self) -> None:
        """Ends what is pending with CANCELLED; never waits for the host."""
        self._closed = True
        for opened in list(self._open.values()):
            opened.fail(given_up(opened.command))
        self._tell_changed()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._socket.disable_monitor()
        self._monitor.close(0)
        self._socket.close(0)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _tell_changed(self) -> None:
        for future in list(self._changed):
            if not future.done():
                future.set_result(None)

    async def _receive(self) -> None:
        while True:
            frames = await self._socket.recv_multipart()
            self._pulse.heard()
            self.link.heard()
            for reply in read_replies(frames[-1]):
                opened = self._open.get(reply.id) if isinstance(reply.id, int) else None
                # Without one, its caller has stopped waiting.
                if opened is None or opened.reply.done():
                    continue
                if not reply.more:
                    opened.reply.set_result(reply)
                elif opened.item is not None:
                    opened.item(reply)

    async def _watch(self) -> None:
        """Follows the events of the socket."""
        while True:
            message = parse_monitor_message(await self._monitor.recv_multipart())
            was_connected, refusal, gave_up = self.connected, self.refusal, self._handshakes.gave_up
            self._handshakes.take(message)
            self.link.see(self.connected)
            if was_connected and not self.connected:
                self._spawn(self._lose(self._handshakes.generation))
            if self.refusal is not None and refusal is None:
                _LOG.warning("%s refuses the connection: %s", self._endpoint, self.refusal)
            if self._handshakes.gave_up and not gave_up:
                self._spawn(self._connect_later())
            self._tell_changed()

    async def _connect_later(self) -> None:
        """The library gives up for good; a key may be allowed later. Until it is, calls end at once."""
        await asyncio.sleep(REFUSED_RETRY_MS / 1e3)
        self._handshakes.try_again(forget=False)
        reconnect(self._socket, self._endpoint)

    async def _lose(self, generation: int) -> None:
        """Ends the requests that went out on a connection that is gone."""
        await asyncio.sleep(DISCONNECT_GRACE_MS / 1e3)
        for opened in list(self._open.values()):
            if opened.generation == generation:
                opened.fail(connection_lost(opened.command, self._endpoint))

    async def _beat(self) -> None:
        """Pings the host when it is silent, and ends what it owes when it stays so."""
        pause_ms = self._ping_interval_ms / 4
        while True:
            due_ms = now_ms() + pause_ms
            await asyncio.sleep(pause_ms / 1e3)
            # Late: it was this process that hung, and what has arrived meanwhile is still unread.
            if not self.connected or now_ms() - due_ms > pause_ms:
                continue
            due = self._pulse.check(now_ms(), self.link.last_heard_ms)
            if due == "hung":
                self._hangs()
                self._pulse.heard()
                due = self._pulse.check(now_ms(), self.link.last_heard_ms)
            if due == "ping":
                frame = self._session.request("service.ping", None, self._ping_interval_ms, None, None, batch=False)[1]
                await self.tell(frame)

    def _hangs(self) -> None:
        if not self.link.suspect:
            _LOG.warning("%s does not answer", self._endpoint)
        self.link.suspect = True
        for message_id, opened in list(self._open.items()):
            opened.fail(says_nothing(opened.command, self._endpoint))
            # Should it ever listen again.
            self._spawn(self.give_up(message_id))


async def wait_until_connected(
    connections: list[AsyncConnection], command: str, limit_ms: float, is_closed: Callable[[], bool]
) -> AsyncConnection:
    """The first that is connected, at the latest at ``limit_ms``.

    Raises UNAVAILABLE, CANCELLED, and UNAUTHENTICATED at once when none of the hosts lets us in.
    """
    while True:
        if is_closed():
            raise given_up(command)
        for connection in connections:
            if connection.connected:
                return connection
        refusals = [connection.refusal for connection in connections]
        if all(refusals):
            raise not_let_in(command, connections[0].link.name, refusals[0] or "")
        left_ms = limit_ms - now_ms()
        if left_ms <= 0:
            alone = len(connections) == 1
            raise no_connection(command, connections[0].link.name if alone else f"any of {len(connections)} hosts")
        changes = [connection.changed() for connection in connections]
        try:
            await asyncio.wait(changes, timeout=left_ms / 1e3, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for change in changes:
                change.cancel()
