"""The types of the package are complete: a user's checker finds what a user gets wrong."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]


def mypy(*args):
    command = [sys.executable, "-m", "mypy", "--strict", *map(str, args)]
    return subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)


def test_strict_mypy_finds_nothing_in_the_package_and_a_mistake_in_its_use(tmp_path):
    use = tmp_path / "use.py"
    use.write_text(
        "from conclave_client import Client, ClientCurve\n"
        'client = Client("tcp://127.0.0.1:7400", curve=ClientCurve.from_files("a.key", server_key="b.pub"))\n'
        'for item in client.stream("journal.read"):\n    print(item)\n'
        'client.call("a.b", timeout_ms="soon")\n'
    )
    checked = mypy(FOLDER / "src", use, "--cache-dir", tmp_path / "cache")
    errors = [line for line in checked.stdout.splitlines() if ": error:" in line]
    assert len(errors) == 1, checked.stdout + checked.stderr
    assert "use.py:5" in errors[0]
    assert '"timeout_ms"' in errors[0]
