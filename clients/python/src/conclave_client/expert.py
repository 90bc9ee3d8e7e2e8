"""Hosts an expert: joins a running committee and is asked at every prediction."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Sequence
from typing import Any, Callable, cast

import zmq

from .client import Client
from .curve import ClientCurve
from .endpoint import check_endpoint, is_wildcard, with_host
from .envelope import join_batch, write_envelope
from .errors import ServiceError, invalid
from .keys import check_key
from .messages import Cancel, Credit, Invalid, Request, read_requests
from .session import configure
from .types import MarketQuestion, Opinion, Vote
from .zap import ZapHandler

_LOG = logging.getLogger("conclave_client.expert")
#: How soon the host notices that it shall end.
_POLL_MS = 50
_UNIT_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "M": 2_592_000_000}

VoteFunction = Callable[[MarketQuestion], Opinion]


def probabilities_of_lean(lean: float) -> dict[str, float]:
    """Probabilities from a lean: -1 all for selling, 0 undecided, 1 all for buying."""
    bounded = max(-1.0, min(1.0, lean))
    hold = 0.5 - 0.4 * abs(bounded)
    rest = 1 - hold
    buy = rest * (1 + bounded) / 2
    return {"buy": buy, "hold": hold, "sell": rest - buy}


def bar_ms(question: MarketQuestion) -> float:
    """Length of the question's bars: its timeframe, or the last spacing of its candles."""
    match = re.fullmatch(r"(\d{1,6})(ms|s|m|h|d|w|M)", question["timeframe"])
    if match is not None and int(match.group(1)) > 0:
        return int(match.group(1)) * _UNIT_MS[match.group(2)]
    times = question["candles"]["timeMs"]
    return float(times[-1] - times[-2]) if len(times) > 1 else 0.0


def as_of_ms(question: MarketQuestion) -> int:
    """The moment a question is about, from its rows alone: never the wall clock, so that a replay agrees."""
    latest = question["candles"]["timeMs"][-1] + bar_ms(question)
    if "book" in question:
        latest = max(latest, question["book"]["timeMs"])
    if "trades" in question and len(question["trades"]["timeMs"]) > 0:
        latest = max(latest, question["trades"]["timeMs"][-1])
    return int(latest)


