#!/usr/bin/env python3
"""An expert in another process and another language: joins a running committee and is asked at every prediction.

Run:   python examples/03-remote-expert.py tcp://127.0.0.1:7400
Needs: pyzmq, msgpack (examples/requirements.txt)
"""

import array
import sys

import msgpack
import zmq

COMMITTEE = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:7400"
COLUMN_TYPES = {1: "d", 2: "f", 3: "i", 4: "q", 5: "B"}
EXPERT, VERSION, COMMAND = "last_bar", "1.0.0", "last_bar.predict"


def column(code, data):
    """A column of numbers travels as an extension: its little-endian elements."""
    return array.array(COLUMN_TYPES[code], data) if code in COLUMN_TYPES else msgpack.ExtType(code, data)


def unpack(data):
    return msgpack.unpackb(data, ext_hook=column)


def vote(question):
    """Follows the last bar: up means buy, down means sell."""
    candles = question["candles"]
    move_bps = (candles["close"][-1] / candles["open"][-1] - 1) * 1e4
    lean = max(-1.0, min(1.0, move_bps / 100))
    hold = 0.5 - 0.4 * abs(lean)
    buy = (1 - hold) * (1 + lean) / 2
    return {
        "expert": EXPERT,
        "version": VERSION,
        "symbol": question["symbol"],
        "asOfMs": int(candles["timeMs"][-1]),
        "probabilities": {"buy": buy, "hold": hold, "sell": 1 - hold - buy},
        "confidence": abs(lean),
        "label": "rising" if lean > 0 else "falling",
        "evidence": {"moveBps": move_bps},
        "validForMs": 60_000,
    }


def answer(request):
    reply = {"v": 1, "id": request["id"], "ok": True, "us": 0}
    if request["cmd"] == COMMAND:
        body = vote(unpack(request["body"]))
    elif request["cmd"] == "service.ping":
        body = {"pong": True}
    else:
        reply["ok"] = False
        body = {"code": "UNIMPLEMENTED", "message": "no such command: " + request["cmd"]}
    return {**reply, "body": msgpack.packb(body)}


def register(context, endpoint):
    committee = context.socket(zmq.REQ)
    committee.setsockopt(zmq.LINGER, 0)
    committee.connect(COMMITTEE)
    body = {"expert": EXPERT, "version": VERSION, "endpoint": endpoint, "command": COMMAND}
    request = {"v": 1, "id": 1, "cmd": "voting.register_expert", "ttl": 5000, "body": msgpack.packb(body)}
    committee.send(msgpack.packb(request))
    reply = unpack(committee.recv())
    result = unpack(reply["body"])
    if not reply["ok"]:
        raise SystemExit(f"not registered: {result['code']} {result['message']}")
    return result


def main():
    context = zmq.Context()
    host = context.socket(zmq.ROUTER)
    port = host.bind_to_random_port("tcp://127.0.0.1")
    register(context, f"tcp://127.0.0.1:{port}")
    print(f"{EXPERT} joined {COMMITTEE}", flush=True)
    while True:
        peer, *frames = host.recv_multipart()
        message = unpack(frames[-1])
        # Several requests may share one message; whoever sends a batch understands one.
        requests = message if isinstance(message, list) else [message]
        replies = [answer(request) for request in requests if not request.get("cancel")]
        if replies:
            packed = msgpack.packb(replies if isinstance(message, list) else replies[0])
            host.send_multipart([peer, *frames[:-1], packed])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
