"""Hosts of the tests: a committee as a process of its own, started once for all of them."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAIN = ROOT / "dist" / "ml-service" / "main.js"
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

    def __init__(self):
        self.process, self.endpoints = _start(TEST_HOST, "tcp://127.0.0.1:0")

    def kill(self):
        """Ends it without a word: a test may have left a call hanging in it."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def host():
    started = Host()
    yield started
    started.kill()


@pytest.fixture(scope="session")
def shared_host():
    """As ``host``, for tests that leave it as it was."""
    started = Host()
    yield started
    started.kill()
