"""The code of README.md runs as it stands, with the endpoints of the test's own committee."""

import asyncio
import re
import textwrap
import threading
from pathlib import Path

from market import BAR_MS, candles, question

import conclave_client

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCKS = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def block(marker, committee):
    (found,) = [text for text in BLOCKS if marker in text]
    return found.replace("tcp://127.0.0.1:7400", committee["request"]).replace(
        "tcp://127.0.0.1:7401", committee["events"]
    )


class Broker:
    """Fills everything at the last price."""

    def __init__(self, decided_at_ms, price):
        self._fill = {
            "quantity": 1,
            "entryPrice": price,
            "exitPrice": price,
            "entryTimeMs": decided_at_ms,
            "exitTimeMs": decided_at_ms + BAR_MS,
            "feesPaid": 0,
        }

    def trade(self, _action, _size):
        return self._fill


def test_the_strategy(committee, capsys):
    rows = candles()
    names = {"times": "timeMs", "opens": "open", "highs": "high", "lows": "low", "closes": "close"}
    given = {name: rows[column] for name, column in names.items()}
    broker = Broker(int(rows["timeMs"][-1]) + 5 * BAR_MS, rows["close"][-1])
    code = block("your_broker", committee)
    exec(compile(code, "README.md", "exec"), {**given, "volumes": rows["volume"], "your_broker": broker})
    assert "votes" in capsys.readouterr().out


def test_many_calls_at_once(committee):
    code = block("asyncio.gather", committee)
    scope = {"asyncio": asyncio, "questions": [question(symbol=f"R{i}/USD") for i in range(3)]}
    body = "async def main():\n" + textwrap.indent(code, "    ") + "    return decisions\n"
    exec(compile(body, "README.md", "exec"), scope)
    assert len(asyncio.run(scope["main"]())) == 3


def test_the_streams(committee, capsys):
    with conclave_client.Committee(committee["request"]) as client:
        for _ in range(3):
            client.predict(question())
    exec(compile(block("committee.stream", committee), "README.md", "exec"), {"Committee": conclave_client.Committee})
    *lines, last = capsys.readouterr().out.splitlines()
    assert len(lines) >= 3
    assert all(line.split()[1] in ("buy", "hold", "sell") for line in lines)
    assert last == f"{len(lines)} records"


def test_the_several_hosts(committee, start_host):
    hosts = [start_host(), start_host()]
    code = block("endpoints=", committee).replace("quotes.get", "test.echo").replace('"symbol"', '"body"')
    for port, host in zip(("7501", "7507"), hosts):
        code = code.replace(f"tcp://127.0.0.1:{port}", host.request)
    said = []
    exec(compile(code, "README.md", "exec"), {"Client": conclave_client.Client, "print": said.append})
    assert said == [{"body": "ETH/USD"}]


def test_the_keys(secured_committee, shared_keys, committee):
    code = block("ClientCurve.from_files(", {**committee, "request": secured_committee["roles"]["trader"]})
    code = code.replace("alice/alice.key", shared_keys.key("alice"))
    code = code.replace(".conclave/keys/host.pub", shared_keys.pub())
    said = []
    exec(compile(code, "README.md", "exec"), {"Committee": conclave_client.Committee, "print": said.append})
    assert said == [0]


def test_the_events(committee):
    code = block("committee.subscribe", committee)
    heard = []

    class Heard(Exception):
        """Ends the endless loop."""

    def tell(*said):
        heard.append(said)
        raise Heard

    feeding = conclave_client.AsyncCommittee(committee["request"])

    async def feed(done):
        async with feeding:
            while not done.is_set():
                await feeding.predict(question())

    done = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(feed(done)))
    thread.start()
    try:
        exec(compile(code, "README.md", "exec"), {"Committee": conclave_client.Committee, "print": tell})
    except Heard:
        pass
    finally:
        done.set()
        thread.join()
    assert heard[0][0] in ("buy", "hold", "sell")


def test_the_expert(committee):
    code = block("ExpertHost(", committee).replace(".run()", ".start()").replace("ExpertHost(", "host = ExpertHost(")
    scope = {}
    exec(compile(code, "README.md", "exec"), scope)
    try:
        with conclave_client.Committee(committee["request"]) as client:
            votes = client.predict(question())["tally"]["votes"]
        assert "momentum" in [vote["expert"] for vote in votes]
    finally:
        scope["host"].close()
