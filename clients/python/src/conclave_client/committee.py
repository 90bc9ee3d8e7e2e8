"""All a strategy needs: ask, trade, report."""

from __future__ import annotations

from typing import Any, cast

from .aio import AsyncClient
from .client import Client
from .types import Decision, MarketQuestion, Trade, TradeFeedback, Vote


class Committee(Client):
    """A client with the commands of the ml-service.

    with Committee("tcp://127.0.0.1:7400") as committee:
        decision = committee.predict({"symbol": "ETH/USD", "timeframe": "5m", "candles": candles})
    """

    def predict(self, question: MarketQuestion, *, timeout_ms: float | None = None) -> Decision:
        """ "What now?" """
        return cast(Decision, self.call("voting.predict", question, timeout_ms=timeout_ms))

    def report_trade(self, trade: Trade, *, key: str | None = None, timeout_ms: float | None = None) -> TradeFeedback:
        """What became of a decision. Learned exactly once: report it again after any failure, or a restart."""
        key = trade_key(trade) if key is None else key
        return cast(TradeFeedback, self.call("post_trade.analyze", trade, key=key, timeout_ms=timeout_ms))

    def cast_vote(self, vote: Vote, *, timeout_ms: float | None = None) -> None:
        """Counts in every tally of its symbol until ``asOfMs + validForMs``."""
        self.call("voting.cast_vote", vote, timeout_ms=timeout_ms)

    def experts(self, *, timeout_ms: float | None = None) -> list[dict[str, Any]]:
        """The members of the committee."""
        return cast(list[dict[str, Any]], self.call("voting.experts", timeout_ms=timeout_ms))

    def explain(self, decision_id: str, *, timeout_ms: float | None = None) -> dict[str, Any]:
        """A decision with its outcome and the reasons in words."""
        body = {"decisionId": decision_id}
        return cast(dict[str, Any], self.call("rl.explain", body, timeout_ms=timeout_ms))

    def status(self, *, timeout_ms: float | None = None) -> dict[str, Any]:
        """The decider's state in short."""
        return cast(dict[str, Any], self.call("rl.status", timeout_ms=timeout_ms))


class AsyncCommittee(AsyncClient):
    """As :class:`Committee`, for asyncio."""

    async def predict(self, question: MarketQuestion, *, timeout_ms: float | None = None) -> Decision:
        """ "What now?" """
        return cast(Decision, await self.call("voting.predict", question, timeout_ms=timeout_ms))

    async def report_trade(
        self, trade: Trade, *, key: str | None = None, timeout_ms: float | None = None
    ) -> TradeFeedback:
        """What became of a decision. Learned exactly once: report it again after any failure, or a restart."""
        key = trade_key(trade) if key is None else key
        return cast(TradeFeedback, await self.call("post_trade.analyze", trade, key=key, timeout_ms=timeout_ms))

    async def cast_vote(self, vote: Vote, *, timeout_ms: float | None = None) -> None:
        """Counts in every tally of its symbol until ``asOfMs + validForMs``."""
        await self.call("voting.cast_vote", vote, timeout_ms=timeout_ms)

    async def experts(self, *, timeout_ms: float | None = None) -> list[dict[str, Any]]:
        """The members of the committee."""
        return cast(list[dict[str, Any]], await self.call("voting.experts", timeout_ms=timeout_ms))

    async def explain(self, decision_id: str, *, timeout_ms: float | None = None) -> dict[str, Any]:
        """A decision with its outcome and the reasons in words."""
        body = {"decisionId": decision_id}
        return cast(dict[str, Any], await self.call("rl.explain", body, timeout_ms=timeout_ms))

    async def status(self, *, timeout_ms: float | None = None) -> dict[str, Any]:
        """The decider's state in short."""
        return cast(dict[str, Any], await self.call("rl.status", timeout_ms=timeout_ms))


def trade_key(trade: Trade) -> str:
    """The key that makes every report of one decision's trade the same report."""
    return f"trade:{trade['decisionId']}"
