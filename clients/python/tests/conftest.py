"""Hosts of the tests: a committee as a process of its own, started once for all of them."""

import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from conclave_client import ClientCurve

ROOT = Path(__file__).resolve().parents[3]
MAIN = ROOT / "dist" / "ml-service" / "main.js"
CLI = ROOT / "dist" / "cli" / "main.js"
TEST_HOST = ROOT / "build" / "test" / "service-framework" / "support" / "host-process.js"


def _start(*args):
    """A Node process, and the line of JSON that it says when it is ready."""
    if not Path(args[0]).exists():
        pytest.fail(f"{args[0]} is missing; build the project first (make build)")
    process = subprocess.Popen([os.environ.get("NODE", "node"), *map(str, args)], stdout=subprocess.PIPE, cwd=ROOT)
    line = process.stdout.readline()
    if not line:
        pytest.fail(f"{args[0]} ended with {process.wait()} before it was ready")
    return process, json.loads(line)


def _end(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


@pytest.fixture(scope="session")
def committee():
    """Endpoints of the real service: ``request`` and ``events``."""
    with tempfile.TemporaryDirectory(prefix="conclave-python-") as data_dir:
        process, ready = _start(
            *(MAIN, "--data-dir", data_dir, "--bind", "tcp://127.0.0.1:0", "--metrics-port", "0"),
            *("--seed", "5", "--log-level", "warn"),
        )
        yield ready["endpoints"]
        _end(process)


class Host:
    """The host with the test handler, every way a handler may behave."""

    def __init__(self, listen="tcp://127.0.0.1:0", **options):
        self.process, self.endpoints = _start(TEST_HOST, listen, json.dumps(options))

    @property
    def request(self):
        return self.endpoints["request"]

    def pause(self):
        """From now on it hangs: its connections stay, and nothing is answered."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        """Ends it without a word: a test may have left a call hanging in it."""
        if self.process.poll() is not None:
            return
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def host():
    started = Host()
    yield started
    started.kill()


@pytest.fixture
def start_host():
    """Starts hosts of the test's own; they are ended afterwards."""
    started = []

    def start(*args, **options):
        started.append(Host(*args, **options))
        return started[-1]

    yield start
    for each in started:
        each.kill()


class Keys:
    """A folder of keys, made by the command line that people use."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *args):
        command = [os.environ.get("NODE", "node"), str(CLI), "keys", *args, "--keys", str(self.folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)

    def new(self, name, *roles):
        """A pair, on the lists of the roles."""
        self.run("new", name)
        for role in roles:
            self.run("allow", role, name)

    def key(self, name):
        return str(self.folder / f"{name}.key")

    def pub(self, name="host"):
        return str(self.folder / f"{name}.pub")

    def curve(self, name, host="host"):
        return ClientCurve.from_files(self.key(name), server_key=self.pub(host))


@pytest.fixture
def keys(tmp_path):
    return Keys(tmp_path / "keys")


@pytest.fixture(scope="session")
def shared_keys(tmp_path_factory):
    """Those of the secured hosts: alice is a trader, py_expert an expert, the others stand on no list."""
    made = Keys(tmp_path_factory.mktemp("shared") / "keys")
    made.new("host")
    made.new("alice", "trader")
    made.new("py_expert", "expert")
    for name in ("bob", "carol", "friend", "second"):
        made.new(name)
    return made


@pytest.fixture(scope="session")
def secured(shared_keys):
    """A host over CURVE: an endpoint for traders, one for admins, and events."""
    roles = {"trader": "tcp://127.0.0.1:0", "admin": "tcp://127.0.0.1:0"}
    curve = {"folder": str(shared_keys.folder), "pollMs": 20, "handshakes": {"perAddress": 1_000, "inAll": 1_000}}
    started = Host(json.dumps({"roles": roles, "events": "tcp://127.0.0.1:0", "curve": curve}))
    yield started.endpoints
    started.kill()


@pytest.fixture(scope="session")
def secured_committee(shared_keys, tmp_path_factory):
    """The real service over CURVE: an endpoint for traders, one for experts."""
    keys, tmp_path = shared_keys, tmp_path_factory.mktemp("secured")
    process, ready = _start(
        *(MAIN, "--data-dir", tmp_path / "data", "--metrics-port", "0", "--seed", "5", "--log-level", "error"),
        *("--keys", keys.folder, "--bind-trader", "tcp://127.0.0.1:0", "--bind-expert", "tcp://127.0.0.1:0"),
    )
    yield ready["endpoints"]
    _end(process)


@pytest.fixture(scope="session")
def shared_host():
    """As ``host``, for tests that leave it as it was."""
    started = Host()
    yield started
    started.kill()