class ExpertHost:
    """Answers a committee's questions with the votes of a function.

        def vote(question):
            close = question["candles"]["close"]
            lean = 0.5 if close[-1] > close[0] else -0.5
            return {"probabilities": probabilities_of_lean(lean), "confidence": 0.5,
                    "label": "momentum", "evidence": {"lean": lean}}

        ExpertHost("momentum", "1.0.0", vote, committee="tcp://127.0.0.1:7400").run()

    Questions are answered one after the other; one whose asker has stopped waiting is not answered at all.
    Same rows, same vote: the function may depend on nothing but the question.
    """

    def __init__(
        self,
        expert: str,
        version: str,
        vote: VoteFunction,
        *,
        committee: str,
        bind: str = "tcp://127.0.0.1:*",
        advertise: str | None = None,
        curve: ClientCurve | None = None,
        allow: Sequence[str] = (),
        command: str | None = None,
        symbols: Sequence[str] | None = None,
        timeout_ms: int | None = None,
        numpy: bool = False,
    ) -> None:
        """``expert`` is a name in lower snake case, ``version`` semantic: a new major number is a new expert.

        ``symbols`` limits what it is asked about; ``timeout_ms`` how long the committee waits for it; ``numpy``
        makes the question's columns numpy arrays.

        ``curve`` is for a committee with CURVE: this expert's own pair, with the committee's public key. The expert may
        then bind any address; it lets in the committee, and clients whose public keys are in ``allow``.
        ``advertise`` is the name or address under which the committee reaches it, where ``bind`` says every address.
        Raises ServiceError for endpoints and keys that may not be used.
        """
        self._expert = expert
        self._version = version
        self._vote = vote
        self._command = f"{expert}.predict" if command is None else command
        self._committee = check_endpoint(committee, "committee", secured=curve is not None)
        self._symbols = symbols
        self._timeout_ms = timeout_ms
        self._numpy = numpy
        self._curve = curve
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        check_endpoint(bind, "bind", secured=curve is not None, binding=True)
        if is_wildcard(bind) and advertise is None:
            raise invalid("advertise", advertise, f"given, where bind is {bind}")
        allowed = [check_key(key, f"allow[{index}]") for index, key in enumerate(allow)]
        #: One of its own: each has room for one checker of handshakes.
        self._context: zmq.Context[Any] = zmq.Context()
        self._zap: ZapHandler | None = None
        self._socket: Any = self._context.socket(zmq.ROUTER)
        configure(self._socket, bind)
        try:
            if curve is not None:
                self._zap = ZapHandler(self._context, [curve.at(0).server_key, *allowed])
                self._zap.secure(self._socket, curve.keys)
            self._socket.bind(bind)
        except zmq.ZMQError as error:
            self._end()
            raise ServiceError("FAILED_PRECONDITION", f"bind: {bind}: {error}", field="bind") from error
        bound: str = self._socket.getsockopt_string(zmq.LAST_ENDPOINT)
        #: Where the committee reaches the expert.
        self.endpoint: str = bound if advertise is None else with_host(bound, advertise)

    def register(self, *, timeout_ms: float = 5_000) -> None:
        """Tells the committee where the expert is. Raises ServiceError when it is refused or not reached."""
        body: dict[str, Any] = {
            "expert": self._expert,
            "version": self._version,
            "endpoint": self.endpoint,
            "command": self._command,
        }
        if self._curve is not None:
            body["serverKey"] = self._curve.keys.public_key
        if self._symbols is not None:
            body["symbols"] = list(self._symbols)
        if self._timeout_ms is not None:
            body["timeoutMs"] = self._timeout_ms
        with Client(self._committee, curve=self._curve, timeout_ms=timeout_ms) as client:
            client.call("voting.register_expert", body)

    def run(self) -> None:
        """Registers, then answers until :meth:`close` or Ctrl-C."""
        try:
            self.register()
            self._serve()
        except KeyboardInterrupt:
            _LOG.info("%s leaves", self._expert)
        finally:
            self._stop.set()
            self._end()

    def start(self) -> ExpertHost:
        """Answers on a thread of its own; returns once the committee knows the expert."""
        self._thread = threading.Thread(target=self._serve_and_close, name=f"expert-{self._expert}", daemon=True)
        self._thread.start()
        try:
            self.register()
        except ServiceError:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Stops answering. The committee counts the expert as absent from then on."""
        self._stop.set()
        if self._thread is None:
            self._end()
        elif self._thread is not threading.current_thread():
            self._thread.join()

    def __enter__(self) -> ExpertHost:
        return self.start()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.close()

    def _serve_and_close(self) -> None:
        try:
            self._serve()
        finally:
            self._end()

    def _end(self) -> None:
        if self._zap is not None:
            self._zap.close()
        self._socket.close(0)
        self._context.term()

    def _serve(self) -> None:
        while not self._stop.is_set():
            if not self._socket.poll(_POLL_MS):
                continue
            # Everything that has arrived, before the first answer: what waits behind it grows old meanwhile.
            received_ms = time.monotonic() * 1e3
            messages: list[list[bytes]] = []
            while self._socket.poll(0):
                messages.append(self._socket.recv_multipart())
            for frames in messages:
                try:
                    self._answer_message(frames, received_ms)
                except Exception:
                    # One message must not end the service of all others.
                    _LOG.exception("a message could not be answered")

    def _answer_message(self, frames: list[bytes], received_ms: float) -> None:
        # Routing id, a REQ client's empty delimiter, and one frame.
        is_message = len(frames) == 2 or (len(frames) == 3 and frames[1] == b"")
        incoming = read_requests(frames[-1]) if is_message else None
        if incoming is None:
            return
        cancelled = {item.id for item in incoming.items if isinstance(item, Cancel)}
        replies: list[bytes] = []
        for item in incoming.items:
            # Nothing here streams, so that credit is for nothing.
            if isinstance(item, (Cancel, Credit)):
                continue
            reply = self._reply_to(item, incoming.codec, received_ms, item.id in cancelled)
            if reply is not None:
                replies.append(reply)
        if not replies:
            return
        answer = join_batch(incoming.codec, replies) if incoming.batch else replies[0]
        try:
            self._socket.send_multipart([*frames[:-1], answer], zmq.NOBLOCK)
        except zmq.Again:
            _LOG.warning("a peer does not read; its reply is lost")

    def _reply_to(self, item: Request | Invalid, codec: str, received_ms: float, cancelled: bool) -> bytes | None:
        start_ms = time.monotonic() * 1e3
        header: dict[str, Any] = {"v": 1, "id": item.id, "ok": True}
        try:
            if isinstance(item, Invalid):
                raise item.error
            if cancelled:
                raise ServiceError("CANCELLED", "the caller gave up")
            if item.ttl is not None and start_ms - received_ms > item.ttl:
                return None
            if item.tp is not None:
                header["tp"] = item.tp
            if item.stream is not None:
                message = f"stream: {item.cmd} does not answer with a stream"
                raise ServiceError("INVALID_ARGUMENT", message, field="stream")
            body = self._dispatch(item)
            return write_envelope(codec, {**header, "us": _us_since(start_ms)}, body)
        except ServiceError as error:
            body = error.to_body()
        except Exception:
            # What went wrong inside is for the log; it may hold what a stranger should not see.
            _LOG.exception("%s failed", self._expert)
            body = {"code": "INTERNAL", "message": "internal error"}
        return write_envelope(codec, {**header, "ok": False, "us": _us_since(start_ms)}, body)

    def _dispatch(self, request: Request) -> Any:
        if request.cmd == self._command:
            return self._vote_on(request.payload(self._numpy))
        if request.cmd == "service.ping":
            return {"timeMs": int(time.time() * 1e3)}
        if request.cmd == "service.health":
            return {"live": True, "ready": not self._stop.is_set()}
        if request.cmd == "service.describe":
            commands = [self._command, "service.describe", "service.health", "service.ping"]
            described = [{"command": name} for name in sorted(commands)]
            return {"name": self._expert, "version": self._version, "protocol": 1, "commands": described}
        raise ServiceError("UNIMPLEMENTED", f"no such command: {request.cmd}")

    def _vote_on(self, question: Any) -> Vote:
        if not isinstance(question, dict) or not isinstance(question.get("symbol"), str):
            raise invalid("symbol", question, "a market question with a symbol")
        if not isinstance(question.get("timeframe"), str):
            raise invalid("timeframe", question.get("timeframe"), "a text like 5m")
        candles = question.get("candles")
        if not isinstance(candles, dict) or len(candles.get("timeMs", ())) == 0:
            raise invalid("candles", type(candles).__name__, "columns with at least one row")
        opinion = self._vote(cast(MarketQuestion, question))
        return self._as_vote(cast(MarketQuestion, question), opinion)

    def _as_vote(self, question: MarketQuestion, opinion: Opinion) -> Vote:
        abstained = "abstain" in opinion
        vote: dict[str, Any] = {
            "expert": self._expert,
            "version": self._version,
            "symbol": question["symbol"],
            "asOfMs": as_of_ms(question),
            "probabilities": _UNDECIDED if abstained else opinion["probabilities"],
            "confidence": 0 if abstained else opinion["confidence"],
            "label": opinion.get("label", "abstained") if abstained else opinion["label"],
            "evidence": dict(opinion.get("evidence", {})),
            "validForMs": opinion.get("validForMs", bar_ms(question)),
        }
        for name in ("abstain", "alerts"):
            if name in opinion:
                vote[name] = cast(dict[str, Any], opinion)[name]
        return cast(Vote, vote)


_UNDECIDED = {"buy": 1 / 3, "hold": 1 / 3, "sell": 1 / 3}


def _us_since(start_ms: float) -> int:
    return max(0, round((time.monotonic() * 1e3 - start_ms) * 1e3))
