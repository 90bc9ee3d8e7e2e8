#!/usr/bin/env python3
"""The simplest client there is: a REQ socket and JSON.

Run:   python examples/04-client.py tcp://127.0.0.1:7400
Needs: pyzmq (examples/requirements.txt)
"""

import itertools
import json
import sys

import zmq

COMMITTEE = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:7400"
IDS = itertools.count(1)
BAR_MS = 60_000


def call(socket, command, body=None, key=None):
    request = {"v": 1, "id": next(IDS), "cmd": command, "ttl": 5000}
    if body is not None:
        request["body"] = body
    if key is not None:
        request["key"] = key
    socket.send_string(json.dumps(request))
    reply = json.loads(socket.recv())
    if not reply["ok"]:
        raise SystemExit(f"{command}: {reply['body']['code']} {reply['body']['message']}")
    return reply["body"]


def candles(bars):
    """A slow wave, one bar a minute."""
    closes = [100 + (bar % 50) * 0.1 if bar % 100 < 50 else 105 - (bar % 50) * 0.1 for bar in range(bars)]
    opens = [closes[0], *closes[:-1]]
    return {
        "timeMs": [1_700_000_000_000 + bar * BAR_MS for bar in range(bars)],
        "open": opens,
        "high": [max(pair) + 0.02 for pair in zip(opens, closes)],
        "low": [min(pair) - 0.02 for pair in zip(opens, closes)],
        "close": closes,
        "volume": [1000 + 10 * (bar % 7) for bar in range(bars)],
    }


def main():
    socket = zmq.Context().socket(zmq.REQ)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.RCVTIMEO, 10_000)
    socket.connect(COMMITTEE)

    market = candles(200)
    decision = call(socket, "voting.predict", {"symbol": "DEMO/USD", "timeframe": "1m", "candles": market})
    print(f"{decision['action']} at size {decision['size']}, scores {decision['scores']}")
    for vote in decision["tally"]["votes"]:
        print(f"  {vote['expert']}: {vote['label']} {vote['probabilities']}")

    traded = decision["action"] != "hold"
    trade = {
        "decisionId": decision["decisionId"],
        "side": decision["action"] if traded else "none",
        "quantity": 1 if traded else 0,
        "entryPrice": market["close"][-1],
        "exitPrice": market["close"][-1] * 1.001,
        "entryTimeMs": market["timeMs"][-1],
        "exitTimeMs": market["timeMs"][-1] + BAR_MS,
        "feesPaid": 0,
    }
    # The key makes it safe to send again: it is learned once, whatever happens on the way.
    feedback = call(socket, "post_trade.analyze", trade, key="trade:" + decision["decisionId"])
    print(f"earned {feedback['realisedBps']:.1f} bps, learned: {feedback['learned']}")


if __name__ == "__main__":
    main()
