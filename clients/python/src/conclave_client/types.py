"""The language of the ml-service as types. Times are Unix milliseconds UTC, ``...Bps`` basis points."""

from __future__ import annotations

from typing import Any, TypedDict

#: A column: ``array.array``, a numpy array, or a list of numbers.
Column = Any


class Candles(TypedDict):
    """Columns of one length, oldest first; ``timeMs`` is the open time, strictly increasing."""

    timeMs: Column
    open: Column
    high: Column
    low: Column
    close: Column
    volume: Column


class Book(TypedDict):
    """Best level first, at most 50 levels."""

    timeMs: float
    bidPrice: Column
    bidSize: Column
    askPrice: Column
    askSize: Column


class Trades(TypedDict):
    """``side`` 1: the buyer was the taker; -1: the seller was."""

    timeMs: Column
    price: Column
    size: Column
    side: Column


class Costs(TypedDict):
    feeBps: float
    spreadBps: float
    slippageBps: float


class _QuestionRequired(TypedDict):
    symbol: str
    timeframe: str
    candles: Candles


class MarketQuestion(_QuestionRequired, total=False):
    """What ``voting.predict`` and every expert is asked with."""

    book: Book
    trades: Trades
    session: str
    strategy: str
    horizonBars: int
    costs: Costs


class ByAction(TypedDict):
    buy: float
    hold: float
    sell: float


class AnomalyAlert(TypedDict):
    symbol: str
    asOfMs: int
    kind: str
    severity: str
    channel: str
    score: float
    message: str


class Opinion(TypedDict, total=False):
    """What an expert thinks of one question, before its name and the time are put on it.

    Either ``probabilities`` (they sum to 1), ``confidence`` 0..1, ``label`` and ``evidence``; or ``abstain``,
    the reason for having no opinion.
    """

    probabilities: ByAction
    confidence: float
    label: str
    evidence: dict[str, float]
    #: How long the vote may be used; one bar when not said.
    validForMs: float
    abstain: str
    alerts: list[AnomalyAlert]


class _VoteRequired(TypedDict):
    expert: str
    version: str
    symbol: str
    asOfMs: int
    probabilities: ByAction
    confidence: float
    label: str
    evidence: dict[str, float]
    validForMs: float


class Vote(_VoteRequired, total=False):
    abstain: str
    alerts: list[AnomalyAlert]


class Decision(TypedDict, total=False):
    decisionId: str
    symbol: str
    timeframe: str
    session: str
    strategy: str
    asOfMs: int
    action: str
    size: float
    scores: ByAction
    propensities: ByAction
    contributions: list[dict[str, Any]]
    override: dict[str, Any]
    tally: dict[str, Any]
    policyVersion: str
    stateHash: str
    seq: int


class _TradeRequired(TypedDict):
    decisionId: str
    side: str
    quantity: float
    entryPrice: float
    exitPrice: float
    entryTimeMs: float
    exitTimeMs: float
    feesPaid: float


class Trade(_TradeRequired, total=False):
    """What became of a decision; with side ``none`` quantity and feesPaid are 0."""

    liquidity: str


class TradeFeedback(TypedDict, total=False):
    decisionId: str
    feedbackKind: str
    realisedBps: float
    rewardsBps: ByAction
    learned: bool
    seq: int
    stateHash: str
