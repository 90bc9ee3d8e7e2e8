"""A slow wave as candles, one bar a minute."""

from array import array

BAR_MS = 60_000
START_MS = 1_700_000_000_000


def candles(bars=200):
    close = [100 + 5 * abs((bar % 100) - 50) / 50 for bar in range(bars)]
    open_ = [close[0], *close[:-1]]
    return {
        "timeMs": array("d", [START_MS + bar * BAR_MS for bar in range(bars)]),
        "open": array("d", open_),
        "high": array("d", [max(pair) + 0.02 for pair in zip(open_, close)]),
        "low": array("d", [min(pair) - 0.02 for pair in zip(open_, close)]),
        "close": array("d", close),
        "volume": array("d", [1_000 + 10 * (bar % 7) for bar in range(bars)]),
    }


def question(bars=200, symbol="ETH/USD"):
    return {"symbol": symbol, "timeframe": "1m", "candles": candles(bars)}
